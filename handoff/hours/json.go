package hours

import (
	"encoding/json"
	"errors"
	"fmt"
)

// parseJSON reads days as JSON: a list of them, or an object with the list as days. A day has date and name, and either
// isOffDay, as calendars of China's holidays are often published, or kind, like and spans with the meaning that the columns
// of our CSV have.
//
//	{"days": [{"date": "2026-10-01", "name": "国庆节", "isOffDay": true}, {"date": "2026-10-10", "name": "国庆节", "isOffDay": false}]}
func parseJSON(text string) ([]Day, error) {
	var whole struct {
		Days []jsonDay `json:"days"`
	}
	if err := json.Unmarshal([]byte(text), &whole.Days); err != nil {
		if err := json.Unmarshal([]byte(text), &whole); err != nil {
			return nil, errors.New("this is no JSON with days: {\"days\": [{\"date\": …, \"name\": …, \"isOffDay\": true}]}")
		}
	}
	if len(whole.Days) > maxDays {
		return nil, errTooMany
	}
	var days []Day
	for i, d := range whole.Days {
		some, err := parseDayLine(lineOf(d.Date, d.kind(), d.Like, d.Spans, d.Name))
		if err != nil {
			return nil, fmt.Errorf("day %d: %w", i+1, err)
		}
		if days = append(days, some...); len(days) > maxDays {
			return nil, errTooMany
		}
	}
	return days, nil
}

type jsonDay struct {
	Date     string `json:"date"`
	Name     string `json:"name"`
	Kind     string `json:"kind"`
	Like     string `json:"like"`
	Spans    string `json:"spans"`
	IsOffDay *bool  `json:"isOffDay"`
}

func (d jsonDay) kind() string {
	switch {
	case d.Kind != "" || d.IsOffDay == nil:
		return d.Kind
	case *d.IsOffDay:
		return string(Closed)
	default:
		return string(Like)
	}
}
