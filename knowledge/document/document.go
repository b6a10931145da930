// Package document takes documents apart at their headings: Word files, HTML pages and Markdown become sections, each with
// the text below its heading as Markdown. It reads within limits, runs nothing, follows no link and fetches no picture; what
// a section is for is not its matter.
package document

import (
	"strings"
	"unicode/utf8"
)

// Section is one heading with the text below it, down to the next heading at which the document is divided.
type Section struct {
	Path     []string // the headings above, the highest first
	Heading  string   // empty for text before the first heading
	Text     string   // Markdown
	Pictures []string // where pictures are, as the document names them; they are not in the text
}

// MaxLevel is the deepest heading at which a document can be divided.
const MaxLevel = 3

// block is one piece of a document, with its text as Markdown.
type block struct {
	kind    kind
	level   int    // of a heading, from 1; of a list item, from 0
	ordered bool   // a list item with a number
	text    string // Markdown; of a heading plain text
	picture string
}

type kind int

const (
	paragraph kind = iota
	heading
	item
	code
	quote
	picture
)

// divide makes sections of blocks, one for every heading of this level or above. A heading that has nothing below it but
// other headings is only part of their path.
func divide(blocks []block, level int) []Section {
	var sections []Section
	var body []block
	var titles [10]string
	at, current := 0, Section{}
	end := func(next int) {
		current.Text = markdown(body)
		if current.Text != "" || current.Heading != "" && next <= at || len(current.Pictures) > 0 {
			sections = append(sections, current)
		}
		body = nil
	}
	for _, b := range blocks {
		switch {
		case b.kind == heading && b.level <= level && b.text != "":
			end(b.level)
			at = b.level
			titles[at] = b.text
			clear(titles[at+1:])
			current = Section{Heading: b.text, Path: present(titles[1:at])}
		case b.kind == picture:
			current.Pictures = append(current.Pictures, b.picture)
		case b.text != "":
			body = append(body, b)
		}
	}
	end(0)
	return sections
}

func present(titles []string) []string {
	var path []string
	for _, t := range titles {
		if t != "" {
			path = append(path, t)
		}
	}
	return path
}

// markdown writes blocks one below the other.
func markdown(blocks []block) string {
	var out strings.Builder
	for i, b := range blocks {
		if i > 0 {
			out.WriteString("\n")
			if b.kind != item || blocks[i-1].kind != item {
				out.WriteString("\n")
			}
		}
		switch b.kind {
		case heading:
			out.WriteString("**" + escaped(b.text) + "**")
		case item:
			mark := "- "
			if b.ordered {
				mark = "1. "
			}
			indent := strings.Repeat("   ", min(b.level, 5))
			below := "\n" + indent + strings.Repeat(" ", len(mark))
			out.WriteString(indent + mark + strings.ReplaceAll(strings.ReplaceAll(b.text, "\n", below), below+below, "\n"+below))
		case code:
			fence := "```"
			for strings.Contains(b.text, fence) {
				fence += "`"
			}
			out.WriteString(fence + "\n" + b.text + "\n" + fence)
		case quote:
			out.WriteString("> " + strings.ReplaceAll(b.text, "\n", "\n> "))
		default:
			out.WriteString(b.text)
		}
	}
	return strings.TrimSpace(out.String())
}

// escaped keeps plain text from being taken for Markdown.
func escaped(text string) string {
	if !strings.ContainsAny(text, "\\`*_[]<&#+-.)>|~") {
		return text
	}
	var out strings.Builder
	for i, r := range text {
		if strings.ContainsRune("\\`*_[]<~", r) || r == '&' && strings.Contains(text[i:], ";") {
			out.WriteByte('\\')
		}
		out.WriteRune(r)
	}
	return out.String()
}

// escapedStart keeps the first characters of a paragraph from being taken for a heading, a quote or a list.
func escapedStart(text string) string {
	rest := strings.TrimLeft(text, "0123456789")
	switch {
	case text == "":
		return text
	case strings.ContainsRune("#>+-=", rune(text[0])):
		return "\\" + text
	case len(rest) < len(text) && rest != "" && (rest[0] == '.' || rest[0] == ')') && (len(rest) == 1 || rest[1] == ' '):
		return text[:len(text)-len(rest)] + "\\" + rest
	}
	return text
}

// plain is one line without controls.
func plain(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == utf8.RuneError {
			return ' '
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// link writes a link, where it leads somewhere that a customer may follow; else only its text.
func link(text, address string) string {
	address = strings.TrimSpace(address)
	scheme, _, ok := strings.Cut(strings.ToLower(address), ":")
	if strings.TrimSpace(text) == "" || !ok || scheme != "http" && scheme != "https" && scheme != "mailto" && scheme != "tel" {
		return text
	}
	address = strings.NewReplacer("(", "%28", ")", "%29", " ", "%20", "<", "%3C", ">", "%3E", "\n", "", "\r", "", "\t", "", "\\", "%5C").Replace(address)
	return "[" + strings.ReplaceAll(text, "\n", " ") + "](" + address + ")"
}

// flattened writes a table as a list, since most channels show no tables: one line a row, each cell behind the heading of
// its column.
func flattened(rows [][]string, headed bool) []block {
	var head []string
	if headed && len(rows) > 1 {
		head, rows = rows[0], rows[1:]
	}
	var list []block
	for _, row := range rows {
		var parts []string
		for i, cell := range row {
			if cell = strings.TrimSpace(strings.ReplaceAll(cell, "\n", " ")); cell == "" {
				continue
			}
			if i < len(head) && head[i] != "" {
				cell = strings.TrimSpace(strings.ReplaceAll(head[i], "\n", " ")) + ": " + cell
			}
			parts = append(parts, cell)
		}
		if len(parts) > 0 {
			list = append(list, block{kind: item, text: strings.Join(parts, "; ")})
		}
	}
	return list
}
