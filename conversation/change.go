package conversation

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"huiyin/db"
)

const conversationColumns = `c.id, c.inbox_id, c.contact_id, c.identity_id, c.status, c.priority, c.team_id, c.agent_id,
 c.subject, c.language, c.tags, c.last_seq, c.last_message_at, c.preview, c.last_sender, c.unread, c.agent_read_seq,
 c.contact_read_seq, c.waiting_since, c.queued_at, c.head_start, c.snoozed_until, c.handoff_reason, c.misunderstood,
 c.created_at, c.updated_at, c.resolved_at, COALESCE(c.due_at, 0), c.passive_until, c.elsewhere, c.bot_seq`

type scanner interface{ Scan(...any) error }

func scanConversation(row scanner, more ...any) (*Conversation, error) {
	c := &Conversation{}
	var tags string
	var last, waiting, queued, ahead, snoozed, created, updated, resolved, due, passive int64
	into := append([]any{&c.ID, &c.InboxID, &c.ContactID, &c.IdentityID, &c.Status, &c.Priority, &c.TeamID, &c.AgentID,
		&c.Subject, &c.Language, &tags, &c.LastSeq, &last, &c.Preview, &c.LastSender, &c.Unread, &c.AgentReadSeq,
		&c.ContactReadSeq, &waiting, &queued, &ahead, &snoozed, &c.HandoffReason, &c.Misunderstood,
		&created, &updated, &resolved, &due, &passive, &c.Elsewhere, &c.BotSeq}, more...)
	if err := row.Scan(into...); err != nil {
		return nil, err
	}
	c.Tags = splitTags(tags)
	c.LastMessageAt, c.WaitingSince, c.QueuedAt = db.Time(last), db.Time(waiting), db.Time(queued)
	c.SnoozedUntil, c.CreatedAt, c.UpdatedAt = db.Time(snoozed), db.Time(created), db.Time(updated)
	c.ResolvedAt, c.TurnDue, c.PassiveUntil = db.Time(resolved), db.Time(due), db.Time(passive)
	c.HeadStart = time.Duration(ahead) * time.Millisecond
	c.before = c.tally()
	return c, nil
}

func splitTags(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}

// Load reads a conversation for a change in this transaction and locks it.
func (s *Store) Load(ctx context.Context, tx *db.Tx, id int64) (*Conversation, error) {
	c, err := scanConversation(tx.QueryRow(ctx, "SELECT "+conversationColumns+" FROM conversations c WHERE c.id = ?"+tx.ForUpdate(), id))
	if db.NoRows(err) {
		return nil, fmt.Errorf("conversation %d: %w", id, ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("load conversation %d: %w", id, err)
	}
	return c, nil
}

// BeginTurn ends the lease on a conversation's turn and loads it for a change in this transaction: ErrLeaseLost when another worker
// has the turn meanwhile.
func (s *Store) BeginTurn(ctx context.Context, tx *db.Tx, l db.Lease) (*Conversation, error) {
	columns := strings.ReplaceAll(conversationColumns, "c.", "") // SQLite knows no alias in RETURNING
	c, err := scanConversation(Turns().FinishAnd(ctx, tx, l, time.Time{}, "attempts = 0", columns))
	if db.NoRows(err) {
		return nil, db.ErrLeaseLost
	}
	if err != nil {
		return nil, fmt.Errorf("begin turn of conversation %d: %w", l.ID, err)
	}
	return c, nil
}

// Save writes a loaded conversation back, moves the kept counters along and numbers the change.
func (s *Store) Save(ctx context.Context, tx *db.Tx, c *Conversation) error {
	if err := s.write(ctx, tx, c); err != nil {
		return err
	}
	s.note(tx, Event{Kind: EventConversation, ConversationID: c.ID})
	return nil
}

const updateConversation = `UPDATE conversations SET status = ?, priority = ?, team_id = ?, agent_id = ?, subject = ?,
 language = ?, tags = ?, last_seq = ?, last_message_at = ?, preview = ?, last_sender = ?, unread = ?, agent_read_seq = ?,
 contact_read_seq = ?, waiting_since = ?, queued_at = ?, head_start = ?, queue_order = ?, snoozed_until = ?, handoff_reason = ?,
 misunderstood = ?, updated_at = ?, resolved_at = ?, due_at = ?, elsewhere = ?, bot_seq = ? WHERE id = ?`

func (s *Store) write(ctx context.Context, tx *db.Tx, c *Conversation) error {
	if c.glanced {
		return fmt.Errorf("save conversation %d: it was not loaded", c.ID)
	}
	c.settle(tx)
	if err := s.weigh(ctx, tx, c); err != nil {
		return err
	}
	var due any
	if !c.TurnDue.IsZero() {
		due = db.Millis(c.TurnDue)
	}
	err := tx.Send(ctx, updateConversation, string(c.Status), int(c.Priority), c.TeamID, c.AgentID, c.Subject,
		c.Language, strings.Join(c.Tags, "\n"), c.LastSeq, db.Millis(c.LastMessageAt), c.Preview, string(c.LastSender), c.Unread,
		c.AgentReadSeq, c.ContactReadSeq, db.Millis(c.WaitingSince), db.Millis(c.QueuedAt), c.HeadStart.Milliseconds(), c.queueOrder(),
		db.Millis(c.SnoozedUntil), c.HandoffReason, c.Misunderstood, db.Millis(c.UpdatedAt), db.Millis(c.ResolvedAt), due, truth(c.Elsewhere), c.BotSeq, c.ID)
	if err != nil {
		return fmt.Errorf("save conversation %d: %w", c.ID, err)
	}
	was := c.before.status
	if err := s.moveTally(ctx, tx, c); err != nil || s.OnSave == nil {
		return err
	}
	return s.OnSave(ctx, tx, c, was)
}

// settle makes the dependent fields agree with status and owner.
func (c *Conversation) settle(tx *db.Tx) {
	c.UpdatedAt = tx.Now
	if !c.Queueing() {
		c.QueuedAt = db.Time(0)
	} else if c.QueuedAt.IsZero() {
		c.QueuedAt = tx.Now
	}
	if !c.Queueing() {
		c.BotSeq = 0
	}
	if !c.BotsTurn() {
		c.TurnDue = db.Time(0)
	}
	if c.Status != Snoozed {
		c.SnoozedUntil = db.Time(0)
	}
	if c.Status != Resolved {
		c.ResolvedAt = db.Time(0)
		return
	}
	c.Unread, c.AgentReadSeq, c.WaitingSince = 0, c.LastSeq, db.Time(0)
	if c.ResolvedAt.IsZero() {
		c.ResolvedAt = tx.Now
	}
}

// weigh gives a conversation that waits its head start.
func (s *Store) weigh(ctx context.Context, tx *db.Tx, c *Conversation) error {
	if !c.Queueing() {
		c.HeadStart = 0
		return nil
	}
	if s.Weigh == nil {
		c.HeadStart = PriorityHeadStart(c.Priority)
		return nil
	}
	ahead, err := s.Weigh(ctx, tx, c)
	if err != nil {
		return fmt.Errorf("weigh conversation %d: %w", c.ID, err)
	}
	c.HeadStart = ahead
	return nil
}

// PriorityHeadStart is what a priority is worth where nobody has said otherwise.
func PriorityHeadStart(p Priority) time.Duration {
	switch p {
	case Low:
		return -time.Hour
	case High:
		return time.Hour
	case Urgent:
		return 24 * time.Hour
	default:
		return 0
	}
}

// queueOrder is the place in the queue as one rising number: when the customer came, less the head start; 0 when not
// queueing. The order of two who wait never changes by itself, and a head start is made up for by waiting.
func (c *Conversation) queueOrder() int64 {
	if !c.Queueing() {
		return 0
	}
	return c.QueuedAt.Add(-c.HeadStart).UnixMilli()
}

// tally is the part of a conversation that the kept counters count.
type tally struct {
	inbox, team, agent int64
	status             Status
	unread             int64
}

func (c *Conversation) tally() tally {
	t := tally{inbox: c.InboxID, team: c.TeamID, agent: c.AgentID, status: c.Status}
	if c.Unread > 0 {
		t.unread = 1
	}
	return t
}

func (s *Store) moveTally(ctx context.Context, tx *db.Tx, c *Conversation) error {
	after := c.tally()
	if after == c.before {
		return nil
	}
	steps := []tallyStep{{c.before, -1}, {after, 1}}
	if c.before.status == "" {
		steps = steps[1:]
	}
	slices.SortFunc(steps, tallyStep.compare)
	for _, step := range steps {
		if err := addTally(ctx, tx, step.tally, step.n); err != nil {
			return err
		}
	}
	c.before = after
	return nil
}

type tallyStep struct {
	tally
	n int64
}

// compare is the order in which every transaction touches the counters, so that no two wait for each other.
func (s tallyStep) compare(o tallyStep) int {
	return cmp.Or(cmp.Compare(s.inbox, o.inbox), cmp.Compare(s.team, o.team), cmp.Compare(s.agent, o.agent), cmp.Compare(s.status, o.status))
}

func addTally(ctx context.Context, tx *db.Tx, t tally, n int64) error {
	err := tx.Send(ctx, `INSERT INTO tallies (inbox_id, team_id, agent_id, status, total, unread) VALUES (?, ?, ?, ?, ?, ?)
 ON CONFLICT (inbox_id, team_id, agent_id, status) DO UPDATE SET total = tallies.total + excluded.total, unread = tallies.unread + excluded.unread`,
		t.inbox, t.team, t.agent, t.status, n, n*t.unread)
	if err != nil {
		return fmt.Errorf("keep counters: %w", err)
	}
	return nil
}

// maxPreview bounds the line of the last message kept on the conversation, in runes.
const maxPreview = 120

// preview is the text on one line, its spaces made single, cut to maxPreview.
func preview(text string) string {
	var b strings.Builder
	b.Grow(min(len(text), utf8.UTFMax*maxPreview))
	n, space := 0, false
	for _, r := range text {
		if unicode.IsSpace(r) {
			space = n > 0
			continue
		}
		if space && n < maxPreview {
			b.WriteByte(' ')
			n++
		}
		if space = false; n == maxPreview {
			return strings.TrimSuffix(b.String(), " ") + "…"
		}
		b.WriteRune(r)
		n++
	}
	return b.String()
}
