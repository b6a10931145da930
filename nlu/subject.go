package nlu

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Subject cuts a question into the matter that it is about and the way it asks: "怎么办理宽带移机" is about 宽带移机 and asks
// 怎么办理. Either may be empty.
func Subject(text string) (matter, asking string) {
	said := plainForm(text)
	pattern := askingEn()
	if DetectLanguage(said) == LanguageChinese {
		pattern = askingZh()
	}
	var asked []string
	matter = pattern.ReplaceAllStringFunc(said, func(found string) string {
		asked = append(asked, strings.TrimSpace(found))
		return " "
	})
	asking = strings.Join(asked, " ")
	if DetectLanguage(said) == LanguageChinese {
		return strings.ReplaceAll(strings.Join(strings.Fields(matter), " "), " 的", "的"), strings.ReplaceAll(asking, " ", "")
	}
	return strings.Join(strings.Fields(matter), " "), asking
}

var askingZh = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`怎么样|怎么办理|怎么办|怎么申请|怎么|如何办理|如何|怎样|咋|在哪里|在哪儿|在哪|什么时候|为什么|是什么|有什么|什么|多少钱|是多少|多少|要多久|多久|多长时间|哪里|哪儿|哪个|哪些|为啥|请问|可不可以|能不能|是不是|有没有|能否|是否|可以|需要|我想|我要|吗|呢|么$|\?`)
})

var askingEn = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:and |so |then )*(?:how (?:do|can|could|should|would) (?:i|we|you)(?: (?:get|find|see))?|how much (?:does|do|is|are)|how long (?:does|do|is|will)(?: it take)?(?: for| to)?|what (?:is|are|was)|whats|where (?:can|do|could|should) (?:i|we)(?: find| get)?|where (?:is|are)|when (?:is|are|does|do|will|can i)|why (?:is|are|does|do|did|was)|which|who (?:is|are|can)|can (?:i|we|you)|could (?:i|we|you)|do (?:you|i|we)(?: have)?|does|is there|are there|i (?:want|need|would like) to|id like to)\b|\b(?:cost|take)$`)
})

// contrasts are groups of words of which a question has one: another one of the group takes its place.
var contrasts = sync.OnceValue(func() [][]string {
	return [][]string{
		{"个人", "企业", "公司", "单位", "商家", "对公", "个体户"},
		{"工作日", "周末", "节假日", "假期", "平时", "周六", "周日", "周一到周五"},
		{"白天", "晚上", "夜间", "早上", "上午", "下午", "中午"},
		{"国内", "国外", "国际", "海外", "境外", "港澳台", "本地", "外地", "异地"},
		{"新用户", "老用户", "新客户", "老客户", "新生", "老生", "会员", "非会员"},
		{"线上", "线下", "网上", "柜台", "营业厅", "门店"},
		{"电子发票", "纸质发票", "专用发票", "普通发票", "增值税专用发票"},
		{"手机", "电脑", "平板", "安卓", "苹果"},
		{"微信", "支付宝", "银行卡", "信用卡", "现金", "银联"},
		{"大人", "成人", "儿童", "小孩", "老人", "学生", "军人"},
		{"今天", "明天", "昨天", "后天"},
		{"individuals", "individual", "persons", "companies", "company", "businesses", "business", "enterprises", "enterprise", "organisations", "organizations"},
		{"weekdays", "weekday", "weekends", "weekend", "holidays", "holiday", "saturdays", "saturday", "sundays", "sunday"},
		{"domestic", "international", "abroad", "overseas", "local", "foreign"},
		{"new customers", "existing customers", "members", "non-members", "students", "student", "seniors", "children", "child", "adults", "adult"},
		{"online", "offline", "in store", "in branch", "by phone"},
		{"android", "iphone", "ios", "windows", "mac", "desktop", "mobile"},
		{"credit card", "debit card", "cash", "paypal", "apple pay", "bank transfer"},
		{"today", "tomorrow", "yesterday"},
	}
})

// Exchange puts something else in the place of its counterpart in a question: 个人怎么开发票 with 企业 is 企业怎么开发票. It
// fails when the question names no counterpart.
func Exchange(question, other string) (exchanged string, ok bool) {
	question, other = plainForm(question), plainForm(other)
	for _, group := range contrasts() {
		if !slices.ContainsFunc(group, func(w string) bool { return hasWord(other, w) }) {
			continue
		}
		for _, w := range group {
			if hasWord(question, w) && !hasWord(other, w) {
				return strings.Replace(question, w, other, 1), true
			}
		}
	}
	return "", false
}

// hasWord finds a word, for a Latin one only whole.
func hasWord(text, word string) bool {
	for from := 0; ; {
		at := strings.Index(text[from:], word)
		if at < 0 {
			return false
		}
		start, end := from+at, from+at+len(word)
		alone := (start == 0 || !isAlnum(text[start-1])) && (end == len(text) || !isAlnum(text[end]))
		if alone || !isAlnum(word[0]) {
			return true
		}
		from = end
	}
}

// Mentions tells whether a text has one of the content words of another.
func Mentions(text, of string) bool {
	normalized := Normalize(text)
	matter, _ := Subject(of)
	for _, w := range Words(matter) {
		if len(w) > 2 && hasWord(normalized, w) {
			return true
		}
	}
	return false
}
