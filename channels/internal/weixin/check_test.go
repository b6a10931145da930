package weixin

import (
	"regexp"
	"strings"
	"testing"
)

func TestChecks(t *testing.T) {
	base := Base("https://api.example")
	for value, ok := range map[string]bool{"https://proxy.example/wx": true, "http://127.0.0.1:8081": true, "": false, "proxy.example": false, "ftp://x": false,
		"https://": false, "https://u:p@x": false, "https://x?y=z": false, "https://x#y": false, "https://x y": false} {
		if err := base(value); (err == nil) != ok || err != nil && !strings.Contains(err.Error(), "https://api.example") {
			t.Errorf("%q: %v", value, err)
		}
	}
	word := Fits(regexp.MustCompile(`^[a-z]+$`), "must be a word")
	if word("abc") != nil || word("a b") == nil || word("") == nil {
		t.Error("a pattern")
	}
}
