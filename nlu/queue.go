package nlu

import (
	"strings"
	"unicode/utf8"
)

// QueueWish is what a customer who waits for a person says about the waiting.
type QueueWish string

// The wishes of who waits.
const (
	WishPlace QueueWish = "place" // where am I, how long does it take
	WishLater QueueWish = "later" // answer me here later
)

// maxQueueWish bounds, in characters, what is taken for a wish about the waiting: a longer text says something else too.
const (
	maxQueueWishZh = 14
	maxQueueWishEn = 40
)

// QueueWishOf recognises a wish about the waiting; empty: it is none. Only a text that says nothing else is one.
func QueueWishOf(text string) QueueWish {
	if utf8.RuneCountInString(text) > maxQueueWishEn+maxQueueWishEn/2 {
		return ""
	}
	said := strings.ReplaceAll(strings.Trim(Normalize(text), " .,!?;~'\""), "'", "")
	limit := maxQueueWishEn
	if DetectLanguage(said) == LanguageChinese {
		limit = maxQueueWishZh
		said = strings.TrimRight(said, "啊呀呢吗了吧")
	}
	if said == "" || utf8.RuneCountInString(said) > limit {
		return ""
	}
	switch said {
	case "查排队", "排队", "查询排队", "排队查询", "我的排队", "排队情况", "排队进度", "查进度排队", "排第几", "我排第几", "我排第几位", "排到第几", "排到哪", "排到我",
		"到我", "轮到我", "到哪", "前面还有几个人", "前面还有几位", "前面还有多少人", "前面几个人", "还有几个人", "还要等多久", "要等多久", "还要多久", "等多久", "多久到我",
		"多久能到我", "什么时候到我", "几号", "我是几号", "我第几", "我第几位",
		"queue", "my place", "place", "place in the queue", "my place in the queue", "position", "my position", "queue status", "where am i", "where am i in the queue",
		"how long", "how much longer", "how long is the wait", "how long will it take", "how long do i have to wait", "what number am i", "am i next", "is it my turn":
		return WishPlace
	case "稍后回复", "稍后回复我", "稍后在这里回复我", "稍后再回复", "稍后再回复我", "晚点回复", "晚点回复我", "晚点再说", "晚点", "稍后", "不等", "我先不等", "先不等", "有空再回复我", "有空回复我", "回头再说",
		"留言", "我先走", "later", "answer me later", "answer later", "answer me here later", "reply later", "reply to me later", "not now", "get back to me", "get back to me later", "i cant wait",
		"i will not wait", "i wont wait", "no need to wait":
		return WishLater
	}
	return ""
}
