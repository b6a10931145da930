package email

import (
	"testing"

	"huiyin/conversation"
)

func TestReach(t *testing.T) {
	a := New(Options{})
	for said, want := range map[string]string{"li@example.com": "li@example.com", " Li <Li@Example.COM> ": "li@example.com", "li": "", "": "", "li@": ""} {
		if got := a.Reach(conversation.Inbox{}, said); got.Address != want || got.Means != "email" {
			t.Errorf("%q: %+v, want %q", said, got, want)
		}
	}
}
