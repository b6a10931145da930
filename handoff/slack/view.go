package slack

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"huiyin/conversation"
	"huiyin/handoff"
)

// view is a conversation as it is shown in Slack, in the language of the cards.
type view struct {
	app     App
	w       phrases
	c       *conversation.Conversation
	contact conversation.Contact
	inbox   conversation.Inbox
	channel string // what people call the inbox's kind
	team    string
	owner   string
	agents  map[int64]string
	budget  *conversation.Budget
	summary []string
	last    string // the customer's last words
	matter  string // what the card says of the matter
	link    string
}

// look reads everything that a thread shows of a conversation.
func (b *Board) look(ctx context.Context, id int64, app App) (view, error) {
	v := view{app: app, w: phrasesFor(app.Language), agents: map[int64]string{}, link: fmt.Sprintf("%s/console/inbox/all/%d", b.PublicURL, id)}
	var err error
	if v.c, err = b.Conversations.Get(ctx, b.DB, id); err != nil {
		return v, err
	}
	if v.contact, err = b.Conversations.Contact(ctx, b.DB, v.c.ContactID); err != nil {
		return v, err
	}
	if v.inbox, err = b.Conversations.Inbox(ctx, b.DB, v.c.InboxID); err != nil && !errors.Is(err, conversation.ErrNotFound) {
		return v, err
	}
	v.channel = b.channelName(v.inbox.Kind, app.Language)
	if err := b.lookAtPeople(ctx, &v); err != nil {
		return v, err
	}
	if b.Metered != nil && b.Metered(v.inbox.Kind) {
		budget, err := b.Conversations.Budget(ctx, b.DB, v.c.IdentityID, b.DB.Now())
		if err != nil {
			return v, err
		}
		v.budget = &budget
	}
	return v, b.sum(ctx, &v)
}

func (b *Board) channelName(kind, language string) string {
	if b.Channel == nil {
		return kind
	}
	zh, en := b.Channel(kind)
	if language == "zh" {
		return zh
	}
	return en
}

func (b *Board) lookAtPeople(ctx context.Context, v *view) error {
	agents, err := b.Desk.Agents(ctx, b.DB)
	if err != nil {
		return err
	}
	for _, a := range agents {
		v.agents[a.ID] = a.Name
	}
	if v.c.Status != conversation.Resolved {
		v.owner = v.agents[v.c.AgentID]
	}
	if v.c.TeamID == 0 {
		return nil
	}
	team, err := b.Desk.Team(ctx, b.DB, v.c.TeamID)
	if err != nil && !errors.Is(err, conversation.ErrNotFound) {
		return err
	}
	v.team = team.Name
	return nil
}

// lookBack is how many messages the card is made of.
const lookBack = 60

// sum reads what the card says of the matter.
func (b *Board) sum(ctx context.Context, v *view) error {
	recent, err := b.Conversations.Messages(ctx, b.DB, v.c.ID, conversation.Page{Limit: lookBack})
	if err != nil {
		return err
	}
	for _, m := range recent {
		if m.Sender == conversation.FromContact && m.Text != "" {
			v.last = m.Text
		}
	}
	v.summary = v.w.gist(handoff.MakeCard(v.c, recent))
	return nil
}

// gist is a hand-off card in a few lines: what the customer wants, what it is likely about, what the bot tried.
func (w phrases) gist(card handoff.Card) (lines []string) {
	for _, said := range card.Wants {
		lines = append(lines, quote(cut(said.Text, 400)))
	}
	for _, t := range card.Topics {
		lines = append(lines, fmt.Sprintf(w.about, escape(cut(t.Question, 150)), int(t.Confidence*100)))
	}
	for _, a := range card.Tried {
		line := w.tried[a.Act]
		if line == "" || len(a.Articles) == 0 {
			continue
		}
		line = fmt.Sprintf(line, escape(cut(a.Articles[0].Question, 150)))
		if a.Helpful != nil && !*a.Helpful {
			line += " · " + w.unhelpful
		}
		lines = append(lines, line)
	}
	var found []string
	for _, e := range card.Entities {
		found = append(found, escape(e.Text))
	}
	if len(found) > 0 {
		lines = append(lines, w.mentions+strings.Join(found, ", "))
	}
	return lines
}

// line is a message as a thread shows it; "" when it is not shown there.
func (v view) line(m conversation.Message) string {
	switch {
	case strings.HasPrefix(m.SourceID, noteSource):
		return "" // it was written in this thread
	case m.Content.Activity != "":
		return v.activity(m)
	case m.Private:
		return fmt.Sprintf("🔒 *%s*\n%s", fmt.Sprintf(v.w.note, escape(v.name(m))), quote(v.said(m)))
	case m.Sender == conversation.FromContact:
		return fmt.Sprintf("👤 *%s*\n%s", escape(v.name(m)), quote(v.said(m)))
	case m.Sender == conversation.FromBot:
		return fmt.Sprintf("🤖 *%s*\n%s", v.w.bot, quote(v.said(m)))
	case m.Sender == conversation.FromAgent:
		return fmt.Sprintf("✉️ *%s*\n%s", fmt.Sprintf(v.w.toCustomer, escape(v.name(m))), quote(v.said(m)))
	}
	return ""
}

func (v view) name(m conversation.Message) string {
	if m.Sender == conversation.FromContact {
		return or(v.contact.Name, v.w.customer)
	}
	return or(v.agents[m.AgentID], v.w.system)
}

func (v view) said(m conversation.Message) string {
	text := m.Text
	for _, c := range m.Content.Choices {
		text += "\n• " + c.Label
	}
	if text == "" && len(m.Attachments)+len(m.Content.Media) > 0 {
		text = "📎"
	}
	return text
}

// activity is a line about what happened; places told to the customer are no news here.
func (v view) activity(m conversation.Message) string {
	form := v.w.activities[m.Content.Activity]
	if form == "" {
		return ""
	}
	data := m.Content.ActivityData
	by := or(data["agent"], v.w.system)
	return "_" + escape(strings.NewReplacer("{by}", by, "{to}", or(data["to_agent"], data["team"]), "{until}", data["until"]).Replace(form)) + "_"
}

// delivery says what became of a message to the customer.
func (v view) delivery(m conversation.Message) string {
	if m.Private || m.Sender == conversation.FromContact || m.Sender == conversation.FromSystem {
		return ""
	}
	text := v.w.deliveries[m.Delivery]
	if m.Reason != "" && (m.Delivery == conversation.Failed || m.Delivery == conversation.Held || m.Delivery == conversation.Uncertain) {
		text += ": " + escape(m.Reason)
	}
	return text
}

// spent says what the send budget still allows; "" when the channel has none.
func (v view) spent(now time.Time) string {
	switch {
	case v.budget == nil:
		return ""
	case v.budget.Until.IsZero() || v.budget.Left == 0 && !v.budget.Unlimited:
		return v.w.noBudget
	case v.budget.Unlimited:
		return fmt.Sprintf(v.w.unlimited, moment(v.budget.Until))
	}
	return fmt.Sprintf(v.w.budget, v.budget.Left, v.budget.Of, moment(v.budget.Until))
}

// standing says where the conversation stands.
func (v view) standing() string {
	switch {
	case v.c.Status == conversation.Resolved:
		return v.w.resolved
	case v.c.Status == conversation.Pending:
		return v.w.withBot
	case v.c.Status == conversation.Snoozed:
		return fmt.Sprintf(v.w.snoozed, moment(v.c.SnoozedUntil))
	case v.owner != "":
		return fmt.Sprintf(v.w.owned, escape(v.owner))
	}
	return fmt.Sprintf(v.w.waiting, moment(v.c.QueuedAt))
}

func (v view) reason() string {
	if text := v.w.reasons[handoff.Reason(v.c.HandoffReason)]; text != "" {
		return text
	}
	return v.c.HandoffReason
}
