package nlu_test

import (
	"testing"

	"huiyin/nlu"
)

func TestQueueWish(t *testing.T) {
	for text, want := range map[string]nlu.QueueWish{
		"查排队": nlu.WishPlace, "排队": nlu.WishPlace, "我排第几了？": nlu.WishPlace, "到我了吗": nlu.WishPlace, "還要等多久": nlu.WishPlace, "前面还有几个人啊": nlu.WishPlace,
		"Queue": nlu.WishPlace, " QUEUE! ": nlu.WishPlace, "how long?": nlu.WishPlace, "What number am I": nlu.WishPlace, "am I next??": nlu.WishPlace,
		"稍后回复": nlu.WishLater, "晚点回复我吧": nlu.WishLater, "稍后在这里回复我": nlu.WishLater, "later": nlu.WishLater, "Answer me here later.": nlu.WishLater, "I can't wait": nlu.WishLater,
		"": "", "你好": "", "排队的人太多了，我要投诉": "", "宽带断了，还要等多久": "", "how long does a refund take": "", "see you later": "", "等": "", "later I paid the bill": "", "?!": "",
	} {
		if got := nlu.QueueWishOf(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func FuzzQueueWish(f *testing.F) {
	f.Add("查排队")
	f.Add("how long?")
	f.Fuzz(func(t *testing.T, text string) {
		if got := nlu.QueueWishOf(text); got != "" && got != nlu.WishPlace && got != nlu.WishLater {
			t.Errorf("%q", got)
		}
	})
}
