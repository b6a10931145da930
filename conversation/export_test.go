package conversation

import "context"

// PageQuery shows tests how a page is read.
func (s *Store) PageQuery(ctx context.Context, f Filter) (string, []any, error) {
	return s.pageQuery(ctx, s.DB, f)
}

// Comparable is the conversation without what the kept counters hold of it.
func Comparable(c *Conversation) Conversation {
	plain := *c
	plain.before, plain.glanced = tally{}, false
	return plain
}

// What tests look at the plans of.
const (
	SelectHeads       = selectHeads
	SelectMarks       = selectMarks
	CountAhead        = countAhead
	SelectAttachments = "SELECT key FROM attachments WHERE " + ofMessage
)

// SelectAttachmentsOf is SelectAttachments for several messages.
func SelectAttachmentsOf(ids ...int64) (string, []any) {
	where, args := ofMessages(ids)
	return "SELECT key FROM attachments WHERE " + where, args
}

// Kept is how many events are kept of what has passed.
func (s *Store) Kept() int { return len(s.passing.kept) }

// FolderShelf is the shelf of a folder, to stand behind one of a test's.
func FolderShelf(path string) Shelf { return folder(path) }
