package conversation

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"huiyin/db"
)

// On PostgreSQL a transaction's statements are journeys to the server, and the numbers of events are given behind a lock
// that is held until the disk has the commit. Plain messages that arrive while others are being stored so wait together
// and go in one transaction: the same rows as by append, with one journey for a kind of row. Whatever is not plain, is
// there already or is in other hands is left to the way of its own, and so is everybody when the transaction fails.

const (
	togetherMost   = 128 // messages in a transaction
	togetherWithin = 20 * time.Second
)

// gathering is where plain messages wait for the next transaction.
type gathering struct {
	mu      sync.Mutex
	waiting []*arrival
	working bool
}

// arrival is one message that waits, and what became of it.
type arrival struct {
	inbox    Inbox
	in       Incoming
	recorded Recorded
	done     bool // it is durable
	ended    chan struct{}
}

// sender is whom two arrivals may have in common.
type sender struct {
	inbox   int64
	address string
}

func (a *arrival) sender() sender { return sender{a.inbox.ID, a.in.Address} }

// recordTogether records a message with others that arrive at the same time; done is false when it has to be recorded alone, looked
// is true when it was seen that the short way is none for it, or is blocked.
func (s *Store) recordTogether(inbox Inbox, in Incoming) (r Recorded, done, looked bool) {
	if s.DB.Dialect() != db.Postgres || in.SourceID == "" || in.Thread != nil || len(in.Files) > 0 {
		return Recorded{}, false, false
	}
	a := &arrival{inbox: inbox, in: in, ended: make(chan struct{})}
	s.gathering.mu.Lock()
	s.gathering.waiting = append(s.gathering.waiting, a)
	if !s.gathering.working {
		s.gathering.working = true
		go s.storeGathered()
	}
	s.gathering.mu.Unlock()
	<-a.ended
	return a.recorded, a.done, true
}

// storeGathered stores what waits until nothing does.
func (s *Store) storeGathered() {
	for batch := s.gathering.next(); len(batch) > 0; batch = s.gathering.next() {
		ctx, cancel := context.WithTimeout(context.Background(), togetherWithin)
		err := s.DB.Tx(ctx, func(tx *db.Tx) error { return s.recordAll(ctx, tx, batch) })
		cancel()
		for _, a := range batch {
			a.done = a.done && err == nil
			close(a.ended)
		}
	}
}

// next takes the messages of the next transaction, at most one of each sender; without any the work has ended.
func (g *gathering) next() (batch []*arrival) {
	g.mu.Lock()
	defer g.mu.Unlock()
	seen := map[sender]bool{}
	var left []*arrival
	for _, a := range g.waiting {
		if seen[a.sender()] || len(batch) == togetherMost {
			left = append(left, a)
			continue
		}
		seen[a.sender()] = true
		batch = append(batch, a)
	}
	g.waiting, g.working = left, len(batch) > 0
	return batch
}

// recordAll is append for several messages, of which it marks those as done that it has recorded.
func (s *Store) recordAll(ctx context.Context, tx *db.Tx, batch []*arrival) error {
	for _, a := range batch {
		a.done = false
	}
	found, err := s.glanceAll(ctx, tx, batch)
	if err != nil {
		return err
	}
	var plain []*arrival
	taken := map[int64]bool{}
	for _, a := range batch {
		c := found[a.sender()]
		if c == nil || taken[c.ID] || !c.plain(a.in) {
			continue
		}
		taken[c.ID] = true
		c.take(tx, a.inbox, a.in)
		c.UpdatedAt = tx.Now
		a.recorded = Recorded{Conversation: c, Message: c.message(tx, a.in)}
		plain = append(plain, a)
	}
	if len(plain) == 0 {
		return nil
	}
	if err := s.insertAll(ctx, tx, plain); err != nil {
		return err
	}
	plain = slices.DeleteFunc(plain, func(a *arrival) bool { return !a.done })
	for _, a := range plain {
		if err := s.keepOriginal(ctx, tx, a.recorded.Message, a.in); err != nil {
			return err
		}
		if err := s.follow(ctx, tx, a.recorded.Conversation.IdentityID, a.recorded.Message, a.in); err != nil {
			return err
		}
	}
	if err := s.writeAll(ctx, tx, plain); err != nil {
		return err
	}
	s.noteArrived(tx, plain)
	return nil
}

const glanceAll = `SELECT i.inbox_id, i.address, i.id, c.id, c.status, c.language, c.last_seq, c.unread, c.waiting_since, COALESCE(c.due_at, 0), c.elsewhere, c.bot_seq
 FROM unnest(?::bigint[], ?::text[]) AS u(inbox_id, address) JOIN identities i ON i.inbox_id = u.inbox_id AND i.address = u.address
 JOIN conversations c ON c.id = i.conversation_id FOR UPDATE OF c SKIP LOCKED`

// glanceAll is glance for several senders. A conversation in other hands is left out: nobody waits for it here.
func (s *Store) glanceAll(ctx context.Context, tx *db.Tx, batch []*arrival) (map[sender]*Conversation, error) {
	inboxes, addresses := make([]int64, len(batch)), make([]string, len(batch))
	byID := map[int64]Inbox{}
	for i, a := range batch {
		inboxes[i], addresses[i] = a.inbox.ID, a.in.Address
		byID[a.inbox.ID] = a.inbox
	}
	rows, err := tx.Query(ctx, glanceAll, inboxes, addresses)
	if err != nil {
		return nil, fmt.Errorf("find conversations: %w", err)
	}
	defer rows.Close()
	found := map[sender]*Conversation{}
	for rows.Next() {
		c := &Conversation{glanced: true}
		var of sender
		var waiting, due int64
		var elsewhere int
		err := rows.Scan(&of.inbox, &of.address, &c.IdentityID, &c.ID, (*string)(&c.Status), &c.Language, &c.LastSeq, &c.Unread, &waiting, &due, &elsewhere, &c.BotSeq)
		if err != nil {
			return nil, fmt.Errorf("find conversations: %w", err)
		}
		c.InboxID, c.WaitingSince, c.TurnDue, c.Elsewhere = of.inbox, db.Time(waiting), db.Time(due), elsewhere != 0
		found[of] = c
	}
	return found, rows.Err()
}

const insertAll = `INSERT INTO messages (conversation_id, seq, inbox_id, sender, text, html, content, source_id, created_at)
 SELECT u.c, u.seq, u.inbox, 'contact', u.text, u.html, u.content, u.source, ? FROM unnest(?::bigint[], ?::bigint[], ?::bigint[], ?::text[], ?::text[], ?::text[], ?::text[])
 AS u(c, seq, inbox, text, html, content, source) ON CONFLICT DO NOTHING RETURNING id, conversation_id`

// insertAll inserts the messages, and marks those as done that were not there yet.
func (s *Store) insertAll(ctx context.Context, tx *db.Tx, plain []*arrival) error {
	n := len(plain)
	ids, seqs, inboxes := make([]int64, n), make([]int64, n), make([]int64, n)
	texts, htmls, contents, sources := make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	of := make(map[int64]*arrival, n)
	for i, a := range plain {
		m := a.recorded.Message
		ids[i], seqs[i], inboxes[i] = m.ConversationID, m.Seq, m.InboxID
		texts[i], htmls[i], contents[i], sources[i] = m.Text, m.HTML, a.in.content, m.SourceID
		of[m.ConversationID] = a
	}
	rows, err := tx.Query(ctx, insertAll, db.Millis(tx.Now), ids, seqs, inboxes, texts, htmls, contents, sources)
	if err != nil {
		return fmt.Errorf("store messages: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, conversation int64
		if err := rows.Scan(&id, &conversation); err != nil {
			return fmt.Errorf("store messages: %w", err)
		}
		of[conversation].recorded.Message.ID = id
		of[conversation].done = true
	}
	return rows.Err()
}

const writeAll = `UPDATE conversations AS c SET last_seq = u.last_seq, last_message_at = ?, preview = u.preview, last_sender = 'contact', unread = u.unread,
 waiting_since = u.waiting_since, updated_at = ?, language = u.language, due_at = NULLIF(u.due_at, 0)
 FROM unnest(?::bigint[], ?::bigint[], ?::text[], ?::bigint[], ?::bigint[], ?::text[], ?::bigint[]) AS u(id, last_seq, preview, unread, waiting_since, language, due_at) WHERE c.id = u.id`

// writeAll is writeLast for several conversations.
func (s *Store) writeAll(ctx context.Context, tx *db.Tx, plain []*arrival) error {
	n := len(plain)
	ids, seqs, unread, waiting, due := make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n)
	previews, languages := make([]string, n), make([]string, n)
	for i, a := range plain {
		c := a.recorded.Conversation
		ids[i], seqs[i], previews[i], unread[i] = c.ID, c.LastSeq, c.Preview, int64(c.Unread)
		languages[i] = c.Language
		waiting[i], due[i] = db.Millis(c.WaitingSince), db.Millis(c.TurnDue)
	}
	if err := tx.Send(ctx, writeAll, db.Millis(tx.Now), db.Millis(tx.Now), ids, seqs, previews, unread, waiting, languages, due); err != nil {
		return fmt.Errorf("save conversations: %w", err)
	}
	return nil
}

// noteArrived is note for the messages of several conversations.
func (s *Store) noteArrived(tx *db.Tx, plain []*arrival) {
	var ids, seqs []int64
	for _, a := range plain {
		m := a.recorded.Message
		ids, seqs = append(ids, m.ConversationID), append(seqs, m.Seq)
		if s.OnChange != nil {
			tx.OnCommit(func() {
				s.OnChange(Event{Kind: EventMessage, ConversationID: m.ConversationID, Seq: m.Seq, Sender: FromContact, Owed: !a.recorded.Conversation.TurnDue.IsZero()})
			})
		}
	}
	if len(ids) > 0 {
		tx.Last(eventLock, insertEventsPostgres, db.Millis(tx.Now), ids, seqs)
	}
}

const insertEventsPostgres = `INSERT INTO events (n, at, kind, conversation_id, seq) SELECT (SELECT COALESCE(MAX(n), 0) FROM events) + u.place, ?, 'message', u.c, u.seq
 FROM unnest(?::bigint[], ?::bigint[]) WITH ORDINALITY AS u(c, seq, place)`
