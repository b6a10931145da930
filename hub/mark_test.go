package hub

import (
	"testing"
	"unicode/utf8"

	"huiyin/conversation"
)

func TestReadMark(t *testing.T) {
	const five, two = conversation.ScaleFive, conversation.ScaleTwo
	for name, c := range map[string]struct {
		text, choice string
		scale        conversation.Scale
		score        int // 0: it is no rating
		comment      string
	}{
		"a digit":                          {"5", "", five, 5, ""},
		"a digit with a stop":              {" 4。", "", five, 4, ""},
		"full width":                       {"５", "", five, 5, ""},
		"points":                           {"3分", "", five, 3, ""},
		"stars":                            {"五星", "", five, 5, ""},
		"a spelled digit":                  {"二", "", five, 2, ""},
		"of five":                          {"2/5", "", five, 2, ""},
		"a digit and a comment":            {"1，等了半个小时", "", five, 1, "等了半个小时"},
		"a digit and a comment in English": {"2 too slow", "", five, 2, "too slow"},
		"points and a comment":             {"5分很好", "", five, 5, "很好"},
		"words":                            {"不满意", "", five, 2, ""},
		"strong words":                     {"非常不满意！", "", five, 1, ""},
		"praise":                           {"Very good", "", five, 5, ""},
		"words and a comment":              {"满意，谢谢小王", "", five, 4, "谢谢小王"},
		"a thumb":                          {"👍", "", five, 5, ""},
		"a button":                         {"很满意", "rate:5", five, 5, ""},
		"good of two":                      {"1", "", two, 5, ""},
		"bad of two":                       {"2", "", two, 1, ""},
		"bad in words of two":              {"不满意", "", two, 1, ""},
		"a number that is not offered":     {"5", "", two, 0, ""},
		"nought":                           {"0", "", five, 0, ""},
		"six":                              {"6", "", five, 0, ""},
		"an order number":                  {"55021", "", five, 0, ""},
		"an order":                         {"5号订单到哪了", "", five, 0, ""},
		"counted things":                   {"2 个包裹没到", "", five, 0, ""},
		"a question behind it":             {"3 怎么退款", "", five, 0, ""},
		"a question mark":                  {"5?", "", five, 0, ""},
		"another question":                 {"网速太慢", "", five, 0, ""},
		"a wish for a person":              {"1 转人工", "", five, 0, ""},
		"praise that runs on":              {"好评返现在哪里领", "", five, 0, ""},
		"words that begin alike":           {"goodbye", "", five, 0, ""},
		"another button":                   {"5", "article:5", five, 0, ""},
		"a button out of range":            {"x", "rate:9", five, 0, ""},
		"an average has no place of two":   {"一般", "", two, 0, ""},
		"nothing":                          {"", "", five, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			m, ok := readMark(c.text, c.choice, c.scale)
			if ok != (c.score != 0) || m.score != c.score || m.comment != c.comment {
				t.Errorf("readMark(%q) = %+v, %v", c.text, m, ok)
			}
		})
	}
}

func FuzzReadMark(f *testing.F) {
	for _, s := range []string{"5", "５分，很好", "不满意 太慢", "五", "2/5", "\xff5", "very good!"} {
		f.Add(s, "", true)
	}
	f.Add("x", "rate:3", false)
	f.Fuzz(func(t *testing.T, text, choice string, two bool) {
		scale := conversation.ScaleFive
		if two {
			scale = conversation.ScaleTwo
		}
		m, ok := readMark(text, choice, scale)
		if ok && (m.score < 1 || m.score > 5 || utf8.RuneCountInString(m.comment) > maxSpokenComment) || !ok && m != (mark{}) {
			t.Fatalf("%q: %+v %v", text, m, ok)
		}
	})
}
