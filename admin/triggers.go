package admin

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"huiyin/admin/api"
	"huiyin/db"
)

// TriggerSettingsName is the name of the setting that holds the rules about handing over.
const TriggerSettingsName = "triggers"

// TriggerTrial is what rules would have done with automatic decisions of the past.
type TriggerTrial struct {
	LookedAt, HandedThen, HandedNow int
	Oldest                          time.Time
	Next                            int64
	Rules                           []TriedRule
}

// TriedRule is what one rule would have done.
type TriedRule struct {
	Matched, Changed, Unknown int
	Examples                  []TriedExample
}

// TriedExample is a past decision that a rule takes part in.
type TriedExample struct {
	ConversationID, Seq int64
	At                  time.Time
	Text, Then, Now     string
	Changed             bool
}

// GetTriggers shows the rules about handing over.
func (s *Server) GetTriggers(ctx context.Context, _ api.GetTriggersRequestObject) (api.GetTriggersResponseObject, error) {
	shown, err := s.triggers(ctx, s.DB)
	return api.GetTriggers200JSONResponse(shown), err
}

func (s *Server) triggers(ctx context.Context, from db.Querier) (api.Triggers, error) {
	stored, err := ReadSetting(ctx, from, TriggerSettingsName)
	if err != nil {
		return api.Triggers{}, err
	}
	shown := api.Triggers{Rules: []api.TriggerRule{}, Version: stored.Version, ChangedAt: optTime(stored.ChangedAt), ChangedBy: opt(stored.ChangedBy)}
	if len(stored.Value) == 0 {
		return shown, nil
	}
	value := struct{ Rules *[]api.TriggerRule }{&shown.Rules}
	if err := json.Unmarshal(stored.Value, &value); err != nil {
		return shown, fmt.Errorf("read rules about handing over: %w", err)
	}
	return shown, nil
}

// SaveTriggers makes a list the rules about handing over.
func (s *Server) SaveTriggers(ctx context.Context, r api.SaveTriggersRequestObject) (api.SaveTriggersResponseObject, error) {
	wanted, err := json.Marshal(r.Body.Rules)
	if err != nil {
		return nil, fmt.Errorf("write rules about handing over: %w", err)
	}
	var shown api.Triggers
	err = s.write(ctx, func(tx *db.Tx) error {
		stored, err := ReadSetting(ctx, tx, TriggerSettingsName)
		if err != nil {
			return err
		}
		value, err := s.Answers.ChangeTriggers(stored.Value, wanted)
		if err != nil {
			return err
		}
		if err := saveSetting(ctx, tx, TriggerSettingsName, Setting{Value: value, Version: r.Body.Version, ChangedBy: whoOf(ctx).name()}); err != nil {
			return err
		}
		if err := s.note(ctx, tx, "triggers_changed", object("settings", r.Body.Version+1), fmt.Sprintf("%d rules", len(r.Body.Rules))); err != nil {
			return err
		}
		shown, err = s.triggers(ctx, tx)
		return err
	})
	return api.SaveTriggers200JSONResponse(shown), err
}

// TryTriggers shows what rules would have done with automatic decisions of the past.
func (s *Server) TryTriggers(ctx context.Context, r api.TryTriggersRequestObject) (api.TryTriggersResponseObject, error) {
	rules, err := json.Marshal(r.Body.Rules)
	if err != nil {
		return nil, fmt.Errorf("write rules about handing over: %w", err)
	}
	trial, err := s.Answers.TryTriggers(ctx, rules, val(r.Body.Before))
	if err != nil {
		return nil, err
	}
	shown := api.TryTriggers200JSONResponse{LookedAt: trial.LookedAt, Next: trial.Next, OldestAt: optTime(trial.Oldest), HandedThen: trial.HandedThen,
		HandedNow: trial.HandedNow, Rules: make([]api.TriedRule, 0, len(trial.Rules))}
	for _, rule := range trial.Rules {
		one := api.TriedRule{Matched: rule.Matched, Changed: rule.Changed, Unknown: rule.Unknown, Examples: make([]api.TriedExample, 0, len(rule.Examples))}
		for _, x := range rule.Examples {
			one.Examples = append(one.Examples, api.TriedExample{ConversationId: x.ConversationID, Seq: x.Seq, At: x.At, Text: x.Text, Then: x.Then, Now: x.Now, Changed: x.Changed})
		}
		shown.Rules = append(shown.Rules, one)
	}
	return shown, nil
}
