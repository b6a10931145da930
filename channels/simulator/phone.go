package simulator

import (
	"context"
	"crypto/sha1"
	"time"
)

// From is who wrote a line on the phone.
type From string

// Who writes.
const (
	Customer From = "customer"
	Business From = "account"
	System   From = "system" // the app itself
)

// Line is one entry of a phone's screen, as the app shows it.
type Line struct {
	N           int         `json:"n"`
	At          time.Time   `json:"at"`
	From        From        `json:"from"`
	Kind        string      `json:"kind"` // a msgtype, or what the app says
	Text        string      `json:"text,omitempty"`
	Title       string      `json:"title,omitempty"`
	Description string      `json:"description,omitempty"`
	URL         string      `json:"url,omitempty"`
	Picture     string      `json:"picture,omitempty"`
	Media       string      `json:"media,omitempty"`
	App         string      `json:"app,omitempty"` // of a Mini Program's card, with its page
	Page        string      `json:"page,omitempty"`
	Lat         float64     `json:"lat,omitempty"`
	Lng         float64     `json:"lng,omitempty"`
	Choices     []Choice    `json:"choices,omitempty"`
	Rows        [][2]string `json:"rows,omitempty"` // of a notice
	Tail        string      `json:"tail,omitempty"`
	How         string      `json:"how,omitempty"`   // it came: passive, custom, notice, event, servicer
	Who         string      `json:"who,omitempty"`   // the servicer
	ID          string      `json:"id,omitempty"`    // the provider's
	Parts       int         `json:"parts,omitempty"` // of a text
	Encoding    string      `json:"encoding,omitempty"`
	State       string      `json:"state,omitempty"` // of a text: sent, delivered
}

// Choice is an entry of a menu message.
type Choice struct {
	Kind string `json:"kind"` // click, view, miniprogram, text
	ID   string `json:"id,omitempty"`
	Text string `json:"text"`
	URL  string `json:"url,omitempty"`
}

// Phone is a customer with one account open.
type Phone struct {
	account  *Account
	name     string
	openID   string
	unionID  string
	nickname string
	language string
	follows  bool
	since    time.Time
	scene    string // of the code that led to following
	screen   []Line
	windows  map[string]*window
	typing   time.Time                      // until when typing is shown
	heard    time.Time                      // when the customer last wrote
	allowed  map[string]int                 // notices that the customer agreed to, by template
	last     func(context.Context) Delivery // brings the last callback once more
	blocked  bool                           // with the cloud, by STOP
	away     int                            // texts that do not arrive
	talk     talk                           // of WeCom
}

// A screen and the phones of an account are bounded, so that a page that is open to everybody fills no memory.
const (
	keptLines  = 500
	keptPhones = 5000
)

// Phone is the phone of a customer; who has none gets one.
func (a *Account) Phone(name string) *Phone {
	a.sim.mu.Lock()
	defer a.sim.mu.Unlock()
	return a.phone(name)
}

func (a *Account) phone(name string) *Phone {
	if p := a.phones[name]; p != nil {
		return p
	}
	sum := sha1.Sum([]byte(a.config.AppID + "\x00" + name))
	person := sha1.Sum([]byte("person\x00" + name))
	p := &Phone{account: a, name: name, openID: "o" + encode(sum[:])[:27], unionID: "oU" + encode(person[:])[:26],
		nickname: name, language: "zh_CN", windows: map[string]*window{}, allowed: map[string]int{}}
	if a.config.Kind == CustomerService {
		p.openID = "wm" + encode(append(sum[:], person[:]...))[:30]
		p.talk.state = ended
	}
	if a.config.Kind.carries() {
		p.openID = numberOf(name, sum[:])
	}
	a.phones[name], a.open[p.openID] = p, p
	a.order = append(a.order, p)
	if len(a.order) > keptPhones {
		delete(a.phones, a.order[0].name)
		delete(a.open, a.order[0].openID)
		a.order = a.order[1:]
	}
	return p
}

// byOpenID finds the phone of an openid or external_userid; the caller holds the lock.
func (a *Account) byOpenID(id string) *Phone { return a.open[id] }

// OpenID is the customer's id with the account; of WeCom: the external_userid.
func (p *Phone) OpenID() string { return p.openID }

// UnionID is the customer's id with all accounts of the same owner.
func (p *Phone) UnionID() string { return p.unionID }

// Call names the customer and their language, such as zh_CN.
func (p *Phone) Call(nickname, language string) {
	p.account.sim.mu.Lock()
	defer p.account.sim.mu.Unlock()
	p.nickname, p.language = nickname, language
}

// Screen is what the phone shows.
func (p *Phone) Screen() []Line {
	p.account.sim.mu.Lock()
	defer p.account.sim.mu.Unlock()
	return append([]Line(nil), p.screen...)
}

// Said are the texts that the account wrote on the screen.
func (p *Phone) Said() []string {
	var said []string
	for _, line := range p.Screen() {
		if line.From == Business && line.Text != "" {
			said = append(said, line.Text)
		}
	}
	return said
}

// Typing tells whether the phone shows that somebody writes.
func (p *Phone) Typing() bool {
	p.account.sim.mu.Lock()
	defer p.account.sim.mu.Unlock()
	return p.typingNow()
}

func (p *Phone) typingNow() bool { return p.account.sim.clock().Before(p.typing) }

// show puts a line on the screen; the caller holds the lock.
func (p *Phone) show(line Line) {
	s := p.account.sim
	line.N, line.At = 1, s.clock()
	if n := len(p.screen); n > 0 {
		line.N = p.screen[n-1].N + 1
	}
	if line.From == Business {
		p.typing = time.Time{}
	}
	if line.From == Business && p.account.config.Kind == OfficialAccount {
		line = line.withLinks()
	}
	p.screen = append(p.screen, line)
	if len(p.screen) > keptLines {
		p.screen = p.screen[len(p.screen)-keptLines:]
	}
	s.touch()
}
