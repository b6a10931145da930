package nlu

import (
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// LastChoice stands for "the last one".
const LastChoice = -1

var ordinalForms = sync.OnceValue(func() []*regexp.Regexp {
	lead := `(?:(?:我)?(?:就|要|选|选择|想问|想要|点|问)?(?:的是)?)?`
	tail := `(?:个|条|项|种|号|款)?(?:问题|选项)?(?:吧|啊|呢|的|谢谢)?`
	return []*regexp.Regexp{
		regexp.MustCompile(`^` + lead + `(?:第|选|序号|编号|选项|no\.? ?|number ?|option ?|choice ?|#|\()?(\d|[一二三四五六七八九两])(?:\)|\.|,|号|个)?` + tail + `$`),
		regexp.MustCompile(`^` + lead + `(最后)一?` + tail + `$`),
		regexp.MustCompile(`^(?:i (?:mean|want|choose|pick|would like|ll take) |ill take |its |it is |please )?(?:the )?(first|second|third|fourth|fifth|last|1st|2nd|3rd|4th|5th)(?: one| option| choice| question| article)?(?: please)?$`),
		regexp.MustCompile(`^(?:number |option |choice |no\.? ?)?(one|two|three|four|five)$`),
	}
})

// Ordinal reads the number of a choice: 2, 2., ②, (2), 第二个, 选2, the second one, number two; LastChoice for 最后一个 and
// the last one. Ok is false when the text says anything else.
func Ordinal(text string) (n int, ok bool) {
	said := strings.Map(uncircled, strings.TrimSpace(text))
	said = strings.ReplaceAll(strings.Trim(Normalize(said), " .,!?~。"), "'", "")
	for _, form := range ordinalForms() {
		if at := form.FindStringSubmatch(said); at != nil {
			n = ordinalValue(at[1])
			return n, n != 0
		}
	}
	return 0, false
}

// uncircled gives the digit of ①, ⑴, ⒈, ❶ and of their kin.
func uncircled(r rune) rune {
	for _, first := range []rune{'①', '⑴', '⒈', '❶', '➀', '➊', '㈠'} {
		if r >= first && r < first+9 {
			return '1' + r - first
		}
	}
	if r == '\ufe0f' || r == '\u20e3' { // the marks of a keycap
		return dropped
	}
	return r
}

func ordinalValue(word string) int {
	if n, err := strconv.Atoi(word); err == nil {
		return n
	}
	if n, ok := hanNumber(word); ok {
		return n
	}
	switch word {
	case "最后", "last":
		return LastChoice
	case "first", "1st", "one":
		return 1
	case "second", "2nd", "two":
		return 2
	case "third", "3rd", "three":
		return 3
	case "fourth", "4th", "four":
		return 4
	case "fifth", "5th", "five":
		return 5
	}
	return 0
}
