package knowledge

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"huiyin/nlu"
)

// corpus is what the search compares a question with: every phrasing's terms, in memory. Terms are numbered, so
// that a phrasing is a sorted list of small numbers.
type corpus struct {
	numbers   map[string]uint32
	df        []uint32  // in how many phrasings a term occurs
	idf       []float32 // by df; filled by weigh
	entries   map[int64]*entry
	phrasings int
	// occurrences is the sum of df.
	occurrences float64
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
	answers   map[string][]uint32 // the words of the answer, by language
	words     bag                 // of all phrasings together
	pieces    bag
}

// phrasing is one way of asking: the question or a similar one.
type phrasing struct {
	text       string
	language   string
	normalized string
	words      []uint32
	pieces     []uint32
	signs      signs
}

func newCorpus() *corpus {
	return &corpus{numbers: map[string]uint32{}, entries: map[int64]*entry{}}
}

// variantFor chooses what a search may use: customers get the live revision only.
func (e *entry) variantFor(drafts bool) *variant {
	if drafts && e.draft != nil {
		return e.draft
	}
	return e.live
}

// normalize gives the form in which two texts are the same question: marks around it say nothing.
func normalize(text string) string { return trimMarks(nlu.Normalize(text)) }

func trimMarks(normalized string) string { return strings.Trim(normalized, " ?!.,;:~-\"'()[]") }

// terms cuts a normal form into words and the smaller pieces that forgive a typo.
func terms(normalized string) (words, pieces []string) {
	words = distinct(nlu.Words(normalized))
	for _, t := range distinct(nlu.Terms(normalized)) {
		if _, isWord := slices.BinarySearch(words, t); !isWord {
			pieces = append(pieces, t)
		}
	}
	return words, pieces
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
			for _, n := range p.words {
				c.df[n] += by
			}
			for _, n := range p.pieces {
				c.df[n] += by
			}
		}
	}
}

// weigh fills in how telling each term is, after articles have changed.
func (c *corpus) weigh() {
	c.occurrences = 0
	for n, df := range c.df {
		c.occurrences += float64(df)
		c.idf[n] = idf(c.phrasings, int(df))
	}
}

func idf(phrasings, df int) float32 {
	return float32(math.Log(1 + (float64(phrasings)-float64(df)+0.5)/(float64(df)+0.5)))
}

// intern numbers the terms, giving new ones a new number, in rising order.
func (c *corpus) intern(list []string) []uint32 {
	out := make([]uint32, len(list))
	for i, t := range list {
		n, known := c.numbers[t]
		if !known {
			n = uint32(len(c.df))
			c.numbers[t] = n
			c.df = append(c.df, 0)
			c.idf = append(c.idf, 0)
		}
		out[i] = n
	}
	slices.Sort(out)
	return out
}

func (c *corpus) variant(revision int64, number int, content Content) *variant {
	v := &variant{revision: revision, number: number, content: content, answers: map[string][]uint32{}}
	for _, l := range content.Languages() {
		v.answers[l] = c.answerWords(content.Answer[l])
		if q := content.Question[l]; q != "" {
			v.phrasings = append(v.phrasings, c.phrasing(l, q))
		}
		for _, s := range content.Similar[l] {
			v.phrasings = append(v.phrasings, c.phrasing(l, s))
		}
	}
	v.gather()
	return v
}

func (c *corpus) phrasing(language, text string) phrasing {
	normalized := normalize(text)
	words, pieces := terms(normalized)
	return phrasing{text: text, language: language, normalized: normalized, words: c.intern(words), pieces: c.intern(pieces), signs: readSigns(normalized, words)}
}

// maxAnswerText is how much of an answer is compared with questions, in bytes.
const maxAnswerText = 4 << 10

func (c *corpus) answerWords(answer string) []uint32 {
	return c.intern(answerTerms(answer))
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

func answerTerms(answer string) []string {
	return distinct(nlu.Words(nlu.Normalize(clip(answer, maxAnswerText))))
}
