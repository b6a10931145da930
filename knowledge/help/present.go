package help

import (
	"context"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"huiyin/knowledge"
)

// heading is an entry of an article's list of contents.
type heading struct {
	ID, Text string
	Deep     bool // below another one
}

const (
	leastHeadings = 3
	leastLong     = 1200 // characters from which on an article counts as long
)

// present makes an answer's sanitised HTML ready for its page: headings stand below the title and can be linked to, pictures load when
// they are near, and the page keeps their places free until then. A long article has a list of contents.
func present(safe string, sizes map[string][2]int) (shown string, contents []heading) {
	z := html.NewTokenizer(strings.NewReader(safe))
	var b strings.Builder
	var open *heading
	n := 0
	for z.Next() != html.ErrorToken {
		t := z.Token()
		switch {
		case isHeading(t.Data) && t.Type == html.StartTagToken:
			n++
			level := lower(t.Data)
			open = &heading{ID: "s" + strconv.Itoa(n), Deep: level > "h2"}
			t = html.Token{Type: t.Type, Data: level, Attr: []html.Attribute{{Key: "id", Val: open.ID}}}
		case isHeading(t.Data) && t.Type == html.EndTagToken:
			t.Data = lower(t.Data)
			if open != nil && strings.TrimSpace(open.Text) != "" {
				contents = append(contents, *open)
			}
			open = nil
		case t.Data == "img" && t.Type != html.EndTagToken:
			t.Attr = append(t.Attr, append(measured(t, sizes), html.Attribute{Key: "loading", Val: "lazy"}, html.Attribute{Key: "decoding", Val: "async"})...)
		case t.Data == "table" && t.Type == html.StartTagToken:
			b.WriteString(`<div class="wide" tabindex="0">`)
		case t.Type == html.TextToken && open != nil:
			open.Text += t.Data
		}
		b.WriteString(t.String())
		if t.Data == "table" && t.Type == html.EndTagToken {
			b.WriteString("</div>")
		}
	}
	if len(contents) < leastHeadings || len([]rune(safe)) < leastLong {
		contents = nil
	}
	return b.String(), contents
}

// measured says how large a picture is that is one of our files.
func measured(img html.Token, sizes map[string][2]int) []html.Attribute {
	for _, a := range img.Attr {
		if a.Key != "src" {
			continue
		}
		for _, key := range knowledge.FileKeys(a.Val) {
			if size, known := sizes[key]; known {
				return []html.Attribute{{Key: "width", Val: strconv.Itoa(size[0])}, {Key: "height", Val: strconv.Itoa(size[1])}}
			}
		}
	}
	return nil
}

// shown makes an answer ready for its page. Where the sizes of its pictures cannot be read it is shown without.
func (c *Centre) shown(ctx context.Context, a read) (string, []heading) {
	keys := knowledge.FileKeys(a.answer)
	if c.Sizes == nil || len(keys) == 0 {
		return present(c.Render(a.answer), nil)
	}
	sizes, err := c.Sizes(ctx, keys)
	if err != nil {
		c.Log.Warn("the sizes of an article's pictures cannot be read", "article", a.id, "error", err)
	}
	return present(c.Render(a.answer), sizes)
}

func isHeading(tag string) bool {
	return len(tag) == 2 && tag[0] == 'h' && tag[1] >= '1' && tag[1] <= '6'
}

// lower is the level that a heading has below the title of the page: the highest is h2.
func lower(tag string) string {
	return map[string]string{"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h5", "h6": "h6"}[tag]
}
