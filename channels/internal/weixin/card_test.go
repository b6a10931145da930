package weixin

import "testing"

func TestReadCard(t *testing.T) {
	for text, want := range map[string]Card{
		" [官网](https://x.example/?a=1) ":   {Title: "官网", URL: "https://x.example/?a=1"},
		"[订单](weapp://wx1/pages/a?id=7)":   {Title: "订单", App: "wx1", Page: "pages/a?id=7"},
		"[a](http://x.example)":            {Title: "a", URL: "http://x.example"},
		"见 [官网](https://x.example)":        {},
		"[a](https://x) [b](https://y)":    {},
		"[a](weapp://wx1)":                 {},
		"[a](weapp:///page)":               {},
		"[a](javascript:alert(1))":         {},
		"[a](/help)":                       {},
		"[](https://x.example)":            {},
		"[a\nb](https://x.example)":        {},
		"[a](https://x.example \"title\")": {},
	} {
		got, ok := ReadCard(text)
		if ok != (want != Card{}) || ok && got != want {
			t.Errorf("%q: %+v, %v", text, got, ok)
		}
	}
}
