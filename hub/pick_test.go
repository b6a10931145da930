package hub

import (
	"testing"

	"huiyin/conversation"
)

func TestPick(t *testing.T) {
	zh := []conversation.Choice{{Label: "怎么开发票", Value: "article:1"}, {Label: "发票丢了怎么补", Value: "article:2"}, {Label: "都不是", Value: "none"}, {Label: "转人工", Value: "human"}}
	en := []conversation.Choice{{Label: "How do I get an invoice?", Value: "article:1"}, {Label: "I lost my invoice", Value: "article:2"}, {Label: "None of these", Value: "none"}}
	one := []conversation.Choice{{Label: "怎么开发票", Value: "article:1"}, {Label: "不是这个", Value: "none"}}
	for _, c := range []struct {
		text    string
		offered []conversation.Choice
		want    string
	}{
		{"2", zh, "article:2"}, {"２", zh, "article:2"}, {"2.", zh, "article:2"}, {"②", zh, "article:2"}, {"第二个", zh, "article:2"}, {"选第2个", zh, "article:2"},
		{"最后一个", zh, "article:2"}, {"4", zh, "human"}, {"5", zh, ""}, {"第九个", zh, ""},
		{"the second one", en, "article:2"}, {"number one", en, "article:1"}, {"option 1", en, "article:1"}, {"the last one", en, "article:2"}, {"First", en, "article:1"},
		{"发票丢了怎么补？", zh, "article:2"}, {"发票丢了", zh, "article:2"}, {"丢了那个", zh, "article:2"}, {"发票", zh, ""}, {"宽带", zh, ""}, {"发票丢了吗还是没丢啊我也不知道怎么办", zh, ""},
		{"the lost one", en, "article:2"}, {"my", en, ""}, {"lost invoice", en, "article:2"}, {"invoice", en, ""},
		{"都不是", zh, "none"}, {"都不对", zh, "none"}, {"neither", en, "none"}, {"转人工", zh, "human"},
		{"开发票", one, ""}, {"不是这个", one, "none"}, {"1", one, "article:1"},
		{"2", nil, ""}, {"", zh, ""},
	} {
		got, rule := pick(c.text, c.offered)
		if got != c.want || (rule != "") != (c.want != "") {
			t.Errorf("%q of %d: %q (%s), want %q", c.text, len(c.offered), got, rule, c.want)
		}
	}
}
