package help

import (
	"math"
	"slices"

	"huiyin/nlu"
)

// index finds the books of one language by what somebody is typing. It holds titles, other ways of asking, tags and categories, not
// answers: what an answer says is found by its meaning, through the knowledge's own index. Whoever uses it holds the shelf's lock.
type index struct {
	books    []*book // by number; nil where one was taken away
	number   map[*book]uint32
	live     int
	terms    map[string]*term
	words    lexicon               // the Latin terms
	roots    map[string][]*term    // the Latin terms by their root
	sounds   lexicon               // pairs of characters in pinyin, for typing mistakes
	spelt    map[string][]*term    // by such a pair
	pairs    map[[2]byte][]sounded // pairs of characters by the initials of their pinyin
	singles  map[byte][]sounded    // characters by their initial
	readings map[rune][]string     // how the characters in it are read
}

// term is a word, a pair of Han characters or one of them, and the books that have it.
type term struct {
	text  string
	posts []post // by rising number
}

// post is a book's number and where it has the term.
type post uint32

type field uint32

const (
	inTitle field = iota
	inSimilar
	inTags
	fields
)

func newPost(number uint32, f field) post { return post(number*uint32(fields) + uint32(f)) }

func (p post) book() uint32 { return uint32(p) / uint32(fields) }

// worth is how much it says that a term stands there.
func (p post) worth() float32 { return [fields]float32{1, 0.8, 0.6}[uint32(p)%uint32(fields)] }

// sounded is a term of one or two characters and how they are read.
type sounded struct {
	*term
	first, second []string
}

func newIndex() *index {
	return &index{number: map[*book]uint32{}, terms: map[string]*term{}, roots: map[string][]*term{}, spelt: map[string][]*term{}, pairs: map[[2]byte][]sounded{}, singles: map[byte][]sounded{}, readings: map[rune][]string{}}
}

func (x *index) add(b *book) {
	n := uint32(len(x.books))
	x.books = append(x.books, b)
	x.number[b] = n
	x.live++
	x.note(b.title, newPost(n, inTitle))
	for _, s := range b.similar {
		x.note(s, newPost(n, inSimilar))
	}
	for _, t := range b.tags {
		x.note(t, newPost(n, inTags))
	}
	x.note(b.category, newPost(n, inTags))
}

// note files a text's terms. A term that the book has in a better place already is left there.
func (x *index) note(text string, p post) {
	pieces := cut(text)
	for i, piece := range pieces {
		eachTerm(piece, func(text string) { x.file(text, piece.han, p) })
		if i > 0 && !piece.han && !pieces[i-1].han && text[pieces[i-1].end:piece.at[0]] == "-" { // Wi-Fi is typed as wifi too
			x.file(pieces[i-1].text()+piece.text(), false, p)
		}
	}
}

func (x *index) file(text string, han bool, p post) {
	t := x.terms[text]
	if t == nil {
		t = &term{text: text}
		x.terms[text] = t
		x.learn(t, han)
	}
	if k := len(t.posts); k == 0 || t.posts[k-1].book() != p.book() {
		t.posts = append(t.posts, p)
	}
}

// eachTerm gives the terms of a piece: a word, or each character and each two neighbours.
func eachTerm(p piece, visit func(string)) {
	if !p.han {
		visit(p.text())
		return
	}
	for i := range p.runes {
		visit(string(p.runes[i : i+1]))
		if i > 0 {
			visit(string(p.runes[i-1 : i+1]))
		}
	}
}

// learn makes a new term findable by what is like it.
func (x *index) learn(t *term, han bool) {
	if !han {
		x.words = x.words.insert(t.text)
		root := nlu.Stem(t.text)
		x.roots[root] = append(x.roots[root], t)
		return
	}
	runes := []rune(t.text)
	s := sounded{term: t, first: x.reading(runes[0])}
	if len(runes) == 1 {
		for _, i := range initialsOf(s.first) {
			x.singles[i] = append(x.singles[i], s)
		}
		return
	}
	s.second = x.reading(runes[1])
	for _, i := range initialsOf(s.first) {
		for _, j := range initialsOf(s.second) {
			x.pairs[[2]byte{i, j}] = append(x.pairs[[2]byte{i, j}], s)
		}
	}
	if len(s.first) > 0 && len(s.second) > 0 {
		sound := s.first[0] + s.second[0]
		x.sounds = x.sounds.insert(sound)
		x.spelt[sound] = append(x.spelt[sound], t)
	}
}

// reading is how a character is read; it is looked up once.
func (x *index) reading(r rune) []string {
	list, known := x.readings[r]
	if !known {
		list = nlu.Readings(r)
		x.readings[r] = list
	}
	return list
}

func initialsOf(readings []string) []byte {
	var list []byte
	for _, r := range readings {
		if !slices.Contains(list, r[0]) {
			list = append(list, r[0])
		}
	}
	return list
}

const leastDead = 64

// remove takes a book away. Its place stays empty until a quarter of all are.
func (x *index) remove(b *book) {
	n, known := x.number[b]
	if !known {
		return
	}
	x.books[n] = nil
	delete(x.number, b)
	x.live--
	if dead := len(x.books) - x.live; dead < leastDead || dead < x.live/4 {
		return
	}
	fresh := newIndex()
	for _, b := range x.books {
		if b != nil {
			fresh.add(b)
		}
	}
	*x = *fresh
}

// rarity is how telling a term is that so many books have. It is squared, so that the words which questions are built with do not
// outweigh the one that matters.
func (x *index) rarity(books int) float32 {
	idf := math.Log(1 + (float64(x.live)+1)/(float64(books)+1))
	return float32(idf * idf)
}
