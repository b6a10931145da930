package main

import (
	"context"
	"encoding/json"
	"fmt"

	"huiyin/admin"
	"huiyin/hub"
)

// triggersIn reads stored rules about handing over.
func triggersIn(text json.RawMessage) (hub.StoredTriggers, error) {
	var t hub.StoredTriggers
	if len(text) == 0 {
		return t, nil
	}
	if err := json.Unmarshal(text, &t); err != nil {
		return t, fmt.Errorf("rules about handing over: %w", err)
	}
	return t, nil
}

// addTriggers puts the rules about handing over into the wishes.
func (n *node) addTriggers(ctx context.Context, w hub.Wishes) (hub.Wishes, error) {
	stored, err := admin.ReadSetting(ctx, n.db, admin.TriggerSettingsName)
	if err != nil {
		return w, err
	}
	t, err := triggersIn(stored.Value)
	w.Triggers, w.TriggersVersion = t.Rules, stored.Version
	return w, err
}

func (n *node) changeTriggers(stored, wanted json.RawMessage) (json.RawMessage, error) {
	before, err := triggersIn(stored)
	if err != nil {
		return nil, err
	}
	var list []hub.Trigger
	if err := json.Unmarshal(wanted, &list); err != nil {
		return nil, fmt.Errorf("rules about handing over: %w", err)
	}
	after, err := before.Change(list)
	if err != nil {
		return nil, err
	}
	return json.Marshal(after)
}

func (n *node) tryTriggers(ctx context.Context, rules json.RawMessage, before int64) (admin.TriggerTrial, error) {
	var list []hub.Trigger
	if err := json.Unmarshal(rules, &list); err != nil {
		return admin.TriggerTrial{}, fmt.Errorf("rules about handing over: %w", err)
	}
	for i := range list {
		list[i].ID = 0 // they are checked as if they were new
	}
	checked, err := hub.StoredTriggers{}.Change(list)
	if err != nil {
		return admin.TriggerTrial{}, err
	}
	t, err := n.hub.TryTriggers(ctx, checked.Rules, before)
	if err != nil {
		return admin.TriggerTrial{}, err
	}
	trial := admin.TriggerTrial{LookedAt: t.LookedAt, HandedThen: t.HandedThen, HandedNow: t.HandedNow, Oldest: t.Oldest, Next: t.Next}
	for _, rule := range t.Triggers {
		tried := admin.TriedRule{Matched: rule.Matched, Changed: rule.Changed, Unknown: rule.Unknown}
		for _, x := range rule.Examples {
			tried.Examples = append(tried.Examples, admin.TriedExample{ConversationID: x.ConversationID, Seq: x.Seq, At: x.At, Text: x.Text,
				Then: string(x.Then), Now: string(x.Now), Changed: x.Changed})
		}
		trial.Rules = append(trial.Rules, tried)
	}
	return trial, nil
}
