package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
	"huiyin/handoff/mirror"
)

// event is what we heed of an event. https://docs.slack.dev/reference/events/message
type event struct {
	Type      string       `json:"type"`
	Subtype   string       `json:"subtype"`
	Channel   string       `json:"channel"`
	User      string       `json:"user"`
	BotID     string       `json:"bot_id"`
	Text      string       `json:"text"`
	TS        string       `json:"ts"`
	ThreadTS  string       `json:"thread_ts"`
	DeletedTS string       `json:"deleted_ts"`
	EventTS   string       `json:"event_ts"`
	Files     []sharedFile `json:"files"`
	Message   *event       `json:"message"`
	Previous  *event       `json:"previous_message"`
}

func (b *Board) heedEvent(ctx context.Context, in stored) error {
	if strings.HasPrefix(in.id, sendJob) {
		return b.sendLater(ctx, in)
	}
	var outer struct {
		Team  string          `json:"team_id"`
		Event json.RawMessage `json:"event"`
	}
	var kind struct{ Type string }
	if json.Unmarshal(in.body, &outer) != nil || json.Unmarshal(outer.Event, &kind) != nil {
		return nil
	}
	api, err := b.client(ctx)
	if err != nil {
		return err
	}
	if outer.Team != api.team {
		return nil // another workspace's, by some mistake
	}
	switch kind.Type {
	case "message":
		var e event
		if json.Unmarshal(outer.Event, &e) != nil {
			return nil
		}
		return b.heedMessage(ctx, api, e, in.last)
	case "app_home_opened":
		var e event
		if json.Unmarshal([]byte(strings.ReplaceAll(string(outer.Event), `"view"`, `"_"`)), &e) != nil {
			return nil
		}
		return b.showHome(ctx, api, e.User, "")
	case "app_uninstalled", "tokens_revoked":
		b.forget()
		b.trouble(ctx, words(slack.SlackErrorResponse{Err: "account_inactive"}))
	case "channel_unarchive", "group_unarchive", "member_joined_channel":
		return b.DB.Tx(ctx, func(tx *db.Tx) error { return mirror.Retry(ctx, tx, name) })
	}
	return nil
}

// heedMessage heeds what people write in a thread of ours. It stays internal unless it begins with the prefix.
func (b *Board) heedMessage(ctx context.Context, api *client, e event, last bool) error {
	said, kind := e, ""
	switch e.Subtype {
	case "", "file_share", "thread_broadcast":
	case "message_changed":
		if e.Message == nil || e.Previous == nil || e.Message.Text == e.Previous.Text {
			return nil // a link was unfolded, or the like
		}
		said, kind = *e.Message, "edited"
	case "message_deleted":
		if e.Previous == nil {
			return nil
		}
		said, kind = *e.Previous, "deleted"
	default:
		return nil
	}
	if said.BotID != "" || said.User == "" || said.User == api.self || said.ThreadTS == "" {
		return nil
	}
	id, err := b.at(ctx, api, e.Channel, said.ThreadTS)
	if err != nil {
		return err
	}
	if id == 0 {
		return b.heedPast(ctx, api, e.Channel, said)
	}
	agent, err := b.agentOf(ctx, said.User)
	if err != nil {
		return err
	}
	in := remark{api: api, conversation: id, agent: agent, kind: kind, last: last, event: said, at: e.Channel, source: e.Channel + ":" + said.TS}
	if kind != "" {
		in.source += ":" + or(e.EventTS, e.TS)
	}
	in.text = b.readable(ctx, said.Text)
	prefix := api.app.Prefix
	if prefix == "" || !strings.HasPrefix(in.text, prefix) {
		return b.note(ctx, in)
	}
	if kind != "" {
		return b.whisper(ctx, in, phrasesFor(api.app.Language).prefixEdited)
	}
	return b.sendPrefixed(ctx, in, strings.TrimPrefix(in.text, prefix))
}

// remark is what somebody wrote, changed or deleted in a thread.
type remark struct {
	api          *client
	conversation int64
	agent        int64 // 0: not known
	kind         string
	last         bool // what Slack does not give now is gone
	event        event
	at, source   string
	text         string
}

// note keeps a remark as a private note, so that the console shows what was said in Slack.
func (b *Board) note(ctx context.Context, in remark) error {
	w := phrasesFor(in.api.app.Language)
	text := in.text
	switch in.kind {
	case "edited":
		text = fmt.Sprintf(w.edited, text)
	case "deleted":
		text = fmt.Sprintf(w.deleted, text)
	}
	draft := conversation.Draft{Sender: conversation.FromAgent, AgentID: in.agent, Private: true, SourceID: noteSource + in.source}
	var trouble *fileError
	if in.kind == "" && len(in.event.Files) > 0 {
		ids, err := in.api.fetch(ctx, b, fmt.Sprintf("slack:%s", in.event.User), in.event.Files)
		if errors.As(err, &trouble) && (in.last || !unreachable(err)) {
			text = strings.TrimSpace(text + "\n" + fmt.Sprintf(w.fileTrouble, trouble.name, trouble.err))
		} else if err != nil {
			return err
		}
		draft.Attachments = ids
	}
	if in.agent == 0 {
		draft.Sender = conversation.FromSystem
		text = b.userName(ctx, in.api, in.event.User) + " (Slack): " + text
	}
	draft.Text = strings.TrimSpace(text)
	if draft.Text == "" && len(draft.Attachments) == 0 {
		return nil
	}
	err := b.store(ctx, in, draft)
	if why := w.explain(err); why != "" {
		return b.whisper(ctx, in, fmt.Sprintf(w.notKept, why))
	}
	return err
}

// store keeps a note as its writer's, or as the system's when they may not write notes there.
func (b *Board) store(ctx context.Context, in remark, draft conversation.Draft) error {
	return b.DB.Tx(ctx, func(tx *db.Tx) error {
		c, err := b.Conversations.Load(ctx, tx, in.conversation)
		if err != nil {
			return err
		}
		if in.agent != 0 {
			agent, err := b.Desk.Agent(ctx, tx, in.agent)
			if err == nil {
				err = b.Desk.MayNote(ctx, tx, c, agent)
			}
			if errors.Is(err, handoff.ErrForbidden) || errors.Is(err, conversation.ErrNotFound) { // whoever may read the channel may remark
				draft.Sender, draft.AgentID, draft.Text = conversation.FromSystem, 0, b.linkedName(ctx, in.event.User)+" (Slack): "+draft.Text
			} else if err != nil {
				return err
			}
		}
		_, err = b.Conversations.Reply(ctx, tx, c, draft)
		return err
	})
}

// sendPrefixed sends a message that began with the prefix.
func (b *Board) sendPrefixed(ctx context.Context, in remark, text string) error {
	w := phrasesFor(in.api.app.Language)
	if in.agent == 0 {
		return b.whisper(ctx, in, w.notLinked)
	}
	files, err := in.api.fetch(ctx, b, fmt.Sprintf("slack:%s", in.event.User), in.event.Files)
	if err == nil {
		err = b.send(ctx, outgoing{by: byPrefix, source: in.source, conversation: in.conversation, agent: in.agent, text: text, files: files})
	}
	if err == nil || unreachable(err) && !in.last {
		return err
	}
	if why := w.explain(err); why != "" {
		return b.whisper(ctx, in, fmt.Sprintf(w.prefixHelp, why))
	}
	return err
}

// heedPast tells who writes in a thread that a conversation has left.
func (b *Board) heedPast(ctx context.Context, api *client, channel string, said event) error {
	id, err := mirror.Past(ctx, b.DB, name, ref(channel, said.ThreadTS))
	if err != nil || id == 0 {
		return err
	}
	return b.tellUser(ctx, api, said.User, ref(channel, said.ThreadTS), phrasesFor(api.app.Language).threadOver)
}

// whisper tells the writer of a remark something that only they see.
func (b *Board) whisper(ctx context.Context, in remark, text string) error {
	return b.tellUser(ctx, in.api, in.event.User, ref(in.at, in.event.ThreadTS), text)
}

// tellUser tells one user something in a thread that only they see.
func (b *Board) tellUser(ctx context.Context, api *client, user, place, text string) error {
	channel, root := parseRef(place)
	_, err := api.PostEphemeralContext(ctx, channel, user, slack.MsgOptionText(text, false), slack.MsgOptionTS(root))
	if err != nil {
		if code(err) != "" { // such as that they have left the channel
			b.Log.Warn("a user in Slack was not told something", "error", err)
			return nil
		}
		return b.failed(ctx, "chat.postEphemeral", err)
	}
	return nil
}

func (b *Board) userName(ctx context.Context, api *client, user string) string {
	u, err := api.GetUserInfoContext(ctx, user)
	if err != nil {
		return user
	}
	return or(u.RealName, u.Name)
}
