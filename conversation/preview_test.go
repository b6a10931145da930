package conversation

import (
	"strings"
	"testing"
)

func TestPreview(t *testing.T) {
	for name, test := range map[string]struct{ text, want string }{
		"empty":             {"", ""},
		"only spaces":       {" \n\t ", ""},
		"as it is":          {"宽带断了", "宽带断了"},
		"lines become one":  {"  hello,\n\n  I need　help \t", "hello, I need help"},
		"just fits":         {strings.Repeat("网", maxPreview), strings.Repeat("网", maxPreview)},
		"trailing space":    {strings.Repeat("a", maxPreview) + "  \n", strings.Repeat("a", maxPreview)},
		"cut":               {strings.Repeat("网", maxPreview+1), strings.Repeat("网", maxPreview) + "…"},
		"cut at a space":    {strings.Repeat("a", maxPreview-1) + " b", strings.Repeat("a", maxPreview-1) + "…"},
		"cut after a space": {strings.Repeat("a", maxPreview) + " b", strings.Repeat("a", maxPreview) + "…"},
		"broken bytes":      {"a\xffb", "a\uFFFDb"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := preview(test.text); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}
