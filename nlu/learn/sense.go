package learn

import (
	"strings"
	"sync"
)

// senses gives the group of a word, or of two words joined by a line below.
var senses = sync.OnceValue(func() map[string]uint64 {
	table := map[string]uint64{}
	for group := range strings.SplitSeq(sensesEn+sensesZh, "\n") {
		words := strings.Fields(group)
		for _, w := range words {
			if _, taken := table[w]; !taken {
				table[w] = mix(senseSeed, hashWord(words[0]))
			}
		}
	}
	return table
})

const senseSeed = 0x73656e7365

// irregular gives the base form of English words that do not follow the endings.
var irregular = sync.OnceValue(func() map[string]string {
	table := map[string]string{}
	for line := range strings.SplitSeq(irregularEn, "\n") {
		words := strings.Fields(line)
		for _, w := range words[min(1, len(words)):] {
			table[w] = words[0]
		}
	}
	return table
})

const irregularEn = `
be is are am was were been being im youre hes shes theyre its thats
have has had having ive youve weve
do does did done doing
go goes went gone going
get gets got gotten getting
make makes made making
take takes took taken taking
come comes came coming
send sends sent sending
lose loses losing
find finds found finding
pay pays paying
buy buys bought buying
sell sells sold selling
tell tells told telling
say says said saying
give gives gave given giving
keep keeps kept keeping
leave leaves left leaving
think thinks thought thinking
know knows knew known knowing
see sees saw seen seeing
write writes wrote written writing
speak speaks spoke spoken speaking
steal steals stole stealing
break breaks breaking
choose chooses chose chosen choosing
forget forgets forgetting
begin begins began begun beginning
withdraw withdraws withdrew withdrawn withdrawing
understand understands understood
hear hears heard hearing
meet meets met meeting
spend spends spending
fly flies flew flown flying
drive drives drove driven driving
eat eats ate eaten eating
drink drinks drank drunk drinking
wake wakes woke woken waking
ring rings rang rung ringing
swim swims swam
run runs ran running
hold holds held holding
show shows shown showing
put puts putting
let lets letting
set sets setting
feel feels felt feeling
bring brings brought bringing
teach teaches taught
win wins won winning
read reads reading
person persons people
child children
man men
woman women
foot feet
tooth teeth
`

// base strips the usual endings of an English word.
func base(word string) string {
	if b, ok := irregular()[word]; ok {
		return b
	}
	if fillers()[word] || len(word) < 4 {
		return word
	}
	table := senses()
	try := func(end, put string) string {
		if stem, ok := strings.CutSuffix(word, end); ok && len(stem)+len(put) >= 3 {
			if _, known := table[stem+put]; known {
				return stem + put
			}
		}
		return ""
	}
	if _, known := table[word]; known {
		return word
	}
	for _, c := range [...][2]string{{"s", ""}, {"es", ""}, {"ies", "y"}, {"ed", ""}, {"ed", "e"}, {"ied", "y"}, {"ing", ""}, {"ing", "e"}, {"er", ""}, {"ly", ""}, {"d", ""}, {"r", ""}} {
		if b := try(c[0], c[1]); b != "" {
			return b
		}
	}
	if n := len(word); n > 5 { // doubled letter: cancelled, stopping
		for _, end := range [...]string{"ed", "ing"} {
			if stem, ok := strings.CutSuffix(word, end); ok && len(stem) >= 4 && stem[len(stem)-1] == stem[len(stem)-2] {
				if _, known := table[stem[:len(stem)-1]]; known {
					return stem[:len(stem)-1]
				}
			}
		}
	}
	return strip(word)
}

func strip(word string) string {
	switch {
	case len(word) > 4 && strings.HasSuffix(word, "ies"):
		return word[:len(word)-3] + "y"
	case len(word) > 5 && strings.HasSuffix(word, "ing"):
		return word[:len(word)-3]
	case len(word) > 4 && strings.HasSuffix(word, "ed"):
		return word[:len(word)-2]
	case len(word) > 3 && strings.HasSuffix(word, "s") && !strings.HasSuffix(word, "ss"):
		return word[:len(word)-1]
	}
	return word
}

// longestHan is how many characters the longest Chinese word of the groups has.
const longestHan = 7
