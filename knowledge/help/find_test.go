package help

import (
	"slices"
	"testing"
	"time"
)

// library is an index of titles, numbered from 1.
func library(titles ...string) *index {
	x := newIndex()
	for i, t := range titles {
		x.add(&book{id: int64(i + 1), title: t, language: "zh"})
	}
	return x
}

func TestFind(t *testing.T) {
	x := library("怎么开话费电子发票？", "发票抬头开错了怎么办？", "宽带网速很慢怎么办？", "怎么充值交话费？", "光猫的 LOS 灯闪红灯是什么意思？", "重置密码", "国际漫游怎么开通？", "忘记服务密码怎么办？", "开通 5G", "北京地铁卡")
	for _, c := range []struct {
		name, typed string
		first       int64
	}{
		{"a word", "发票", 1}, {"two words", "发票抬头", 2}, {"traditional", "發票抬頭", 2}, {"one character", "慢", 3},
		{"full pinyin", "fapiao", 1}, {"unfinished pinyin", "fapi", 1}, {"initials", "fp", 1}, {"more initials", "fptt", 2}, {"mixed", "kaifp", 1}, {"pinyin in words", "fa piao tai tou", 2},
		{"pinyin mistyped", "fapaio", 1}, {"a second reading", "chongzhimima", 6}, {"dull sounds", "congzijiao", 4}, {"capitals", "FaPiao", 1},
		{"a homophone", "发漂", 1}, {"another homophone", "宽代网速", 3}, {"a wrong character", "发栗抬头", 2}, {"a missing character", "国际游", 7}, {"Latin in Chinese", "los", 5},
		{"Latin and Chinese", "los红灯", 5}, {"a digit", "5g", 9}, {"beginning of pinyin", "guojim", 7},
	} {
		list := x.find(c.typed, time.Time{}, 5)
		if len(list) == 0 || list[0].id != c.first {
			var got []string
			for _, f := range list {
				got = append(got, f.title)
			}
			t.Errorf("%s: %q finds %q", c.name, c.typed, got)
		}
	}
	for _, typed := range []string{"", "？？", "qqq", "🙂", "飞机"} {
		if list := x.find(typed, time.Time{}, 5); len(list) > 0 {
			t.Errorf("%q finds %q", typed, list[0].title)
		}
	}
}

func TestFindEnglish(t *testing.T) {
	x := library("How do I get an invoice?", "Why is my broadband so slow?", "Cancel a marketing text", "International roaming", "Refunds and returns")
	for _, c := range []struct {
		name, typed string
		first       int64
	}{
		{"a word", "invoice", 1}, {"its beginning", "inv", 1}, {"a letter missing", "invoce", 1}, {"swapped letters", "inovice", 1}, {"a letter too many", "broadbband", 2}, {"two mistakes", "intrenatinal", 4},
		{"an unfinished word mistyped", "boradb", 2}, {"plural", "invoices", 1}, {"another form", "returning", 5}, {"words in another order", "slow broadband", 2}, {"case", "ROAMING", 4},
	} {
		if list := x.find(c.typed, time.Time{}, 5); len(list) == 0 || list[0].id != c.first {
			t.Errorf("%s: %q finds %v", c.name, c.typed, list)
		}
	}
}

// What was taken away is not found any more, also after the index has been tidied.
func TestFindAfterRemoval(t *testing.T) {
	x := newIndex()
	var books []*book
	for i := range 300 {
		b := &book{id: int64(i), title: "宽带 " + string(rune('一'+i)), language: "zh"}
		books = append(books, b)
		x.add(b)
	}
	for _, b := range books[10:] {
		x.remove(b)
	}
	list := x.find("宽带", time.Time{}, 400)
	if len(list) != 10 || slices.ContainsFunc(list, func(f found) bool { return f.id >= 10 }) {
		t.Errorf("%d found", len(list))
	}
	if len(x.books) > 200 {
		t.Errorf("%d places for %d books", len(x.books), x.live)
	}
	x.remove(books[20])
}
