package mail

// tnef reads a winmail.dat, in which Outlook packs what it does not say in MIME.
func (w *walk) tnef(e *entity) { w.file(e) }
