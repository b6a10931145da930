package help

import (
	"slices"
	"sort"
	"strings"
)

// mistakes is how many letters of a word may be wrong, missing, too many or swapped.
func mistakes(letters int) int {
	switch {
	case letters < 4:
		return 0
	case letters < 8:
		return 1
	}
	return 2
}

// lexicon is a sorted list of words that is searched for what begins so, or nearly is so.
type lexicon []string

func (l lexicon) insert(word string) lexicon {
	at, known := slices.BinarySearch(l, word)
	if known {
		return l
	}
	return slices.Insert(l, at, word)
}

// beginning visits the first words that begin so, in their order.
func (l lexicon) beginning(start string, most int, visit func(word string)) {
	at, _ := slices.BinarySearch(l, start)
	for end := min(at+most, len(l)); at < end && strings.HasPrefix(l[at], start); at++ {
		visit(l[at])
	}
}

// near visits the words that become the typed one by few mistakes, or whose beginning does when it is still being typed. The table
// of distances is kept for the letters that neighbours in the list share, and what begins hopelessly is passed over.
func (l lexicon) near(typed string, unfinished bool, visit func(word string, mistakes int)) {
	most := mistakes(len(typed))
	if most == 0 {
		return
	}
	d := newDistances(typed, most)
	for at := 0; at < len(l); {
		word := l[at]
		shared := d.share(word)
		if dead := d.read(word, shared); dead > 0 {
			stem := word[:dead]
			at += sort.Search(len(l)-at, func(i int) bool { w := l[at+i]; return w > stem && !strings.HasPrefix(w, stem) })
			continue
		}
		if found := d.found(len(word), unfinished); found > 0 && found <= most {
			visit(word, found)
		}
		at++
	}
}

// distances is the table of the optimal string alignment distance (Damerau 1964, restricted) between the typed word and the
// beginnings of another one: one row for each letter of that one.
type distances struct {
	typed string
	most  int
	word  string
	rows  [][]int
}

func newDistances(typed string, most int) *distances {
	d := &distances{typed: typed, most: most, rows: [][]int{make([]int, len(typed)+1)}}
	for i := range d.rows[0] {
		d.rows[0][i] = i
	}
	return d
}

// share is how many letters of the word have rows already.
func (d *distances) share(word string) int {
	n := 0
	for n < len(word) && n < len(d.word) && n < len(d.rows)-1 && word[n] == d.word[n] {
		n++
	}
	return n
}

// read fills in the rows behind those that are shared. It gives the length of the beginning from which on nothing can be near any
// more; 0 when there is none.
func (d *distances) read(word string, shared int) int {
	d.word, d.rows = word, d.rows[:shared+1]
	for n := shared; n < len(word); n++ {
		row := make([]int, len(d.typed)+1)
		row[0] = n + 1
		least := row[0]
		for i := range len(d.typed) {
			cost := 1
			if d.typed[i] == word[n] {
				cost = 0
			}
			row[i+1] = min(d.rows[n][i]+cost, d.rows[n][i+1]+1, row[i]+1)
			if i > 0 && n > 0 && d.typed[i] == word[n-1] && d.typed[i-1] == word[n] {
				row[i+1] = min(row[i+1], d.rows[n-1][i-1]+1)
			}
			least = min(least, row[i+1])
		}
		d.rows = append(d.rows, row)
		if least > d.most && d.least(n) > d.most {
			if d.best() > d.most {
				return n + 1
			}
			return 0
		}
	}
	return 0
}

func (d *distances) least(n int) int { return slices.Min(d.rows[n]) }

// best is the least distance of the typed word to any beginning of the other.
func (d *distances) best() int {
	best := d.most + 1
	for _, row := range d.rows {
		best = min(best, row[len(d.typed)])
	}
	return best
}

// found is the distance to the word, or to its nearest beginning.
func (d *distances) found(letters int, unfinished bool) int {
	if unfinished {
		return d.best()
	}
	if len(d.rows) <= letters {
		return d.most + 1
	}
	return d.rows[letters][len(d.typed)]
}
