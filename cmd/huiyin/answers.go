package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"huiyin/admin"
	"huiyin/db"
	"huiyin/hub"
)

// answers hands the bot's side of the pages about its answers to the API, which may not import it.
func (n *node) answers() (admin.Answers, error) {
	shipped, err := json.Marshal(hub.DefaultWishes())
	return admin.Answers{Shipped: shipped, Meaning: n.meaning, Replay: n.replay, Original: n.original,
		RingJobs: n.hub.RingJobs, ChangeTriggers: n.changeTriggers, TryTriggers: n.tryTriggers}, err
}

// wishes reads how the bot is to answer.
func (n *node) wishes(ctx context.Context) (hub.Wishes, error) {
	stored, err := admin.ReadSetting(ctx, n.db, admin.AnswerSettingsName)
	if err != nil {
		return hub.Wishes{}, err
	}
	w, err := wishesIn(stored.Value)
	w.Version = stored.Version
	if err != nil {
		return w, err
	}
	return n.addTriggers(ctx, w)
}

// wishesIn reads settings over those that are shipped.
func wishesIn(text json.RawMessage) (hub.Wishes, error) {
	w := hub.DefaultWishes()
	if len(text) == 0 {
		return w, nil
	}
	if err := json.Unmarshal(text, &w); err != nil {
		return w, fmt.Errorf("answer settings: %w", err)
	}
	return w, nil
}

func (n *node) meaning(ctx context.Context, settings json.RawMessage) (admin.AnswerMeaning, error) {
	w, err := wishesIn(settings)
	if err != nil {
		return admin.AnswerMeaning{}, err
	}
	m, err := n.hub.Meaning(ctx, w)
	return admin.AnswerMeaning{AnswerFrom: m.Policy.Answer, Margin: m.Policy.Margin, OfferFrom: m.Policy.Clarify, LookedAt: m.LookedAt,
		Rehearsed: m.Rehearsed, RehearsedAnswered: m.RehearsedAnswered, RehearsedWrong: m.RehearsedWrong,
		Answered: m.Answered, Offered: m.Offered, Asked: m.Asked, HandedOver: m.HandedTo}, err
}

func (n *node) replay(ctx context.Context, explanation string) (admin.ReplayResult, error) {
	r, err := n.hub.Replay(ctx, explanation)
	if errors.Is(err, hub.ErrNotAutomatic) {
		return admin.ReplayResult{}, admin.ErrNotAutomatic
	}
	if err != nil {
		return admin.ReplayResult{}, err
	}
	then, thenErr := json.Marshal(r.Then)
	now, nowErr := json.Marshal(r.Now)
	result := admin.ReplayResult{Then: then, Now: now, Decision: string(r.Now.Decision.Act), Text: r.Text, SaysArticle: r.Now.Decision.Act == hub.ActAnswer}
	for _, c := range r.Changes {
		result.Changes = append(result.Changes, admin.ReplayChange(c))
	}
	return result, errors.Join(thenErr, nowErr)
}

func (n *node) original(ctx context.Context, from db.Querier, messageID int64) (text, subject string, err error) {
	o, err := n.hub.Original(ctx, from, messageID)
	return o.Text, o.Subject, err
}
