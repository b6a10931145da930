package mail

import (
	"bytes"
	"strings"
	"time"

	netmail "net/mail"

	"huiyin/conversation"
)

// Header is a mail's header: its fields in order, unfolded but not decoded.
type Header struct{ fields []field }

type field struct{ key, value string } // key in lower case

// Raw is the first field of a name as it stands, "" when there is none.
func (h Header) Raw(name string) string {
	for _, f := range h.fields {
		if f.key == strings.ToLower(name) {
			return f.value
		}
	}
	return ""
}

// Get is the first field of a name with its encoded words decoded.
func (h Header) Get(name string) string { return decodeHeader(h.Raw(name)) }

// All are the fields of a name as they stand.
func (h Header) All(name string) []string {
	var all []string
	for _, f := range h.fields {
		if f.key == strings.ToLower(name) {
			all = append(all, f.value)
		}
	}
	return all
}

// Has tells whether a field is there, were it empty.
func (h Header) Has(name string) bool {
	for _, f := range h.fields {
		if f.key == strings.ToLower(name) {
			return true
		}
	}
	return false
}

// maxFields is how many fields of a header are read.
const maxFields = 2000

// readHeader splits a header block off. A line that can be no field ends the header when something was read before it
// and is passed over when not; a blank line always ends it. What is over the limit is passed over too.
func readHeader(data []byte, limit int) (h Header, body []byte) {
	if h, body = readFields(data, limit); len(h.fields) == 0 && len(data)-len(body) > len("\r\n") {
		return h, data // it has no header at all
	}
	return h, body
}

// readFields takes fields off; of bytes that are not empty it always takes some.
func readFields(data []byte, limit int) (h Header, body []byte) {
	taken, unfolded, open := 0, [][]byte(nil), false
	finish := func() {
		if n := len(h.fields); n > 0 && len(unfolded) > 0 {
			h.fields[n-1].value = strings.TrimSpace(string(bytes.Join(append([][]byte{[]byte(h.fields[n-1].value)}, unfolded...), []byte(" "))))
		}
		unfolded = nil
	}
	defer func() { finish() }()
	for len(data) > 0 {
		line, rest := cutLine(data)
		if len(line) == 0 || blank(line) && !continued(rest) {
			return h, rest
		}
		fits := taken+len(line) <= limit
		key, value, ok := cutField(line)
		switch {
		case line[0] == ' ' || line[0] == '\t':
			if fits && open {
				unfolded = append(unfolded, bytes.TrimSpace(line))
			}
		case !ok && len(h.fields) > 0 && !bytes.HasPrefix(line, []byte(">From ")):
			return h, data
		default:
			finish()
			if open = ok && fits && len(h.fields) < maxFields; open {
				h.fields = append(h.fields, field{key, value})
			}
		}
		if fits {
			taken += len(line)
		}
		data = rest
	}
	return h, nil
}

// cutField takes a header line apart.
func cutField(line []byte) (key, value string, ok bool) {
	colon := bytes.IndexByte(line, ':')
	if colon <= 0 || colon > 200 {
		return "", "", false
	}
	name := bytes.TrimRight(line[:colon], " \t")
	for _, c := range name {
		if c <= ' ' || c >= 0x7f {
			return "", "", false
		}
	}
	return strings.ToLower(string(name)), strings.TrimSpace(string(line[colon+1:])), len(name) > 0
}

// cutLine takes the next line off, without its end: LF, CRLF, or a stray CR before them.
func cutLine(data []byte) (line, rest []byte) {
	end := bytes.IndexByte(data, '\n')
	if end < 0 {
		return bytes.TrimRight(data, "\r"), nil
	}
	return bytes.TrimRight(data[:end], "\r"), data[end+1:]
}

func blank(line []byte) bool { return len(bytes.TrimSpace(line)) == 0 }

// continued tells whether the next line goes on with a header: some programs fold with a line of spaces.
func continued(rest []byte) bool {
	line, _ := cutLine(rest)
	if len(line) == 0 {
		return false
	}
	if line[0] == ' ' || line[0] == '\t' {
		return !blank(line)
	}
	_, _, ok := cutField(line)
	return ok && !bytes.Contains(line, []byte("://"))
}

// head reads the fields that conversation.Mail holds.
func (p *Parsed) head(h Header) {
	p.MessageID = firstID(h.Raw("Message-ID"))
	p.InReplyTo = firstID(h.Raw("In-Reply-To"))
	p.References = ids(strings.Join(h.All("References"), " "))
	p.From, p.ReplyTo = addresses(h, "From"), addresses(h, "Reply-To")
	p.To, p.Cc = addresses(h, "To"), addresses(h, "Cc")
	if len(p.From) == 0 {
		p.From = addresses(h, "Sender")
	}
	p.Subject = oneLine(h.Get("Subject"), 1000)
	p.SentAt = date(h.Raw("Date"))
	if len(p.From) == 0 {
		p.Problems = append(p.Problems, "The mail does not say who it is from.")
	}
}

// date reads a Date header; zero when it says none that can be.
func date(s string) time.Time {
	t, err := netmail.ParseDate(strings.TrimSpace(s))
	for _, layout := range []string{"2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05", time.RFC3339, "Mon, 2 Jan 2006 15:04:05", "Mon, 02 Jan 2006 15:04:05 MST", time.ANSIC} {
		if err == nil {
			break
		}
		t, err = time.Parse(layout, strings.TrimSpace(s))
	}
	if err != nil || t.Year() < 1980 || t.Year() > 2200 {
		return time.Time{}
	}
	return t.UTC()
}

// maxReferences is how many ids of a References header are read: the first, and the newest.
const maxReferences = 50

// ids reads message ids. Those in angle brackets count; when there is none, words that look like one.
func ids(s string) []string {
	var all []string
	add := func(id string) {
		if id = tidyID(id); id == "" {
			return
		}
		if len(all) == maxReferences {
			all = append(all[:1], all[2:]...)
		}
		all = append(all, id)
	}
	rest := s
	for {
		_, after, found := strings.Cut(rest, "<")
		id, next, closed := strings.Cut(after, ">")
		if !found || !closed {
			break
		}
		add(id)
		rest = next
	}
	if len(all) == 0 {
		for word := range strings.FieldsSeq(s) {
			if strings.Contains(word, "@") {
				add(word)
			}
		}
	}
	return all
}

// maxID is how long a message id may be; a longer one is no id.
const maxID = 900

func tidyID(id string) string {
	id = strings.Join(strings.Fields(strings.ToValidUTF8(id, "")), "")
	if len(id) > maxID || strings.ContainsAny(id, "<>\x00") {
		return ""
	}
	return id
}

// firstID is the first id of a field, or its text when that stands without brackets.
func firstID(s string) string {
	if all := ids(s); len(all) > 0 {
		return all[0]
	}
	return tidyID(strings.Trim(s, "<> \t"))
}

// addresses reads all fields of a name, such as To.
func addresses(h Header, name string) []conversation.MailAddress {
	var all []conversation.MailAddress
	for _, value := range h.All(name) {
		if all = append(all, Addresses(value)...); len(all) >= maxAddresses {
			return all[:maxAddresses]
		}
	}
	return all
}
