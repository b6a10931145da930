// Package post is a mail provider for demos and tests: a submission server and a mailbox server that speak SMTP and IMAP on
// free ports for the accounts of a company, and the mailboxes of its customers with the program that they read and write mail
// with. It is written from the RFCs alone, knows nothing of who talks to it, and keeps everything in memory.
package post

import (
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-smtp"
)

// Options are what an office is given.
type Options struct {
	Domain   string           // of the customers; mail.example when empty
	Accounts []Account        // of the company
	Host     string           // to listen on; 127.0.0.1 when empty
	Now      func() time.Time // time.Now when nil
	Chance   io.Reader        // crypto/rand when nil
	Room     int              // bytes that an account holds before its mailbox is begun anew; 64 MiB when 0
	// Arrived tells of each mail that came to a customer. It must not call the office.
	Arrived func(address string, m Mail)
}

// Account is a mailbox of the company.
type Account struct{ Address, Password string }

// Office is the provider.
type Office struct {
	o       Options
	imap    *imapserver.Server
	smtp    *smtp.Server
	doors   [2]*door // IMAP, SMTP
	serving sync.WaitGroup

	mu      sync.Mutex
	stores  map[string]*store // by address
	boxes   map[string]*Box   // by local part
	order   []*Box
	changed func()
	closed  bool
}

// Open starts the office's servers on free ports.
func Open(o Options) (*Office, error) {
	if o.Domain == "" {
		o.Domain = "mail.example"
	}
	if o.Host == "" {
		o.Host = "127.0.0.1"
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Chance == nil {
		o.Chance = rand.Reader
	}
	if o.Room == 0 {
		o.Room = 64 << 20
	}
	p := &Office{o: o, stores: map[string]*store{}, boxes: map[string]*Box{}, changed: func() {}}
	for i, a := range o.Accounts {
		p.stores[strings.ToLower(a.Address)] = newStore(a, uint32(o.Now().UnixMilli()/64)+uint32(i))
	}
	p.imap, p.smtp = p.newIMAP(), p.newSMTP()
	for i, serve := range []func(net.Listener) error{p.imap.Serve, p.smtp.Serve} {
		d, err := openDoor(o.Host)
		if err != nil {
			p.Close()
			return nil, fmt.Errorf("start a post office: %w", err)
		}
		p.doors[i] = d
		p.serving.Go(func() { _ = serve(d) })
	}
	return p, nil
}

// IMAP is where mailboxes are read.
func (p *Office) IMAP() (host, port string) { return p.doors[0].address() }

// SMTP is where mail is handed in.
func (p *Office) SMTP() (host, port string) { return p.doors[1].address() }

// Domain is the customers'.
func (p *Office) Domain() string { return p.o.Domain }

// Accounts are the company's addresses.
func (p *Office) Accounts() []string {
	all := make([]string, len(p.o.Accounts))
	for i, a := range p.o.Accounts {
		all[i] = a.Address
	}
	return all
}

// Watch has changed called after each change; it must not call the office.
func (p *Office) Watch(changed func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.changed = changed
}

// Readers counts the connections that read mailboxes.
func (p *Office) Readers() int {
	d := p.doors[0]
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.open)
}

// Break cuts all connections.
func (p *Office) Break() {
	for _, d := range p.doors {
		if d != nil {
			d.cut()
		}
	}
}

// Close ends the servers.
func (p *Office) Close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	for _, d := range p.doors {
		if d != nil {
			_ = d.Close()
		}
	}
	p.Break()
	_ = p.imap.Close()
	_ = p.smtp.Close()
	p.serving.Wait()
}

// word is a word that nobody guesses.
func (p *Office) word() string {
	raw := make([]byte, 10)
	if _, err := io.ReadFull(p.o.Chance, raw); err != nil {
		return fmt.Sprint(p.o.Now().UnixNano())
	}
	return strings.ToLower(base32.StdEncoding.EncodeToString(raw))
}

// door is a listener that can cut the connections that came through it.
type door struct {
	net.Listener
	mu   sync.Mutex
	open map[net.Conn]bool
}

func openDoor(host string) (*door, error) {
	ln, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		return nil, err
	}
	return &door{Listener: ln, open: map[net.Conn]bool{}}, nil
}

func (d *door) address() (host, port string) {
	host, port, err := net.SplitHostPort(d.Addr().String())
	if err != nil {
		return d.Addr().String(), ""
	}
	return host, port
}

// Accept is a connection that leaves when it is closed.
func (d *door) Accept() (net.Conn, error) {
	c, err := d.Listener.Accept()
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	v := &visit{Conn: c, door: d}
	d.open[v] = true
	return v, nil
}

func (d *door) cut() {
	d.mu.Lock()
	var all []net.Conn
	for c := range d.open {
		all = append(all, c)
	}
	d.mu.Unlock()
	for _, c := range all {
		_ = c.Close()
	}
}

type visit struct {
	net.Conn
	door *door
}

func (v *visit) Close() error {
	v.door.mu.Lock()
	delete(v.door.open, v)
	v.door.mu.Unlock()
	return v.Conn.Close()
}

// errFull refuses what would fill the memory.
var errFull = errors.New("the mailbox is full")

// bare is an address without its tag after the plus, in small letters: both find the same mailbox.
// https://www.rfc-editor.org/rfc/rfc5233
func bare(address string) (local, domain string) {
	local, domain, _ = strings.Cut(strings.ToLower(strings.TrimSpace(address)), "@")
	local, _, _ = strings.Cut(local, "+")
	return local, domain
}
