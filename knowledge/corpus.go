package knowledge

import (
	"math"
	"slices"
	"strconv"
	"sync"
	"unicode/utf8"

	"huiyin/nlu"
)

// corpus is what the search compares a question with: every phrasing's terms, in memory. Terms are numbered, so
// that a phrasing is a sorted list of small numbers.
type corpus struct {
	numbers   map[string]uint32
	kinds     []kind
	df        []uint32  // in how many phrasings a term occurs
	common    []float32 // how common a term is in general
	idf       []float32 // by df and common; filled by weigh
	weight    []float32 // what a term adds to the square of a text's length; filled by weigh
	entries   map[int64]*entry
	phrasings int
	// occurrences is the sum of df, by sort of term.
	occurrences [kinds]float64
	table       *table
	learned     *learned    // nil until something was learnt
	rowOf       []int32     // by term: its row in the matcher, -1 for none
	synonyms    *nlu.Groups // the organisation's own
	scratch     sync.Pool
}

// entry is one article as the search sees it.
type entry struct {
	id     int64
	key    string
	status Status
	live   *variant // what customers get; nil: nothing
	draft  *variant // newer content that only editors may try; nil: none
}

// variant is one revision of an article.
type variant struct {
	revision  int64
	number    int
	content   Content
	phrasings []phrasing
	answer    bag // the words and ideas of all answers, with how often each occurs
}

// phrasing is one way of asking: the question or a similar one.
type phrasing struct {
	text       string
	language   string
	normalized string
	terms      []uint32 // rising
	signs      signs
}

func newCorpus() *corpus {
	c := &corpus{numbers: map[string]uint32{}, entries: map[int64]*entry{}}
	c.weigh()
	return c
}

// variantFor chooses what a search may use: customers get the live revision only.
func (e *entry) variantFor(drafts bool) *variant {
	if drafts && e.draft != nil {
		return e.draft
	}
	return e.live
}

func distinct(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

// put replaces an article; nil content takes it out.
func (c *corpus) put(id int64, e *entry) {
	if old := c.entries[id]; old != nil {
		c.count(old, false)
		delete(c.entries, id)
	}
	if e != nil {
		c.count(e, true)
		c.entries[id] = e
	}
}

func (c *corpus) count(e *entry, in bool) {
	by, add := uint32(1), 1
	if !in {
		by, add = math.MaxUint32, -1
	}
	for _, v := range []*variant{e.live, e.draft} {
		if v == nil {
			continue
		}
		for _, p := range v.phrasings {
			c.phrasings += add
			for _, n := range p.terms {
				c.df[n] += by
			}
		}
	}
}

// weigh fills in how telling each term is and where it occurs, after articles have changed.
func (c *corpus) weigh() {
	c.occurrences = [kinds]float64{}
	for n, df := range c.df {
		k := c.kinds[n]
		c.occurrences[k] += float64(df)
		c.idf[n] = c.rarity(float64(df), c.common[n])
		c.weight[n] = float32(kindShare(k)) * c.idf[n] * c.idf[n]
	}
	c.table = newTable(c)
}

// rarity is the inverse document frequency of a term, among the phrasings and some general ones.
func (c *corpus) rarity(df float64, common float32) float32 {
	return idf(float64(c.phrasings+commonPhrasings), df+commonPhrasings*float64(common))
}

func idf(phrasings, df float64) float32 {
	return float32(math.Log(1 + (phrasings-df+0.5)/(df+0.5)))
}

// number gives a term its number, a new one the next.
func (c *corpus) number(t cutTerm) uint32 {
	n, known := c.numbers[t.text]
	if !known {
		n = uint32(len(c.df))
		c.numbers[t.text] = n
		c.kinds = append(c.kinds, t.kind)
		c.df = append(c.df, 0)
		c.common = append(c.common, float32(commonTerms()[t.text]))
		c.idf = append(c.idf, 0)
		c.weight = append(c.weight, 0)
	}
	return n
}

// intern numbers the terms, in rising order and without repeats.
func (c *corpus) intern(terms []cutTerm) []uint32 {
	out := make([]uint32, len(terms))
	for i, t := range terms {
		out[i] = c.number(t)
	}
	slices.Sort(out)
	return slices.Clip(slices.Compact(out))
}

func (c *corpus) variant(revision int64, number int, content Content) *variant {
	v := &variant{revision: revision, number: number, content: content}
	var answer []uint32
	for _, l := range content.Languages() {
		for _, t := range c.addSynonyms(answerTerms(content.Answer[l]), clip(content.Answer[l], maxAnswerText)) {
			answer = append(answer, c.number(t))
		}
		if q := content.Question[l]; q != "" {
			v.phrasings = append(v.phrasings, c.phrasing(l, q))
		}
		for _, s := range content.Similar[l] {
			v.phrasings = append(v.phrasings, c.phrasing(l, s))
		}
	}
	v.answer = newBag(answer)
	return v
}

func (c *corpus) phrasing(language, text string) phrasing {
	normalized := normalize(text)
	terms := c.cut(normalized)
	return phrasing{text: text, language: language, normalized: normalized, terms: c.intern(terms), signs: readSigns(normalized, wordsOf(terms))}
}

// cut gives the terms of a normal form, with the organisation's own ideas.
func (c *corpus) cut(normalized string) []cutTerm {
	return c.addSynonyms(cut(normalized), normalized)
}

func (c *corpus) addSynonyms(terms []cutTerm, text string) []cutTerm {
	if c.synonyms == nil {
		return terms
	}
	for _, n := range c.synonyms.Find(nlu.Normalize(text)) {
		terms = append(terms, cutTerm{string(ideaMark) + "own " + strconv.Itoa(int(n)), kindIdea, ""})
	}
	return terms
}

// wordsOf gives the words of a text as they were written.
func wordsOf(terms []cutTerm) []string {
	var words []string
	for _, t := range terms {
		if t.word != "" {
			words = append(words, t.word)
		}
	}
	return distinct(words)
}

func clip(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit]
}
