package post

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/mail"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset" // reads mail in any of the known character sets
)

// Mail is a mail as a mail program shows it.
type Mail struct {
	N          int       `json:"n"`
	Thread     int       `json:"thread"` // the number of the first of its thread
	At         time.Time `json:"at"`
	Folder     string    `json:"folder"` // inbox or sent
	Read       bool      `json:"read"`
	From       Person    `json:"from"`
	To         []Person  `json:"to"`
	Cc         []Person  `json:"cc"`
	ReplyTo    []Person  `json:"reply_to"`
	Subject    string    `json:"subject"`
	Preview    string    `json:"preview"`
	MessageID  string    `json:"message_id"`
	InReplyTo  string    `json:"in_reply_to,omitempty"`
	References []string  `json:"-"`
	Auto       string    `json:"auto,omitempty"` // Auto-Submitted, when it is not no
	Files      []File    `json:"files"`
	Text       string    `json:"-"`
	HTML       string    `json:"-"`

	returnPath string
	list       bool
	raw        []byte
}

// Person is an address with the name that is shown for it.
type Person struct {
	Name    string `json:"name"`
	Address string `json:"address"`
}

// File is an attachment, or a picture of the text.
type File struct {
	Name    string `json:"name"`
	Type    string `json:"type"`
	Size    int    `json:"size"`
	Inline  string `json:"-"` // its Content-ID
	Content []byte `json:"-"`
}

// The most parts of a mail that are looked at, and the most characters of a line in the list.
const (
	maxParts   = 100
	maxPreview = 120
)

// Read reads a mail. What it does not understand it shows as it stands.
func Read(raw []byte) Mail {
	m := Mail{raw: raw, To: []Person{}, Cc: []Person{}, ReplyTo: []Person{}, Files: []File{}}
	e, err := message.Read(bytes.NewReader(raw))
	if e == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
		m.Text = string(raw)
		return m.finish()
	}
	m.heads(e)
	parts := 0
	_ = e.Walk(func(_ []int, part *message.Entity, err error) error {
		if parts++; parts > maxParts {
			return io.EOF
		}
		if part == nil || err != nil && !message.IsUnknownCharset(err) && !message.IsUnknownEncoding(err) {
			return nil
		}
		m.part(part)
		return nil
	})
	return m.finish()
}

func (m *Mail) heads(e *message.Entity) {
	text := func(key string) string {
		value, err := e.Header.Text(key)
		if err != nil {
			return e.Header.Get(key)
		}
		return value
	}
	m.Subject = text("Subject")
	if from := people(e.Header.Get("From")); len(from) > 0 {
		m.From = from[0]
	}
	m.To, m.Cc, m.ReplyTo = people(e.Header.Get("To")), people(e.Header.Get("Cc")), people(e.Header.Get("Reply-To"))
	m.MessageID = strings.Trim(strings.TrimSpace(e.Header.Get("Message-Id")), "<>")
	if ids := messageIDs(e.Header.Get("In-Reply-To")); len(ids) > 0 {
		m.InReplyTo = ids[0]
	}
	m.References = messageIDs(e.Header.Get("References"))
	m.returnPath = strings.Trim(e.Header.Get("Return-Path"), "<> ")
	if auto, _, _ := strings.Cut(strings.ToLower(e.Header.Get("Auto-Submitted")), ";"); strings.TrimSpace(auto) != "no" {
		m.Auto = strings.TrimSpace(auto)
	}
	m.list = e.Header.Get("List-Id") != "" || strings.EqualFold(e.Header.Get("Precedence"), "bulk")
	if at, err := mail.ParseDate(e.Header.Get("Date")); err == nil {
		m.At = at
	}
}

var anyMessageID = regexp.MustCompile(`<([^<>\s]+)>`)

func messageIDs(field string) (ids []string) {
	for _, found := range anyMessageID.FindAllStringSubmatch(field, 200) {
		ids = append(ids, found[1])
	}
	return ids
}

// people reads the addresses of a field; one that is wrong is shown as it stands.
func people(field string) []Person {
	if strings.TrimSpace(field) == "" {
		return []Person{}
	}
	parser := mail.AddressParser{WordDecoder: &mime.WordDecoder{CharsetReader: message.CharsetReader}}
	found, err := parser.ParseList(field)
	if err != nil {
		return []Person{{Address: field}}
	}
	all := make([]Person, len(found))
	for i, a := range found {
		all[i] = Person{a.Name, a.Address}
	}
	return all
}

// part takes what one part of the mail brings: the first text, the first HTML, or a file.
func (m *Mail) part(e *message.Entity) {
	kind, params, err := e.Header.ContentType()
	if err != nil || kind == "" {
		kind = "text/plain"
	}
	if strings.HasPrefix(kind, "multipart/") {
		return
	}
	disposition, how, err := e.Header.ContentDisposition()
	if err != nil {
		disposition, how = "", nil
	}
	body, err := io.ReadAll(io.LimitReader(e.Body, maxMail))
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && len(body) == 0 {
		return
	}
	switch {
	case kind == "text/plain" && disposition != "attachment" && m.Text == "":
		m.Text = strings.ToValidUTF8(string(body), "�")
	case kind == "text/html" && disposition != "attachment" && m.HTML == "":
		m.HTML = strings.ToValidUTF8(string(body), "�")
	default:
		f := File{Name: named(how["filename"], params["name"]), Type: kind, Size: len(body), Content: body}
		f.Inline = strings.Trim(e.Header.Get("Content-Id"), "<> ")
		m.Files = append(m.Files, f)
	}
}

func named(names ...string) string {
	for _, name := range names {
		if name != "" {
			return name
		}
	}
	return "file"
}

// finish makes what is shown of the parts: pictures of the text in their place, and a line for the list.
func (m Mail) finish() Mail {
	for _, f := range m.Files {
		if f.Inline == "" || !strings.HasPrefix(f.Type, "image/") || !strings.Contains(m.HTML, "cid:"+f.Inline) {
			continue
		}
		m.HTML = strings.ReplaceAll(m.HTML, "cid:"+f.Inline, fmt.Sprintf("data:%s;base64,%s", f.Type, base64.StdEncoding.EncodeToString(f.Content)))
	}
	line := m.Text
	if line == "" {
		line = anyTag.ReplaceAllString(m.HTML, " ")
	}
	m.Preview = clip(strings.Join(strings.Fields(line), " "), maxPreview)
	return m
}

var anyTag = regexp.MustCompile(`(?s)<style.*?</style>|<[^>]*>`)

func clip(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most]) + "…"
}

// author is the address in From.
func author(raw []byte) string {
	found, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return ""
	}
	if from := people(found.Header.Get("From")); len(from) > 0 {
		return from[0].Address
	}
	return ""
}
