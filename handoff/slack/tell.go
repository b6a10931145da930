package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"huiyin/conversation"
	"huiyin/handoff/mirror"
)

// tell posts what was said since, in order. What was said before the hand-off is one message.
func (t *thread) tell(ctx context.Context) error {
	for t.place.Seq < t.view.c.LastSeq {
		messages, err := t.Conversations.Messages(ctx, t.DB, t.place.ConversationID, conversation.Page{After: t.place.Seq, Limit: 50})
		if err != nil {
			return err
		}
		if len(messages) == 0 {
			return nil
		}
		begins := !t.state.Begun && len(messages) > 1
		t.state.Begun = true // saved with the first that is told
		if begins {
			if err := t.tellHistory(ctx, messages); err != nil {
				return err
			}
			continue
		}
		for _, m := range messages {
			if err := t.tellOne(ctx, m); err != nil {
				return err
			}
		}
	}
	return nil
}

// tellHistory posts several messages as one.
func (t *thread) tellHistory(ctx context.Context, messages []conversation.Message) error {
	var lines []string
	all := messages[len(messages)-1]
	all.Attachments = nil
	for _, m := range messages {
		if line := t.view.line(m); line != "" {
			lines = append(lines, line)
		}
		all.Attachments = append(all.Attachments, m.Attachments...)
	}
	if len(lines) == 0 {
		t.place.Seq = all.Seq
		return t.save(ctx)
	}
	channel, root := parseRef(t.place.Ref)
	if _, err := t.found(ctx, channel, root, all.Seq); err != nil {
		return err
	}
	if t.told > 0 { // it was posted before, when less had been said
		all.Seq, all.Attachments = t.told, nil
	}
	return t.put(ctx, all, strings.Join(lines, "\n"), shown{Many: true})
}

func (t *thread) tellOne(ctx context.Context, m conversation.Message) error {
	text := t.view.line(m)
	if text == "" {
		t.place.Seq = m.Seq
		return t.save(ctx)
	}
	return t.put(ctx, m, text, shown{Text: t.view.delivery(m)})
}

// put posts a message into the thread, once, and then its files.
func (t *thread) put(ctx context.Context, m conversation.Message, text string, as shown) error {
	channel, root := parseRef(t.place.Ref)
	ts, err := t.found(ctx, channel, root, m.Seq)
	if err != nil {
		return err
	}
	if ts != "" {
		as.Text = "" // what stands there may say less of its delivery
	} else if ts, err = t.post(ctx, channel, root, mark{seq: m.Seq, many: as.Many}, message(text, as.Text)...); err != nil {
		return err
	}
	note, err := json.Marshal(as)
	if err != nil {
		return err
	}
	post := mirror.Post{Seq: m.Seq, Ref: ts, Shown: string(note)}
	if err := t.keep(); err != nil {
		return err
	}
	if err := t.place.Posted(ctx, post); err != nil {
		return err
	}
	return t.share(ctx, m, post)
}

// refresh shows what became of our newest messages, and files that came later.
func (t *thread) refresh(ctx context.Context) error {
	posts, err := t.place.Posts(ctx, followed)
	if err != nil || len(posts) == 0 {
		return err
	}
	seqs := make([]int64, len(posts))
	for i, p := range posts {
		seqs[i] = p.Seq
	}
	messages, err := t.Conversations.MessagesAt(ctx, t.DB, t.place.ConversationID, seqs)
	if err != nil {
		return err
	}
	standing := map[int64]mirror.Post{}
	for _, p := range posts {
		standing[p.Seq] = p
	}
	for _, m := range messages {
		if err := t.update(ctx, m, standing[m.Seq]); err != nil {
			return err
		}
	}
	return nil
}

func (t *thread) update(ctx context.Context, m conversation.Message, post mirror.Post) error {
	var was shown
	if err := json.Unmarshal([]byte(post.Shown), &was); err != nil {
		return fmt.Errorf("state of a message in a thread: %w", err)
	}
	if was.Many {
		return nil
	}
	if now := t.view.delivery(m); now != was.Text {
		if err := t.change(ctx, t.channel(), post.Ref, message(t.view.line(m), now)...); err != nil && !gone(err) {
			return err
		}
		was.Text = now
		note, err := json.Marshal(was)
		if err != nil {
			return err
		}
		post.Shown = string(note)
		if err := t.place.Posted(ctx, post); err != nil {
			return err
		}
	}
	return t.share(ctx, m, post)
}
