package help

import (
	"math"
	"slices"

	"huiyin/nlu"
)

// index finds the books of one language by what somebody is typing. It holds titles, other ways of asking, tags and categories, not
// answers: what an answer says is found by its meaning, through the knowledge's own index. Whoever uses it holds the shelf's lock.
type index struct {
	books   []*book // by number; nil where one was taken away
	number  map[*book]uint32
	live    int
	terms   map[string]*term
	words   lexicon               // the Latin terms
	sounds  lexicon               // pairs of characters in pinyin, for typing mistakes
	spelt   map[string][]*term    // by such a pair
	pairs   map[[2]byte][]sounded // pairs of characters by the initials of their pinyin
	singles map[byte][]sounded    // characters by their initial
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
	return &index{number: map[*book]uint32{}, terms: map[string]*term{}, spelt: map[string][]*term{}, pairs: map[[2]byte][]sounded{}, singles: map[byte][]sounded{}}
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
	for _, piece := range cut(text) {
		eachTerm(piece, func(text string) {
			t := x.terms[text]
			if t == nil {
				t = &term{text: text}
				x.terms[text] = t
				x.learn(t, piece.han)
			}
			if k := len(t.posts); k == 0 || t.posts[k-1].book() != p.book() {
				t.posts = append(t.posts, p)
			}
		})
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
		return
	}
	runes := []rune(t.text)
	s := sounded{term: t, first: nlu.Readings(runes[0])}
	if len(runes) == 1 {
		for _, i := range initialsOf(s.first) {
			x.singles[i] = append(x.singles[i], s)
		}
		return
	}
	s.second = nlu.Readings(runes[1])
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

// rarity is how telling a term is that so many books have.
func (x *index) rarity(books int) float32 {
	return float32(math.Log(1 + (float64(x.live)+1)/(float64(books)+1)))
}
