package admin

import (
	"context"
	"encoding/json"
	"time"

	"huiyin/admin/api"
	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
)

// opt is a value of a member that is left out when it is zero.
func opt[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// val is a member's value; zero when it was left out.
func val[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

// or is a member's value, or what it was when it was left out.
func or[T any](p *T, was T) T {
	if p == nil {
		return was
	}
	return *p
}

func optTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// viewer shows conversations and messages with the names that belong to them, for REST and the event stream.
type viewer struct {
	names    *nameTable
	contacts map[int64]conversation.Contact
	budgets  map[int64]conversation.Budget // of identities on inboxes that have one
	ratings  map[int64]conversation.Rating
	service  service
	merged   map[int64]conversation.Merged // of those that are over
	snoozed  map[int64]string              // why they were put aside
}

// viewing reads the names that showing these conversations needs.
func (s *Server) viewing(ctx context.Context, from db.Querier, list ...*conversation.Conversation) (*viewer, error) {
	table, err := s.names.table(ctx)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(list))
	for i, c := range list {
		ids[i] = c.ContactID
	}
	contacts, err := s.Conversations.Contacts(ctx, from, ids)
	if err != nil {
		return nil, err
	}
	budgets, err := s.budgets(ctx, from, table, list)
	if err != nil {
		return nil, err
	}
	ratings, err := s.ratings(ctx, from, list)
	if err != nil {
		return nil, err
	}
	merged, err := s.Conversations.MergedOf(ctx, from, withStatus(list, conversation.Resolved))
	if err != nil {
		return nil, err
	}
	snoozed, err := s.Conversations.SnoozeReasons(ctx, from, withStatus(list, conversation.Snoozed))
	if err != nil {
		return nil, err
	}
	service, err := s.service(ctx, from, list)
	return &viewer{table, contacts, budgets, ratings, service, merged, snoozed}, err
}

// withStatus are the ids of those conversations that have a status.
func withStatus(list []*conversation.Conversation, status conversation.Status) (ids []int64) {
	for _, c := range list {
		if c.Status == status {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// ratings reads those of conversations that are over.
func (s *Server) ratings(ctx context.Context, from db.Querier, list []*conversation.Conversation) (map[int64]conversation.Rating, error) {
	return s.Conversations.Ratings(ctx, from, withStatus(list, conversation.Resolved))
}

// budgets reads the send budgets of those conversations whose channel has one.
func (s *Server) budgets(ctx context.Context, from db.Querier, table *nameTable, list []*conversation.Conversation) (map[int64]conversation.Budget, error) {
	var ids []int64
	for _, c := range list {
		a, _ := s.adapter(table.inboxes[c.InboxID].Kind)
		if _, metered := a.(channels.Metered); metered {
			ids = append(ids, c.IdentityID)
		}
	}
	return s.Conversations.Budgets(ctx, from, ids, s.DB.Now())
}

func viewBudget(b conversation.Budget, known bool) *api.Budget {
	if !known {
		return nil
	}
	return &api.Budget{Left: b.Left, Of: b.Of, Unlimited: b.Unlimited, Until: optTime(b.Until)}
}

// viewConversation shows one conversation.
func (s *Server) viewConversation(ctx context.Context, c *conversation.Conversation) (api.Conversation, error) {
	v, err := s.viewing(ctx, s.DB, c)
	if err != nil {
		return api.Conversation{}, err
	}
	return v.conversation(c), nil
}

// viewConversations shows a list of conversations.
func (s *Server) viewConversations(ctx context.Context, list []*conversation.Conversation) ([]api.Conversation, error) {
	v, err := s.viewing(ctx, s.DB, list...)
	if err != nil {
		return nil, err
	}
	shown := make([]api.Conversation, 0, len(list))
	for _, c := range list {
		shown = append(shown, v.conversation(c))
	}
	return shown, nil
}

func (v *viewer) conversation(c *conversation.Conversation) api.Conversation {
	inbox := v.names.inboxes[c.InboxID]
	budget, metered := v.budgets[c.IdentityID]
	return api.Conversation{
		Budget: viewBudget(budget, metered), Rating: v.rating(c.ID),
		Sla: viewClocks(v.service.clocks[c.ID], v.service.now), FromNight: opt(v.service.night[c.ID]),
		MergedInto: opt(v.merged[c.ID].TargetID), SnoozeReason: opt(v.snoozed[c.ID]), Tier: opt(v.contacts[c.ContactID].Attributes["tier"]),
		Id: c.ID, InboxId: c.InboxID, InboxName: inbox.Name, Channel: inbox.Kind,
		Contact: api.Person{Id: c.ContactID, Name: v.contacts[c.ContactID].Name},
		Status:  api.Status(c.Status), Priority: api.Priority(c.Priority.String()), Subject: opt(c.Subject), MailAddress: opt(v.names.mail[inbox.ID]), Language: opt(c.Language),
		Team: person(c.TeamID, v.names.teams[c.TeamID]), Agent: person(c.AgentID, v.names.agents[c.AgentID]), Tags: words(c.Tags),
		LastSeq: c.LastSeq, LastMessageAt: c.LastMessageAt, Preview: c.Preview, LastSender: api.Sender(c.LastSender),
		Unread: c.Unread, AgentReadSeq: c.AgentReadSeq, ContactReadSeq: c.ContactReadSeq,
		WaitingSince: optTime(c.WaitingSince), QueuedAt: optTime(c.QueuedAt), SnoozedUntil: optTime(c.SnoozedUntil),
		HandoffReason: opt(c.HandoffReason), CreatedAt: c.CreatedAt, UpdatedAt: c.UpdatedAt, ResolvedAt: optTime(c.ResolvedAt),
	}
}

func (v *viewer) rating(conversationID int64) *api.Rating {
	r, rated := v.ratings[conversationID]
	if !rated {
		return nil
	}
	return &api.Rating{Score: r.Score, Comment: opt(r.Comment), Reason: opt(r.Reason), Agent: person(r.AgentID, v.names.agents[r.AgentID]), At: r.ChangedAt}
}

// words is a list of words that is never null.
func words(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func (v *viewer) message(m conversation.Message) api.Message {
	shown := api.Message{
		Id: m.ID, ConversationId: m.ConversationID, Seq: m.Seq, Sender: api.Sender(m.Sender), Agent: person(m.AgentID, v.names.agents[m.AgentID]),
		Text: m.Text, Format: api.MessageFormatText, Html: opt(htmlOf(m)), Activity: opt(m.Content.Activity), ActivityData: m.Content.ActivityData,
		Attachments: viewAttachments(filesOf(m)), Private: m.Private, ClientId: opt(m.Content.ClientID),
		Delivery: api.Delivery(m.Delivery), Reason: opt(m.Reason), Helpful: m.Helpful, HelpfulReason: opt(m.HelpfulReason), Wrong: opt(m.Wrong), CreatedAt: m.CreatedAt,
		Passive: opt(m.Passive != ""), Notice: opt(m.Content.Notice), Media: viewMedia(m.Content.Media), Mail: viewMail(m),
	}
	if m.Content.Markdown {
		shown.Format = api.MessageFormatMarkdown
	}
	if m.Via != 0 {
		via := v.identity(m.ViaIdentity)
		shown.Via = &via
	}
	shown.Hidden, shown.Whisper = opt(m.Content.Hidden), opt(m.Content.Whisper)
	for _, e := range m.Content.Entities {
		shown.Entities = append(shown.Entities, viewEntity(e))
	}
	for _, c := range m.Content.Choices {
		shown.Choices = append(shown.Choices, api.Choice{Label: c.Label, Value: opt(c.Value)})
	}
	for _, c := range m.Content.Further {
		shown.Further = append(shown.Further, api.Choice{Label: c.Label, Value: opt(c.Value)})
	}
	if m.Explanation != "" && json.Valid([]byte(m.Explanation)) {
		explanation := api.Explanation(m.Explanation)
		shown.Explanation = &explanation
	}
	return shown
}

func viewEntity(e conversation.Entity) api.Entity {
	return api.Entity{Kind: e.Kind, Text: e.Text, Value: opt(e.Value), Hidden: opt(e.Hidden)}
}

func (v *viewer) identity(i conversation.Identity) api.Identity { return viewIdentity(v.names, i) }

// viewMedia are the files of a message that are not here.
func viewMedia(files []conversation.MediaState) []api.MediaState {
	var missing []api.MediaState
	for _, f := range files {
		if !f.Done {
			missing = append(missing, api.MediaState{Kind: f.Kind, Name: opt(f.Name), Reason: opt(f.Reason)})
		}
	}
	return missing
}

// htmlOf is a message's HTML, safe to show; empty for plain text, which is never taken for HTML.
func htmlOf(m conversation.Message) string {
	switch {
	case m.Content.Markdown:
		return channels.RenderMarkdown(m.Text)
	case m.HTML != "":
		return channels.SanitizeHTML(m.HTML)
	}
	return ""
}

func viewAttachments(list []conversation.Attachment) []api.Attachment {
	shown := make([]api.Attachment, 0, len(list))
	for _, a := range list {
		shown = append(shown, viewAttachment(a))
	}
	return shown
}

func viewAttachment(a conversation.Attachment) api.Attachment {
	return api.Attachment{Key: a.Key, Name: a.Name, Type: a.Type, Size: a.Size, Url: base + "/attachments/" + a.Key,
		Width: opt(a.Width), Height: opt(a.Height)}
}
