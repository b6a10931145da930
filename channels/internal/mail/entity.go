package mail

import (
	"bytes"
	"io"
	"strings"
)

// entity is a node of a mail's tree: its header and the bytes of its body, which are the mail's own.
type entity struct {
	header      Header
	mediaType   kind
	disposition kind
	encoding    string
	body        []byte
	children    []*entity
	depth       int
}

// problem is what could not be read, in words for the agent.
type problem string

const (
	tooManyParts problem = "The mail has more parts than are read."
	tooDeep      problem = "The mail has parts nested deeper than is read."
	textCut      problem = "The text is too long; its end is only in the original."
)

// note keeps a problem, once.
func (w *walk) note(p problem) {
	for _, had := range w.problems {
		if had == p {
			return
		}
	}
	w.problems = append(w.problems, p)
}

// entity reads the header of an entity and finds its children.
func (w *walk) entity(data []byte, depth int) *entity {
	w.count++
	limit := w.limits.Header
	if depth > 0 {
		limit = min(limit, 64<<10)
	}
	e := &entity{depth: depth}
	e.header, e.body = readHeader(data, limit)
	e.mediaType = parseKind(e.header.Raw("Content-Type"))
	e.disposition = parseKind(e.header.Raw("Content-Disposition"))
	e.encoding = transferEncoding(e.header)
	if !strings.Contains(e.mediaType.value, "/") {
		e.mediaType.value = defaultType(e)
	}
	if strings.HasPrefix(e.mediaType.value, "multipart/") {
		w.split(e)
	}
	return e
}

// defaultType is what an entity is that does not say so.
func defaultType(e *entity) string {
	if e.disposition.value == "attachment" || e.name() != "" {
		return "application/octet-stream"
	}
	return "text/plain"
}

// transferEncoding is the encoding without a comment that may stand behind it.
func transferEncoding(h Header) string {
	value, _, _ := strings.Cut(h.Raw("Content-Transfer-Encoding"), "(")
	value, _, _ = strings.Cut(value, ";")
	return strings.ToLower(strings.Trim(strings.TrimSpace(value), `"`))
}

// split finds the parts of a multipart. One without a boundary, or whose boundary never comes, is text.
func (w *walk) split(e *entity) {
	boundary := e.mediaType.params["boundary"]
	if boundary == "" {
		boundary = firstBoundary(e.body)
	}
	if boundary == "" || !bytes.Contains(e.body, []byte("--"+boundary)) {
		e.mediaType.value = "text/plain"
		return
	}
	if e.depth >= w.limits.Depth {
		w.note(tooDeep)
		return
	}
	for _, part := range w.pieces(e.body, boundary) {
		if w.count >= w.limits.Parts {
			w.note(tooManyParts)
			return
		}
		e.children = append(e.children, w.entity(part, e.depth+1))
	}
}

// firstBoundary is the boundary that a body shows by itself: its first line that begins with two dashes.
func firstBoundary(body []byte) string {
	for range 50 {
		line, rest := cutLine(body)
		if len(line) > 4 && bytes.HasPrefix(line, []byte("--")) && !bytes.ContainsAny(line[2:], " \t") {
			return string(line[2:])
		}
		if body = rest; len(body) == 0 {
			break
		}
	}
	return ""
}

// pieces cuts a body at its boundary lines (RFC 2046, 5.1.1). A body that is cut off ends its last part.
func (w *walk) pieces(body []byte, boundary string) [][]byte {
	var all [][]byte
	mark := []byte("--" + boundary)
	start, at := -1, 0
	for at < len(body) && len(all) <= w.limits.Parts {
		i := bytes.Index(body[at:], mark)
		if i < 0 {
			break
		}
		line := at + i
		after := line + len(mark)
		if line > 0 && body[line-1] != '\n' {
			at = after
			continue
		}
		tail, rest := cutLine(body[after:])
		last := bytes.HasPrefix(tail, []byte("--"))
		if !last && !blank(tail) {
			at = after
			continue
		}
		if start >= 0 {
			all = append(all, trimEnd(body[start:line]))
		}
		start, at = len(body)-len(rest), len(body)-len(rest)
		if last {
			return all
		}
	}
	if start >= 0 && start < len(body) {
		all = append(all, body[start:])
	}
	return all
}

// trimEnd takes off the line end that belongs to the boundary behind.
func trimEnd(b []byte) []byte {
	b = bytes.TrimSuffix(b, []byte("\n"))
	return bytes.TrimSuffix(b, []byte("\r"))
}

// name is the file name that an entity gives itself.
func (e *entity) name() string {
	for _, s := range []string{e.disposition.params["filename"], e.mediaType.params["name"]} {
		if name := fileName(s); name != "" {
			return name
		}
	}
	return ""
}

// contentID is the entity's id, without brackets.
func (e *entity) contentID() string {
	return tidyID(strings.Trim(e.header.Raw("Content-ID"), "<> \t"))
}

// open reads the decoded body.
func (e *entity) open() io.Reader { return decoder(e.body, e.encoding) }

// read is at most limit bytes of the decoded body, and whether that is all.
func (e *entity) read(limit int) (data []byte, whole bool) {
	data, _ = io.ReadAll(io.LimitReader(e.open(), int64(limit)+1))
	if len(data) > limit {
		return data[:limit], false
	}
	return data, true
}
