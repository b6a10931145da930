package hub_test

import (
	"path/filepath"
	"testing"

	"huiyin/hub"
)

// A number or an ordinal means a button. Where none was offered, an article with the same word is no answer to it.
func TestANumberThatStandsForNothing(t *testing.T) {
	h := build(t, filepath.Join(t.TempDir(), "huiyin.db"))
	h.start()
	h.learns(`{"key":"second","question":{"en":"How do I get a second card?"},"similar":{"en":["second card","a second one"]},"answer":{"en":"A second card costs 10."},"status":"published"}`)
	h.talks("How do I get a second card?", "the second one")
	if m, e := h.last(1); e.Decision.Act != hub.ActAsk {
		t.Fatalf("%s: %+v", m.Text, e.Decision)
	}
}

// "It did not help" after an answer asks in other words, and is not taken for a farewell.
func TestItDidNotHelp(t *testing.T) {
	for name, says := range map[string][]string{
		"Chinese":             {"怎么申请退款", "没用"},
		"English":             {"How do I get a refund?", "that didn't help"},
		"nothing was said":    {"没用"},
		"still not the thing": {"怎么申请退款", "还是不行"},
	} {
		t.Run(name, func(t *testing.T) {
			h := build(t, filepath.Join(t.TempDir(), "huiyin.db"))
			h.start()
			h.learns(shop)
			h.talks(says...)
			if m, e := h.last(1); e.Decision.Act != hub.ActAsk && e.Decision.Act != hub.ActClarify {
				t.Fatalf("%s: %+v", m.Text, e.Decision)
			}
		})
	}
}
