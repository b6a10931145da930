package post

import (
	"bytes"
	"errors"
	"fmt"
	"html"
	"mime"
	"net/mail"
	"slices"
	"strings"
	"time"
)

// Draft is a mail that a customer writes.
type Draft struct {
	Name    string       `json:"name"` // the writer's
	To      string       `json:"to"`
	Cc      string       `json:"cc"`
	Subject string       `json:"subject"`
	Text    string       `json:"text"`
	Reply   int          `json:"reply"`   // the number of the mail that it answers
	Forward int          `json:"forward"` // the number of the mail that it passes on
	Program string       `json:"program"` // that it is written with: gmail, outlook or foxmail
	English bool         `json:"english"` // the language of the program
	Files   []Attachment `json:"files"`
}

// Attachment is a file that goes with a draft.
type Attachment struct {
	Name    string `json:"name"`
	Type    string `json:"type"`
	Content []byte `json:"content"`
}

// ErrDraft is that a mail cannot be sent so.
var ErrDraft = errors.New("the mail cannot be sent")

// Send writes a mail and hands it in.
func (b *Box) Send(d Draft) (Mail, error) {
	m, raw, err := b.Compose(d)
	if err != nil {
		return m, err
	}
	return b.Hand(m, raw), nil
}

// Hand keeps a mail among the sent ones and hands it in.
func (b *Box) Hand(m Mail, raw []byte) Mail {
	m.Folder, m.Read = "sent", true
	b.keep(&m)
	var all []string
	for _, p := range slices.Concat(m.To, m.Cc) {
		all = append(all, p.Address)
	}
	b.office.Deliver(b.Address(), all, raw)
	return m
}

// Compose writes a mail as it goes over the wire.
func (b *Box) Compose(d Draft) (Mail, []byte, error) {
	to, err := parseList(d.To)
	if err != nil || len(to) == 0 {
		return Mail{}, nil, fmt.Errorf("%w: say to whom, as name@domain", ErrDraft)
	}
	cc, err := parseList(d.Cc)
	if err != nil {
		return Mail{}, nil, fmt.Errorf("%w: the copies' addresses are not addresses", ErrDraft)
	}
	if len(to)+len(cc) > 20 {
		return Mail{}, nil, fmt.Errorf("%w: to more than 20", ErrDraft)
	}
	raw, err := b.compose(d, to, cc)
	if err != nil {
		return Mail{}, nil, err
	}
	return Read(raw), raw, nil
}

func parseList(field string) ([]*mail.Address, error) {
	field = strings.Trim(strings.NewReplacer("；", ",", ";", ",", "，", ",").Replace(field), ", ")
	if field == "" {
		return nil, nil
	}
	return mail.ParseAddressList(field)
}

// compose writes the mail as it goes over the wire.
func (b *Box) compose(d Draft, to, cc []*mail.Address) ([]byte, error) {
	var out bytes.Buffer
	head := func(key, value string) {
		if value != "" {
			fmt.Fprintf(&out, "%s: %s\r\n", key, value)
		}
	}
	head("From", (&mail.Address{Name: d.Name, Address: b.Address()}).String())
	head("To", list(to))
	head("Cc", list(cc))
	head("Subject", mime.BEncoding.Encode("utf-8", d.Subject))
	head("Date", b.office.o.Now().Format(time.RFC1123Z))
	head("Message-ID", "<"+b.office.word()+"@"+b.office.o.Domain+">")
	about, found := b.Open(max(d.Reply, d.Forward))
	if found && d.Reply != 0 {
		head("In-Reply-To", "<"+about.MessageID+">")
		head("References", references(about))
	}
	head("MIME-Version", "1.0")
	text, rich := d.Text, "<div>"+lines(d.Text)+"</div>"
	if found {
		quoted, quotedRich := quote(d, about)
		text, rich = text+quoted, rich+quotedRich
	}
	if d.Forward != 0 {
		for _, f := range about.Files {
			d.Files = append(d.Files, Attachment{f.Name, f.Type, f.Content})
		}
	}
	err := body(&out, d, text, rich)
	return out.Bytes(), err
}

func list(all []*mail.Address) string {
	words := make([]string, len(all))
	for i, a := range all {
		words[i] = a.String()
	}
	return strings.Join(words, ", ")
}

// maxReferences is how many ids a program passes on.
const maxReferences = 20

func references(about Mail) string {
	ids := append(slices.Clone(about.References), about.MessageID)
	if len(ids) > maxReferences {
		ids = append(ids[:1], ids[len(ids)-maxReferences+1:]...)
	}
	return "<" + strings.Join(ids, ">\r\n\t<") + ">"
}

func lines(text string) string { return strings.ReplaceAll(html.EscapeString(text), "\n", "<br>\r\n") }
