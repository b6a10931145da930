package admin

import (
	"context"
	"fmt"

	"huiyin/admin/api"
	"huiyin/conversation"
	"huiyin/db"
)

// GetInboxSurvey shows how an inbox asks its customers what they thought of it.
func (s *Server) GetInboxSurvey(ctx context.Context, r api.GetInboxSurveyRequestObject) (api.GetInboxSurveyResponseObject, error) {
	if _, err := s.Conversations.Inbox(ctx, s.DB, r.Id); err != nil {
		return nil, err
	}
	rule, err := s.Conversations.SurveyRule(ctx, s.DB, r.Id)
	return api.GetInboxSurvey200JSONResponse(viewSurvey(rule)), err
}

// SaveInboxSurvey changes it.
func (s *Server) SaveInboxSurvey(ctx context.Context, r api.SaveInboxSurveyRequestObject) (api.SaveInboxSurveyResponseObject, error) {
	b := r.Body
	rule := conversation.SurveyRule{Enabled: b.Enabled, DelayMinutes: b.DelayMinutes, Percent: b.Percent, Scale: conversation.Scale(b.Scale),
		Way: conversation.SurveyWay(b.Way), BotToo: b.BotToo, QuestionZh: b.QuestionZh, QuestionEn: b.QuestionEn, LowUpTo: b.LowUpTo, OnLow: conversation.OnLow(b.OnLow)}
	err := s.write(ctx, func(tx *db.Tx) error {
		if _, err := s.Conversations.Inbox(ctx, tx, r.Id); err != nil {
			return err
		}
		if err := s.Conversations.SaveSurveyRule(ctx, tx, r.Id, rule); err != nil {
			return err
		}
		return s.note(ctx, tx, "survey_changed", object("inbox", r.Id), fmt.Sprintf("enabled: %v, %d%%, low up to %d: %s", b.Enabled, b.Percent, b.LowUpTo, b.OnLow))
	})
	if err != nil {
		return nil, err
	}
	rule, err = s.Conversations.SurveyRule(ctx, s.DB, r.Id)
	return api.SaveInboxSurvey200JSONResponse(viewSurvey(rule)), err
}

func viewSurvey(r conversation.SurveyRule) api.SurveyRule {
	return api.SurveyRule{Enabled: r.Enabled, DelayMinutes: r.DelayMinutes, Percent: r.Percent, Scale: api.SurveyRuleScale(r.Scale), Way: api.SurveyRuleWay(r.Way),
		BotToo: r.BotToo, QuestionZh: r.QuestionZh, QuestionEn: r.QuestionEn, LowUpTo: r.LowUpTo, OnLow: api.SurveyRuleOnLow(r.OnLow)}
}
