package mail

import "strings"

// body is what the text parts of a mail come to.
type body struct {
	text, html         string
	quoted, quotedHTML string
	signature          string
	remote, trackers   int
	shows              map[string]bool // Content-IDs of the pictures that the HTML shows
}

// body puts the segments together and folds what is quoted.
func (w *walk) body() body {
	w.textLeft, w.htmlLeft = w.limits.Text, w.limits.Text
	var plain, rich []string
	hasHTML := false
	if len(w.segments) == 0 {
		w.segments = w.packed
	}
	for _, s := range w.segments {
		hasHTML = hasHTML || len(s.html) > 0
	}
	for _, s := range w.segments {
		text := w.readAll(s.plain, &w.textLeft)
		plain = append(plain, text)
		switch {
		case len(s.html) > 0:
			rich = append(rich, w.readAll(s.html, &w.htmlLeft))
		case hasHTML && text != "":
			rich = append(rich, plainHTML(text))
		}
	}
	b := w.fold(strings.TrimSpace(strings.Join(plain, "\n")), strings.Join(rich, "\n"))
	b.text, b.quoted = cut(b.text, w.limits.Text), cut(b.quoted, w.limits.Text)
	for _, f := range w.forwarded {
		b.quoted = strings.TrimSpace(b.quoted + "\n\n" + f)
	}
	return b
}

// readAll decodes text parts one after the other as long as there is room.
func (w *walk) readAll(list []*entity, left *int) string {
	var out []string
	for _, e := range list {
		data, whole := e.read(max(*left, 0))
		if !whole {
			w.note(textCut)
		}
		*left -= len(data)
		text := decodeText(data, textCharset(e, data))
		if !strings.HasSuffix(e.mediaType.value, "html") {
			text = w.files(w.armoured(text))
		}
		if e.mediaType.params["format"] == "flowed" && e.mediaType.value == "text/plain" {
			text = unflow(text, strings.EqualFold(e.mediaType.params["delsp"], "yes"))
		}
		out = append(out, text)
	}
	return strings.Join(out, "\n")
}

// textCharset is the charset that a part claims: its own header's, else what the HTML says of itself.
func textCharset(e *entity, data []byte) string {
	if label := e.mediaType.params["charset"]; label != "" {
		return label
	}
	if strings.Contains(e.mediaType.value, "html") {
		return metaCharset(data)
	}
	return ""
}

// metaCharset finds charset=… in the first bytes of HTML.
func metaCharset(data []byte) string {
	head := strings.ToLower(string(data[:min(len(data), 2048)]))
	_, after, ok := strings.Cut(head, "charset=")
	if !ok {
		return ""
	}
	after = strings.TrimLeft(after, `"' `)
	end := strings.IndexAny(after, "\"'> ;/")
	if end < 0 {
		return ""
	}
	return after[:end]
}

// unflow joins the lines that format=flowed has broken (RFC 3676): a space before the end of a line means that it goes on.
func unflow(s string, delSpace bool) string {
	var out strings.Builder
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		depth, text := quoteDepth(line)
		text = strings.TrimPrefix(text, " ")
		joins := i > 0 && flows(lines[i-1]) && depth == depthOf(lines[i-1]) && text != "-- "
		if !joins {
			if i > 0 {
				out.WriteByte('\n')
			}
			out.WriteString(strings.Repeat(">", depth))
			if depth > 0 {
				out.WriteByte(' ')
			}
		}
		if delSpace && flows(line) {
			text = strings.TrimSuffix(text, " ")
		}
		out.WriteString(text)
	}
	return out.String()
}

func flows(line string) bool { return strings.HasSuffix(line, " ") && line != "-- " }

func depthOf(line string) int {
	depth, _ := quoteDepth(line)
	return depth
}

// quoteDepth counts the ">" that a line begins with.
func quoteDepth(line string) (depth int, text string) {
	for strings.HasPrefix(line, ">") {
		depth, line = depth+1, line[1:]
	}
	return depth, line
}
