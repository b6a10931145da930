package routing

import (
	"fmt"
	"slices"
	"strings"
)

// Wrong refuses a setting and names it.
type Wrong struct{ Field, Message string }

// Error says what is wrong with the setting.
func (w *Wrong) Error() string { return w.Field + ": " + w.Message }

func wrong(field, message string) error { return &Wrong{field, message} }

// Limits of numbers, so that no sum of them leaves the range of times.
const (
	maxMinutes = 14 * 24 * 60
	maxCap     = 100_000
	maxNeeds   = 200
	maxWays    = 500
)

// Clean puts empty for missing lists and refuses what makes no sense.
func (s *Settings) Clean() error {
	s.fill()
	for _, r := range []struct {
		field     string
		value     int
		low, upTo int
	}{
		{"weights.low", s.Weights.Low, -maxMinutes, maxMinutes}, {"weights.high", s.Weights.High, -maxMinutes, maxMinutes},
		{"weights.urgent", s.Weights.Urgent, -maxMinutes, maxMinutes}, {"weights.complaint", s.Weights.Complaint, -maxMinutes, maxMinutes},
		{"weights.mood", s.Weights.Mood, -maxMinutes, maxMinutes}, {"weights.green", s.Weights.Green, -maxMinutes, maxMinutes},
		{"weights.returned", s.Weights.Returned, 0, maxMinutes},
		{"capacity", s.Capacity, 1, MaxCapacity}, {"green_units", s.GreenUnits, 0, MaxUnits}, {"last_agent_days", s.LastAgentDays, 0, 366},
		{"manager_wait", s.ManagerWait, 0, 3600}, {"relax_after", s.RelaxAfter, 0, 24 * 60}, {"away_after", s.AwayAfter, 0, 20},
	} {
		if r.value < r.low || r.value > r.upTo {
			return wrong(r.field, fmt.Sprintf("choose a number from %d to %d", r.low, r.upTo))
		}
	}
	if err := s.checkMaps(); err != nil {
		return err
	}
	if err := s.checkNeeds(); err != nil {
		return err
	}
	return s.checkTeams()
}

func (s *Settings) fill() {
	s.Weights.Tiers, s.Weights.Channels, s.Units = lower(s.Weights.Tiers), filled(s.Weights.Channels), filled(s.Units)
	if s.Teams == nil {
		s.Teams = map[int64]Team{}
	}
	s.Green = slices.DeleteFunc(slices.Clone(s.Green), func(t string) bool { return strings.TrimSpace(t) == "" })
	if s.Green == nil {
		s.Green = []string{}
	}
	if s.Needs == nil {
		s.Needs = []Need{}
	}
}

func filled(m map[string]int) map[string]int {
	if m == nil {
		return map[string]int{}
	}
	return m
}

func lower(m map[string]int) map[string]int {
	out := make(map[string]int, len(m))
	for k, v := range m {
		out[word(k)] = v
	}
	return out
}

// word is how names of tiers, skills and tags are compared.
func word(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

func (s *Settings) checkMaps() error {
	for _, m := range []map[string]int{s.Weights.Tiers, s.Weights.Channels} {
		for name, minutes := range m {
			if minutes < -maxMinutes || minutes > maxMinutes || name == "" {
				return wrong("weights", fmt.Sprintf("%q: name something and choose at most %d minutes", name, maxMinutes))
			}
		}
	}
	for kind, n := range s.Units {
		if n < 0 || n > MaxUnits {
			return wrong("units", fmt.Sprintf("%s: choose a number from 0 to %d", kind, MaxUnits))
		}
	}
	return nil
}

func (s *Settings) checkNeeds() error {
	if len(s.Needs) > maxNeeds {
		return wrong("needs", fmt.Sprintf("at most %d rules", maxNeeds))
	}
	for i := range s.Needs {
		n := &s.Needs[i]
		n.Skill, n.Level = word(n.Skill), max(1, n.Level)
		if n.Skill == "" || n.Level > MaxLevel {
			return wrong(fmt.Sprintf("needs[%d]", i), fmt.Sprintf("name a skill and a level from 1 to %d", MaxLevel))
		}
	}
	return nil
}

func (s *Settings) checkTeams() error {
	for id, t := range s.Teams {
		field := fmt.Sprintf("teams.%d", id)
		if t.OtherWays == nil {
			t.OtherWays = map[string]string{}
		}
		if t.Strategy == "" {
			t.Strategy = Manual
		}
		if t.PastCap == "" {
			t.PastCap = TakeMessage
		}
		if err := t.check(field, id); err != nil {
			return err
		}
		s.Teams[id] = t
	}
	return nil
}

func (t Team) check(field string, id int64) error {
	switch {
	case !slices.Contains([]Strategy{Manual, LeastBusy, RoundRobin, BestFit}, t.Strategy):
		return wrong(field+".strategy", "the strategy is manual, least_busy, round_robin or best_fit")
	case !slices.Contains([]PastCap{TakeMessage, GoElsewhere, SayOther}, t.PastCap):
		return wrong(field+".past_cap", "past the cap is message, overflow or other")
	case t.OfferSeconds < 0 || t.OfferSeconds > 600 || t.OfferSeconds > 0 && t.OfferSeconds < 5:
		return wrong(field+".offer_seconds", "choose from 5 to 600 seconds")
	case t.Cap < 0 || t.Cap > maxCap:
		return wrong(field+".cap", fmt.Sprintf("choose a number from 0 to %d", maxCap))
	case t.OverflowMinutes < 0 || t.OverflowMinutes > maxMinutes || t.PromiseMinutes < 0 || t.PromiseMinutes > maxMinutes:
		return wrong(field, fmt.Sprintf("choose at most %d minutes", maxMinutes))
	case (t.OverflowTeam == id || t.OverflowTeam == 0) && (t.OverflowMinutes > 0 || t.OverflowUnstaffed || t.PastCap == GoElsewhere):
		return wrong(field+".overflow_team", "choose another team")
	}
	for language, text := range t.OtherWays {
		if len([]rune(text)) > maxWays {
			return wrong(field+".other_ways", language+": at most 500 characters")
		}
	}
	return nil
}
