package weixin

import "testing"

func TestPerson(t *testing.T) {
	for union, want := range map[string]string{"": "", "  ": "", "oU1": "weixin:oU1", " oU1 ": "weixin:oU1"} {
		if got := Person(union); got != want {
			t.Errorf("%q is %q, want %q", union, got, want)
		}
	}
}
