package mail

import (
	"html"
	"strings"
)

// htmlCut is shown where HTML was too much to be read.
const htmlCut problem = "The mail's layout is too large; its end is only in the original."

// fold takes both forms of a mail's text and folds the history in them. The text is the plain form's where the sender
// wrote one that says as much; what is folded is decided for each form by itself.
func (w *walk) fold(plain, rich string) body {
	if strings.TrimSpace(rich) == "" {
		f := foldText(plain)
		return body{text: f.text, quoted: f.quoted, signature: f.signature}
	}
	root, whole := parseHTML(rich)
	if !whole {
		w.note(htmlCut)
	}
	lines := domLines(root)
	folds := foldLines(lines)
	shown := cleanTree(root, func(line int) bool { return !folds.quoted.has(line) })
	b := body{html: w.fenced(shown), remote: shown.remote, trackers: shown.trackers, shows: shown.shows}
	if folds.quoted.to > folds.quoted.from {
		history := cleanTree(root, folds.quoted.has)
		b.quotedHTML = w.fenced(history)
		b.remote, b.trackers = b.remote+history.remote, b.trackers+history.trackers
		for id := range history.shows {
			b.shows[id] = true
		}
	}
	f := cutLines(lines, folds)
	if own := foldText(plain); speaks(own, f, plain) {
		f = own
	}
	b.text, b.quoted, b.signature = f.text, f.quoted, f.signature
	return b
}

// fenced is a cleaned tree behind the fence; "" when it is too large to be kept beside the text.
func (w *walk) fenced(c *cleaner) string {
	if c.out.Len() > w.limits.Text {
		w.note(htmlCut)
		return ""
	}
	return fence(strings.TrimSpace(c.out.String()))
}

// speaks tells whether the plain form is the better text: it says something, not less than the HTML does, and the
// history was found in it where it was found there.
func speaks(own, rich folded, plain string) bool {
	if own.text == "" || strings.ContainsRune(plain, '\uFFFD') {
		return false
	}
	if rich.quoted != "" && own.quoted == "" {
		return false
	}
	return len(own.text)*2 >= len(rich.text) && !strings.Contains(own.text, "<html")
}

// plainHTML is a text as HTML.
func plainHTML(s string) string {
	return "<div>" + strings.ReplaceAll(html.EscapeString(s), "\n", "<br>") + "</div>"
}
