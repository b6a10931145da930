package simulator

import (
	"net/http"
	"strings"
	"time"
)

// Fault is something that goes wrong with the provider on demand.
type Fault struct {
	Do    string        `json:"do"`    // code, html, half, slow, cut (after taking it), drop (before), status
	Path  string        `json:"path"`  // of which calls: what their path contains; empty: all
	Code  int           `json:"code"`  // the errcode or status
	Text  string        `json:"text"`  // the errmsg
	Wait  time.Duration `json:"-"`     // of slow
	Times int           `json:"times"` // how often; 0: until mended
}

// Break has the next calls of the account go wrong.
func (a *Account) Break(f Fault) {
	a.sim.mu.Lock()
	defer a.sim.mu.Unlock()
	if f.Times == 0 {
		f.Times = -1
	}
	a.faults = append(a.faults, &f)
	a.sim.touch()
}

// Mend takes all faults away.
func (a *Account) Mend() {
	a.sim.mu.Lock()
	defer a.sim.mu.Unlock()
	a.faults = nil
	a.sim.touch()
}

// fault is the first one that fits a call; the caller holds the lock.
func (c *apiCall) fault() *Fault {
	if c.account == nil {
		return nil
	}
	for i, f := range c.account.faults {
		if !strings.Contains(c.r.URL.Path, f.Path) {
			continue
		}
		if f.Times > 0 {
			f.Times--
		}
		if f.Times == 0 {
			c.account.faults = append(c.account.faults[:i:i], c.account.faults[i+1:]...)
		}
		return f
	}
	return nil
}

// before tells whether the call is refused without being heard.
func (f *Fault) before() bool {
	return f.Do == "code" || f.Do == "drop" || f.Do == "status" || f.Do == "html"
}

func (f *Fault) refusal() *refusal {
	if f.Text == "" {
		return refuse(f.Code, onDemand)
	}
	return refuse(f.Code, f.Text)
}

const onDemand = "on demand"

const gatewayPage = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"

// spoil is what becomes of the answer.
func (f *Fault) spoil(a reply) reply {
	switch f.Do {
	case "html":
		return reply{status: http.StatusOK, kind: "text/html", body: []byte(gatewayPage)}
	case "status":
		return reply{status: f.Code, kind: "text/html", body: []byte(gatewayPage)}
	case "half":
		a.body, a.half = a.body[:len(a.body)/2], len(a.body)
	case "cut", "drop":
		a.cut = true
	case "slow":
		a.wait = f.Wait
	}
	return a
}
