package help

import (
	"context"
	"errors"
	"html/template"
	"net/http"
	"slices"
	"time"

	"huiyin/knowledge"
	"huiyin/nlu"
)

// articleBody is what the page of an article shows.
type articleBody struct {
	ID       int64
	Title    string
	HTML     template.HTML // the sanitised answer
	Contents []heading
	Updated  string
	Changed  string // for machines
	Related  []item
	Vote     string // where its form is sent
	Voted    string // "": not yet, "yes", "no", "again", "noted", "many"
}

const mostRelated = 5

// articlePage shows one article, as the database has it at this moment.
func (c *Centre) articlePage(v *visit, name string) {
	id, ok := idOf(name)
	if !ok {
		c.missing(v)
		return
	}
	a, err := c.article(v.r.Context(), id, v.language, v.now)
	if errors.Is(err, knowledge.ErrNotFound) {
		c.otherLanguage(v, id)
		return
	}
	if err != nil {
		c.Log.Error("an article of the help centre cannot be read", "article", id, "error", err)
		http.Error(v.w, "the article cannot be read at the moment", http.StatusServiceUnavailable)
		return
	}
	if want := articlePath(a.book); v.path != want {
		http.Redirect(v.w, v.r, v.link(want)+query(v.r.URL.RawQuery), http.StatusMovedPermanently)
		return
	}
	c.count(v, a.book)
	c.show(v, "article", c.articleShown(v, a), a.updated)
}

// read is an article that may be read, with its whole answer.
type read struct {
	*book
	content knowledge.Content
	other   *book // in the other language; nil when it is not in it
	answer  string
	id, rev int64
}

// article reads what a reader of this language may read of an article now; knowledge.ErrNotFound for everything else.
func (c *Centre) article(ctx context.Context, id int64, language string, now time.Time) (read, error) {
	p, err := knowledge.GetLive(ctx, c.DB, id)
	if err != nil {
		return read{}, err
	}
	if !p.Content.Serves(knowledge.Options{At: now}) {
		return read{}, knowledge.ErrNotFound
	}
	a := read{content: p.Content, id: id, rev: p.Revision, answer: c.answer(p.Content, language)}
	for _, b := range c.books(p) {
		if b.language == language {
			a.book = b
		} else {
			a.other = b
		}
	}
	if a.book == nil {
		return read{}, knowledge.ErrNotFound
	}
	return a, nil
}

// otherLanguage leads to an article that there is in the other language only.
func (c *Centre) otherLanguage(v *visit, id int64) {
	if a, err := c.article(v.r.Context(), id, v.words.OtherCode, v.now); err == nil {
		http.Redirect(v.w, v.r, v.link(articlePath(a.book)), http.StatusFound)
		return
	}
	c.missing(v)
}

func (c *Centre) articleShown(v *visit, a read) *page {
	p := c.newPage(v, a.title, articlePath(a.book))
	paths := map[string]string{v.language: articlePath(a.book)}
	if a.other != nil {
		paths[a.other.language] = articlePath(a.other)
		p.Switch = v.link(articlePath(a.other))
	}
	p.inLanguages(c, v.settings, paths)
	p.Description, p.Kind = a.summary, "article"
	p.Crumbs = c.crumbs(v, a.category, a.title)
	if p.Chat != nil {
		p.Chat.Article = a.title
	}
	shown, contents := c.shown(v.r.Context(), a)
	p.Structured = []any{c.crumbData(v, p.Crumbs), c.answerData(v, a, shown)}
	p.Body = articleBody{ID: a.id, Title: a.title, HTML: template.HTML(shown), Contents: contents, Updated: v.date(a.updated), Changed: a.updated.UTC().Format("2006-01-02"),
		Related: c.related(v, a), Vote: v.link("/" + v.language + "/a/" + name(a.id)), Voted: v.r.URL.Query().Get("voted")}
	return p
}

// related are the articles that its editors named, then those that are nearest in meaning, and where there are too few, others of the category.
func (c *Centre) related(v *visit, a read) []item {
	var list []*book
	add := func(b *book) {
		if b != nil && b.id != a.id && len(list) < mostRelated && !slices.ContainsFunc(list, func(o *book) bool { return o.id == b.id }) {
			list = append(list, b)
		}
	}
	for _, id := range a.content.Related {
		add(c.shelf.get(id, v.language, v.now))
	}
	hits, err := c.Meaning.Search(v.r.Context(), nlu.Analyze(a.title), knowledge.Options{Language: v.language, Limit: 2 * mostRelated, Channel: c.Channel, At: v.now})
	if err != nil {
		c.Log.Warn("related articles were not found", "article", a.id, "error", err)
	}
	for _, h := range hits {
		if h.Confidence >= leastRelated || h.Score >= leastRelated {
			add(c.shelf.get(h.ArticleID, v.language, v.now))
		}
	}
	for _, b := range c.shelf.view(v.language, v.now).category[a.category] {
		add(b)
	}
	return v.items(list, mostRelated)
}

const leastRelated = 0.05

// ServeShort answers the short address of an article, which messages carry: it leads to the article's page, or shows the article alone
// where the help centre is closed. Both show only what customers may read.
func (c *Centre) ServeShort(w http.ResponseWriter, r *http.Request) {
	id, ok := idOf(r.PathValue("id"))
	language := preferred(r.Header.Get("Accept-Language"))
	v := &visit{w: w, r: r, base: Path, language: language, words: wordsFor(language), settings: *c.settings.Load(), now: c.DB.Now()}
	w.Header().Add("Vary", "Accept-Language")
	w.Header().Set("Referrer-Policy", "no-referrer")
	if !ok {
		http.NotFound(w, r)
		return
	}
	a, err := c.article(r.Context(), id, language, v.now)
	if errors.Is(err, knowledge.ErrNotFound) {
		v.language, v.words = v.words.OtherCode, wordsFor(v.words.OtherCode)
		a, err = c.article(r.Context(), id, v.language, v.now)
	}
	switch {
	case errors.Is(err, knowledge.ErrNotFound):
		http.NotFound(w, r)
	case err != nil:
		c.Log.Error("article not shown", "article", id, "error", err)
		http.Error(w, "the article cannot be read at the moment", http.StatusServiceUnavailable)
	case v.settings.Open:
		http.Redirect(w, r, c.absolute(v.settings, articlePath(a.book)), http.StatusFound)
	default:
		c.alone(v, a)
	}
}

// alone shows an article without anything around it.
func (c *Centre) alone(v *visit, a read) {
	p := c.newPage(v, a.title, articlePath(a.book))
	p.Index, p.Canonical, p.Chat = false, "", nil
	shown, contents := c.shown(v.r.Context(), a)
	p.Body = articleBody{Title: a.title, HTML: template.HTML(shown), Contents: contents, Updated: v.date(a.updated), Changed: a.updated.UTC().Format("2006-01-02")}
	c.show(v, "alone", p, a.updated)
}

// Text is an article as customers read it outside the pages: in a chat, in a preview.
type Text struct {
	Title, Answer, Language string
	UpdatedAt               time.Time
}

// Text reads an article for a customer who asks for a language, in that one or another; knowledge.ErrNotFound when customers may not
// read it now.
func (c *Centre) Text(ctx context.Context, id int64, language string) (Text, error) {
	wanted := preferred(language)
	for _, l := range []string{wanted, wordsFor(wanted).OtherCode} {
		a, err := c.article(ctx, id, l, c.DB.Now())
		if err == nil {
			return Text{a.title, a.answer, l, a.updated}, nil
		}
		if !errors.Is(err, knowledge.ErrNotFound) {
			return Text{}, err
		}
	}
	return Text{}, knowledge.ErrNotFound
}
