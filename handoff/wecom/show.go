package wecom

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff/mirror"
)

// state is what is kept of a conversation: how it came into human hands last as far as that was told. A way in is named by
// the number of its activity line.
type state struct {
	Told   int64  `json:"told,omitempty"`
	Nagged int64  `json:"nagged,omitempty"`
	Trying string `json:"trying,omitempty"` // the notice under way
	Tries  int    `json:"tries,omitempty"`  // how often it may have been posted
}

const (
	lookBack   = 60
	maxTries   = 2                // of a notice whose outcome is unknown
	oldNews    = 10 * time.Minute // of a conversation that somebody has
	afterLost  = 15 * time.Second
	afterError = 30 * time.Second
)

// Wants tells whether a conversation is told of: when it is in human hands and its team has a robot.
func (b *Board) Wants(ctx context.Context, from db.Querier, c *conversation.Conversation) (bool, error) {
	if c.Status != conversation.Open {
		return false, nil
	}
	s, err := b.Settings(ctx, from)
	return err == nil && s.Enabled && s.robot(c.TeamID) != "", err
}

// Show tells what there is to tell of a conversation.
func (b *Board) Show(ctx context.Context, p *mirror.Place) error {
	s, err := b.Settings(ctx, b.DB)
	if err != nil || !s.Enabled {
		return err
	}
	t := &telling{Board: b, place: p, settings: s, w: phrasesFor(s.Language)}
	if p.State != "" {
		if err := json.Unmarshal([]byte(p.State), &t.state); err != nil {
			return fmt.Errorf("state of a notice: %w", err)
		}
	}
	if err := t.look(ctx); err != nil {
		return err
	}
	if t.c.Status != conversation.Open || s.robot(t.c.TeamID) == "" {
		return nil
	}
	return t.tell(ctx)
}

// telling is one conversation being told of.
type telling struct {
	*Board
	place    *mirror.Place
	settings Settings
	state    state
	w        phrases

	c      *conversation.Conversation
	recent []conversation.Message
	way    conversation.Message // the activity line with which it came into human hands last
}

func (t *telling) look(ctx context.Context) (err error) {
	err = t.DB.Snapshot(ctx, func(from db.Querier) error { // what was done and who has it now must be of one moment
		if t.c, err = t.Conversations.Get(ctx, from, t.place.ConversationID); err != nil {
			return err
		}
		t.recent, err = t.Conversations.Messages(ctx, from, t.c.ID, conversation.Page{Limit: lookBack})
		return err
	})
	if err != nil {
		return err
	}
	for _, m := range t.recent {
		switch m.Content.Activity {
		case "queued", "released", "requeued", "transferred", "overflowed":
			t.way = m
		case "woken":
			if t.c.Queueing() {
				t.way = m
			}
		}
	}
	return nil
}

// tell posts the notice that is due, or says when there may be one.
func (t *telling) tell(ctx context.Context) error {
	if t.state.Told == 0 && !t.c.Queueing() && t.DB.Now().Sub(t.way.CreatedAt) > oldNews {
		t.state.Told = t.way.Seq // somebody has had it for long: that is no news
		if err := t.save(ctx); err != nil {
			return err
		}
	}
	if t.way.Seq > t.state.Told {
		if err := t.notice(ctx, fmt.Sprint("way ", t.way.Seq), t.title()); err != nil {
			return err
		}
		t.state.Told = t.way.Seq
		if err := t.save(ctx); err != nil {
			return err
		}
	}
	if !t.c.Queueing() || t.settings.Minutes == 0 || t.state.Nagged >= t.state.Told {
		return nil
	}
	return t.nag(ctx)
}

// nag tells of a conversation that nobody has claimed for long, or says when that will be.
func (t *telling) nag(ctx context.Context) error {
	since := t.way.CreatedAt
	if since.IsZero() { // it came in before the messages that were looked at
		since = t.c.QueuedAt
	}
	if left := since.Add(time.Duration(t.settings.Minutes) * time.Minute).Sub(t.DB.Now()); left > 0 {
		return &mirror.Later{After: left, Idle: true}
	}
	if err := t.notice(ctx, fmt.Sprint("nag ", t.state.Told), fmt.Sprintf(t.w.unclaimed, t.settings.Minutes)); err != nil {
		return err
	}
	t.state.Nagged = t.state.Told
	return t.save(ctx)
}

func (t *telling) title() string {
	switch {
	case t.state.Told == 0 || t.way.Content.Activity == "queued":
		return t.w.handedOver
	case t.way.Content.Activity == "transferred", t.way.Content.Activity == "overflowed":
		return t.w.transferred
	}
	return t.w.back
}

// notice posts one notice, at most once more when it is not known whether it was posted.
func (t *telling) notice(ctx context.Context, which, title string) error {
	if t.state.Trying != which {
		t.state.Trying, t.state.Tries = which, 0
	}
	if t.state.Tries >= maxTries {
		t.Log.Warn("a notice in WeCom may not have arrived; it is not repeated again", "conversation", t.c.ID, "notice", which)
		return nil
	}
	robot := t.settings.robot(t.c.TeamID)
	endpoint, err := t.settings.endpoint(robot)
	if err != nil {
		return err
	}
	text, err := t.text(ctx, title)
	if err != nil {
		return err
	}
	if due := t.pace.take(robot); due > 0 {
		return &mirror.Later{After: due}
	}
	t.state.Tries++
	if err := t.save(ctx); err != nil { // before it is posted: who dies now has it counted
		return err
	}
	return t.outcome(context.WithoutCancel(ctx), robot, t.post(ctx, endpoint, text))
}

// outcome says what an answer means for the notice that was posted.
func (t *telling) outcome(ctx context.Context, robot string, failure error) error {
	if failure == nil {
		return nil
	}
	wait := afterError
	var refused *refusal
	var before unsent
	switch {
	case errors.As(failure, &refused):
		t.state.Tries--
		if refused.Code == tooMany {
			wait = minute
			t.pace.rest(robot, minute)
		}
	case errors.As(failure, &before):
		t.state.Tries--
	default:
		wait = afterLost
	}
	if err := t.save(ctx); err != nil {
		return err
	}
	var pause *mirror.Pause
	if errors.As(failure, &pause) {
		t.pace.rest(robot, pause.After)
		return &mirror.Later{After: max(wait, pause.After), Problem: failure.Error(), Asked: true}
	}
	return &mirror.Later{After: wait, Problem: failure.Error()}
}

func (t *telling) save(ctx context.Context) error {
	text, err := json.Marshal(t.state)
	if err != nil {
		return fmt.Errorf("state of a notice: %w", err)
	}
	t.place.State = string(text)
	return t.place.Save(ctx)
}
