package learn

import (
	"slices"
	"strings"
	"sync"
	"testing"
)

// The classes of the small examples.
const (
	cardLost = iota
	balance
	opening
	invoiceZh
	roamingZh
	smallClasses
)

var small = []Example{
	{"i lost my card", cardLost}, {"my card has been stolen", cardLost}, {"i can not find my bank card", cardLost}, {"someone took my card", cardLost},
	{"what is my balance", balance}, {"how much money do i have", balance}, {"show me the balance of my account", balance}, {"is there money left on my account", balance},
	{"when do you open", opening}, {"what are your opening hours", opening}, {"are you open on sunday", opening}, {"until when is the shop open", opening},
	{"怎么开电子发票", invoiceZh}, {"发票在哪里开", invoiceZh}, {"我要开发票", invoiceZh}, {"能给我发票吗", invoiceZh},
	{"怎么开通国际漫游", roamingZh}, {"出国手机能用吗", roamingZh}, {"漫游费怎么收", roamingZh}, {"在国外怎么上网", roamingZh},
}

func TestModelRecognisesNewWordings(t *testing.T) {
	m := Train(small, smallClasses)
	for _, c := range []struct {
		text string
		want int
	}{
		{"lost my bank card", cardLost},
		{"my card was stolen yesterday", cardLost},
		{"how much is on my account", balance},
		{"tell me the opening hours", opening},
		{"open on sundays", opening},
		{"哪里可以开发票", invoiceZh},
		{"国际漫游怎么开", roamingZh},
		{"my crad was stolen", cardLost},
	} {
		r := m.Score(c.text)
		if r.Best != c.want {
			t.Errorf("%q: class %d, want %d (%v)", c.text, r.Best, c.want, r.Probabilities)
		}
		sum := float32(0)
		for _, p := range r.Probabilities {
			sum += p
		}
		if sum < 0.999 || sum > 1.001 || r.Margin <= 0 || r.Nearest <= 0 || r.Known <= 0 || small[r.NearestExample].Class != r.NearestClass {
			t.Errorf("%q: %+v", c.text, r)
		}
	}
}

func TestModelKnowsWhatItDoesNotKnow(t *testing.T) {
	m := Train(small, smallClasses)
	for _, pair := range [][2]string{{"i lost my card", "the weather in paris"}, {"发票在哪里开", "明天天气好不好"}, {"what are your opening hours", "xyzzy"}} {
		known, unknown := m.Score(pair[0]), m.Score(pair[1])
		if known.InScope <= unknown.InScope || known.Nearest <= unknown.Nearest || known.Known <= unknown.Known {
			t.Errorf("%q is %+v, %q is %+v", pair[0], known, pair[1], unknown)
		}
		if known.Nearest < 0.98 {
			t.Errorf("%q is an example, its nearest is at %v", pair[0], known.Nearest)
		}
	}
}

func TestModelIsTheSameEveryTime(t *testing.T) {
	a, b := Train(small, smallClasses), Train(small, smallClasses)
	for _, text := range []string{"my card", "发票", "nothing of it", ""} {
		x, y := a.Score(text), b.Score(text)
		if !slices.Equal(x.Probabilities, y.Probabilities) || x.InScope != y.InScope || x.Energy != y.Energy {
			t.Errorf("%q: %+v and %+v", text, x, y)
		}
	}
}

func TestModelOfNextToNothing(t *testing.T) {
	for name, c := range map[string]struct {
		examples []Example
		classes  int
		best     int
	}{
		"nothing":                 {nil, 0, -1},
		"classes without example": {nil, 3, 0},
		"one class":               {[]Example{{"hello", 0}, {"hi there", 0}}, 1, 0},
		"one example":             {[]Example{{"hello", 1}}, 2, 1},
		"empty texts":             {[]Example{{"", 0}, {"", 1}}, 2, 0},
		"class out of range":      {[]Example{{"hello", -1}, {"hello", 7}, {"hello", 1}}, 2, 1},
	} {
		m := Train(c.examples, c.classes)
		for _, text := range []string{"hello", "", "\xff\xfe", strings.Repeat("hello 你好 ", 80_000)} {
			r := m.Score(text)
			if text == "hello" && r.Best != c.best {
				t.Errorf("%s: %+v", name, r)
			}
			if len(r.Probabilities) != c.classes {
				t.Errorf("%s: %d probabilities", name, len(r.Probabilities))
			}
			for _, v := range append([]float32{r.Energy, r.Nearest, r.Known, r.InScope, r.Margin}, r.Probabilities...) {
				if v != v {
					t.Errorf("%s, %.20q: %+v", name, text, r)
				}
			}
		}
	}
}

func TestSameTextInTwoClassesIsUndecided(t *testing.T) {
	m := Train([]Example{{"cancel", 0}, {"cancel", 1}, {"stop it", 0}, {"no more", 1}}, 2)
	if r := m.Score("cancel"); r.Probabilities[0] < 0.25 || r.Probabilities[1] < 0.25 {
		t.Errorf("%+v", r)
	}
}

func TestModelIsAskedByMany(t *testing.T) {
	m := Train(small, smallClasses)
	want := m.Score("where is my card")
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 50 {
				if got := m.Score("where is my card"); !slices.Equal(got.Probabilities, want.Probabilities) || got.Nearest != want.Nearest {
					t.Errorf("%+v, want %+v", got, want)
					return
				}
				m.Score("国际漫游怎么开")
			}
		})
	}
	wait.Wait()
}

func FuzzModel(f *testing.F) {
	f.Add("i lost my card", "发票\x00", "\xff")
	f.Add("", "a", "😀 it's 12,5")
	f.Fuzz(func(t *testing.T, a, b, asked string) {
		m := Train([]Example{{a, 0}, {b, 1}, {asked + a, 1}}, 2)
		r := m.Score(asked)
		if sum := r.Probabilities[0] + r.Probabilities[1]; sum < 0.999 || sum > 1.001 || r.InScope < 0 || r.InScope > 1 || r.Nearest < 0 || r.Nearest > 1 {
			t.Errorf("%q: %+v", asked, r)
		}
	})
}
