package nlu

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"unicode/utf8"
)

// form is a written form that is looked for where it can begin, and nowhere else: a search of the whole text would walk
// over every character with every form.
type form struct {
	here  *regexp.Regexp // the pattern, at the beginning of what it is given
	begin [utf8.RuneSelf]bool
	word  [utf8.RuneSelf]bool // characters that may begin it only where no word is cut in two
	wide  [][2]rune           // ranges beyond ASCII with which it may begin
	low   [1 << 8]bool        // the last bytes of those, which rule out nearly every character at once
}

// newForm compiles a pattern. It must not match the empty text.
func newForm(pattern string) *form {
	x := &form{here: regexp.MustCompile(`^(?:` + pattern + `)`)}
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		panic(err) // regexp.MustCompile has taken it
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		panic(err)
	}
	x.open(program, uint32(program.Start), false, map[step]bool{})
	return x
}

// step is an instruction of a program, reached past a word boundary or not.
type step struct {
	at     uint32
	behind bool
}

// open notes with which characters the program can begin at an instruction.
func (x *form) open(p *syntax.Prog, at uint32, behind bool, seen map[step]bool) {
	if seen[step{at, behind}] {
		return
	}
	seen[step{at, behind}] = true
	i := p.Inst[at]
	switch i.Op {
	case syntax.InstAlt, syntax.InstAltMatch:
		x.open(p, i.Out, behind, seen)
		x.open(p, i.Arg, behind, seen)
	case syntax.InstCapture, syntax.InstNop:
		x.open(p, i.Out, behind, seen)
	case syntax.InstEmptyWidth:
		x.open(p, i.Out, syntax.EmptyOp(i.Arg) == syntax.EmptyWordBoundary, seen)
	case syntax.InstRune, syntax.InstRune1:
		x.add(i.Rune, behind)
	}
}

// add notes ranges of characters, from and to in turn; a single one is alone.
func (x *form) add(runes []rune, behind bool) {
	if len(runes) == 1 {
		runes = []rune{runes[0], runes[0]}
	}
	for i := 0; i+1 < len(runes); i += 2 {
		for r := runes[i]; r <= runes[i+1] && r < utf8.RuneSelf; r++ {
			if behind {
				x.word[r] = true
			} else {
				x.begin[r] = true
			}
		}
		if runes[i+1] >= utf8.RuneSelf {
			x.addWide(max(runes[i], utf8.RuneSelf), runes[i+1])
		}
	}
}

func (x *form) addWide(from, to rune) {
	x.wide = append(x.wide, [2]rune{from, to})
	for r := from; r <= min(to, from+1<<8); r++ {
		x.low[byte(r)] = true
	}
}

// find gives the submatch offsets of the first match at or after from, nil when there is none.
func (x *form) find(text string, from int) []int {
	for i := from; i < len(text); {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[i:])
		}
		if x.mayBegin(r, text, i) {
			if at := x.here.FindStringSubmatchIndex(text[i:]); at != nil {
				return moved(at, i)
			}
		}
		i += size
	}
	return nil
}

func (x *form) mayBegin(r rune, text string, i int) bool {
	if r < utf8.RuneSelf {
		return x.begin[r] || x.word[r] && (i == 0 || !isWord(text[i-1]))
	}
	return x.low[byte(r)] && slices.ContainsFunc(x.wide, func(w [2]rune) bool { return w[0] <= r && r <= w[1] })
}

// isWord tells whether a byte belongs to a word as \b has it.
func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}

func moved(at []int, by int) []int {
	for i := range at {
		if at[i] >= 0 {
			at[i] += by
		}
	}
	return at
}
