package conversation

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"huiyin/db"
)

// law is something that rows must never break. Its query gives the rows that do, and how; {inbox} in it stands for
// the condition that narrows conversations c to one inbox.
type law struct{ says, query string }

// laws are those that the rows of this package can show.
func laws() []law {
	return []law{
		{"the seq of a conversation rises from 1 without gaps", `SELECT 'conversation ' || c.id,
 COUNT(*) || ' messages have seq ' || MIN(m.seq) || ' to ' || MAX(m.seq) FROM conversations c JOIN messages m ON m.conversation_id = c.id
 WHERE 1 = 1 {inbox} GROUP BY c.id HAVING MIN(m.seq) <> 1 OR MAX(m.seq) <> COUNT(*)`},
		{"a conversation knows its last seq", `SELECT 'conversation ' || c.id, 'last_seq is ' || c.last_seq || ', its last message has ' || COALESCE(MAX(m.seq), 0)
 FROM conversations c LEFT JOIN messages m ON m.conversation_id = c.id WHERE 1 = 1 {inbox} GROUP BY c.id, c.last_seq
 HAVING COALESCE(MAX(m.seq), 0) <> c.last_seq`},
		{"the numbers of events rise without gaps", `SELECT 'event ' || e.n, 'there is no event ' || (e.n - 1) FROM events e
 WHERE e.n > (SELECT MIN(n) FROM events) AND NOT EXISTS (SELECT 1 FROM events p WHERE p.n = e.n - 1)`},
		{"what a customer asks the bot is answered or has a turn due", `SELECT 'conversation ' || c.id || ', seq ' || m.seq, 'no answer and no turn due'
 FROM messages m JOIN conversations c ON c.id = m.conversation_id WHERE m.sender = 'contact' AND c.status = 'pending'
 AND c.due_at IS NULL AND c.elsewhere = 0 {inbox} AND NOT ` + isEvent + ` AND NOT EXISTS (SELECT 1 FROM messages r WHERE ` + isReply + `)`},
		{"the bot has a turn due only while it is its turn", `SELECT 'conversation ' || c.id, 'a turn is due, the status is ' || c.status
 FROM conversations c WHERE c.due_at IS NOT NULL AND c.status <> 'pending' AND c.bot_seq = 0 {inbox}`},
		{"where a person has or had it the bot looks at nothing", `SELECT 'conversation ' || c.id, 'the bot has looked up to seq ' || c.bot_seq
 FROM conversations c WHERE c.bot_seq <> 0 AND (c.status <> 'open' OR c.agent_id <> 0) {inbox}`},
		{"each answer of the bot has its explanation", `SELECT 'conversation ' || c.id || ', seq ' || m.seq, 'no explanation'
 FROM messages m JOIN conversations c ON c.id = m.conversation_id WHERE m.sender = 'bot' AND m.private = 0 AND m.explanation = '' {inbox}`},
		{"no two messages of an inbox have one source id", `SELECT 'message ' || MAX(m.id), COUNT(*) || ' messages have the source id ' || m.source_id
 FROM messages m JOIN conversations c ON c.id = m.conversation_id WHERE m.source_id <> '' {inbox} GROUP BY m.inbox_id, m.source_id HAVING COUNT(*) > 1`},
		{"a message is due to be sent if and only if it is queued", `SELECT 'conversation ' || c.id || ', seq ' || m.seq,
 CASE WHEN m.due_at IS NULL THEN 'queued, and never due' ELSE 'due, and its delivery is "' || m.delivery || '"' END
 FROM messages m JOIN conversations c ON c.id = m.conversation_id
 WHERE ((m.due_at IS NULL AND m.delivery = 'queued') OR (m.due_at IS NOT NULL AND m.delivery <> 'queued')) {inbox}`},
		{"only what goes to the customer is delivered", `SELECT 'conversation ' || c.id || ', seq ' || m.seq, 'its delivery is "' || m.delivery || '"'
 FROM messages m JOIN conversations c ON c.id = m.conversation_id WHERE (m.sender = 'contact' OR m.private = 1) AND m.delivery <> '' {inbox}`},
		{"a conversation counts what no agent has seen", `SELECT 'conversation ' || c.id, 'unread is ' || c.unread || ', a recount gives ' || COUNT(m.id)
 FROM conversations c LEFT JOIN messages m ON m.conversation_id = c.id AND m.sender = 'contact' AND m.seq > c.agent_read_seq
 AND NOT ` + isEvent + ` WHERE 1 = 1 {inbox} GROUP BY c.id, c.unread HAVING COUNT(m.id) <> c.unread`},
		{"the kept counters are right", `SELECT 'tally of inbox ' || c.inbox_id || ', team ' || c.team_id || ', agent ' || c.agent_id || ', ' || c.status,
 'conversations differ by ' || SUM(c.total) || ', unread ones by ' || SUM(c.unread) FROM (SELECT inbox_id, team_id, agent_id, status, total, unread FROM tallies
 UNION ALL SELECT inbox_id, team_id, agent_id, status, -1, CASE WHEN unread > 0 THEN -1 ELSE 0 END FROM conversations) c
 WHERE 1 = 1 {inbox} GROUP BY c.inbox_id, c.team_id, c.agent_id, c.status HAVING SUM(c.total) <> 0 OR SUM(c.unread) <> 0`},
		{"a conversation is with the contact of its address", `SELECT 'conversation ' || c.id, 'is with contact ' || c.contact_id || ', its address is of ' || i.contact_id
 FROM conversations c JOIN identities i ON i.id = c.identity_id WHERE c.contact_id <> i.contact_id {inbox}`},
		{"an address belongs to a contact that stands for itself", `SELECT 'identity ' || i.id, 'contact ' || p.id || ' was merged into ' || p.merged_into
 FROM identities i JOIN contacts p ON p.id = i.contact_id JOIN conversations c ON c.id = i.conversation_id WHERE p.root_id <> 0 {inbox}`},
		{"a send budget is never exceeded", `SELECT 'identity ' || g.identity_id, 'of ' || g.sends || ' messages after "' || g.name || '" ' || g.used || ' are used'
 FROM grants g JOIN identities i ON i.id = g.identity_id JOIN conversations c ON c.id = i.conversation_id
 WHERE ((g.sends > 0 AND g.used > g.sends) OR g.used < 0) {inbox}`},
		{"the newest conversation of a customer is the one that goes on", `SELECT 'identity ' || i.id, 'goes on in conversation ' || i.conversation_id
 || ', the newest is ' || MAX(c.id) FROM identities i JOIN conversations c ON c.identity_id = i.id WHERE 1 = 1 {inbox}
 GROUP BY i.id, i.conversation_id HAVING MAX(c.id) <> i.conversation_id`},
	}
}

func (s *Store) faults(ctx context.Context, from db.Querier, inboxID int64) ([]Fault, error) {
	narrow := ""
	if inboxID != 0 {
		narrow = "AND c.inbox_id = " + strconv.FormatInt(inboxID, 10)
	}
	faults := []Fault{}
	for _, l := range laws() {
		found, err := l.broken(ctx, from, strings.ReplaceAll(l.query, "{inbox}", narrow))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", l.says, err)
		}
		faults = append(faults, found...)
	}
	return faults, nil
}

func (l law) broken(ctx context.Context, from db.Querier, query string) ([]Fault, error) {
	rows, err := from.Query(ctx, query+" ORDER BY 1 LIMIT ?", maxFaults)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var faults []Fault
	for rows.Next() {
		f := Fault{Law: l.says}
		if err := rows.Scan(&f.Row, &f.Detail); err != nil {
			return nil, err
		}
		faults = append(faults, f)
	}
	return faults, rows.Err()
}

// MissingFiles names the attachments of messages (of one inbox; 0: of all) whose bytes are not kept in the size that
// the row tells.
func (s *Store) MissingFiles(ctx context.Context, files Files, inboxID int64) ([]Fault, error) {
	faults := []Fault{}
	for last := int64(0); ; {
		page, err := s.queryAttachments(ctx, s.DB, `id > ? AND message_id <> 0 AND (? = 0 OR conversation_id IN
 (SELECT c.id FROM conversations c WHERE c.inbox_id = ?)) ORDER BY id LIMIT 1000`, last, inboxID, inboxID)
		if err != nil || len(page) == 0 {
			return faults, err
		}
		for _, a := range page {
			if wrong := files.wrong(a); wrong != "" && len(faults) < maxFaults {
				faults = append(faults, Fault{Law: "the bytes of an attachment are kept", Row: "attachment " + strconv.FormatInt(a.ID, 10), Detail: wrong})
			}
			last = a.ID
		}
	}
}
