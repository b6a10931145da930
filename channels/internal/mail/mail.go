// Package mail turns the bytes of an email into values and back: what its sender newly wrote, the history they quote,
// its files, whether a person wrote it, what it reports as undeliverable and who it is proven to be from. It takes the
// mail of the real world, broken headers and wrong charsets included, reads never more than its limits, and opens
// neither archives nor connections.
package mail

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"huiyin/conversation"
)

// Limits bound what is read of one mail; a zero field means the default beside it.
type Limits struct {
	Size   int64 // of the whole mail, 64 MB
	Header int   // of one header block, 256 KB
	Parts  int   // 500
	Depth  int   // of parts within parts, 16
	Text   int   // of all text that is decoded, 512 KB, and likewise of all HTML
}

func (l Limits) orDefaults() Limits {
	def := func(v *int, d int) {
		if *v <= 0 {
			*v = d
		}
	}
	if l.Size <= 0 {
		l.Size = 64 << 20
	}
	def(&l.Header, 256<<10)
	def(&l.Parts, 500)
	def(&l.Depth, 16)
	def(&l.Text, 512<<10)
	return l
}

// Parsed is what a mail says.
type Parsed struct {
	conversation.Mail
	Header Header // of the mail itself, for what is not taken out of it
	Text   string // what the person newly wrote, for the bot and for lists
	HTML   string // the same, cleaned; "" when the mail is plain text. Pictures that came along are named by data-cid, those of other servers by data-src
	Parts  []Part // files, in the order of the mail
	Bounce *Bounce
	Cut    bool // it is larger than Limits.Size: what stands behind was not read
}

// Part is a file of a mail. Open decodes it anew at each call out of the mail's own bytes.
type Part struct {
	Name      string // never empty, without folders
	Type      string // as the mail says, lower case, such as "image/png"; not to be trusted
	ContentID string // without angle brackets
	Inline    bool   // the HTML shows it in its text
	Size      int64  // about; the true size is known when it is read
	open      func() io.Reader
}

// Open reads the decoded bytes. What is broken in them is left out.
func (p Part) Open() io.Reader { return p.open() }

// Parse reads a mail. Whatever it holds is no error: what cannot be read is left out and named in Mail.Problems. An
// error is r's own.
func Parse(r io.Reader, limits Limits) (Parsed, error) {
	limits = limits.orDefaults()
	var raw bytes.Buffer
	n, err := io.Copy(&raw, io.LimitReader(r, limits.Size+1))
	if err != nil {
		return Parsed{}, fmt.Errorf("read mail: %w", err)
	}
	data := raw.Bytes()
	p := parse(data[:min(n, limits.Size)], limits)
	if n > limits.Size {
		p.Cut = true
		p.Problems = append(p.Problems, "The mail is too large; its end was not read.")
	}
	return p, nil
}

// parse reads a mail that is in memory.
func parse(data []byte, limits Limits) Parsed {
	w := &walk{limits: limits}
	root := w.entity(clean(data), 0)
	p := Parsed{Header: root.header}
	p.head(root.header)
	w.sort(root)
	p.take(w)
	if p.Bounce == nil {
		p.Bounce = worded(root.header, p.Text+"\n"+p.Quoted, receivers(p.To))
	}
	p.Automatic = origin(root.header, p.Bounce)
	for _, problem := range w.problems {
		p.Problems = append(p.Problems, string(problem))
	}
	return p
}

// receivers are the addresses of a list, in lower case.
func receivers(list []conversation.MailAddress) []string {
	all := make([]string, 0, len(list))
	for _, a := range list {
		all = append(all, strings.ToLower(a.Address))
	}
	return all
}

// take fills in what the walk over the parts has found.
func (p *Parsed) take(w *walk) {
	b := w.body()
	p.Text, p.HTML = b.text, b.html
	p.Quoted, p.QuotedHTML, p.Signature = b.quoted, b.quotedHTML, b.signature
	p.RemoteImages, p.Trackers = b.remote, b.trackers
	p.Parts, p.Signed, p.Encrypted = w.parts, w.signed, w.encrypted
	p.Invitation, p.Bounce = w.invitation, w.bounce
	for i, part := range p.Parts {
		p.Parts[i].Inline = part.Inline || part.ContentID != "" && b.shows[part.ContentID]
	}
}

// clean takes off what mailboxes and careless programs put before the first header.
func clean(data []byte) []byte {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	data = bytes.TrimLeft(data, "\r\n")
	if bytes.HasPrefix(data, []byte("From ")) {
		if end := bytes.IndexByte(data, '\n'); end >= 0 {
			data = data[end+1:]
		}
	}
	return data
}
