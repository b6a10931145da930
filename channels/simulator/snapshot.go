package simulator

import (
	"time"

	"huiyin/channels/simulator/post"
)

// Snapshot is all that the page shows one visitor.
type Snapshot struct {
	Now       time.Time         `json:"now"`       // the provider's clock
	Later     int64             `json:"later"`     // seconds that it was turned on by
	Exchanges int               `json:"exchanges"` // the number of the last
	Accounts  []AccountSnapshot `json:"accounts"`
	Mail      *post.View        `json:"mail,omitempty"`
}

// AccountSnapshot is an account with the visitor's phone.
type AccountSnapshot struct {
	Config
	Menu       []Button    `json:"menu"`
	Codes      []CodeShown `json:"codes"`
	Faults     []string    `json:"faults"`
	Twice      bool        `json:"twice"`
	OpenID     string      `json:"openid"`
	Follows    bool        `json:"follows"`
	Typing     bool        `json:"typing"`
	State      int         `json:"state"`
	Servicer   string      `json:"servicer"`
	Allowances []Allowance `json:"allowances"`
	Screen     []Line      `json:"screen"`
}

// CodeShown is a code that can be scanned.
type CodeShown struct {
	Ticket string `json:"ticket"`
	Scene  string `json:"scene"`
}

// Look is what a visitor's phones show. Who comes for the first time gets phones.
func (s *Simulator) Look(visitor string) Snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	shot := Snapshot{Now: s.clock(), Later: int64(s.later.Seconds()), Exchanges: s.diary.n, Accounts: []AccountSnapshot{}}
	for _, a := range s.accounts {
		shot.Accounts = append(shot.Accounts, a.look(visitor))
	}
	if s.mail != nil {
		mail := s.mail.Look(visitor)
		shot.Mail = &mail
	}
	return shot
}

func (a *Account) look(visitor string) AccountSnapshot {
	p := a.phone(visitor)
	shot := AccountSnapshot{Config: a.config, Menu: []Button{}, Codes: []CodeShown{}, Faults: []string{}, Twice: a.twice, OpenID: p.openID,
		Follows: p.follows, Typing: p.typingNow(), State: int(p.talk.state), Servicer: p.talk.servicer, Allowances: p.allowances()}
	shot.Menu = append(shot.Menu, a.menu...)
	shot.Screen = append([]Line{}, p.screen...)
	for _, f := range a.faults {
		shot.Faults = append(shot.Faults, f.Do)
	}
	for ticket, c := range a.codes {
		if c.until.IsZero() || a.sim.clock().Before(c.until) {
			shot.Codes = append(shot.Codes, CodeShown{ticket, c.scene})
		}
	}
	return shot
}
