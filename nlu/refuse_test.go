package nlu

import "testing"

func TestRefuses(t *testing.T) {
	for _, c := range []struct {
		text, phrasing string
		want           bool
	}{
		{"我不要取消副卡", "副卡不要了", true},
		{"我不想取消副卡，只想加一张", "怎么取消副卡", true},
		{"我不是要退订宽带", "宽带退订", true},
		{"don't cancel my SIM, just change the number", "cancel my sim card", true},
		{"don't cancel my SIM, just change the number", "change my number", false},
		{"I don't want to cancel broadband, just pause it", "how do I pause my broadband", false},
		{"我不要副卡了", "副卡不要了", false},
		{"不想收到营销短信", "怎么退订营销短信", false},
		{"怎么取消副卡", "副卡不要了", false},
		{"能不能取消副卡", "怎么取消副卡", false},
		{"I don't know how to cancel", "cancel my plan", false},
		{"为什么不能取消副卡", "怎么取消副卡", false},
		{"", "", false},
	} {
		if got := Refuses(c.text, c.phrasing); got != c.want {
			t.Errorf("%q of %q: %v", c.text, c.phrasing, got)
		}
	}
}

func TestIsPinyin(t *testing.T) {
	for text, want := range map[string]bool{"kaifapiao": true, "wang luo duan le": true, "Kai Fa Piao?": true, "wifi mima": false,
		"refund please": false, "how": false, "发票": false, "kai发票": false, "": false, "??": false} {
		if got := IsPinyin(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
