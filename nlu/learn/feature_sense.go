package learn

import "unicode/utf8"

const (
	// senseWindow is how many senses back a pair reaches, in Latin script.
	senseWindow = 3
	// hanWindow is the same for Chinese.
	hanWindow = 1
	// longestPhrase is how many words a phrase of the groups has at most.
	longestPhrase = 3
)

// latest remembers the last few senses.
type latest struct {
	at [4]uint64
	n  int
}

// pairs adds the pairs of a sense with those before it, and remembers it.
func (l *latest) pairs(x *extractor, sense uint64, window int, ordered bool) {
	for k := max(0, l.n-window); k < l.n; k++ {
		a, b := l.at[k%len(l.at)], sense
		if !ordered && a > b {
			a, b = b, a
		}
		x.add(kindTwo, mix(a, b))
	}
	l.at[l.n%len(l.at)] = sense
	l.n++
}

// hanSenses adds what the words of a run stand for, longest words first, and the pairs of neighbours.
func (x *extractor) hanSenses(run string) {
	words := senses().words
	var near latest
	var ends [longestHan]int
	for i := 0; i < len(run) && len(x.out) < x.limit; {
		count := 0
		for j := i; j < len(run) && count < longestHan; count++ {
			_, size := utf8.DecodeRuneInString(run[j:])
			j += size
			ends[count] = j
		}
		sense, end := uint64(0), ends[0]
		for n := count - 1; n >= 0 && sense == 0; n-- {
			if s, ok := words[run[i:ends[n]]]; ok {
				sense, end = s, ends[n]
			}
		}
		if sense != 0 {
			x.add(kindSense, sense)
		} else {
			sense = hashWord(run[i:end])
		}
		near.pairs(x, sense, hanWindow, true)
		i = end
	}
}

// latinSenses adds what the words stand for, phrases first, and the pairs of those near each other.
func (x *extractor) latinSenses() {
	var near latest
	for i := 0; i < len(x.bases) && len(x.out) < x.limit; {
		sense, used := senses().phrase(x.bases[i:])
		if used == 0 {
			sense, used = x.bases[i].sense, 1
		}
		x.add(kindSense, sense)
		if used > 1 || !x.bases[i].filler {
			near.pairs(x, sense, senseWindow, false)
		}
		i += used
	}
}
