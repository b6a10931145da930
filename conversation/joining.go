package conversation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"huiyin/db"
)

// Where a sender may have several matters open at a time, as with mail, a message says itself which one it belongs to.
// What it says is believed only of those who take part: an id can be guessed or passed on, and a forged sender has none.

// Thread says which conversation a message belongs to.
type Thread struct {
	Answers  []int64  // messages of ours that it answers, each proven by a token that only we can make
	Refs     []string // ids of messages that it says it answers, the likeliest first
	Self     string   // its own id, by which later ones find it; "" when it has none
	Digest   string   // tells the same message at another inbox
	Others   []string // whom it went to besides us: they may go on with the conversation
	Report   bool     // what became of a message of ours, whoever reports it; it joins by Answers alone
	Doubtful bool     // its sender is not who it says: it joins nothing
}

// maxRefs bounds how many ids of a message are looked for, and maxOthers how many addresses take part by one message.
const (
	maxRefs   = 40
	maxOthers = 50
)

// errCollided is a message that another transaction stored meanwhile; what was begun for it must be undone.
var errCollided = errors.New("another transaction stored the same message")

// joined finds the conversation that a message belongs to; nil when it begins one.
func (s *Store) joined(ctx context.Context, tx *db.Tx, inbox Inbox, in Incoming) (*Conversation, error) {
	if err := refuseRepeat(ctx, tx, inbox, in); err != nil {
		return nil, err
	}
	if in.Thread.Doubtful {
		return nil, nil
	}
	for _, find := range []func(context.Context, *db.Tx, Inbox, Incoming) (int64, error){s.byAnswers, s.byRefs} {
		id, err := find(ctx, tx, inbox, in)
		if err != nil {
			return nil, fmt.Errorf("find thread: %w", err)
		}
		if id != 0 {
			return s.join(ctx, tx, id, inbox, in)
		}
	}
	return nil, nil
}

// join loads the conversation, which may be another inbox's: what was said there went on by this one.
func (s *Store) join(ctx context.Context, tx *db.Tx, id int64, inbox Inbox, in Incoming) (*Conversation, error) {
	c, err := s.Load(ctx, tx, id)
	if err != nil || c.InboxID == inbox.ID {
		return c, err
	}
	inbox.ID = c.InboxID
	return c, refuseRepeat(ctx, tx, inbox, in)
}

// recordedElsewhere finds the row that a repeat is a repeat of in the conversations of other inboxes that it answers.
func (s *Store) recordedElsewhere(ctx context.Context, in Incoming) ([]Message, error) {
	for _, id := range in.Thread.Answers {
		var inbox int64
		err := s.DB.QueryRow(ctx, "SELECT inbox_id FROM messages WHERE id = ?", id).Scan(&inbox)
		if db.NoRows(err) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if found, err := s.queryMessages(ctx, s.DB, "WHERE "+ofSource, inbox, in.SourceID); err != nil || len(found) > 0 {
			return found, err
		}
	}
	return nil, nil
}

// byAnswers finds the conversation of a message of ours that went out by the inbox.
func (s *Store) byAnswers(ctx context.Context, tx *db.Tx, inbox Inbox, in Incoming) (int64, error) {
	for _, id := range in.Thread.Answers[:min(len(in.Thread.Answers), maxRefs)] {
		var c int64
		var to string
		row := tx.QueryRow(ctx, `SELECT m.conversation_id, i.address FROM messages m JOIN conversations c ON c.id = m.conversation_id
 JOIN identities i ON i.id = CASE WHEN m.via_identity_id <> 0 THEN m.via_identity_id ELSE c.identity_id END
 WHERE m.id = ? AND i.inbox_id = ? AND m.sender <> 'contact' AND m.private = 0`, id, inbox.ID)
		if err := row.Scan(&c, &to); db.NoRows(err) {
			continue
		} else if err != nil {
			return 0, err
		}
		if in.Thread.Report || to == in.Address {
			return c, nil
		}
		if ok, err := takesPart(ctx, tx, c, in.Address); err != nil || ok {
			return c, err
		}
	}
	return 0, nil
}

// byRefs finds the conversation of a message that came in by the inbox, of several the newest.
func (s *Store) byRefs(ctx context.Context, tx *db.Tx, inbox Inbox, in Incoming) (int64, error) {
	refs := in.Thread.Refs[:min(len(in.Thread.Refs), maxRefs)]
	if len(refs) == 0 || in.Thread.Report {
		return 0, nil
	}
	args := make([]any, 0, len(refs)+1)
	for _, ref := range refs {
		args = append(args, ref)
	}
	ids, err := s.ids(ctx, tx, "SELECT DISTINCT conversation_id FROM thread_refs WHERE ref IN (?"+strings.Repeat(", ?", len(refs)-1)+
		") AND inbox_id = ? ORDER BY conversation_id DESC LIMIT 20", append(args, inbox.ID)...)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		if ok, err := takesPart(ctx, tx, id, in.Address); err != nil || ok {
			return id, err
		}
	}
	return 0, nil
}

func takesPart(ctx context.Context, tx *db.Tx, conversationID int64, address string) (bool, error) {
	var one int
	err := tx.QueryRow(ctx, "SELECT 1 FROM participants WHERE conversation_id = ? AND address = ?", conversationID, address).Scan(&one)
	if db.NoRows(err) {
		return false, nil
	}
	return err == nil, err
}

// remember notes by which id later messages find a message, and who takes part since.
func (s *Store) remember(ctx context.Context, tx *db.Tx, c *Conversation, m Message, in Incoming) error {
	t := in.Thread
	if t == nil {
		return nil
	}
	_, err := tx.Exec(ctx, "INSERT INTO thread_refs (message_id, conversation_id, inbox_id, ref, digest) VALUES (?, ?, ?, ?, ?)", m.ID, c.ID, c.InboxID, t.Self, t.Digest)
	if err != nil {
		return fmt.Errorf("remember thread: %w", err)
	}
	if t.Report {
		return nil
	}
	return s.addParticipants(ctx, tx, c.ID, append([]string{in.Address}, t.Others...))
}

func (s *Store) addParticipants(ctx context.Context, tx *db.Tx, conversationID int64, addresses []string) error {
	for _, address := range addresses[:min(len(addresses), maxOthers)] {
		if address == "" {
			continue
		}
		_, err := tx.Exec(ctx, "INSERT INTO participants (conversation_id, address) VALUES (?, ?) ON CONFLICT DO NOTHING", conversationID, strings.ToLower(address))
		if err != nil {
			return fmt.Errorf("note participant: %w", err)
		}
	}
	return nil
}

// invite lets those take part to whom a message of ours goes.
func (s *Store) invite(ctx context.Context, tx *db.Tx, c *Conversation, mail *Mail) error {
	if mail == nil {
		return nil
	}
	var addresses []string
	for _, a := range slices.Concat(mail.To, mail.Cc) {
		addresses = append(addresses, a.Address)
	}
	return s.addParticipants(ctx, tx, c.ID, addresses)
}

// ActivitySame is the activity line in both conversations when the same message came in to two inboxes.
const ActivitySame = "same_mail"

// tellSame tells both conversations when the same message came to another inbox. The number of the other one is told only
// where the same team has it.
func (s *Store) tellSame(ctx context.Context, tx *db.Tx, c *Conversation, in Incoming) error {
	if in.Thread == nil || in.Thread.Self == "" || in.event() {
		return nil
	}
	var id int64
	row := tx.QueryRow(ctx, `SELECT conversation_id FROM thread_refs WHERE ref = ? AND digest = ? AND digest <> '' AND inbox_id <> ? AND conversation_id <> ?
 ORDER BY message_id LIMIT 1`, in.Thread.Self, in.Thread.Digest, c.InboxID, c.ID)
	if err := row.Scan(&id); db.NoRows(err) {
		return nil
	} else if err != nil {
		return fmt.Errorf("look for the same message: %w", err)
	}
	other, err := s.Load(ctx, tx, id)
	if err != nil {
		return err
	}
	for _, pair := range [][2]*Conversation{{c, other}, {other, c}} {
		data := map[string]string{}
		if pair[0].TeamID == pair[1].TeamID {
			data["conversation"] = fmt.Sprint(pair[1].ID)
		}
		if _, err := s.Activity(ctx, tx, pair[0], ActivitySame, data, ""); err != nil {
			return err
		}
	}
	return nil
}

// threaded tells whether messages say themselves that they belong to the conversation.
func (s *Store) threaded(ctx context.Context, from db.Querier, id int64) (bool, error) {
	var one int
	err := from.QueryRow(ctx, "SELECT 1 FROM thread_refs WHERE conversation_id = ? LIMIT 1", id).Scan(&one)
	if db.NoRows(err) {
		return false, nil
	}
	return err == nil, err
}

// LastMail reads the newest mail of a person's in a conversation, which a reply answers; ErrNotFound when there is none.
func (s *Store) LastMail(ctx context.Context, from db.Querier, conversationID, before int64) (Message, error) {
	found, err := s.queryMessages(ctx, from, `WHERE m.conversation_id = ? AND m.seq < ? AND m.sender = 'contact'
 AND m.content LIKE '%"mail":{%' AND NOT `+isEvent+` ORDER BY m.seq DESC LIMIT 1`, conversationID, before)
	if err != nil {
		return Message{}, err
	}
	if len(found) == 0 {
		return Message{}, fmt.Errorf("mail in conversation %d: %w", conversationID, ErrNotFound)
	}
	return found[0], nil
}

// Unasked counts what no person wrote and went out to an identity since two times; or is about to: the
// message itself is not counted, nor what is queued after it.
func (s *Store) Unasked(ctx context.Context, from db.Querier, identityID, messageID int64, lately, daily time.Time) (n, day int, err error) {
	row := from.QueryRow(ctx, `SELECT COUNT(CASE WHEN m.created_at > ? THEN 1 END), COUNT(*) FROM identities i
 JOIN conversations c ON c.contact_id = i.contact_id AND c.identity_id = i.id JOIN messages m ON m.conversation_id = c.id
 WHERE i.id = ? AND m.created_at > ? AND m.sender IN ('bot', 'system') AND m.private = 0 AND m.joined_to = 0 AND m.id <> ?
 AND (m.delivery IN ('sent', 'delivered', 'read', 'uncertain') OR m.delivery = 'queued' AND (? = 0 OR m.id < ?))`,
		db.Millis(lately), identityID, db.Millis(daily), messageID, messageID, messageID)
	if err := row.Scan(&n, &day); err != nil {
		return 0, 0, fmt.Errorf("count what went out unasked: %w", err)
	}
	return n, day, nil
}
