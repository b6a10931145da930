package simulator

import (
	"strings"
	"testing"
)

func TestPortions(t *testing.T) {
	for name, c := range map[string]struct {
		text     string
		parts    int
		alphabet string
	}{
		"empty":                         {"", 1, "GSM-7"},
		"160 letters":                   {strings.Repeat("a", 160), 1, "GSM-7"},
		"161 letters":                   {strings.Repeat("a", 161), 2, "GSM-7"},
		"306 letters":                   {strings.Repeat("a", 306), 2, "GSM-7"},
		"307 letters":                   {strings.Repeat("a", 307), 3, "GSM-7"},
		"80 of two septets":             {strings.Repeat("€", 80), 1, "GSM-7"},
		"an escape at the border":       {strings.Repeat("a", 152) + "€" + strings.Repeat("a", 152), 3, "GSM-7"},
		"70 Chinese letters":            {strings.Repeat("短", 70), 1, "UCS-2"},
		"71 Chinese letters":            {strings.Repeat("短", 71), 2, "UCS-2"},
		"134 Chinese letters":           {strings.Repeat("短", 134), 2, "UCS-2"},
		"135 Chinese letters":           {strings.Repeat("短", 135), 3, "UCS-2"},
		"35 emoji":                      {strings.Repeat("😀", 35), 1, "UCS-2"},
		"an emoji at the border":        {strings.Repeat("短", 66) + "😀" + strings.Repeat("短", 66), 3, "UCS-2"},
		"one Chinese comma makes UCS-2": {strings.Repeat("a", 70) + "，", 2, "UCS-2"},
	} {
		if parts, alphabet := portions(c.text); parts != c.parts || alphabet != c.alphabet {
			t.Errorf("%s: %d %s", name, parts, alphabet)
		}
	}
}

func TestNumbers(t *testing.T) {
	s := cloudShop(t, Aliyun)
	if n := s.account.Phone("8613800000001").Number(); n != "8613800000001" {
		t.Error(n)
	}
	if n := s.account.Phone("guest").Number(); len(n) != 13 || !strings.HasPrefix(n, "86139") || n == s.account.Phone("guest2").Number() {
		t.Error(n)
	}
	for from, want := range map[string]string{"13800000001": "8613800000001", "+8613800000001": "8613800000001", "008613800000001": "8613800000001", "+15550001": "15550001"} {
		if got := international(from); got != want {
			t.Errorf("%s: %s", from, got)
		}
	}
	if national("8613800000001") != "13800000001" || national("15550001") != "15550001" {
		t.Error("national")
	}
}
