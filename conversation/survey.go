package conversation

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"huiyin/db"
)

// Scale is what a customer is given to choose from.
type Scale string

// The scales. A rating is always kept as 1 to 5: of two, good is 5 and bad is 1.
const (
	ScaleFive Scale = "five"
	ScaleTwo  Scale = "two"
)

// SurveyWay is how the customer gives the answer.
type SurveyWay string

// The ways. Left to itself an address of mail gets a link, every other one a question to reply to.
const (
	WayAuto  SurveyWay = "auto"
	WayReply SurveyWay = "reply"
	WayLink  SurveyWay = "link"
)

// OnLow is what follows from a bad rating.
type OnLow string

// What follows from a bad rating. Whatever it is but nothing, the leads get a notice.
const (
	LowNothing OnLow = "nothing"
	LowNotify  OnLow = "notify"
	LowReopen  OnLow = "reopen" // to whoever had it, if they are there
	LowQueue   OnLow = "queue"  // first in the queue
)

// SurveyRule is how an inbox asks its customers what they thought of it. It is stored as JSON: fields are added, never renamed.
type SurveyRule struct {
	Enabled      bool      `json:"enabled"`
	DelayMinutes int       `json:"delay_minutes"` // after the conversation was resolved
	Percent      int       `json:"percent"`       // of the conversations
	Scale        Scale     `json:"scale"`
	Way          SurveyWay `json:"way"`
	BotToo       bool      `json:"bot_too"` // also where no person was there
	QuestionZh   string    `json:"question_zh"`
	QuestionEn   string    `json:"question_en"`
	LowUpTo      int       `json:"low_up_to"` // ratings up to it are bad; 0: none is
	OnLow        OnLow     `json:"on_low"`
}

// DefaultSurveyRule is the rule of an inbox that has none: nobody is asked, and nothing follows from a rating that
// a channel asks for by itself.
func DefaultSurveyRule() SurveyRule {
	return SurveyRule{DelayMinutes: 2, Percent: 100, Scale: ScaleFive, Way: WayAuto, LowUpTo: 2, OnLow: LowNothing}
}

const (
	maxSurveyDelay = 24 * 60
	maxQuestion    = 200
)

func (r SurveyRule) check() error {
	switch {
	case r.DelayMinutes < 0 || r.DelayMinutes > maxSurveyDelay:
		return &FieldError{"delay_minutes", "must be 0 to 1440"}
	case r.Percent < 1 || r.Percent > 100:
		return &FieldError{"percent", "must be 1 to 100"}
	case r.Scale != ScaleFive && r.Scale != ScaleTwo:
		return &FieldError{"scale", "must be five or two"}
	case r.Way != WayAuto && r.Way != WayReply && r.Way != WayLink:
		return &FieldError{"way", "must be auto, reply or link"}
	case r.LowUpTo < 0 || r.LowUpTo >= maxScore:
		return &FieldError{"low_up_to", "must be 0 to 4"}
	case r.OnLow != LowNothing && r.OnLow != LowNotify && r.OnLow != LowReopen && r.OnLow != LowQueue:
		return &FieldError{"on_low", "must be nothing, notify, reopen or queue"}
	case utf8.RuneCountInString(r.QuestionZh) > maxQuestion:
		return &FieldError{"question_zh", "may have 200 characters"}
	case utf8.RuneCountInString(r.QuestionEn) > maxQuestion:
		return &FieldError{"question_en", "may have 200 characters"}
	}
	return nil
}

// SurveyRules reads the rules of all inboxes that have one.
func (s *Store) SurveyRules(ctx context.Context, from db.Querier) (map[int64]SurveyRule, error) {
	rows, err := from.Query(ctx, "SELECT inbox_id, rule FROM survey_rules")
	if err != nil {
		return nil, fmt.Errorf("read survey rules: %w", err)
	}
	defer rows.Close()
	found := map[int64]SurveyRule{}
	for rows.Next() {
		var id int64
		var text string
		if err := rows.Scan(&id, &text); err != nil {
			return nil, fmt.Errorf("read survey rules: %w", err)
		}
		rule := DefaultSurveyRule()
		if err := json.Unmarshal([]byte(text), &rule); err != nil {
			return nil, fmt.Errorf("survey rule of inbox %d: %w", id, err)
		}
		found[id] = rule
	}
	return found, rows.Err()
}

// SurveyRule reads the rule of an inbox, the default where it has none.
func (s *Store) SurveyRule(ctx context.Context, from db.Querier, inboxID int64) (SurveyRule, error) {
	all, err := s.SurveyRules(ctx, from)
	if err != nil {
		return SurveyRule{}, err
	}
	if rule, ok := all[inboxID]; ok {
		return rule, nil
	}
	return DefaultSurveyRule(), nil
}

// SaveSurveyRule stores the rule of an inbox.
func (s *Store) SaveSurveyRule(ctx context.Context, tx *db.Tx, inboxID int64, r SurveyRule) error {
	r.QuestionZh, r.QuestionEn = strings.TrimSpace(r.QuestionZh), strings.TrimSpace(r.QuestionEn)
	if err := r.check(); err != nil {
		return err
	}
	text, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("survey rule: %w", err)
	}
	_, err = tx.Exec(ctx, `INSERT INTO survey_rules (inbox_id, rule, changed_at) VALUES (?, ?, ?)
 ON CONFLICT (inbox_id) DO UPDATE SET rule = excluded.rule, changed_at = excluded.changed_at`, inboxID, string(text), db.Millis(tx.Now))
	return wrap("save survey rule", err)
}

// Asked is a customer who was asked and has not answered yet.
type Asked struct {
	ConversationID int64
	Scale          Scale
	At             time.Time
}

// States of a survey.
const (
	surveyAsked    = "asked"
	surveyAnswered = "answered"
	surveyLeft     = "left" // not asked, and why
)

// AskedAt tells what a customer, by the address on an inbox, was asked and has not answered, while the conversation is over
// and the newest one; nil: nothing.
func (s *Store) AskedAt(ctx context.Context, from db.Querier, inboxID int64, address string) (*Asked, error) {
	row := from.QueryRow(ctx, `SELECT s.conversation_id, s.scale, s.at FROM identities i JOIN surveys s ON s.conversation_id = i.conversation_id
 JOIN conversations c ON c.id = s.conversation_id WHERE i.inbox_id = ? AND i.address = ? AND s.state = ? AND c.status = ? AND c.resolved_at >= ?`,
		inboxID, address, surveyAsked, string(Resolved), db.Millis(s.DB.Now().Add(-rateWithin)))
	return scanAsked(row)
}

// AskedIn is AskedAt for a conversation.
func (s *Store) AskedIn(ctx context.Context, from db.Querier, conversationID int64) (*Asked, error) {
	return scanAsked(from.QueryRow(ctx, "SELECT conversation_id, scale, at FROM surveys WHERE conversation_id = ? AND state = ?", conversationID, surveyAsked))
}

func scanAsked(row scanner) (*Asked, error) {
	var a Asked
	var at int64
	err := row.Scan(&a.ConversationID, &a.Scale, &at)
	if db.NoRows(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read survey: %w", err)
	}
	a.At = db.Time(at)
	return &a, nil
}
