package hub_test

import "testing"

func TestSeveralMessagesInARowAreOneTurn(t *testing.T) {
	onBoth(t, func(h *house) {
		h.asks("li", "你好")
		h.asks("li", "网速太慢")
		h.start()
		h.gets("li: 请重启光猫。")
		h.eventually("one answer", func() bool { return len(h.messages(1)) == 3 })
	})
}

func TestTwoQuestionsInARowAreBothAnswered(t *testing.T) {
	onBoth(t, func(h *house) {
		h.asks("li", "网速太慢")
		h.asks("li", "在吗")
		h.asks("li", "开票")
		h.asks("li", "网速太慢")
		h.asks("ann", "slow")
		h.asks("ann", "internet")
		h.start()
		h.gets("li: 请重启光猫。")
		h.gets("li: 在 App 里开。")
		h.gets("ann: Restart the modem.")
		h.eventually("each once", func() bool { return len(h.messages(1)) == 6 && len(h.messages(2)) == 3 })
		if answers := h.messages(1)[4:]; answers[0].Text != "请重启光猫。" || answers[1].Text != "在 App 里开。" {
			h.t.Fatalf("%+v", answers)
		}
	})
}

func TestFilesAloneAreAcknowledged(t *testing.T) {
	onBoth(t, func(h *house) {
		h.start()
		h.asks("li", "")
		h.gets("li: 文件已经收到")
	})
}
