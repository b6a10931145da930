package conversation

import (
	"context"
	"fmt"
	"slices"
	"time"

	"huiyin/db"
)

// Indexed is what a full-text index needs of a message, with where its conversation stands.
type Indexed struct {
	ID, ConversationID, Seq int64
	Sender                  Sender
	Text, Subject           string
	Private                 bool
	CreatedAt               time.Time
	Files                   []string // names of attached files
	InboxID, ContactID      int64
	TeamID, AgentID         int64
	Status                  Status
	Tags                    []string
}

const selectIndexed = `SELECT m.id, m.conversation_id, m.seq, m.sender, m.text, m.private, m.created_at, c.subject, c.inbox_id, c.contact_id, c.team_id,
 c.agent_id, c.status, c.tags FROM messages m JOIN conversations c ON c.id = m.conversation_id `

// ofPeople leaves activity lines out.
const ofPeople = " AND m.sender <> 'system'"

// IndexedBelow reads messages with ids below the given one, newest first; 0: from the newest.
func (s *Store) IndexedBelow(ctx context.Context, from db.Querier, below int64, limit int) ([]Indexed, error) {
	if below == 0 {
		below = 1 << 62
	}
	return s.queryIndexed(ctx, from, "WHERE m.id < ?"+ofPeople+" ORDER BY m.id DESC LIMIT ?", below, limit)
}

// IndexedAbove reads messages with ids above the given one, oldest first.
func (s *Store) IndexedAbove(ctx context.Context, from db.Querier, above int64, limit int) ([]Indexed, error) {
	return s.queryIndexed(ctx, from, "WHERE m.id > ?"+ofPeople+" ORDER BY m.id LIMIT ?", above, limit)
}

// IndexedOf reads the messages of a conversation after a seq.
func (s *Store) IndexedOf(ctx context.Context, from db.Querier, conversationID, after int64, limit int) ([]Indexed, error) {
	return s.queryIndexed(ctx, from, "WHERE m.conversation_id = ? AND m.seq > ?"+ofPeople+" ORDER BY m.seq LIMIT ?", conversationID, after, limit)
}

// IndexedAt reads the messages at several spots of whatever conversations at once, in no particular order.
func (s *Store) IndexedAt(ctx context.Context, from db.Querier, spots []Spot) ([]Indexed, error) {
	if len(spots) == 0 {
		return nil, nil
	}
	return s.queryIndexed(ctx, from, "WHERE "+atSpots(spots)+ofPeople)
}

// IndexedIn reads messages by id in scope, in no particular order.
func (s *Store) IndexedIn(ctx context.Context, from db.Querier, scope Scope, ids []int64) ([]Indexed, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	list, args := idMarks(ids)
	w := where{args: args}
	scope.limit(&w, "c")
	return s.queryIndexed(ctx, from, "WHERE m.id IN ("+list+")"+w.text, w.args...)
}

// IndexedThreads reads where conversations stand: what Indexed says of them, without a message.
func (s *Store) IndexedThreads(ctx context.Context, from db.Querier, ids []int64) ([]Indexed, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	list, args := idMarks(ids)
	rows, err := from.Query(ctx, `SELECT c.id, c.subject, c.inbox_id, c.contact_id, c.team_id, c.agent_id, c.status, c.tags FROM conversations c
 WHERE c.id IN (`+list+")", args...)
	if err != nil {
		return nil, fmt.Errorf("read conversations to index: %w", err)
	}
	defer rows.Close()
	found := make([]Indexed, 0, len(ids))
	for rows.Next() {
		var c Indexed
		var tags string
		if err := rows.Scan(&c.ConversationID, &c.Subject, &c.InboxID, &c.ContactID, &c.TeamID, &c.AgentID, &c.Status, &tags); err != nil {
			return nil, fmt.Errorf("read conversations to index: %w", err)
		}
		c.Tags = splitTags(tags)
		found = append(found, c)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read conversations to index: %w", err)
	}
	return found, nil
}

func (s *Store) queryIndexed(ctx context.Context, from db.Querier, rest string, args ...any) ([]Indexed, error) {
	rows, err := from.Query(ctx, selectIndexed+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("read messages to index: %w", err)
	}
	defer rows.Close()
	var found []Indexed
	for rows.Next() {
		var m Indexed
		var created int64
		var tags string
		if err := rows.Scan(&m.ID, &m.ConversationID, &m.Seq, &m.Sender, &m.Text, &m.Private, &created, &m.Subject, &m.InboxID, &m.ContactID, &m.TeamID,
			&m.AgentID, &m.Status, &tags); err != nil {
			return nil, fmt.Errorf("read messages to index: %w", err)
		}
		m.CreatedAt, m.Tags = db.Time(created), splitTags(tags)
		found = append(found, m)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read messages to index: %w", err)
	}
	return found, s.nameFiles(ctx, from, found)
}

func (s *Store) nameFiles(ctx context.Context, from db.Querier, list []Indexed) error {
	at := make(map[int64]int, len(list))
	ids := make([]int64, len(list))
	for i, m := range list {
		at[m.ID], ids[i] = i, m.ID
	}
	if len(ids) == 0 {
		return nil
	}
	where, args := ofMessages(ids)
	if low, high := slices.Min(ids), slices.Max(ids); high-low < 2*int64(len(ids)) { // those that lie side by side need no list
		where, args = "message_id BETWEEN ? AND ? AND message_id <> 0", []any{low, high}
	}
	rows, err := from.Query(ctx, "SELECT message_id, name FROM attachments WHERE "+where, args...)
	if err != nil {
		return fmt.Errorf("read files to index: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var name string
		if err := rows.Scan(&id, &name); err != nil {
			return fmt.Errorf("read files to index: %w", err)
		}
		if i, has := at[id]; has {
			list[i].Files = append(list[i].Files, name)
		}
	}
	return rows.Err()
}

// IndexedContact is what a full-text index needs of a contact that stands for itself.
type IndexedContact struct {
	Contact
	Addresses []string
	Hands     []Hands // of its conversations, each once
}

// Hands is in whose hands a conversation is.
type Hands struct{ TeamID, AgentID int64 }

// ContactsBelow are contacts that stand for themselves with ids below the given one, newest first; 0: from the newest.
func (s *Store) ContactsBelow(ctx context.Context, from db.Querier, below int64, limit int) ([]int64, error) {
	if below == 0 {
		below = 1 << 62
	}
	return s.ids(ctx, from, "SELECT id FROM contacts WHERE id < ? AND root_id = 0 ORDER BY id DESC LIMIT ?", below, limit)
}

// IndexedContacts reads contacts by id with their addresses and in whose hands their conversations are; those that were
// merged into others or are gone are left out.
func (s *Store) IndexedContacts(ctx context.Context, from db.Querier, ids []int64) (map[int64]*IndexedContact, error) {
	contacts, err := s.Contacts(ctx, from, ids)
	if err != nil {
		return nil, err
	}
	found := make(map[int64]*IndexedContact, len(contacts))
	for id, c := range contacts {
		if c.RootID == 0 {
			found[id] = &IndexedContact{Contact: c}
		}
	}
	list, args := idMarks(ids)
	identities, err := s.queryIdentities(ctx, from, "contact_id IN ("+list+") ORDER BY id", args...)
	if err != nil {
		return nil, err
	}
	for _, i := range identities {
		if c := found[i.ContactID]; c != nil {
			c.Addresses = append(c.Addresses, i.Address)
		}
	}
	rows, err := from.Query(ctx, "SELECT DISTINCT contact_id, team_id, agent_id FROM conversations WHERE contact_id IN ("+list+") ORDER BY 1, 2, 3", args...)
	if err != nil {
		return nil, fmt.Errorf("read contacts to index: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var h Hands
		if err := rows.Scan(&id, &h.TeamID, &h.AgentID); err != nil {
			return nil, fmt.Errorf("read contacts to index: %w", err)
		}
		if c := found[id]; c != nil {
			c.Hands = append(c.Hands, h)
		}
	}
	return found, rows.Err()
}
