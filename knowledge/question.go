package knowledge

// question is what was asked, in the corpus's numbers.
type question struct {
	normalized string
	language   string
	terms      []asked           // those that some phrasing or answer has, in the order of the text
	unknown    []string          // words that no phrasing has
	names      map[uint32]string // the words of terms as they were written
	signs      signs

	squares [kinds]float64 // the squared length by sort of term, unknown terms included
	all     [kinds]float64 // how many different terms there are, known or not
	weight  [kinds]float64 // what they weigh together, as shares are counted
	answer  float64        // what the words weigh among answers

	look, lookPieces []string // what the index on disk is asked for

	without *leftOut // only while learning
}

// asked is one term of the question.
type asked struct {
	n         uint32
	kind      kind
	idf       float64
	weight    float64
	foreign   bool // no phrasing has it, only an answer
	answerIDF float64
}

// leftOut takes a phrasing, or a whole article, out of the comparison: while learning, a phrasing is asked as if nobody had
// written it down.
type leftOut struct {
	slot     uint32
	phrasing int
	article  bool
}

// maxQuestion is how much of a question is compared, in bytes.
const maxQuestion = 1200

// ask cuts a question in normal form and weighs its terms.
func (c *corpus) ask(normalized, language string, without *leftOut) *question {
	q := &question{normalized: normalized, language: language, names: map[uint32]string{}, without: without}
	terms := c.cut(normalized)
	q.signs = readSigns(normalized, wordsOf(terms))
	q.terms = make([]asked, 0, len(terms))
	seen := make(map[string]bool, len(terms))
	for _, t := range terms {
		if seen[t.text] {
			continue
		}
		seen[t.text] = true
		c.addTerm(q, t)
	}
	return q
}

func (c *corpus) addTerm(q *question, t cutTerm) {
	own, among := c.table.unknown, c.table.unseen
	n, met := c.numbers[t.text]
	met = met && int(n) < len(c.table.answerIDF) // what is new is not weighed yet
	if met {
		own, among = float64(c.idf[n]), float64(c.table.answerIDF[n])
	}
	a := asked{n: n, kind: t.kind, idf: own, weight: kindShare(t.kind) * own * own, answerIDF: among}
	q.all[t.kind]++
	q.squares[t.kind] += a.weight
	q.weight[t.kind] += own
	if t.kind == kindWord {
		q.answer += among
		if !met || c.df[n] == 0 {
			q.unknown = append(q.unknown, t.word)
		}
	}
	if t.kind == kindWord && len(q.look) < maxLookups {
		q.look = append(q.look, t.text)
	}
	if t.kind == kindPiece && len(q.lookPieces) < maxLookups {
		q.lookPieces = append(q.lookPieces, t.text)
	}
	if met {
		a.foreign = c.df[n] == 0 || q.without != nil && c.df[n] == 1
		q.terms = append(q.terms, a)
		if t.word != "" {
			q.names[n] = t.word
		}
	}
}

// length is the squared length over all sorts of terms.
func (q *question) length() float64 {
	sum := 0.0
	for _, s := range q.squares {
		sum += s
	}
	return sum
}

// wanted are the words and pieces to ask the index on disk for.
func (q *question) wanted(drafts bool) []wanted {
	parts := []wanted{{fieldWords, q.look, 1}, {fieldPieces, q.lookPieces, 0.3}, {fieldAnswer, q.look, 0.3}}
	if !drafts {
		return parts
	}
	for _, p := range parts[:3] {
		parts = append(parts, wanted{draftPrefix + p.field, p.terms, p.boost})
	}
	return parts
}
