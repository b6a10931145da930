package mail

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime/quotedprintable"
	"strings"
	"time"

	"huiyin/conversation"
)

// Message is a mail to be sent.
type Message struct {
	From       conversation.MailAddress
	ReplyTo    []conversation.MailAddress
	To, Cc     []conversation.MailAddress // who gets it blind stands in the envelope alone
	Subject    string
	Date       time.Time
	MessageID  string // without angle brackets, as all ids
	InReplyTo  string
	References []string
	Text       string
	HTML       string // "" for a mail of text alone; pictures of Files are shown as "cid:…"
	Files      []File
	// Automatic marks a mail that no person wrote, so that no robot answers it (RFC 3834, 5). Report is for one that is
	// no answer, such as a transcript.
	Automatic, Report bool
}

// File is a file of a mail to be sent.
type File struct {
	Name, Type string
	ContentID  string // set for a picture that the HTML shows
	Open       func() (io.ReadCloser, error)
}

// ErrNoAddress refuses a mail that has no sender or no receiver.
var ErrNoAddress = errors.New("a mail needs a sender and a receiver")

// Compose writes a mail: UTF-8, lines of at most 76 characters, only ASCII on the wire. What stands in headers cannot
// break out of them.
func Compose(m Message) ([]byte, error) {
	if tidyAddress(m.From.Address) == "" || len(m.To)+len(m.Cc) == 0 {
		return nil, ErrNoAddress
	}
	c := &composer{boundary: boundary(m.MessageID)}
	c.head(m)
	if err := c.content(m); err != nil {
		return nil, fmt.Errorf("compose mail: %w", err)
	}
	return c.out.Bytes(), nil
}

// composer writes a mail part by part.
type composer struct {
	out      bytes.Buffer
	boundary string
	opened   int
}

// content writes the body as the smallest tree that holds it all.
func (c *composer) content(m Message) error {
	var shown, files []File
	for _, f := range m.Files {
		if f.ContentID != "" && m.HTML != "" {
			shown = append(shown, f)
		} else {
			files = append(files, f)
		}
	}
	text := func() error { return c.text("text/plain", m.Text) }
	rich := func() error { return c.text("text/html", m.HTML) }
	related := c.group("related", rich, c.files(shown, "inline"), len(shown) > 0)
	both := text
	if m.HTML != "" {
		both = c.group("alternative", text, []func() error{related}, true)
	}
	return c.group("mixed", both, c.files(files, "attachment"), len(files) > 0)()
}

// group is a multipart of a first part and more; just the first when it is not needed.
func (c *composer) group(kind string, first func() error, more []func() error, needed bool) func() error {
	if !needed {
		return first
	}
	return func() error {
		c.opened++
		mark := fmt.Sprintf("%s-%d", c.boundary, c.opened)
		fmt.Fprintf(&c.out, "Content-Type: multipart/%s; boundary=\"%s\"\r\n\r\n", kind, mark)
		for _, part := range append([]func() error{first}, more...) {
			fmt.Fprintf(&c.out, "--%s\r\n", mark)
			if err := part(); err != nil {
				return err
			}
		}
		fmt.Fprintf(&c.out, "--%s--\r\n", mark)
		return nil
	}
}

// text writes a text part in quoted-printable, or in base64 where most of it is not ASCII.
func (c *composer) text(kind, text string) error {
	text = strings.ReplaceAll(strings.ReplaceAll(tidyText(text), "\r", ""), "\n", "\r\n")
	fmt.Fprintf(&c.out, "Content-Type: %s; charset=utf-8\r\n", kind)
	if beyondASCII(text)*3 > len(text) {
		c.out.WriteString("Content-Transfer-Encoding: base64\r\n\r\n")
		return c.base64(strings.NewReader(text))
	}
	c.out.WriteString("Content-Transfer-Encoding: quoted-printable\r\n\r\n")
	w := quotedprintable.NewWriter(&c.out)
	if _, err := io.WriteString(w, text); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	c.out.WriteString("\r\n")
	return nil
}

func beyondASCII(s string) (n int) {
	for i := range len(s) {
		if s[i] >= 0x80 {
			n++
		}
	}
	return n
}

// files are the writers of files.
func (c *composer) files(list []File, disposition string) []func() error {
	var all []func() error
	for _, f := range list {
		all = append(all, func() error { return c.file(f, disposition) })
	}
	return all
}

func (c *composer) file(f File, disposition string) error {
	name := fileName(f.Name)
	if name == "" {
		name = givenName(1, f.Type)
	}
	fmt.Fprintf(&c.out, "Content-Type: %s\r\n%s\r\nContent-Transfer-Encoding: base64\r\n", mediaType(f.Type), param("Content-Disposition: "+disposition, "filename", name))
	if id := tidyID(f.ContentID); id != "" && isASCII(id) {
		fmt.Fprintf(&c.out, "Content-ID: <%s>\r\n", id)
	}
	c.out.WriteString("\r\n")
	r, err := f.Open()
	if err != nil {
		return fmt.Errorf("open %s: %w", name, err)
	}
	defer func() { _ = r.Close() }()
	return c.base64(r)
}

// base64 writes lines of 76 characters.
func (c *composer) base64(r io.Reader) error {
	lines := &lineWriter{out: &c.out}
	w := base64.NewEncoder(base64.StdEncoding, lines)
	if _, err := io.Copy(w, r); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	c.out.WriteString("\r\n")
	return nil
}

// lineWriter breaks what is written into lines.
type lineWriter struct {
	out  *bytes.Buffer
	used int
}

func (l *lineWriter) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 {
		if l.used == 76 {
			l.out.WriteString("\r\n")
			l.used = 0
		}
		take := min(76-l.used, len(p))
		l.out.Write(p[:take])
		l.used, p = l.used+take, p[take:]
	}
	return n, nil
}
