package knowledge

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Audience is for whom an article is.
type Audience string

// The audiences. An internal article is found by agents and never reaches a customer.
const (
	Public   Audience = ""
	Internal Audience = "internal"
)

// The limits of an article's variants.
const (
	MaxVariants = 20
	MaxScope    = 40 // characters of a channel's or a tier's name
)

// Variant is another answer for one channel, for one tier of customers, or for both.
type Variant struct {
	Channel string            `json:"channel,omitempty"` // kind of the inbox; empty: every channel
	Tier    string            `json:"tier,omitempty"`    // of the customer; empty: every tier
	Answer  map[string]string `json:"answer"`            // Markdown by language
}

// Serves tells whether an article may be used for an asker: it is for their audience, and valid at that time.
func (c Content) Serves(o Options) bool {
	if c.Audience == Internal && !o.Internal {
		return false
	}
	return o.At.IsZero() || !o.At.Before(c.ValidFrom) && (c.ValidUntil.IsZero() || o.At.Before(c.ValidUntil))
}

// AnswerFor is the answer in a language for an asker: that of the variant which fits best, the tier before the channel, else
// the article's own.
func (c Content) AnswerFor(language string, o Options) string {
	answer, best := c.Answer[language], 0
	for _, v := range c.Variants {
		fit := v.fit(o)
		if fit > best && v.Answer[language] != "" {
			answer, best = v.Answer[language], fit
		}
	}
	return answer
}

// fit is how well a variant fits an asker; 0: not at all.
func (v Variant) fit(o Options) int {
	fit := 0
	if v.Tier != "" {
		if !strings.EqualFold(v.Tier, o.Tier) {
			return 0
		}
		fit += 2
	}
	if v.Channel != "" {
		if v.Channel != o.Channel {
			return 0
		}
		fit++
	}
	return fit
}

// cleanScope trims what limits an article and its variants, and leaves empty variants out.
func (c Content) cleanScope(clean *Content) {
	clean.Audience = c.Audience
	if clean.Audience == "public" {
		clean.Audience = Public
	}
	clean.ValidFrom, clean.ValidUntil = wholeSecond(c.ValidFrom), wholeSecond(c.ValidUntil)
	for _, v := range c.Variants {
		next := Variant{Channel: strings.TrimSpace(v.Channel), Tier: strings.TrimSpace(v.Tier), Answer: map[string]string{}}
		for l, a := range v.Answer {
			setText(next.Answer, l, strings.TrimSpace(strings.ReplaceAll(a, "\r\n", "\n")))
		}
		if len(next.Answer) > 0 {
			clean.Variants = append(clean.Variants, next)
		}
	}
}

func wholeSecond(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Second)
}

func (c Content) checkScope() error {
	if c.Audience != Public && c.Audience != Internal {
		return &Invalid{"audience", "an article is public or internal"}
	}
	if !c.ValidFrom.IsZero() && !c.ValidUntil.IsZero() && !c.ValidFrom.Before(c.ValidUntil) {
		return &Invalid{"valid_until", "the end must be after the beginning"}
	}
	for _, at := range []time.Time{c.ValidFrom, c.ValidUntil} {
		if !at.IsZero() && (at.Year() < 1970 || at.Year() > 9999) {
			return &Invalid{"valid_until", "the year must have four digits"}
		}
	}
	if len(c.Variants) > MaxVariants {
		return &Invalid{"variants", fmt.Sprintf("at most %d variants", MaxVariants)}
	}
	seen := []string{}
	for _, v := range c.Variants {
		if err := v.check(); err != nil {
			return err
		}
		scope := v.Channel + "\n" + strings.ToLower(v.Tier)
		if slices.Contains(seen, scope) {
			return &Invalid{"variants", "two variants are for the same customers"}
		}
		seen = append(seen, scope)
	}
	return nil
}

func (v Variant) check() error {
	if v.Channel == "" && v.Tier == "" {
		return &Invalid{"variants", "a variant is for a channel, a tier of customers, or both"}
	}
	for _, name := range []string{v.Channel, v.Tier} {
		if err := checkText("variants", name, MaxScope); err != nil {
			return err
		}
	}
	for l, a := range v.Answer {
		if !validLanguage(l) {
			return &Invalid{"variants", "a language is a short code such as zh or en"}
		}
		if err := checkText("variants", a, MaxAnswer); err != nil {
			return err
		}
	}
	return nil
}

// The scope of an article in a cell of a file: a date or a time; variants as a JSON list.

func timeCell(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

// parseTimeCell reads a time, or a day, which begins at midnight UTC.
func parseTimeCell(field, cell string) (time.Time, error) {
	cell = strings.TrimSpace(cell)
	if cell == "" {
		return time.Time{}, nil
	}
	for _, form := range []string{time.RFC3339, time.DateTime, time.DateOnly, "2006/1/2"} {
		if t, err := time.Parse(form, cell); err == nil {
			return t, nil
		}
	}
	return time.Time{}, &Invalid{field, "write a date as 2026-11-21, or a time as 2026-11-21T09:00:00+08:00"}
}

func variantsCell(list []Variant) string {
	if len(list) == 0 {
		return ""
	}
	text, err := json.Marshal(list)
	if err != nil { // texts and maps of texts
		return ""
	}
	return string(text)
}

func parseVariantsCell(cell string) ([]Variant, error) {
	if strings.TrimSpace(cell) == "" {
		return []Variant{}, nil
	}
	var list []Variant
	if err := json.Unmarshal([]byte(cell), &list); err != nil {
		return nil, &Invalid{"variants", `write a JSON list, as in [{"channel": "webchat", "answer": {"zh": "…"}}]`}
	}
	return list, nil
}
