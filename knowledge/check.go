package knowledge

import (
	"cmp"
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"huiyin/db"
	"huiyin/nlu"
)

// Finding is something that an editor should look at before an article goes live. It forbids nothing.
type Finding struct {
	Kind     string // one of the Found constants
	Language string // "": the article as a whole
	Text     string // the words that it is about
	Article  int64  // the other article; 0: none
	Title    string // of the other article
}

// What a check finds.
const (
	FoundSame      = "same_question"    // another article is asked by the very words
	FoundConflict  = "conflict"         // and it answers otherwise, for the same customers at the same time
	FoundNear      = "near_question"    // another article is likely to be found by these words
	FoundLanguage  = "missing_language" // other articles have this language, and this one has not
	FoundDeadLink  = "dead_link"        // the answer leads to an article that customers cannot read
	FoundRelated   = "dead_related"     // a related article is gone
	FoundVariable  = "unknown_variable"
	FoundUndated   = "ended"        // the article is over already
	FoundUnmatched = "no_phrasings" // one language has no similar question at all
)

// The bounds of a check, which is made while somebody types.
const (
	checkedPhrasings = 60
	checkedNear      = 3
	nearFrom         = 0.55 // the confidence from which another article is told of
)

// Check looks an article over as it is being written; id is its own, 0 of a new one.
func (x *Index) Check(ctx context.Context, from db.Querier, id int64, c Content) ([]Finding, error) {
	if err := x.Read(ctx); err != nil {
		return nil, err
	}
	found := c.alone(x.from.Now())
	asked, err := x.checkQuestions(ctx, id, c)
	if err != nil {
		return nil, err
	}
	dead, err := c.checkLinks(ctx, from)
	if err != nil {
		return nil, err
	}
	return slices.Concat(found, asked, dead), nil
}

// alone finds what the article shows by itself.
func (c Content) alone(now time.Time) []Finding {
	var found []Finding
	texts := map[string]string{}
	for l, a := range c.Answer {
		texts[l] += a
	}
	for _, v := range c.Variants {
		for l, a := range v.Answer {
			texts[l] += "\n" + a
		}
	}
	for _, l := range c.Languages() {
		for _, name := range UnknownVariables(texts[l]) {
			found = append(found, Finding{Kind: FoundVariable, Language: l, Text: name})
		}
		if c.Question[l] != "" && c.Answer[l] != "" && len(c.Similar[l]) == 0 {
			found = append(found, Finding{Kind: FoundUnmatched, Language: l})
		}
	}
	for _, l := range []string{"zh", "en"} {
		if c.Title() != "" && (c.Question[l] == "" || c.Answer[l] == "") {
			found = append(found, Finding{Kind: FoundLanguage, Language: l})
		}
	}
	if !c.ValidUntil.IsZero() && !now.Before(c.ValidUntil) {
		found = append(found, Finding{Kind: FoundUndated})
	}
	return found
}

// checkQuestions finds other articles that the same questions lead to.
func (x *Index) checkQuestions(ctx context.Context, id int64, c Content) ([]Finding, error) {
	found := x.sameQuestions(id, c)
	seen := map[int64]bool{id: true}
	for _, f := range found {
		seen[f.Article] = true
	}
	for _, l := range c.Languages() {
		if c.Question[l] == "" {
			continue
		}
		hits, err := x.Search(ctx, nlu.Analyze(c.Question[l]), Options{Language: l, Limit: checkedNear + 1, IncludeDrafts: true, Internal: true})
		if err != nil {
			return nil, err
		}
		for _, h := range hits {
			if h.Confidence >= nearFrom && !seen[h.ArticleID] {
				seen[h.ArticleID] = true
				found = append(found, Finding{Kind: FoundNear, Language: l, Text: h.Matched, Article: h.ArticleID, Title: h.Question})
			}
		}
	}
	return found, nil
}

// wording is one way of asking.
type wording struct{ language, text string }

// askedIn are the first ways of asking in each language, by their normal form.
func (c Content) askedIn() map[string]wording {
	wanted := map[string]wording{}
	for _, l := range c.Languages() {
		list := append([]string{c.Question[l]}, c.Similar[l]...)
		for _, text := range list[:min(len(list), checkedPhrasings)] {
			if n := normalize(text); n != "" {
				wanted[n] = wording{l, text}
			}
		}
	}
	return wanted
}

// sameQuestions finds the articles, published or not, that have a phrasing of the content's, whatever its case and punctuation.
func (x *Index) sameQuestions(id int64, c Content) []Finding {
	wanted, now := c.askedIn(), x.from.Now()
	x.mu.RLock()
	defer x.mu.RUnlock()
	var found []Finding
	for other, e := range x.corpus.entries {
		v := e.newest()
		if other == id || v == nil {
			continue
		}
		for _, p := range v.phrasings {
			a, same := wanted[p.normalized]
			if !same || len(found) == maxSame {
				continue
			}
			f := Finding{Kind: FoundSame, Language: a.language, Text: a.text, Article: other, Title: v.content.Title()}
			if c.contradicts(v.content, a.language, now) {
				f.Kind = FoundConflict
			}
			found = append(found, f)
		}
	}
	slices.SortFunc(found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Article, b.Article), strings.Compare(a.Text, b.Text))
	})
	return found
}

// maxSame bounds what is told of the same questions elsewhere.
const maxSame = 20

func (e *entry) newest() *variant {
	if e.draft != nil {
		return e.draft
	}
	return e.live
}

// contradicts tells whether two articles with the same question answer it differently, for the same customers, at a time from now on
// that both are valid.
func (c Content) contradicts(other Content, language string, now time.Time) bool {
	if !startsBefore(now, c.ValidUntil) || !startsBefore(now, other.ValidUntil) {
		return false
	}
	if c.Audience != other.Audience || c.Answer[language] == "" || other.Answer[language] == "" {
		return false
	}
	if normalize(c.Answer[language]) == normalize(other.Answer[language]) {
		return false
	}
	return startsBefore(c.ValidFrom, other.ValidUntil) && startsBefore(other.ValidFrom, c.ValidUntil)
}

// startsBefore tells whether a beginning is before an end; neither is bound when it is zero.
func startsBefore(begins, ends time.Time) bool { return ends.IsZero() || begins.Before(ends) }

var articleLink = regexp.MustCompile(`\]\((?:https?://[^)\s]*?)?/a/(\d{1,18})\b[^)]*\)`)

// Links are the ids of the articles that the answers lead to.
func (c Content) Links() []int64 {
	var ids []int64
	read := func(text string) {
		for _, found := range articleLink.FindAllStringSubmatch(text, -1) {
			if id, err := strconv.ParseInt(found[1], 10, 64); err == nil && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	for _, answer := range c.Answer {
		read(answer)
	}
	for _, v := range c.Variants {
		for _, answer := range v.Answer {
			read(answer)
		}
	}
	slices.Sort(ids)
	return ids
}

// checkLinks finds links and related articles that lead nowhere.
func (c Content) checkLinks(ctx context.Context, from db.Querier) ([]Finding, error) {
	var found []Finding
	linked := c.Links()
	known, err := Mentioned(ctx, from, slices.Concat(linked, c.Related))
	if err != nil {
		return nil, err
	}
	for _, id := range linked {
		if m := known[id]; m.Status != Published || m.Audience == Internal {
			found = append(found, Finding{Kind: FoundDeadLink, Article: id, Title: m.Title, Text: strconv.FormatInt(id, 10)})
		}
	}
	for _, id := range c.Related {
		if m := known[id]; m.Status == "" || m.Status == Archived {
			found = append(found, Finding{Kind: FoundRelated, Article: id, Title: m.Title, Text: strconv.FormatInt(id, 10)})
		}
	}
	return found, nil
}
