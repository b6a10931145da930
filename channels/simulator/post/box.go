package post

import (
	"crypto/sha1"
	"encoding/hex"
	"regexp"
	"slices"
	"strings"
)

// Box is the mailbox of a customer, with the program that reads it.
type Box struct {
	office *Office
	local  string
	away   bool            // it answers by itself that nobody is there
	told   map[string]bool // whom it has told
	mails  []Mail          // oldest first
	bytes  int
	last   int
}

// The mailboxes are bounded, so that a page that is open to everybody fills no memory.
const (
	keptMails = 300
	keptBytes = 8 << 20
	keptBoxes = 2000
)

// plainName is a name that an address may begin with as it is; others get one.
var plainName = regexp.MustCompile(`^[a-z0-9][a-z0-9._-]{0,39}$`)

// Box is the mailbox of a name; who has none gets one.
func (p *Office) Box(name string) *Box {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.box(name)
}

func (p *Office) box(name string) *Box {
	local := strings.ToLower(name)
	if !plainName.MatchString(local) {
		sum := sha1.Sum([]byte(local))
		local = "v" + hex.EncodeToString(sum[:5])
	}
	if b := p.boxes[local]; b != nil {
		return b
	}
	b := &Box{office: p, local: local, told: map[string]bool{}}
	p.boxes[local] = b
	p.order = append(p.order, b)
	if len(p.order) > keptBoxes {
		delete(p.boxes, p.order[0].local)
		p.order = p.order[1:]
	}
	return b
}

// Address is the mailbox's.
func (b *Box) Address() string { return b.local + "@" + b.office.o.Domain }

// Mails are all that the mailbox holds, oldest first.
func (b *Box) Mails() []Mail {
	b.office.mu.Lock()
	defer b.office.mu.Unlock()
	return slices.Clone(b.mails)
}

// Away has the mailbox answer by itself that nobody is there, once to each sender.
func (b *Box) Away(on bool) {
	b.office.mu.Lock()
	b.away, b.told = on, map[string]bool{}
	b.office.mu.Unlock()
	b.office.tell()
}

// Open marks a mail as read and gives it with its words; ok is false when there is none of the number.
func (b *Box) Open(n int) (m Mail, ok bool) {
	b.office.mu.Lock()
	news := false
	for i := range b.mails {
		if b.mails[i].N == n {
			news = !b.mails[i].Read
			b.mails[i].Read = true
			m, ok = b.mails[i], true
		}
	}
	b.office.mu.Unlock()
	if news {
		b.office.tell()
	}
	return m, ok
}

// arrive puts a mail into the mailbox, and answers it when nobody is there.
func (b *Box) arrive(from string, raw []byte) error {
	m := Read(raw)
	m.Folder = "inbox"
	answer := b.keep(&m)
	if told := b.office.o.Arrived; told != nil {
		told(b.Address(), m)
	}
	if answer {
		b.answerAway(from, m)
	}
	return nil
}

// keep stores a mail in its thread; answer tells whether the mailbox answers it by itself.
func (b *Box) keep(m *Mail) (answer bool) {
	p := b.office
	p.mu.Lock()
	b.last++
	m.N = b.last
	if m.At.IsZero() {
		m.At = p.o.Now()
	}
	m.Thread = b.thread(*m)
	b.mails = append(b.mails, *m)
	b.bytes += len(m.raw)
	for len(b.mails) > keptMails || b.bytes > keptBytes && len(b.mails) > 1 {
		b.bytes -= len(b.mails[0].raw)
		b.mails = b.mails[1:]
	}
	answer = m.Folder == "inbox" && b.away && m.answerable() && !b.told[m.returnPath]
	if answer {
		b.told[m.returnPath] = true
	}
	p.mu.Unlock()
	p.tell()
	return answer
}

// thread is where a mail belongs: to the mail that it answers, by the ids alone.
func (b *Box) thread(m Mail) int {
	for _, id := range append(slices.Clone(m.References), m.InReplyTo) {
		for _, other := range b.mails {
			if id != "" && other.MessageID == id {
				return other.Thread
			}
		}
	}
	return m.N
}

// answerable tells whether an automatic answer to the mail is allowed.
// https://www.rfc-editor.org/rfc/rfc3834#section-2
func (m Mail) answerable() bool { return m.Auto == "" && !m.list && m.returnPath != "" }

// tell tells whoever watches that something changed.
func (p *Office) tell() {
	p.mu.Lock()
	changed := p.changed
	p.mu.Unlock()
	changed()
}
