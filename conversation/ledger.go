package conversation

import (
	"context"
	"fmt"

	"huiyin/db"
)

// Account is what an inbox's rows add up to. Every message of a customer is in exactly one of Answered, HandedOff,
// ByAgents, Waiting, Closed, Unasked and Lost; Lost ones are faults.
type Account struct {
	Inbox         int64  `json:"inbox"`
	Kind          string `json:"kind"`
	Name          string `json:"name"`
	Archived      bool   `json:"archived,omitempty"`
	Conversations int64  `json:"conversations"`
	Resolved      int64  `json:"resolved"` // conversations
	Queueing      int64  `json:"queueing"` // conversations

	Stored    int64 `json:"stored"`     // messages of all senders
	Received  int64 `json:"received"`   // of customers
	Answered  int64 `json:"answered"`   // the bot spoke next
	HandedOff int64 `json:"handed_off"` // the bot called a human
	ByAgents  int64 `json:"by_agents"`  // a human spoke next
	Waiting   int64 `json:"waiting"`    // a turn is due, or a human's
	Closed    int64 `json:"closed"`     // resolved without a word after it
	Unasked   int64 `json:"unasked"`    // events such as "subscribed", which the bot leaves alone
	Lost      int64 `json:"lost"`

	Outbound Outbound `json:"outbound"`
}

// Outbound counts the messages to customers by how far they have come.
type Outbound struct {
	Queued    int64 `json:"queued"`
	Sent      int64 `json:"sent"`
	Delivered int64 `json:"delivered"`
	Read      int64 `json:"read"`
	Failed    int64 `json:"failed"`
	Uncertain int64 `json:"uncertain"`
	Held      int64 `json:"held"` // waiting for the customer's next message
}

// Fault is a row, or a few, that breaks a law.
type Fault struct {
	Law    string `json:"law"`
	Row    string `json:"row"`
	Detail string `json:"detail"`
}

// maxFaults bounds the faults named for each law.
const maxFaults = 100

// Ledger counts the rows of an inbox (0: of all) and names those that break a law, as of one moment.
func (s *Store) Ledger(ctx context.Context, inboxID int64) (accounts []Account, faults []Fault, err error) {
	err = s.DB.Snapshot(ctx, func(from db.Querier) error {
		if accounts, err = s.accounts(ctx, from, inboxID); err != nil {
			return err
		}
		faults, err = s.faults(ctx, from, inboxID)
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("ledger: %w", err)
	}
	return accounts, faults, nil
}

func (s *Store) accounts(ctx context.Context, from db.Querier, inboxID int64) ([]Account, error) {
	inboxes, err := s.AllInboxes(ctx, from)
	if err != nil {
		return nil, err
	}
	accounts := []Account{}
	at := map[int64]int{}
	for _, i := range inboxes {
		if inboxID == 0 || inboxID == i.ID {
			at[i.ID] = len(accounts)
			accounts = append(accounts, Account{Inbox: i.ID, Kind: i.Kind, Name: i.Name, Archived: !i.ArchivedAt.IsZero()})
		}
	}
	if len(accounts) == 0 && inboxID != 0 {
		return nil, fmt.Errorf("inbox %d: %w", inboxID, ErrNotFound)
	}
	for _, query := range []string{countConversations, countStored, countFates, countOutbound} {
		err := eachCount(ctx, from, query, func(inbox int64, what string, n int64) {
			if i, ok := at[inbox]; ok {
				accounts[i].add(what, n)
			}
		})
		if err != nil {
			return nil, err
		}
	}
	return accounts, nil
}

const (
	countConversations = `SELECT inbox_id, CASE WHEN status = 'resolved' THEN 'resolved' WHEN queue_order <> 0 THEN 'queueing'
 ELSE 'conversation' END, COUNT(*) FROM conversations GROUP BY 1, 2`
	countStored = `SELECT c.inbox_id, 'stored', COUNT(*) FROM messages m JOIN conversations c ON c.id = m.conversation_id GROUP BY 1`
	// countFates looks for what was said next: by the bot in public, by the bot among ourselves (a hand-over), by an agent.
	countFates = `SELECT c.inbox_id, COALESCE((SELECT CASE WHEN r.sender <> 'bot' THEN 'by_agents' WHEN r.private = 1 THEN 'handed_off'
 ELSE 'answered' END FROM messages r WHERE ` + isReply + ` ORDER BY r.seq LIMIT 1),
 CASE WHEN c.status = 'resolved' THEN 'closed' WHEN c.status <> 'pending' OR c.due_at IS NOT NULL OR c.elsewhere = 1 THEN 'waiting'
 WHEN ` + isEvent + ` THEN 'unasked' ELSE 'lost' END), COUNT(*)
 FROM messages m JOIN conversations c ON c.id = m.conversation_id WHERE m.sender = 'contact' GROUP BY 1, 2`
	countOutbound = `SELECT c.inbox_id, m.delivery, COUNT(*) FROM messages m JOIN conversations c ON c.id = m.conversation_id
 WHERE m.delivery <> '' GROUP BY 1, 2`
	isEvent = `((m.text = '' AND m.content LIKE '%"activity":%') OR m.content LIKE '%"consent":%' OR m.content LIKE '%"rating":%' OR m.content LIKE '%"automatic":"%')`
	// isReply: a human who gives a conversation back to the bot without a word has settled what was asked before.
	isReply = `r.conversation_id = m.conversation_id AND r.seq > m.seq AND (r.sender = 'bot' OR (r.sender = 'agent' AND r.private = 0)
 OR (r.sender = 'system' AND c.waiting_since = 0 AND r.content LIKE '%"activity":"bot_resumed"%')
 OR r.content LIKE '%"elsewhere":%')`
)

func eachCount(ctx context.Context, from db.Querier, query string, add func(inbox int64, what string, n int64)) error {
	rows, err := from.Query(ctx, query)
	if err != nil {
		return fmt.Errorf("count rows: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var inbox, n int64
		var what string
		if err := rows.Scan(&inbox, &what, &n); err != nil {
			return fmt.Errorf("count rows: %w", err)
		}
		add(inbox, what, n)
	}
	return rows.Err()
}

// add puts a count where its word says.
func (a *Account) add(what string, n int64) {
	switch what {
	case "conversation", "resolved", "queueing":
		a.Conversations += n
	case "answered", "handed_off", "by_agents", "waiting", "closed", "unasked", "lost":
		a.Received += n
	}
	places := map[string]*int64{
		"resolved": &a.Resolved, "queueing": &a.Queueing, "stored": &a.Stored,
		"answered": &a.Answered, "handed_off": &a.HandedOff, "by_agents": &a.ByAgents, "waiting": &a.Waiting,
		"closed": &a.Closed, "unasked": &a.Unasked, "lost": &a.Lost,
		string(Queued): &a.Outbound.Queued, string(Sent): &a.Outbound.Sent, string(Delivered): &a.Outbound.Delivered,
		string(Read): &a.Outbound.Read, string(Failed): &a.Outbound.Failed, string(Uncertain): &a.Outbound.Uncertain, string(Held): &a.Outbound.Held,
	}
	if to, ok := places[what]; ok {
		*to += n
	}
}
