package knowledge

import (
	"testing"
)

func signsOf(text string) signs {
	normalized := normalize(text)
	return readSigns(normalized, wordsOf(cut(normalized)))
}

func TestNegation(t *testing.T) {
	for text, want := range map[string]bool{
		"为什么不能上网": true, "没信号": true, "能不能开发票": false, "有没有优惠": false, "可不可以退": false, "不好意思，怎么交费": false, "套餐不限量吗": false,
		"能不能不交": true, "无线密码": false, "不": true, "I can't log in": true, "no signal": true, "how do I log in": false, "notice": false, "": false,
	} {
		if got := signsOf(text).negated; got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestNumbersDiffer(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"200M 宽带多少钱", "100M 宽带多少钱", true}, {"我有 5G 为什么显示 4G", "5G 不显示", false}, {"订单 1234567 到哪了", "订单到哪了", false},
		{"套餐 59 元", "套餐 59 元", false}, {"59 换 99", "59 换 129", true},
	} {
		if got := numbersDiffer(signsOf(c.a), signsOf(c.b)); got != c.want {
			t.Errorf("%q, %q: %v", c.a, c.b, got)
		}
	}
}

func TestFulltextTermsAreDividedIntoWordsAndPieces(t *testing.T) {
	words, pieces := fulltextTerms(cut(normalize("开发票 bill bill")))
	if len(words) != 3 || len(pieces) == 0 {
		t.Errorf("words %q, pieces %q", words, pieces)
	}
	for _, p := range pieces {
		for _, w := range words {
			if p == w {
				t.Errorf("%q is both", p)
			}
		}
	}
}

func TestBagCounts(t *testing.T) {
	b := newBag([]uint32{2, 1, 2, 3, 2})
	p := newPostings(4, []bag{b, newBag([]uint32{3, 3})})
	if b.total != 5 || len(b.terms) != 3 || p.count(2, 0) != 3 || p.count(2, 1) != 0 || p.count(3, 1) != 2 || len(p.of(3)) != 2 || len(p.of(9)) != 0 {
		t.Errorf("%+v %+v", b, p)
	}
}

func TestCorpusForgetsWhatIsTakenOut(t *testing.T) {
	c := newCorpus()
	e := &entry{id: 1}
	e.live = c.variant(1, 1, Content{Question: map[string]string{"zh": "怎么开发票"}, Answer: map[string]string{"zh": "登录"}})
	c.put(1, e)
	c.put(1, nil)
	c.weigh()
	if c.phrasings != 0 || len(c.entries) != 0 || c.occurrences[kindWord] != 0 {
		t.Errorf("%d phrasings, %d entries, %v occurrences", c.phrasings, len(c.entries), c.occurrences)
	}
}
