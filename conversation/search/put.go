package search

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"huiyin/conversation"
)

// thread is what the index knows of a conversation.
type thread struct {
	Marks, Subject string
	Contact        int64
}

// kind is what a mark tells of a message. A mark is one character of a private plane, which no text that is indexed holds:
// ids beyond the plane share marks, which is why what is found is compared with the database again.
type kind rune

const (
	ofInbox kind = iota
	ofTeam
	ofAgent
	ofStatus
	ofTag
	ofSender
	withFile
)

const (
	firstMark = 0xF0000
	marksEach = 0x2000
)

func mark(k kind, id int64) string { return string(firstMark + rune(k)*marksEach + rune(id%marksEach)) }

// wordMark stands for a word, such as a tag.
func wordMark(k kind, word string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(word))
	return mark(k, int64(h.Sum32()))
}

func threadOf(m conversation.Indexed) thread { return thread{marks(m), m.Subject, m.ContactID} }

// marks are what a conversation can be filtered by.
func marks(m conversation.Indexed) string {
	words := []string{mark(ofInbox, m.InboxID), mark(ofTeam, m.TeamID), mark(ofAgent, m.AgentID), wordMark(ofStatus, string(m.Status))}
	for _, t := range m.Tags {
		words = append(words, wordMark(ofTag, t))
	}
	return strings.Join(words, " ")
}

func (f *file) threads(ctx context.Context, ids []int64) (map[int64]thread, error) {
	found := map[int64]thread{}
	if len(ids) == 0 {
		return found, nil
	}
	rows, err := f.read.QueryContext(ctx, "SELECT id, marks, subject, contact FROM threads WHERE id IN "+listed, numbers(ids))
	if err != nil {
		return nil, onFile(fmt.Errorf("read search index: %w", err))
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var t thread
		if err := rows.Scan(&id, &t.Marks, &t.Subject, &t.Contact); err != nil {
			return nil, onFile(fmt.Errorf("read search index: %w", err))
		}
		found[id] = t
	}
	return found, onFile(rows.Err())
}

// putThreads notes how conversations stand now.
func (b batch) putThreads(list map[int64]thread) error {
	return b.noteThreads(list, `UPDATE SET marks = excluded.marks, subject = excluded.subject, contact = excluded.contact`)
}

// addThreads notes conversations that are met while building; what is known already is newer.
func (b batch) addThreads(list map[int64]thread) error { return b.noteThreads(list, "NOTHING") }

func (b batch) noteThreads(list map[int64]thread, known string) (err error) {
	if len(list) == 0 {
		return nil
	}
	put := b.prepare(&err, "INSERT INTO threads (id, marks, subject, contact) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO "+known)
	defer put.close()
	for id, t := range list {
		put.run(&err, id, t.Marks, t.Subject, t.Contact)
	}
	return err
}

const hour = int64(time.Hour / time.Millisecond)

// putMessages indexes messages; of two of the same id the later counts.
func (b batch) putMessages(list []conversation.Indexed) error {
	entries := make([]entry, 0, len(list))
	hours := map[int64][2]int64{}
	for _, m := range list {
		if m.Sender == conversation.FromSystem {
			continue
		}
		entries = append(entries, entry{id: m.ID, text: textOf(m), marks: messageMarks(m)})
		at := m.CreatedAt.UnixMilli() / hour
		span, has := hours[at]
		if !has {
			span = [2]int64{m.ID, m.ID}
		}
		hours[at] = [2]int64{min(span[0], m.ID), max(span[1], m.ID)}
	}
	err := b.put("said", entries)
	for at, span := range hours {
		b.exec(&err, `INSERT INTO hours (hour, low, high) VALUES (?, ?, ?) ON CONFLICT (hour) DO UPDATE SET
 low = MIN(low, excluded.low), high = MAX(high, excluded.high)`, at, span[0], span[1])
	}
	return err
}

// textOf is what a message is found by: its text, the names of its files, and, at its beginning, the conversation's subject.
func textOf(m conversation.Indexed) string {
	text := m.Text
	if m.Sender == conversation.FromBot && strings.ContainsAny(text, "*`#") {
		text = strings.NewReplacer("**", "", "`", "", "## ", "").Replace(text) // what Markdown puts around words
	}
	parts := append([]string{text}, m.Files...)
	if m.Seq == 1 && m.Subject != "" {
		parts = append(parts, m.Subject)
	}
	return strings.Join(parts, "\n")
}

func messageMarks(m conversation.Indexed) string {
	all := marks(m) + " " + wordMark(ofSender, string(m.Sender))
	if len(m.Files) > 0 {
		all += " " + mark(withFile, 0)
	}
	return all
}

// putPeople indexes contacts, each with the teams and agents that have a conversation of theirs; nil takes one away.
func (b batch) putPeople(list map[int64]*conversation.IndexedContact) error {
	entries := make([]entry, 0, len(list))
	for id, c := range list {
		if c == nil {
			entries = append(entries, entry{id: id, gone: true})
			continue
		}
		text := strings.Join(append([]string{c.Name, c.Phone, c.Email, c.Attributes["company"]}, c.Addresses...), "\n")
		var hands []string
		for _, h := range c.Hands {
			hands = append(hands, mark(ofTeam, h.TeamID), mark(ofAgent, h.AgentID))
		}
		slices.Sort(hands)
		entries = append(entries, entry{id: id, text: text, marks: strings.Join(slices.Compact(hands), " ")})
	}
	return b.put("people", entries)
}

// joinPages is how much is joined in a step: some tenths of a second's work (https://www.sqlite.org/fts5.html#the_merge_command).
const joinPages = 500

// join joins some of what building left in pieces. A negative number of pages, the first, says that all are to become one.
func (f *file) join(ctx context.Context, state *progress) error {
	next, pages := *state, joinPages
	if next.Joining == joinNotBegun {
		next.Joining, pages = joinBegun, -joinPages
	}
	moved := 0
	err := f.change(ctx, next, func(b batch) (err error) {
		for _, table := range []string{"said", "people"} {
			before := b.changes(&err)
			b.exec(&err, "INSERT INTO "+table+"("+table+", rank) VALUES ('merge', ?)", pages)
			if b.changes(&err)-before >= 2 { // fewer: there was nothing to do
				moved++
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	if moved == 0 {
		next.Joining = joined
	}
	*state = next
	return nil
}

func (b batch) changes(err *error) (n int) {
	if *err == nil {
		*err = b.tx.QueryRowContext(b.ctx, "SELECT total_changes()").Scan(&n)
	}
	return n
}
