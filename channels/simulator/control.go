package simulator

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// order is what the visitor asks of the provider rather than of the customer.
type order struct {
	Do    string `json:"do"` // mode, break, mend, twice, expire, revoke, later, repeat, away, takeover, speak, end, refuse, welcome
	Mode  Mode   `json:"mode"`
	Fault Fault  `json:"fault"`
	On    bool   `json:"on"`
	Text  string `json:"text"`
	Hours int    `json:"hours"`
}

// slowness is how long a provider that is slow takes on the page.
const slowness = 4 * time.Second

// maxHours bounds how far time is turned on at once.
const maxHours = 24 * 30

func (s *Simulator) control(w http.ResponseWriter, r *http.Request) {
	var o order
	a, name, ok := s.asked(w, r, &o)
	if !ok {
		return
	}
	if err := a.obey(context.WithoutCancel(r.Context()), a.Phone(name), o); err != nil {
		http.Error(w, err.Error(), http.StatusConflict)
		return
	}
	w.WriteHeader(http.StatusAccepted)
}

func (a *Account) obey(ctx context.Context, p *Phone, o order) error {
	switch o.Do {
	case "mode":
		if a.Config().Kind == CustomerService || !slices.Contains([]Mode{Plain, Compatible, Safe}, o.Mode) {
			return fmt.Errorf("%w: mode %q", ErrImpossible, o.Mode)
		}
		a.Configure(func(c *Config) { c.Mode = o.Mode })
		if a.sim.saved != nil {
			return a.sim.saved(ctx, a.Config())
		}
	case "break":
		o.Fault.Wait = slowness
		a.Mend() // one at a time
		a.Break(o.Fault)
	case "mend":
		a.Mend()
	case "twice":
		a.Twice(o.On)
	case "expire":
		a.ExpireTokens()
	case "revoke":
		a.RevokeTokens()
	case "later":
		a.sim.Later(time.Duration(min(max(o.Hours, 0), maxHours)) * time.Hour)
	case "away":
		p.Away(1)
	case "repeat":
		go func() { _, _ = p.Repeat(ctx) }()
	default:
		return a.obeyInApp(ctx, p, o)
	}
	return nil
}

// obeyInApp is what people do in the WeCom app.
func (a *Account) obeyInApp(ctx context.Context, p *Phone, o order) (err error) {
	switch o.Do {
	case "takeover":
		_, err = p.TakeOver(ctx, o.Text)
	case "speak":
		_, err = p.Speak(ctx, o.Text)
	case "end":
		_, err = p.End(ctx)
	case "refuse":
		p.Refuse(1)
	default:
		err = fmt.Errorf("%w: %q", ErrImpossible, o.Do)
	}
	return err
}
