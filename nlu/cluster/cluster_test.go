package cluster_test

import (
	"fmt"
	"slices"
	"testing"

	"huiyin/nlu"
	"huiyin/nlu/cluster"
)

func texts(lines ...string) []cluster.Text {
	var list []cluster.Text
	for _, l := range lines {
		list = append(list, cluster.Text{Normalized: nlu.Normalize(l)})
	}
	return list
}

// TestGroup holds that questions with one meaning come together, and those with different ones stay apart.
func TestGroup(t *testing.T) {
	for name, c := range map[string][][]string{
		"Chinese": {
			{"可以到店自提吗", "我想到店里自提可以吗", "能不能到店自提", "到店自提支持吗"},
			{"发票抬头写错了怎么改", "发票抬头开错了", "怎么修改发票抬头", "发票的抬头能改吗"},
			{"会员积分怎么兑换礼品", "积分可以兑换什么礼品", "积分如何兑换"},
		},
		"English": {
			{"can I pick up my order at the store", "is pick up at the store possible", "pick up in store", "could I pick it up at a store"},
			{"how do I change the name on my invoice", "wrong name on the invoice", "invoice has the wrong company name"},
			{"do you ship to Canada", "shipping to Canada", "is shipping to Canada possible"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var lines []string
			for _, g := range c {
				lines = append(lines, g...)
			}
			places, at := cluster.Group(texts(lines...), cluster.Options{}), 0
			var heads []int
			for _, g := range c {
				for i := range g {
					if places[at+i] != places[at] {
						t.Errorf("%q is not with %q", g[i], g[0])
					}
				}
				if slices.Contains(heads, places[at]) {
					t.Errorf("%q is with another group", g[0])
				}
				heads, at = append(heads, places[at]), at+len(g)
			}
		})
	}
}

// TestGroupKeeps holds that a group keeps its name when more is asked, and that judged groups do not become one.
func TestGroupKeeps(t *testing.T) {
	list := texts("发票抬头写错了怎么改", "可以到店自提吗", "发票抬头开错了怎么修改", "发票抬头写错了如何改", "到店自提可以吗")
	list[0].Group, list[1].Group, list[2].Group = 7, 8, 9
	for _, c := range []struct {
		name  string
		fixed map[int64]bool
		want  []int
	}{
		{"a new text brings two groups together", nil, []int{0, 1, 0, 0, 1}},
		{"a judged one gives its name", map[int64]bool{9: true}, []int{2, 1, 2, 2, 1}},
		{"two judged ones stay apart", map[int64]bool{7: true, 9: true}, []int{0, 1, 2, 0, 1}},
	} {
		if got := cluster.Group(list, cluster.Options{Fixed: c.fixed}); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// TestGroupOdd takes what is hardly a text.
func TestGroupOdd(t *testing.T) {
	list := texts("", "?", "", "🙂🙂", "a", "发票")
	if got := cluster.Group(list, cluster.Options{}); len(got) != len(list) || got[5] != 5 {
		t.Errorf("got %v", got)
	}
	if got := cluster.Group(nil, cluster.Options{}); len(got) != 0 {
		t.Errorf("of nothing: %v", got)
	}
}

// TestGroupRepeats holds that the same questions give the same groups.
func TestGroupRepeats(t *testing.T) {
	list := asked(2000)
	if !slices.Equal(cluster.Group(list, cluster.Options{}), cluster.Group(list, cluster.Options{})) {
		t.Error("the same texts were grouped differently")
	}
}

// asked makes n questions of many matters, each put in several ways, with numbers and names as customers write them.
func asked(n int) []cluster.Text {
	things := []string{"发票", "订单", "快递", "优惠券", "会员", "积分", "保修", "退款", "押金", "地址", "invoice", "order", "parcel", "coupon", "refund", "warranty", "deposit", "address", "gift card", "receipt"}
	wishes := []string{"怎么修改%s的%s", "%s里的%s不对怎么办", "请问%s什么时候能查到%s", "为什么我的%s没有%s", "how can I change the %s of my %s", "when will my %s show the %s", "why is the %s missing from the %s", "I want to cancel the %s and keep the %s"}
	ends := []string{"", "，急", "，谢谢", " please", "，订单号%d", " number %d", "，我等了%d天", " for %d days"}
	list := make([]cluster.Text, n)
	for i := range list {
		a, b := things[i%len(things)], things[(i/7+i/113)%len(things)]
		line := fmt.Sprintf(wishes[(i/3)%len(wishes)], a, b)
		if end := ends[(i/11)%len(ends)]; len(end) > 0 && end[len(end)-1] != 's' && !slices.Contains([]string{"，急", "，谢谢", " please"}, end) {
			line += fmt.Sprintf(end, i%97)
		} else if slices.Contains([]string{"，急", "，谢谢", " please"}, end) {
			line += end
		}
		list[i] = cluster.Text{Normalized: nlu.Normalize(fmt.Sprintf("%s w%d", line, i%5000))}
	}
	return list
}

// BenchmarkGroup groups a hundred thousand questions from nothing, and then a hundred more.
func BenchmarkGroup(b *testing.B) {
	list := asked(100_000)
	b.Run("all", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			cluster.Group(list, cluster.Options{})
		}
	})
	places := cluster.Group(list, cluster.Options{})
	for i := range list[100:] {
		list[i+100].Group = int64(places[i+100]) + 1
	}
	b.Run("a hundred more", func(b *testing.B) {
		for b.Loop() {
			cluster.Group(list, cluster.Options{})
		}
	})
}
