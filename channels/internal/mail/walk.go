package mail

import (
	"bytes"
	"io"
	"strings"

	"huiyin/conversation"
)

// walk goes over the parts of one mail and sorts them: text to be read, files, and what speaks of the mail itself.
type walk struct {
	limits     Limits
	count      int
	problems   []problem
	segments   []segment
	packed     []segment // text out of winmail.dat, for a mail that says nothing else
	parts      []Part
	signed     string
	encrypted  string
	invitation *conversation.MailInvitation
	bounce     *Bounce
	forwarded  []string // what message/rfc822 parts say, for the folded history
	textLeft   int
	htmlLeft   int
	fileNumber int
}

// segment is a stretch of the mail's text, in one form or in both.
type segment struct{ plain, html []*entity }

// sort goes over an entity and its children.
func (w *walk) sort(e *entity) {
	switch kind := e.mediaType.value; {
	case kind == "multipart/alternative":
		w.alternative(e)
	case kind == "multipart/signed":
		w.signedParts(e)
	case kind == "multipart/encrypted":
		w.sealed("pgp")
		w.each(e)
	case kind == "multipart/report":
		w.report(e)
	case strings.HasPrefix(kind, "multipart/"):
		w.each(e)
	default:
		w.leaf(e)
	}
}

func (w *walk) each(e *entity) {
	for _, child := range e.children {
		w.sort(child)
	}
}

// alternative makes one segment of the forms in which the same is said. What is no form of the text is a file.
func (w *walk) alternative(e *entity) {
	outer := w.segments
	w.segments = nil
	w.each(e)
	var one segment
	for _, s := range w.segments {
		one.plain, one.html = append(one.plain, s.plain...), append(one.html, s.html...)
	}
	w.segments = outer
	if len(one.plain)+len(one.html) > 0 {
		w.segments = append(w.segments, one)
	}
}

// signedParts takes the content of multipart/signed (RFC 1847); the signature is noted and not shown.
func (w *walk) signedParts(e *entity) {
	protocol := strings.ToLower(e.mediaType.params["protocol"])
	switch {
	case strings.Contains(protocol, "pgp"):
		w.signed = "pgp"
	case strings.Contains(protocol, "pkcs7"):
		w.signed = "smime"
	}
	w.each(e)
}

// sealed notes that the text cannot be read.
func (w *walk) sealed(by string) {
	w.encrypted = by
	w.note("The mail is encrypted; it can only be read with the receiver's key, outside of this product.")
}

// leaf sorts an entity that has no parts.
func (w *walk) leaf(e *entity) {
	kind, name := e.mediaType.value, e.name()
	switch {
	case kind == "application/pgp-signature":
		w.signed = "pgp"
	case kind == "application/pkcs7-signature", kind == "application/x-pkcs7-signature":
		w.signed = "smime"
	case kind == "application/pgp-encrypted", kind == "application/applefile":
	case kind == "application/pkcs7-mime", kind == "application/x-pkcs7-mime":
		w.smime(e)
	case kind == "application/ms-tnef", kind == "application/vnd.ms-tnef", strings.EqualFold(name, "winmail.dat"):
		w.tnef(e)
	case kind == "text/calendar":
		w.calendar(e)
	case kind == "message/rfc822", kind == "message/global":
		w.forward(e)
	case w.isText(e):
		w.text(e)
	default:
		w.file(e)
	}
}

// isText tells whether an entity is text to be read and no file.
func (w *walk) isText(e *entity) bool {
	switch e.mediaType.value {
	case "text/plain", "text/html", "text/enriched", "text/richtext", "application/xhtml+xml":
	default:
		return false
	}
	if e.disposition.value == "attachment" {
		return false
	}
	return e.name() == "" || len(w.segments) == 0
}

func (w *walk) text(e *entity) {
	if e.header.Raw("Content-Type") == "" && looksHTML(e.body) {
		e.mediaType.value = "text/html"
	}
	if strings.HasSuffix(e.mediaType.value, "html") || strings.HasSuffix(e.mediaType.value, "xhtml+xml") {
		w.segments = append(w.segments, segment{html: []*entity{e}})
		return
	}
	w.segments = append(w.segments, segment{plain: []*entity{e}})
}

// looksHTML tells whether a text that does not say what it is begins as HTML does.
func looksHTML(data []byte) bool {
	head := bytes.ToLower(data[:min(len(data), 1024)])
	for _, tag := range []string{"<html", "<!doctype html", "<body", "<br>", "<br/>", "<div>", "<p>"} {
		if bytes.Contains(head, []byte(tag)) {
			return true
		}
	}
	return false
}

// file keeps an entity as a file.
func (w *walk) file(e *entity) {
	w.add(Part{Name: e.name(), Type: e.mediaType.value, ContentID: e.contentID(), Inline: false,
		Size: decodedSize(e.body, e.encoding), open: e.open})
}

// add keeps a file, under a name that it may have to be given.
func (w *walk) add(p Part) {
	if len(w.parts) >= w.limits.Parts {
		w.note(tooManyParts)
		return
	}
	if p.Name == "" {
		w.fileNumber++
		p.Name = givenName(w.fileNumber, p.Type)
	}
	w.parts = append(w.parts, p)
}

// forward keeps a mail within the mail as a file, and what it says as history.
func (w *walk) forward(e *entity) {
	data, whole := e.body, true
	if e.encoding == "base64" || e.encoding == "quoted-printable" {
		data, whole = e.read(w.limits.Text)
	}
	inner := &walk{limits: w.limits, count: w.count, textLeft: w.textLeft, htmlLeft: w.htmlLeft}
	if e.depth >= w.limits.Depth || !whole {
		w.note(tooDeep)
		w.file(e)
		return
	}
	root := inner.entity(clean(data), e.depth+1)
	inner.sort(root)
	b := inner.body()
	w.count, w.textLeft, w.htmlLeft = inner.count, inner.textLeft, inner.htmlLeft
	subject := oneLine(root.header.Get("Subject"), 300)
	w.forwarded = append(w.forwarded, forwardedText(root.header, b))
	name := e.name()
	if name == "" && subject != "" {
		name = fileName(strings.ReplaceAll(subject, "/", "_") + ".eml")
	}
	w.add(Part{Name: name, Type: "message/rfc822", ContentID: e.contentID(), Size: decodedSize(e.body, e.encoding), open: e.open})
}

// forwardedText is a mail within the mail as history.
func forwardedText(h Header, b body) string {
	var out strings.Builder
	out.WriteString("---------- Forwarded message ----------\n")
	for _, name := range []string{"From", "Date", "Subject", "To"} {
		if value := oneLine(h.Get(name), 500); value != "" {
			out.WriteString(name + ": " + value + "\n")
		}
	}
	for _, text := range []string{b.text, b.signature, b.quoted} {
		if text != "" {
			out.WriteString("\n" + text + "\n")
		}
	}
	return strings.TrimSpace(out.String())
}

// bytesPart is a file whose bytes are in memory.
func bytesPart(name, kind string, data []byte) Part {
	return Part{Name: name, Type: kind, Size: int64(len(data)), open: func() io.Reader { return bytes.NewReader(data) }}
}
