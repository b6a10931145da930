package db

// CopyLog copies the log into the database, while nobody writes.
func (d *DB) CopyLog() error { return d.writer.copier.copy() }

// CopyLogBeside copies the log as is done while the writer goes on.
func (d *DB) CopyLogBeside() error {
	c := &d.writer.copier
	_, err := c.pragma(c.pool, "PASSIVE")
	return c.ended(err)
}
