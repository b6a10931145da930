// Package simulator is the provider's side of WeChat Official Accounts, Mini Programs and WeCom customer service, and of
// the clouds that carry texts: their API, their callbacks, and the phone of the customer, written from the providers' documentation alone. Tests
// drive it over HTTP and the demo shows it; it knows nothing of the adapters that talk to it, and keeps everything in memory.
package simulator

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"huiyin/channels/simulator/post"
)

// Kind is which of the provider's products an account is.
type Kind string

// The products.
const (
	OfficialAccount Kind = "wechat"
	MiniProgram     Kind = "wechat_mini"
	CustomerService Kind = "wecom_kf"
	Aliyun          Kind = "sms_aliyun"
	Tencent         Kind = "sms_tencent"
	Twilio          Kind = "sms_twilio"
)

// Mode is how callbacks are protected.
type Mode string

// The modes of an Official Account or Mini Program; WeCom is always Safe.
// https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/Technical_Plan.html
const (
	Plain      Mode = "plain"
	Compatible Mode = "compatible"
	Safe       Mode = "safe"
)

// Options are what a simulator is given.
type Options struct {
	Now    func() time.Time // time.Now when nil
	Chance io.Reader        // crypto/rand when nil
	Client *http.Client     // brings callbacks
	Wait   time.Duration    // for the answer to a callback; 5 s when 0
	Base   string           // URL under which the API is reached; of the request when empty
	// Saved tells the account's other side that its operator has changed how callbacks are protected; nil: nobody is told.
	Saved func(ctx context.Context, c Config) error
	Mail  *post.Office // whose mailboxes stand beside the phones; nil: none
}

// Simulator is the provider. It serves its API.
type Simulator struct {
	now    func() time.Time
	chance io.Reader
	client *http.Client
	wait   time.Duration
	base   string
	saved  func(context.Context, Config) error
	mux    *http.ServeMux
	ended  chan struct{}
	mail   *post.Office

	mu       sync.Mutex
	later    time.Duration // how far time was turned on
	lastID   int64
	accounts []*Account
	tokens   map[string]*token
	media    map[string]*media
	shelf    []string // the media, oldest first
	shelved  int      // their bytes
	diary    diary
	changed  chan struct{} // closed at the next change
}

// New makes a provider that has no accounts yet.
func New(o Options) *Simulator {
	s := &Simulator{now: o.Now, chance: o.Chance, client: o.Client, wait: o.Wait, base: o.Base, saved: o.Saved, mail: o.Mail, ended: make(chan struct{}),
		tokens: map[string]*token{}, media: map[string]*media{}, changed: make(chan struct{})}
	if s.now == nil {
		s.now = time.Now
	}
	if s.chance == nil {
		s.chance = rand.Reader
	}
	if s.client == nil {
		s.client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	}
	if s.wait == 0 {
		s.wait = 5 * time.Second
	}
	s.mux = s.api()
	if s.mail != nil {
		s.mail.Watch(s.moved)
	}
	return s
}

// moved tells everyone who waits that something came or went by mail.
func (s *Simulator) moved() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.touch()
}

// Stop ends the streams of the page.
func (s *Simulator) Stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.ended:
	default:
		close(s.ended)
	}
}

// Config is what the operator of an account has set up with the provider.
type Config struct {
	Kind      Kind              `json:"kind"`
	Name      string            `json:"name"`
	AppID     string            `json:"app_id"` // of WeCom: the corp id; of a cloud: the access key's id or account
	Secret    string            `json:"-"`
	Token     string            `json:"-"`
	AESKey    string            `json:"-"` // 43 characters
	Mode      Mode              `json:"mode"`
	JSON      bool              `json:"json"`    // a Mini Program's pushes are JSON
	Original  string            `json:"account"` // the account's own name in messages, gh_…; of WeCom: the open_kfid; of a cloud: the sender's number or application
	Callbacks []string          `json:"-"`       // URLs; each attempt goes to the next
	Servicers []string          `json:"servicers,omitempty"`
	Templates map[string]string `json:"templates,omitempty"` // by id: the text with {{name.DATA}}; of a cloud with ${name} or {1}
	Sign      string            `json:"sign,omitempty"`      // the approved signature of texts
	Blocks    bool              `json:"blocks"`              // the cloud itself keeps who sent STOP
	Repeats   []time.Duration   `json:"-"`                   // when a cloud brings a callback again; nil: as the provider says
}

// Account is an account with the provider. Its methods are the operator's and the tests' hands.
type Account struct {
	sim       *Simulator
	config    Config
	seal      sealer
	phones    map[string]*Phone // by name
	open      map[string]*Phone // by openid
	order     []*Phone
	faults    []*Fault
	twice     bool // each callback is brought twice
	menu      []Button
	hasMenu   bool
	codes     map[string]code
	legacy    *token // of /cgi-bin/token
	stable    *token // of /cgi-bin/stable_token
	forced    []time.Time
	desk      desk // of WeCom
	untokened []time.Time
	nonces    map[string]bool // of Alibaba Cloud: used up
}

// Add opens an account.
func (s *Simulator) Add(c Config) (*Account, error) {
	if c.Kind.carries() {
		c.Mode = Plain
	}
	if c.Mode == "" {
		c.Mode = Safe
	}
	seal, err := newSealer(c.Token, c.AESKey, c.AppID)
	if err != nil && (c.Mode != Plain || c.AESKey != "") {
		return nil, fmt.Errorf("account %s: %w", c.Name, err)
	}
	a := &Account{sim: s, config: c, seal: seal, phones: map[string]*Phone{}, open: map[string]*Phone{}, codes: map[string]code{}, nonces: map[string]bool{}}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.accounts = append(s.accounts, a)
	return a, nil
}

// Config is how the account is set up now.
func (a *Account) Config() Config {
	a.sim.mu.Lock()
	defer a.sim.mu.Unlock()
	return a.config
}

// Configure changes how the account is set up.
func (a *Account) Configure(change func(*Config)) {
	a.sim.mu.Lock()
	defer a.sim.mu.Unlock()
	change(&a.config)
	if seal, err := newSealer(a.config.Token, a.config.AESKey, a.config.AppID); err == nil {
		a.seal = seal
	}
	a.sim.touch()
}

// Publish gives the account a menu, as the platform's own editor does.
func (a *Account) Publish(menu []Button) {
	a.sim.mu.Lock()
	defer a.sim.mu.Unlock()
	a.menu, a.hasMenu = menu, true
	a.sim.touch()
}

// Twice has every callback brought twice at the same time, as WeChat does now and then.
func (a *Account) Twice(on bool) {
	a.sim.mu.Lock()
	defer a.sim.mu.Unlock()
	a.twice = on
	a.sim.touch()
}

// At tells the simulator under which URL its API is reached, for the addresses that it gives out.
func (s *Simulator) At(base string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.base = base
}

// Later lets time pass for everything that the provider counts: windows, tokens, media, what can be synchronised.
// The clock of the callbacks stays right, so that their signatures stay fresh.
func (s *Simulator) Later(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.later += d
	s.touch()
}

// clock is the provider's own time; the caller holds the lock.
func (s *Simulator) clock() time.Time { return s.now().Add(s.later) }

// nextID is a number that was never used, also not before a restart; the caller holds the lock.
func (s *Simulator) nextID() int64 {
	s.lastID = max(s.lastID+1, s.now().UnixNano())
	return s.lastID
}

// touch tells everyone who waits that something changed; the caller holds the lock.
func (s *Simulator) touch() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// Changed is closed at the next change.
func (s *Simulator) Changed() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.changed
}

// Await waits until what is asked for has come about, looking after each change.
func (s *Simulator) Await(ctx context.Context, what func() bool) error {
	for {
		changed := s.Changed()
		if what() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// random is a word that nobody guesses; the caller need not hold the lock.
func (s *Simulator) random(bytes int) string {
	raw := make([]byte, bytes)
	if _, err := io.ReadFull(s.chance, raw); err != nil {
		return fmt.Sprint(s.now().UnixNano())
	}
	return encode(raw)
}
