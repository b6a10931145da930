package hub

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
	"huiyin/knowledge"
	"huiyin/nlu"
)

const (
	answerBatch = 16
	answerLease = 30 * time.Second
	// maxTurn bounds how many unanswered messages of the customer are looked at in one turn.
	maxTurn = 10
	// maxHits is how many articles a decision may weigh.
	maxHits = 5
	// turnRetry is the wait before a turn that failed is taken again.
	turnRetry = 5 * time.Second
	// turnTries is how often a turn may fail before a human gets the conversation.
	turnTries = 5
)

// answerTurns takes the bot's turns: conversations that owe the customer an answer.
func (h *Hub) answerTurns(ctx context.Context) {
	h.loop(ctx, "answer", h.turns, h.answerBatch)
}

func (h *Hub) answerBatch(ctx context.Context) (more bool, err error) {
	leases, err := h.claim(ctx, conversation.Turns(), answerLease, answerBatch)
	if err != nil || len(leases) == 0 {
		return false, err
	}
	if len(leases) == answerBatch {
		h.turns.ring() // a second worker may help
	}
	for _, l := range leases {
		if err := h.answer(ctx, l); err != nil && !errors.Is(err, db.ErrLeaseLost) {
			h.Log.Error("turn not taken", "conversation", l.ID, "attempt", l.Attempts, "error", err)
			h.putBack(ctx, l)
		}
	}
	return true, nil
}

// putBack lets a failed turn be tried again, and gives the conversation to a human when it keeps failing.
func (h *Hub) putBack(ctx context.Context, l db.Lease) {
	err := h.DB.Tx(ctx, func(tx *db.Tx) error {
		if l.Attempts < turnTries {
			return conversation.Turns().Finish(ctx, tx, l, tx.Now.Add(turnRetry))
		}
		c, err := h.begin(ctx, tx, l, 0)
		if err != nil || c.Status != conversation.Pending {
			return err
		}
		return h.Desk.Request(ctx, tx, c, handoff.NotUnderstood)
	})
	if err != nil && !errors.Is(err, db.ErrLeaseLost) {
		h.Log.Error("turn not put back; it is taken again when its lease ends", "conversation", l.ID, "error", err)
	}
}

// answer takes one turn: read what the customer said, decide, and store the reply with its explanation. What the
// customer adds meanwhile belongs to the turn, so it is thought through again.
func (h *Hub) answer(ctx context.Context, l db.Lease) error {
	t, err := h.readTurn(ctx, l.ID)
	if err != nil {
		return err
	}
	d, e, err := h.think(ctx, t)
	if err != nil {
		return err
	}
	why, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("write explanation: %w", err)
	}
	taken := false
	err = h.DB.Tx(ctx, func(tx *db.Tx) error {
		taken = false
		c, err := h.begin(ctx, tx, l, t.upTo)
		if err != nil || c.Status != conversation.Pending {
			return err
		}
		if !c.TurnDue.IsZero() { // a reply now would stand after what it does not answer
			return h.Conversations.Save(ctx, tx, c)
		}
		taken = true
		return h.act(ctx, tx, c, t, d, string(why))
	})
	if err == nil && taken {
		h.stats.turn(d)
	}
	return err
}

// begin fences the turn and loads its conversation. When the customer wrote something after upTo, the turn is due
// again: what was thought does not know of it.
func (h *Hub) begin(ctx context.Context, tx *db.Tx, l db.Lease, upTo int64) (*conversation.Conversation, error) {
	if err := conversation.Turns().Finish(ctx, tx, l, time.Time{}); err != nil {
		return nil, err
	}
	if _, err := tx.Exec(ctx, "UPDATE conversations SET attempts = 0 WHERE id = ?", l.ID); err != nil {
		return nil, err
	}
	c, err := h.Conversations.Load(ctx, tx, l.ID)
	if err != nil {
		return nil, err
	}
	if upTo == 0 || c.LastSeq == upTo {
		return c, nil
	}
	more, err := h.Conversations.Messages(ctx, tx, c.ID, conversation.Page{After: upTo, Limit: maxTurn, Public: true})
	if err != nil {
		return nil, err
	}
	for _, m := range more {
		if m.Sender == conversation.FromContact {
			c.TurnDue = tx.Now
		}
	}
	return c, nil
}

// turn is what the customer said since we last spoke.
type turn struct {
	conversation *conversation.Conversation
	texts        []string
	choice       string
	language     string
	upTo         int64 // seq of the newest message that was looked at
	unhelpful    []int64
}

func (h *Hub) readTurn(ctx context.Context, id int64) (turn, error) {
	c, err := h.Conversations.Get(ctx, h.DB, id)
	if err != nil {
		return turn{}, err
	}
	messages, err := h.Conversations.Messages(ctx, h.DB, id, conversation.Page{Limit: 2 * maxTurn})
	if err != nil {
		return turn{}, err
	}
	t := turn{conversation: c, language: c.Language}
	var offered []conversation.Choice
	for _, m := range messages {
		t.upTo = m.Seq
		switch {
		case m.Sender == conversation.FromContact:
			t.hear(m, offered)
		case !m.Private && (m.Sender == conversation.FromBot || m.Sender == conversation.FromAgent):
			t.texts, t.choice, offered = nil, "", m.Content.Choices
			if m.Helpful != nil && !*m.Helpful && m.Content.ArticleID != 0 {
				t.unhelpful = append(t.unhelpful, m.Content.ArticleID)
			}
		}
	}
	return t, nil
}

func (t *turn) hear(m conversation.Message, offered []conversation.Choice) {
	text := strings.TrimSpace(m.Text)
	t.choice = m.Content.Choice
	if t.choice == "" {
		t.choice = pick(text, offered)
	}
	if text != "" && len(t.texts) < maxTurn {
		t.texts = append(t.texts, text)
	}
}

// pick finds the button that a typed text means: its number or its label.
func pick(text string, offered []conversation.Choice) string {
	if n, err := strconv.Atoi(nlu.Normalize(text)); err == nil && n >= 1 && n <= len(offered) {
		return offered[n-1].Value
	}
	for _, o := range offered {
		if o.Value != "" && nlu.Normalize(o.Label) == nlu.Normalize(text) {
			return o.Value
		}
	}
	return ""
}

// think decides what to do. Several messages in a row are first taken by the last of them, then together.
func (h *Hub) think(ctx context.Context, t turn) (Decision, Explanation, error) {
	if len(t.texts) == 0 {
		d, e := Decide(h.Policy, Turn{HumanOwns: true})
		d.Rule, e.Rule = "nothing to read", "nothing to read"
		return d, e, nil
	}
	online, err := h.Desk.Online(ctx, h.DB, t.conversation.TeamID)
	if err != nil {
		return Decision{}, Explanation{}, err
	}
	last := t.texts[len(t.texts)-1]
	d, e, err := h.consider(ctx, t, last, online > 0)
	if err != nil || len(t.texts) == 1 || d.Act == ActAnswer || d.Act == ActHandoff {
		return d, e, err
	}
	joint, why, err := h.consider(ctx, t, strings.Join(t.texts, " "), online > 0)
	if err == nil && (joint.Act == ActAnswer || joint.Act == ActHandoff) {
		return joint, why, nil
	}
	return d, e, err
}

func (h *Hub) consider(ctx context.Context, t turn, text string, available bool) (Decision, Explanation, error) {
	analysis := nlu.Analyze(text)
	hits, err := h.search(ctx, t, analysis)
	if err != nil {
		return Decision{}, Explanation{}, err
	}
	in := Turn{Analysis: analysis, Hits: hits, Misunderstood: t.conversation.Misunderstood, Unhelpful: t.unhelpful, HumanAvailable: available}
	if d, e, ok, err := h.chosen(ctx, t, in); ok || err != nil {
		return d, e, err
	}
	d, e := Decide(h.Policy, in)
	return d, e, nil
}

func (h *Hub) search(ctx context.Context, t turn, a nlu.Analysis) ([]knowledge.Hit, error) {
	language := string(a.Language)
	if language == "" {
		language = t.language
	}
	hits, err := h.Knowledge.Search(ctx, a, knowledge.Options{Language: language, Limit: maxHits})
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	return hits, nil
}

// chosen decides by the button that the customer pressed.
func (h *Hub) chosen(ctx context.Context, t turn, in Turn) (d Decision, e Explanation, ok bool, err error) {
	switch {
	case t.choice == choiceHuman:
		d = Decision{Act: ActHandoff, Reason: ReasonAsked, Rule: "pressed the button for a human"}
	case t.choice == choiceNone:
		d = Decision{Act: ActAsk, Rule: "none of the articles was meant"}
	case strings.HasPrefix(t.choice, choiceArticle):
		hit, found, err := h.article(ctx, articleOf(t.choice), t.language)
		if err != nil || !found {
			return d, e, false, err
		}
		in.Hits = []knowledge.Hit{hit}
		d = Decision{Act: ActAnswer, Hit: hit, Rule: "pressed the button of this article"}
	default:
		return d, e, false, nil
	}
	return d, explain(h.Policy, in, in.Hits, d), true, nil
}

// article is a published article as a hit that the customer chose; found is false when it is published no more.
func (h *Hub) article(ctx context.Context, id int64, language string) (hit knowledge.Hit, found bool, err error) {
	a, err := knowledge.Get(ctx, h.DB, id)
	if errors.Is(err, knowledge.ErrNotFound) || err == nil && a.Status != knowledge.Published {
		return hit, false, nil
	}
	if err != nil {
		return hit, false, err
	}
	r, err := knowledge.GetRevision(ctx, h.DB, a.PublishedRevision)
	if err != nil {
		return hit, false, err
	}
	languages := r.Content.Languages()
	if i := slices.Index(languages, language); i > 0 {
		languages[0] = language
	}
	for _, l := range languages {
		if answer := r.Content.Answer[l]; answer != "" {
			return knowledge.Hit{ArticleID: id, Key: a.Key, RevisionID: r.ID, Revision: r.Number, Question: r.Content.Question[l],
				Matched: r.Content.Question[l], Answer: answer, Language: l, Score: 1, Confidence: 1, Why: []knowledge.Feature{}, Terms: []string{}}, true, nil
		}
	}
	return hit, false, nil
}

func articleOf(choice string) int64 {
	id, err := strconv.ParseInt(strings.TrimPrefix(choice, choiceArticle), 10, 64)
	if err != nil {
		return 0
	}
	return id
}
