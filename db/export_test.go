package db

// CopyLog copies the log into the database, while nobody writes.
func (d *DB) CopyLog() error { return d.writer.copier.copy() }
