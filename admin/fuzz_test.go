package admin

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"testing"

	"huiyin/admin/api"
	"huiyin/conversation"
)

func FuzzCursors(f *testing.F) {
	for _, s := range []string{"", "1", "zz", "-1", "1-2", "jx4k-3", "-", "1--2", "9999999999999999999", "💥"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if id, err := parseIDCursor(&s); err == nil && id < 0 {
			t.Fatalf("%q is read as %d", s, id)
		}
		filter, err := filterOf(api.ListConversationsParams{Cursor: &s}, conversation.Scope{})
		if err == nil && s != "" {
			if again, ok := conversation.ParsePlace(filter.After.String()); !ok || again != filter.After {
				t.Fatalf("%q is read as %v, written as %q", s, filter.After, filter.After)
			}
		}
		r, _ := http.NewRequest("GET", "/", nil)
		r.Header["Last-Event-ID"] = []string{s}
		if n, given, err := startOf(nil, r); err == nil && given && (n < 0 || n != mustInt(t, s)) {
			t.Fatalf("%q is read as %d", s, n)
		}
	})
}

func mustInt(t *testing.T, s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		t.Fatalf("%q is taken for a number", s)
	}
	return n
}

func FuzzBody(f *testing.F) {
	spec, err := readSpecification()
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{`{}`, `{"text":"x"}`, `{"text":null}`, `{"text":"x","attachments":["a"]}`, `{"text":"x","text":1}`, `[`, `1e999`, "{\"\xff\":1}",
		`{"name":"a","settings":{"a":"b"}}`, `{"languages":{"en":{"question":"q","similar":["a"],"answer":"b"}}}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, name := range []string{"MessageInput", "InboxInput", "ArticleInput", "UserPatch"} {
			checked, err := spec.document.checkBody(&schema{Ref: "#/components/schemas/" + name}, []byte(text))
			if err != nil {
				var refused *fault
				var fields fieldErrors
				if !errors.As(err, &refused) && !errors.As(err, &fields) {
					t.Fatalf("%s: %v", name, err)
				}
				continue
			}
			again, err := spec.document.checkBody(&schema{Ref: "#/components/schemas/" + name}, checked)
			if err != nil || !bytes.Equal(checked, again) {
				t.Fatalf("%s: %s became %s, then %s: %v", name, text, checked, again, err)
			}
			if name == "MessageInput" {
				var in api.MessageInput
				if err := json.Unmarshal(checked, &in); err != nil {
					t.Fatalf("%s passes but does not fit: %v", checked, err)
				}
			}
		}
	})
}
