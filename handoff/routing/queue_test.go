package routing_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"huiyin/handoff/routing"
)

func TestHeadStart(t *testing.T) {
	s := routing.Shipped()
	s.Weights.Channels["mail"] = -120
	for name, c := range map[string]struct {
		of      routing.Case
		minutes int
	}{
		"nothing":        {routing.Case{Priority: routing.Normal}, 0},
		"low":            {routing.Case{Priority: routing.Low}, -60},
		"high":           {routing.Case{Priority: routing.High}, 60},
		"urgent":         {routing.Case{Priority: routing.Urgent}, 1440},
		"gold":           {routing.Case{Priority: routing.Normal, Tier: " Gold "}, 30},
		"green channel":  {routing.Case{Priority: routing.Normal, Tier: "vip"}, 300},
		"complaint":      {routing.Case{Priority: routing.High, Complaint: true}, 90},
		"angry":          {routing.Case{Priority: routing.Normal, Angry: true}, 15},
		"returned":       {routing.Case{Priority: routing.Normal, Returned: true}, 10},
		"a slow channel": {routing.Case{Priority: routing.Normal, Kind: "mail"}, -120},
		"all of it":      {routing.Case{Priority: routing.High, Tier: "gold", Complaint: true, Angry: true, Kind: "mail"}, 15},
	} {
		if got := routing.HeadStart(s, c.of); got != time.Duration(c.minutes)*time.Minute {
			t.Errorf("%s: %v, want %d minutes", name, got, c.minutes)
		}
	}
}

func TestNeeds(t *testing.T) {
	s := routing.Shipped()
	s.Needs = []routing.Need{{Skill: "bills", Level: 2, Category: "账务"}, {Skill: "bills", Level: 4, Tag: "refund"}, {Skill: "english", Level: 1, Language: "en"},
		{Skill: "fibre", Level: 1, Inbox: 3, Tier: "gold"}}
	for name, c := range map[string]struct {
		of   routing.Case
		want string
	}{
		"nothing":             {routing.Case{}, `null`},
		"category":            {routing.Case{Category: "账务"}, `{"bills":2}`},
		"below the category":  {routing.Case{Category: "账务/发票"}, `{"bills":2}`},
		"beside the category": {routing.Case{Category: "账务员"}, `null`},
		"the highest counts":  {routing.Case{Category: "账务", Tags: []string{"VIP", "Refund"}}, `{"bills":4}`},
		"language":            {routing.Case{Language: "en"}, `{"english":1}`},
		"one of two":          {routing.Case{Inbox: 3}, `null`},
		"both":                {routing.Case{Inbox: 3, Tier: "Gold"}, `{"fibre":1}`},
	} {
		got, err := json.Marshal(routing.NeedsOf(s, c.of))
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %s, want %s, %v", name, got, c.want, err)
		}
	}
}

func TestOverflow(t *testing.T) {
	helped := func(change func(*routing.Team)) routing.Settings {
		s := routing.Shipped()
		one := routing.ShippedTeam()
		one.OverflowTeam = 8
		change(&one)
		s.Teams[team] = one
		return s
	}
	after := func(t *routing.Team) { t.OverflowMinutes = 5 }
	empty := func(t *routing.Team) { t.OverflowUnstaffed = true }
	for name, c := range map[string]struct {
		set     func(*routing.Team)
		waited  time.Duration
		staffed []int64
		been    []int64
		to      int64
		again   time.Duration
	}{
		"not asked for":          {func(*routing.Team) {}, time.Hour, []int64{7, 8}, nil, 0, 0},
		"too soon":               {after, 4 * time.Minute, []int64{7, 8}, nil, 0, time.Minute},
		"in time":                {after, 5 * time.Minute, []int64{7, 8}, nil, 8, 0},
		"nobody is there either": {after, time.Hour, []int64{7}, nil, 0, 0},
		"was there before":       {after, time.Hour, []int64{7, 8}, []int64{8}, 0, 0},
		"nobody on duty":         {empty, 0, []int64{8}, nil, 8, 0},
		"somebody on duty":       {empty, time.Hour, []int64{7, 8}, nil, 0, 0},
		"no team is named":       {func(t *routing.Team) { t.OverflowTeam, t.OverflowMinutes = 0, 1 }, time.Hour, []int64{7, 8}, nil, 0, 0},
	} {
		staffed := func(id int64) bool {
			for _, s := range c.staffed {
				if s == id {
					return true
				}
			}
			return false
		}
		to, _, again := routing.Overflow(helped(c.set), noon, staffed, routing.Case{Team: team, Queued: noon.Add(-c.waited), Been: c.been})
		if to != c.to || (c.again == 0) != again.IsZero() || c.again != 0 && !again.Equal(noon.Add(c.again)) {
			t.Errorf("%s: to %d, again %v", name, to, again)
		}
	}
}

func TestArrive(t *testing.T) {
	full := func(past routing.PastCap, other int64) routing.Settings {
		s := routing.Shipped()
		one := routing.ShippedTeam()
		one.Cap, one.PastCap, one.OverflowTeam = 3, past, other
		two := routing.ShippedTeam()
		two.Cap = 5
		s.Teams[team], s.Teams[8] = one, two
		return s
	}
	for name, c := range map[string]struct {
		s     routing.Settings
		waits map[int64]int
		bot   bool
		of    routing.Case
		want  routing.Arrival
	}{
		"no cap":                     {routing.Shipped(), map[int64]int{team: 9000}, true, routing.Case{}, routing.Arrival{Team: team}},
		"there is room":              {full(routing.SayOther, 0), map[int64]int{team: 2}, true, routing.Case{}, routing.Arrival{Team: team}},
		"a message":                  {full(routing.TakeMessage, 0), map[int64]int{team: 3}, true, routing.Case{}, routing.Arrival{Team: team, Later: true}},
		"other ways":                 {full(routing.SayOther, 0), map[int64]int{team: 3}, true, routing.Case{}, routing.Arrival{Team: team, Stay: true}},
		"other ways without a bot":   {full(routing.SayOther, 0), map[int64]int{team: 3}, false, routing.Case{}, routing.Arrival{Team: team, Later: true}},
		"the other team":             {full(routing.GoElsewhere, 8), map[int64]int{team: 3, 8: 4}, true, routing.Case{}, routing.Arrival{Team: 8}},
		"the other team is full too": {full(routing.GoElsewhere, 8), map[int64]int{team: 3, 8: 5}, true, routing.Case{}, routing.Arrival{Team: team, Later: true}},
		"a complaint finds room":     {full(routing.SayOther, 0), map[int64]int{team: 3}, true, routing.Case{Complaint: true}, routing.Arrival{Team: team}},
		"so does the green channel":  {full(routing.SayOther, 0), map[int64]int{team: 3}, true, routing.Case{Tier: "vip"}, routing.Arrival{Team: team}},
		"and what is urgent":         {full(routing.SayOther, 0), map[int64]int{team: 3}, true, routing.Case{Priority: routing.High}, routing.Arrival{Team: team}},
	} {
		c.of.Team, c.of.Priority = team, max(c.of.Priority, routing.Normal)
		got, err := routing.Arrive(c.s, func(id int64) (int, error) { return c.waits[id], nil }, c.bot, c.of)
		if err != nil || got != c.want {
			t.Errorf("%s: %+v, want %+v, %v", name, got, c.want, err)
		}
	}
	broken := errors.New("no count")
	if _, err := routing.Arrive(full(routing.SayOther, 0), func(int64) (int, error) { return 0, broken }, true, routing.Case{Team: team, Priority: routing.Normal}); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

func TestClean(t *testing.T) {
	good := func() routing.Settings {
		s := settings(routing.BestFit, nil)
		s.Needs = []routing.Need{{Skill: " Bills "}}
		return s
	}
	s := good()
	if err := s.Clean(); err != nil || s.Needs[0].Skill != "bills" || s.Needs[0].Level != 1 {
		t.Errorf("%+v, %v", s.Needs, err)
	}
	one := func(change func(*routing.Team)) func(*routing.Settings) {
		return func(s *routing.Settings) {
			t := s.Teams[team]
			change(&t)
			s.Teams[team] = t
		}
	}
	for field, change := range map[string]func(*routing.Settings){
		"weights.high":          func(s *routing.Settings) { s.Weights.High = 1 << 40 },
		"weights":               func(s *routing.Settings) { s.Weights.Tiers["gold"] = -1 << 40 },
		"units":                 func(s *routing.Settings) { s.Units["page"] = -1 },
		"capacity":              func(s *routing.Settings) { s.Capacity = 0 },
		"away_after":            func(s *routing.Settings) { s.AwayAfter = 21 },
		"needs[0]":              func(s *routing.Settings) { s.Needs[0].Level = 6 },
		"needs":                 func(s *routing.Settings) { s.Needs = make([]routing.Need, 201) },
		"teams.7.strategy":      one(func(t *routing.Team) { t.Strategy = "dice" }),
		"teams.7.past_cap":      one(func(t *routing.Team) { t.PastCap = "shrug" }),
		"teams.7.offer_seconds": one(func(t *routing.Team) { t.OfferSeconds = 2 }),
		"teams.7.cap":           one(func(t *routing.Team) { t.Cap = -1 }),
		"teams.7.overflow_team": one(func(t *routing.Team) { t.OverflowTeam, t.OverflowMinutes = team, 1 }),
		"teams.7":               one(func(t *routing.Team) { t.PromiseMinutes = -1 }),
		"teams.7.other_ways":    one(func(t *routing.Team) { t.OtherWays = map[string]string{"zh": string(make([]rune, 501))} }),
	} {
		s := good()
		change(&s)
		err := s.Clean()
		var wrong *routing.Wrong
		if !errors.As(err, &wrong) || wrong.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestOtherWays(t *testing.T) {
	both := routing.Team{OtherWays: map[string]string{"zh": "打电话", "en": "call us"}}
	for language, want := range map[string]string{"zh": "打电话", "zh-TW": "打电话", "en-GB": "call us", "fr": "打电话", "": "打电话"} {
		if got := both.Ways(language); got != want {
			t.Errorf("%q: %q", language, got)
		}
	}
	if got := (routing.Team{}).Ways("en"); got != "" {
		t.Errorf("none: %q", got)
	}
}
