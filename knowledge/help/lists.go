package help

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"huiyin/knowledge"
)

// item is an article in a list.
type item struct {
	Title, URL, Summary string
	Updated             string
}

func (v *visit) items(books []*book, most int) []item {
	list := make([]item, 0, min(len(books), most))
	for _, b := range books[:min(len(books), most)] {
		list = append(list, item{Title: b.title, URL: v.link(articlePath(b)), Summary: b.summary, Updated: v.date(b.updated)})
	}
	return list
}

func (v *visit) date(at time.Time) string {
	if v.language == "en" {
		return at.Format("2 January 2006")
	}
	return at.Format("2006年1月2日")
}

// card is a category in a list.
type card struct {
	Name, URL, Mark string
	Count           int
	Top             []item
	path            string
}

// shelves remembers the categories for a moment, since every page asks for them.
type shelves struct {
	mu   sync.Mutex
	at   time.Time
	list []knowledge.Category
}

const categoriesKept = 2 * time.Second

// categories are those of the articles, in their order.
func (c *Centre) categories(ctx context.Context, now time.Time) []knowledge.Category {
	c.kept.mu.Lock()
	defer c.kept.mu.Unlock()
	if c.kept.list != nil && now.Sub(c.kept.at) < categoriesKept {
		return c.kept.list
	}
	list, err := knowledge.Categories(ctx, c.DB)
	if err != nil {
		c.Log.Error("the categories of the help centre cannot be read", "error", err)
		return c.kept.list
	}
	c.kept.list, c.kept.at = list, now
	return list
}

const (
	topOfCategory = 3
	topOfHome     = 6
)

// cards are the categories right below one that hold something to read.
func (c *Centre) cards(v *visit, all *view, parent string) []card {
	var list []card
	for _, one := range c.categories(v.r.Context(), v.now) {
		if one.Parent() != parent || len(all.under[one.Path]) == 0 {
			continue
		}
		name := one.Name(v.language)
		list = append(list, card{Name: name, URL: v.link(categoryPath(v.language, one.Path)), Mark: strings.ToUpper(string([]rune(name)[:1])), Count: len(all.under[one.Path]),
			Top: v.items(all.under[one.Path], topOfCategory), path: one.Path})
	}
	return list
}

// homeBody is what the first page shows.
type homeBody struct {
	Intro           string
	Cards           []card
	Popular, Newest []item
}

func (c *Centre) homePage(v *visit) {
	all := c.shelf.view(v.language, v.now)
	p := c.newPage(v, "", "/"+v.language+"/")
	p.inLanguages(c, v.settings, map[string]string{"zh": "/zh/", "en": "/en/"})
	intro := text(v.settings.Intro, v.language, v.words.Intro)
	p.Description = intro
	p.Structured = c.siteData(v, p)
	body := homeBody{Intro: intro, Cards: c.cards(v, all, ""), Popular: v.items(all.popular, topOfHome), Newest: v.items(all.books, topOfHome)}
	if loose := all.category[""]; len(loose) > 0 {
		body.Cards = append(body.Cards, card{Name: v.words.Other, URL: v.link("/" + v.language + "/c/-"), Mark: "…", Count: len(loose), Top: v.items(loose, topOfCategory)})
	}
	p.Body = body
	c.show(v, "home", p, time.Time{})
}

// categoryBody is what the page of a category shows.
type categoryBody struct {
	Name  string
	Count int
	Below []section
	Items []item
}

// section is a category below the one shown, with its articles.
type section struct {
	Name, URL string
	Count     int
	Items     []item
}

const (
	mostOfSection  = 8
	mostOfCategory = 500
)

func (c *Centre) categoryPage(v *visit, path string) {
	if decoded, err := url.PathUnescape(path); err == nil {
		path = decoded
	}
	all := c.shelf.view(v.language, v.now)
	known := c.categories(v.r.Context(), v.now)
	at := slices.IndexFunc(known, func(one knowledge.Category) bool { return one.Path == path })
	loose := path == "-"
	if !loose && (at < 0 || len(all.under[path]) == 0) || loose && len(all.category[""]) == 0 {
		c.missing(v)
		return
	}
	body := categoryBody{Name: v.words.Other, Count: len(all.category[""]), Items: v.items(all.category[""], mostOfCategory)}
	if !loose {
		body = categoryBody{Name: known[at].Name(v.language), Count: len(all.under[path]), Items: v.items(all.category[path], mostOfCategory)}
		for _, one := range c.cards(v, all, path) {
			body.Below = append(body.Below, section{one.Name, one.URL, one.Count, v.items(all.under[one.path], mostOfSection)})
		}
	}
	p := c.newPage(v, body.Name, categoryPath(v.language, path))
	paths := map[string]string{v.language: categoryPath(v.language, path)}
	if len(c.shelf.view(v.words.OtherCode, v.now).under[path]) > 0 {
		paths[v.words.OtherCode] = categoryPath(v.words.OtherCode, path)
		p.Switch = v.link(paths[v.words.OtherCode])
	}
	p.inLanguages(c, v.settings, paths)
	p.Crumbs = c.crumbs(v, path, "")
	p.Description = body.Name + " · " + p.Site
	p.Structured = []any{c.crumbData(v, p.Crumbs)}
	p.Body = body
	c.show(v, "category", p, time.Time{})
}

// crumbs lead from the first page to a category, or to an article in it.
func (c *Centre) crumbs(v *visit, category, title string) []crumb {
	list := []crumb{{Text: v.words.Home, URL: v.home()}}
	for _, one := range c.categories(v.r.Context(), v.now) {
		if category == one.Path || strings.HasPrefix(category, one.Path+"/") {
			list = append(list, crumb{Text: one.Name(v.language), URL: v.link(categoryPath(v.language, one.Path))})
		}
	}
	if title != "" {
		list = append(list, crumb{Text: title, Last: true})
	} else {
		list[len(list)-1].Last = true
	}
	return list
}

// newestFirst is the order of what lists and feeds show by time.
func newestFirst(a, b *book) int {
	return cmp.Or(b.updated.Compare(a.updated), cmp.Compare(b.id, a.id))
}
