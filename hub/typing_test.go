package hub_test

import "testing"

func TestTypingIsShownNowAndThen(t *testing.T) {
	h := build(t, t.TempDir()+"/huiyin.db")
	wire := h.inbox
	h.metered(true, nil)
	h.start()
	for range 20 {
		h.ShowTyping(h.inbox.ID, "li")
	}
	h.ShowTyping(wire.ID, "li") // which cannot show it
	h.ShowTyping(999, "li")
	h.ShowTyping(h.inbox.ID, "ann")
	notices := func() int {
		h.meter.mu.Lock()
		defer h.meter.mu.Unlock()
		return len(h.meter.notices)
	}
	h.eventually("each once", func() bool { return notices() == 2 })
}
