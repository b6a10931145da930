package nlu

import "testing"

func TestReadReference(t *testing.T) {
	for _, c := range []struct {
		text string
		kind ReferenceKind
		rest string
	}{
		{"那企业的呢？", ReferElse, "企业"},
		{"企业呢", ReferElse, "企业"},
		{"那周末呢", ReferElse, "周末"},
		{"如果是周末的话呢？", ReferElse, "周末"},
		{"要是在国外呢", ReferElse, "在国外"},
		{"那公司可以吗？", ReferElse, "公司"},
		{"那学生怎么办", ReferElse, "学生"},
		{"換成專用發票呢", ReferElse, "专用发票"},
		{"And for companies?", ReferElse, "companies"},
		{"what about weekends", ReferElse, "weekends"},
		{"How about on Sundays?", ReferElse, "sundays"},
		{"and companies?", ReferElse, "companies"},
		{"What if I'm abroad?", ReferElse, "abroad"},
		{"is it the same for students?", ReferElse, "students"},
		{"多少钱", ReferMore, "多少钱"},
		{"那要多久呢？", ReferMore, "那要多久呢"},
		{"需要什么材料", ReferMore, "需要什么材料"},
		{"怎么办理？", ReferMore, "怎么办理"},
		{"How much does it cost?", ReferMore, "how much does it cost"},
		{"how long does it take", ReferMore, "how long does it take"},
		{"why?", ReferMore, "why"},
		{"Can I do it online?", ReferMore, "can i do it online"},
		{"这个套餐怎么退订", ReferIt, "套餐怎么退订"},
		{"how do I cancel it?", ReferIt, "how do i cancel it"},
		{"不对，我说的是宽带", ReferCorrection, "宽带"},
		{"不是，我问的是怎么退款", ReferCorrection, "怎么退款"},
		{"我是说固定电话", ReferCorrection, "固定电话"},
		{"你理解错了，我的意思是换号", ReferCorrection, "换号"},
		{"不是手机，是宽带", ReferCorrection, "宽带"},
		{"错了，宽带", ReferCorrection, "宽带"},
		{"答非所问", ReferCorrection, ""},
		{"不是这个意思", ReferCorrection, ""},
		{"No, I meant broadband", ReferCorrection, "broadband"},
		{"Sorry, I was asking about the landline.", ReferCorrection, "the landline"},
		{"no, the invoice", ReferCorrection, "invoice"},
		{"That's not what I asked", ReferCorrection, ""},
		{"You misunderstood me", ReferNone, ""},
		{"怎么开发票", ReferNone, ""},
		{"我还在等呢", ReferNone, ""},
		{"为什么我的宽带网速这么慢呢", ReferNone, ""},
		{"How do I get an invoice?", ReferNone, ""},
		{"what about you", ReferNone, ""},
		{"is broadband available in my street", ReferNone, ""},
		{"", ReferNone, ""},
		{"？？", ReferNone, ""},
	} {
		if got := ReadReference(c.text); got.Kind != c.kind || got.Rest != c.rest {
			t.Errorf("%q: %q %q, want %q %q", c.text, got.Kind, got.Rest, c.kind, c.rest)
		}
	}
}

func TestSubject(t *testing.T) {
	for _, c := range []struct{ text, matter, asking string }{
		{"怎么办理宽带移机？", "宽带移机", "怎么办理"},
		{"宽带移机多少钱", "宽带移机", "多少钱"},
		{"发票", "发票", ""},
		{"怎么办理", "", "怎么办理"},
		{"How do I get an invoice?", "an invoice", "how do i get"},
		{"how much does roaming cost", "roaming", "how much does cost"},
		{"opening hours", "opening hours", ""},
	} {
		if matter, asking := Subject(c.text); matter != c.matter || asking != c.asking {
			t.Errorf("%q: %q, %q", c.text, matter, asking)
		}
	}
}

func TestExchange(t *testing.T) {
	for _, c := range []struct{ question, other, want string }{
		{"个人怎么开发票？", "企业", "企业怎么开发票"},
		{"工作日几点开门", "周末", "周末几点开门"},
		{"What are your hours on weekdays?", "weekends", "what are your hours on weekends"},
		{"怎么开发票", "企业", ""},
		{"个人怎么开发票", "宽带", ""},
		{"is the companywide plan good", "individuals", ""},
	} {
		if got, ok := Exchange(c.question, c.other); got != c.want || ok != (c.want != "") {
			t.Errorf("%q with %q: %q", c.question, c.other, got)
		}
	}
}

func TestMentions(t *testing.T) {
	for _, c := range []struct {
		text, of string
		want     bool
	}{
		{"周末 9 点到 17 点", "周末", true},
		{"工作日 9 点到 17 点", "周末", false},
		{"Weekends: 9 to 5", "on weekends", true},
		{"Companies pay monthly", "company", false},
	} {
		if got := Mentions(c.text, c.of); got != c.want {
			t.Errorf("%q in %q: %v", c.of, c.text, got)
		}
	}
}
