package nlu

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// refusals say what is not wanted; the submatch is what. It ends where another clause begins.
var refusals = sync.OnceValue(func() []*regexp.Regexp {
	return []*regexp.Regexp{
		regexp.MustCompile(`(?:^|[,. ])我?(?:并?不是?(?:想|要|想要)|不想|不要|别|别给我|没(?:有)?说要)([^,.?!;]{3,16})`),
		regexp.MustCompile(`\b(?:i )?(?:dont want to|do not want to|dont want you to|didnt ask to|dont|do not|not trying to) ([^,.?!;]{4,60})`),
	}
})

// Refuses tells whether a text says that just what a phrasing is about is not wanted: "我不要取消副卡" of "取消副卡", "don't
// cancel my SIM" of "cancel my SIM card". Not wanting a thing ("我不要副卡了") is a reason to ask how to be rid of it, so
// the phrasing must name something to do, which both say.
func Refuses(text, phrasing string) bool {
	said := plainForm(text)
	of := Words(plainForm(phrasing))
	for _, form := range refusals() {
		for _, at := range form.FindAllStringSubmatch(said, -1) {
			if doing := deedIn(at[1]); doing != "" && slices.ContainsFunc(deeds(), func(same []string) bool {
				return slices.Contains(same, doing) && slices.ContainsFunc(same, func(d string) bool { return mentionsDeed(phrasing, of, d) })
			}) {
				return true
			}
		}
	}
	return false
}

// deeds are things to do to what one has, with the words that mean the same.
var deeds = sync.OnceValue(func() [][]string {
	return [][]string{
		{"取消", "退订", "注销", "销户", "拆机", "不要了", "退网", "cancel", "close", "terminate", "remove", "delete", "unsubscribe"},
		{"开通", "办理", "订购", "新装", "activate", "order", "subscribe", "buy"},
		{"更换", "更改", "换套餐", "换号", "改号", "change", "switch"},
		{"关闭", "停机", "报停", "暂停", "挂失", "suspend", "pause", "block", "disable"},
		{"退款", "退费", "提现", "refund"},
		{"过户", "转出", "转网", "transfer", "port"},
		{"移机", "搬家", "move"},
		{"续费", "续约", "renew"},
	}
})

// deedIn is the deed that a wish opens with.
func deedIn(wish string) string {
	first, _, _ := strings.Cut(wish, " ")
	for _, same := range deeds() {
		for _, d := range same {
			if d == first || !isAlnum(d[0]) && strings.HasPrefix(strings.TrimLeft(wish, "再把要"), d) {
				return d
			}
		}
	}
	return ""
}

func mentionsDeed(phrasing string, words []string, deed string) bool {
	if isAlnum(deed[0]) {
		return slices.Contains(words, deed)
	}
	return strings.Contains(phrasing, deed)
}
