package simulator

import (
	"fmt"
	"net"
	"strings"
	"sync"
	"time"
)

// SMSCOptions are what a short message centre is given.
type SMSCOptions struct {
	Listen             string // a free port of this machine when empty
	SystemID, Password string
	Window             int           // deliver_sm that may wait for their response; 10 when 0
	Patience           time.Duration // for a response, before a deliver_sm is repeated; 10 s when 0
	// Submit decides what becomes of a text; nil takes all and delivers them.
	Submit func(m ShortMessage) Verdict
	// Bind gives the status for a bind of the command; nil: by name and password.
	Bind func(command uint32) uint32
	// Shown tells of each whole text on a phone. It must not call the centre.
	Shown func(number, text string)
}

// Verdict is what the centre does with a submit_sm.
type Verdict struct {
	Status  uint32 // 0 takes it
	Silent  bool   // no response comes
	Hang    bool   // the connection breaks before the response
	Early   bool   // the receipt comes before the response
	State   string // of the receipt; "DELIVRD" when empty, "-": none
	NoRef   bool   // the receipt does not repeat user_message_reference
	TextID  string // the receipt's id by its text alone, instead of by its parameters
	ID      string // of the response; made up when empty
	Delayed time.Duration
	Spoil   func(response []byte) []byte // what is written instead of the response; the connection breaks after it
}

// SMSC is a carrier's short message centre over TCP. It keeps what phones send until it has a response, as carriers do, and
// repeats it on the next connection.
type SMSC struct {
	o  SMSCOptions
	ln net.Listener

	mu      sync.Mutex
	lastID  int
	links   map[*smscLink]bool
	queue   []*bringing // to be brought to a receiver
	texts   []ShortMessage
	parts   map[string]map[int]string
	phones  map[string][]string
	refused []uint32 // statuses by which a deliver_sm was refused for good
	binds   int
	changed chan struct{}
	closed  bool
	all     sync.WaitGroup
}

// bringing is a deliver_sm that is to be brought until it is taken.
type bringing struct {
	m     ShortMessage
	done  chan uint32 // its final status
	since time.Time
	tries int
}

// NewSMSC starts a centre on a free port.
func NewSMSC(o SMSCOptions) (*SMSC, error) {
	if o.Window == 0 {
		o.Window = 10
	}
	if o.Patience == 0 {
		o.Patience = 10 * time.Second
	}
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	ln, err := net.Listen("tcp", o.Listen)
	if err != nil {
		return nil, fmt.Errorf("start a short message centre: %w", err)
	}
	c := &SMSC{o: o, ln: ln, links: map[*smscLink]bool{}, parts: map[string]map[int]string{}, phones: map[string][]string{}, changed: make(chan struct{})}
	c.all.Go(c.serve)
	return c, nil
}

// Address is the host and port of the centre.
func (c *SMSC) Address() (host, port string) {
	host, port, _ = net.SplitHostPort(c.ln.Addr().String())
	return host, port
}

func (c *SMSC) serve() {
	for {
		conn, err := c.ln.Accept()
		if err != nil {
			return
		}
		link := &smscLink{c: c, conn: conn, waiting: map[uint32]*bringing{}}
		c.all.Go(link.serve)
	}
}

// Close ends the centre.
func (c *SMSC) Close() {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	_ = c.ln.Close()
	c.Break()
	c.all.Wait()
}

// Break cuts all connections.
func (c *SMSC) Break() {
	c.mu.Lock()
	var all []*smscLink
	for l := range c.links {
		all = append(all, l)
	}
	c.mu.Unlock()
	for _, l := range all {
		_ = l.conn.Close()
	}
}

// Bring has a phone's text brought, and gives where its final status comes.
func (c *SMSC) Bring(m ShortMessage) <-chan uint32 {
	b := &bringing{m: m, done: make(chan uint32, 1)}
	c.mu.Lock()
	c.queue = append(c.queue, b)
	c.mu.Unlock()
	c.pump()
	return b.done
}

// Texts are all submit_sm that were taken.
func (c *SMSC) Texts() []ShortMessage {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]ShortMessage(nil), c.texts...)
}

// Said is what a phone shows: whole texts.
func (c *SMSC) Said(number string) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]string(nil), c.phones[number]...)
}

// Shown counts the texts on all phones.
func (c *SMSC) Shown() (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, said := range c.phones {
		n += len(said)
	}
	return n
}

// Binds counts the binds that succeeded.
func (c *SMSC) Binds() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.binds
}

// Linked counts the connections that are bound.
func (c *SMSC) Linked() (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for l := range c.links {
		if l.bound {
			n++
		}
	}
	return n
}

// Waiting counts what was not taken yet.
func (c *SMSC) Waiting() (n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for l := range c.links {
		n += len(l.waiting)
	}
	return n + len(c.queue)
}

// keep shows a text on its phone once all its parts are there. Each part is read by itself, so that a sign cut in two shows.
func (c *SMSC) keep(m ShortMessage) {
	c.texts = append(c.texts, m)
	ref, n, total := m.place()
	if total == 1 {
		c.show(m.To, m.words())
		return
	}
	key := m.To + "/" + ref + "/" + fmt.Sprint(total)
	if c.parts[key] == nil {
		c.parts[key] = map[int]string{}
	}
	c.parts[key][n] = m.words()
	if len(c.parts[key]) < total {
		return
	}
	var whole strings.Builder
	for n := range total {
		whole.WriteString(c.parts[key][n+1])
	}
	delete(c.parts, key)
	c.show(m.To, whole.String())
}

func (c *SMSC) show(number, text string) {
	c.phones[number] = append(c.phones[number], text)
	if c.o.Shown != nil {
		c.o.Shown(number, text)
	}
}
