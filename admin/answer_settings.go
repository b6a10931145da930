package admin

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"huiyin/admin/api"
	"huiyin/db"
	"huiyin/knowledge/golden"
)

// GetAnswerSettings shows how the bot is to answer and what that means today.
func (s *Server) GetAnswerSettings(ctx context.Context, _ api.GetAnswerSettingsRequestObject) (api.GetAnswerSettingsResponseObject, error) {
	shown, err := s.answerSettings(ctx)
	return api.GetAnswerSettings200JSONResponse(shown), err
}

func (s *Server) answerSettings(ctx context.Context) (api.AnswerSettings, error) {
	stored, err := ReadSetting(ctx, s.DB, AnswerSettingsName)
	if err != nil {
		return api.AnswerSettings{}, err
	}
	wishes, err := s.wishesOf(stored)
	if err != nil {
		return api.AnswerSettings{}, err
	}
	meaning, err := s.meaning(ctx, wishes)
	return api.AnswerSettings{Version: stored.Version, Wishes: wishes, Meaning: meaning, ChangedAt: optTime(stored.ChangedAt), ChangedBy: opt(stored.ChangedBy)}, err
}

// wishesOf reads stored settings over those that are shipped, so that what was saved before a setting existed has its default.
func (s *Server) wishesOf(stored Setting) (api.AnswerWishes, error) {
	var w api.AnswerWishes
	for _, text := range []json.RawMessage{s.Answers.Shipped, stored.Value} {
		if len(text) == 0 {
			continue
		}
		if err := json.Unmarshal(text, &w); err != nil {
			return w, fmt.Errorf("read answer settings: %w", err)
		}
	}
	w.OrderPatterns, w.Products = words(w.OrderPatterns), words(w.Products)
	return w, nil
}

// SaveAnswerSettings stores how the bot is to answer.
func (s *Server) SaveAnswerSettings(ctx context.Context, r api.SaveAnswerSettingsRequestObject) (api.SaveAnswerSettingsResponseObject, error) {
	wishes, err := cleanWishes(r.Body.Wishes)
	if err != nil {
		return nil, err
	}
	value, err := json.Marshal(wishes)
	if err != nil {
		return nil, fmt.Errorf("write answer settings: %w", err)
	}
	reason, err := s.reasonFor(ctx, s.DB, golden.Change{Settings: string(value)}, val(r.Body.Reason))
	if err != nil {
		return nil, err
	}
	err = s.write(ctx, func(tx *db.Tx) error {
		stored, err := ReadSetting(ctx, tx, AnswerSettingsName)
		if err != nil {
			return err
		}
		before, err := s.wishesOf(stored)
		if err != nil {
			return err
		}
		if err := saveSetting(ctx, tx, AnswerSettingsName, Setting{Value: value, Version: r.Body.Version, ChangedBy: whoOf(ctx).name()}); err != nil {
			return err
		}
		return s.note(ctx, tx, "answer_settings_changed", object("settings", r.Body.Version+1), differences(before, wishes)+because(reason))
	})
	if err != nil {
		return nil, err
	}
	shown, err := s.answerSettings(ctx)
	return api.SaveAnswerSettings200JSONResponse(shown), err
}

// differences tells for the audit log what was changed, from what to what; lists only by their length.
func differences(before, after api.AnswerWishes) string {
	var list []string
	was, is := reflect.ValueOf(before), reflect.ValueOf(after)
	for i := range was.NumField() {
		a, b := was.Field(i), is.Field(i)
		if reflect.DeepEqual(a.Interface(), b.Interface()) {
			continue
		}
		name, _, _ := strings.Cut(was.Type().Field(i).Tag.Get("json"), ",")
		if a.Kind() == reflect.Slice {
			list = append(list, fmt.Sprintf("%s: %d → %d entries", name, a.Len(), b.Len()))
			continue
		}
		list = append(list, fmt.Sprintf("%s: %v → %v", name, a.Interface(), b.Interface()))
	}
	return strings.Join(list, ", ")
}

// cleanWishes trims the lists and checks what the schema cannot.
func cleanWishes(w api.AnswerWishes) (api.AnswerWishes, error) {
	w.OrderPatterns, w.Products = cleanLines(w.OrderPatterns), cleanLines(w.Products)
	for i, p := range w.OrderPatterns {
		compiled, err := regexp.Compile(p)
		field := "wishes.order_patterns[" + strconv.Itoa(i) + "]"
		if err != nil {
			return w, invalid(field, "this is no regular expression: "+strings.TrimPrefix(err.Error(), "error parsing regexp: "))
		}
		if compiled.MatchString("") {
			return w, invalid(field, "this fits nothing at all, so it would be found everywhere")
		}
	}
	return w, nil
}

func cleanLines(list []string) []string {
	clean := make([]string, 0, len(list))
	for _, line := range list {
		if line = strings.TrimSpace(line); line != "" && !slices.Contains(clean, line) {
			clean = append(clean, line)
		}
	}
	return clean
}

// WeighAnswerSettings shows what settings would mean. Nothing is stored.
func (s *Server) WeighAnswerSettings(ctx context.Context, r api.WeighAnswerSettingsRequestObject) (api.WeighAnswerSettingsResponseObject, error) {
	wishes, err := cleanWishes(*r.Body)
	if err != nil {
		return nil, err
	}
	meaning, err := s.meaning(ctx, wishes)
	return api.WeighAnswerSettings200JSONResponse(meaning), err
}

func (s *Server) meaning(ctx context.Context, w api.AnswerWishes) (api.AnswerMeaning, error) {
	text, err := json.Marshal(w)
	if err != nil {
		return api.AnswerMeaning{}, fmt.Errorf("write answer settings: %w", err)
	}
	m, err := s.Answers.Meaning(ctx, text)
	return api.AnswerMeaning{AnswerFrom: m.AnswerFrom, Margin: m.Margin, OfferFrom: m.OfferFrom, LookedAt: m.LookedAt, Answered: m.Answered, Offered: m.Offered,
		Rehearsed: m.Rehearsed, RehearsedAnswered: m.RehearsedAnswered, RehearsedWrong: m.RehearsedWrong, Asked: m.Asked, HandedOver: m.HandedOver}, err
}
