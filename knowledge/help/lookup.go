package help

import (
	"slices"

	"huiyin/nlu"
)

// How likely something else was meant than what was typed.
const (
	asBeginning = 0.9 // the word is still being typed
	asRoot      = 0.9 // another form of it
	asPinyin    = 0.95
	asInitials  = 0.85
	asSound     = 0.75 // another character that sounds alike
	asMistake   = 0.6  // for each mistake
	asSingle    = 0.7  // a character without its neighbour
)

// mostBeginnings is how many words that begin as typed are looked up; where there are more, a few letters more tell.
const mostBeginnings = 200

// word looks a Latin word or number up: as it is, in another form, by its beginning, and with mistakes.
func (s *search) word(text string) float32 {
	exact := s.terms[text]
	var list []alternative
	root := nlu.Stem(text)
	if s.last || exact == nil {
		s.words.beginning(text, mostBeginnings, func(w string) { list = append(list, alternative{s.terms[w], asBeginning}) })
	}
	for _, t := range s.roots[root] {
		list = append(list, alternative{t, asRoot})
	}
	if exact == nil && len(list) == 0 || s.relaxed {
		s.words.near(text, s.last, func(w string, mistakes int) {
			list = append(list, alternative{s.terms[w], pow(asMistake, mistakes)})
		})
	}
	return s.slotOf(exact, list, false)
}

func pow(x float32, n int) float32 {
	y := float32(1)
	for range n {
		y *= x
	}
	return y
}

// han looks a run of Han characters up by its pairs, and by what sounds like them.
func (s *search) han(p piece) float32 {
	if len(p.runes) == 1 {
		return s.slotOf(s.terms[p.text()], nil, false)
	}
	weight := float32(0)
	for i := 1; i < len(p.runes); i++ {
		pair := string(p.runes[i-1 : i+1])
		exact := s.terms[pair]
		var list []alternative
		if s.relaxed {
			list = s.alike(p.runes[i-1], p.runes[i])
		}
		weight += s.slotOf(exact, list, true)
	}
	if s.relaxed {
		for _, r := range p.runes {
			var list []alternative
			if t := s.terms[string(r)]; t != nil {
				list = append(list, alternative{t, asSingle})
			}
			weight += s.slotOf(nil, list, false)
		}
	}
	return weight
}

// alike are the pairs of characters that sound like this one.
func (s *search) alike(first, second rune) []alternative {
	one, two := s.readingOf(first), s.readingOf(second)
	if len(one) == 0 || len(two) == 0 {
		return nil
	}
	return s.read(unit{one[0], true}, unit{two[0], true}, asSound)
}

// read are the pairs of characters that may be read as two units.
func (s *search) read(first, second unit, worth float32) []alternative {
	var list []alternative
	for _, pair := range s.pairs[[2]byte{first.text[0], second.text[0]}] {
		if first.readsAny(pair.first) && second.readsAny(pair.second) {
			list = append(list, alternative{pair.term, worth})
		}
	}
	return list
}

// pinyin looks up one way of reading a Latin word as pinyin.
func (s *search) pinyin(way []unit) float32 {
	if len(way) == 1 {
		var list []alternative
		for _, single := range s.singles[way[0].text[0]] {
			if way[0].readsAny(single.first) {
				list = append(list, alternative{single.term, asInitials})
			}
		}
		return s.slotOf(nil, list, false)
	}
	weight := float32(0)
	for i := 1; i < len(way); i++ {
		worth := float32(asPinyin)
		if !way[i-1].whole || !way[i].whole {
			worth = asInitials
		}
		weight += s.slotOf(nil, s.read(way[i-1], way[i], worth), true)
	}
	return weight
}

// misspelt looks up pinyin with a typing mistake in it.
func (s *search) misspelt(text string) float32 {
	var list []alternative
	s.sounds.near(text, false, func(sound string, mistakes int) {
		for _, t := range s.spelt[sound] {
			list = append(list, alternative{t, pow(asMistake, mistakes)})
		}
	})
	slices.SortFunc(list, func(a, b alternative) int { return int(100 * (b.worth - a.worth)) })
	return s.slotOf(nil, list, false)
}

// readingOf is how a character is read, also one that is in no book. It writes nothing, since several search at a time.
func (s *search) readingOf(r rune) []string {
	if list, known := s.readings[r]; known {
		return list
	}
	return nlu.Readings(r)
}
