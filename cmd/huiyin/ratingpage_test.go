package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
)

func ratingNode(t testing.TB) *node {
	t.Helper()
	vault, err := channels.NewVault(bytes.Repeat([]byte("k"), 32))
	if err != nil {
		t.Fatal(err)
	}
	return &node{parts: &parts{vault: vault}}
}

func TestRatingTokens(t *testing.T) {
	n := ratingNode(t)
	for _, id := range []int64{1, 127, 128, 1 << 40} {
		token := n.ratingToken(id)
		if got, ok := n.ratingOf(token); !ok || got != id {
			t.Errorf("%d: %d %v", id, got, ok)
		}
		if _, ok := n.ratingOf(token + "A"); ok {
			t.Errorf("%d: longer by a letter", id)
		}
		if _, ok := n.ratingOf("A" + token[1:]); ok && token[0] != 'A' {
			t.Errorf("%d: another seal", id)
		}
	}
	for _, token := range []string{"", "x", "1", strings.Repeat("A", 22), strings.Repeat("A", 23), "../x"} {
		if _, ok := n.ratingOf(token); ok {
			t.Errorf("%q passes", token)
		}
	}
}

func FuzzRatingToken(f *testing.F) {
	n := ratingNode(f)
	f.Add(n.ratingToken(7))
	f.Add("AAAAAAAAAAAAAAAAAAAAAAE")
	f.Fuzz(func(t *testing.T, token string) {
		if id, ok := n.ratingOf(token); ok && n.ratingToken(id) != token {
			t.Fatalf("%q opens conversation %d", token, id)
		}
	})
}

// A link shows its page as often as somebody looks, and rates once.
func TestRatingPage(t *testing.T) {
	s := newServer(t, "")
	ctx := context.Background()
	p, err := where{Data: s.data}.open(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer p.db.Close()
	err = p.db.Tx(ctx, func(tx *db.Tx) error {
		inbox, err := p.conversations.CreateInbox(ctx, tx, conversation.Inbox{Kind: "webchat", Name: "Mail"})
		if err != nil {
			return err
		}
		r, err := p.conversations.RecordTx(ctx, tx, inbox, conversation.Incoming{Address: "li@example.com", Text: "hello", Language: "en"})
		if err != nil {
			return err
		}
		r.Conversation.Status = conversation.Resolved
		if err := p.conversations.Save(ctx, tx, r.Conversation); err != nil {
			return err
		}
		_, err = p.conversations.NoteSurvey(ctx, tx, r.Conversation, conversation.ScaleFive, "")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	link := s.url() + ratingPath + (&node{parts: p}).ratingToken(1)
	for range 2 { // whoever looks first is a scanner
		if code, body := fetch(t, http.MethodGet, link, nil); code != http.StatusOK || !strings.Contains(body, "Excellent") || !strings.Contains(body, `lang="en"`) {
			t.Fatal(code, body)
		}
	}
	if _, body := fetch(t, http.MethodPost, link, url.Values{"score": {"9"}}); !strings.Contains(body, "<form") {
		t.Fatal(body)
	}
	if _, body := fetch(t, http.MethodPost, link, url.Values{"score": {"2"}, "why": {"0", "9", "x"}, "comment": {" slow <b> "}}); !strings.Contains(body, "Thank you") {
		t.Fatal(body)
	}
	if _, body := fetch(t, http.MethodPost, link, url.Values{"score": {"5"}}); !strings.Contains(body, "already") {
		t.Fatal(body)
	}
	found, err := p.conversations.Ratings(ctx, p.db, []int64{1})
	if r := found[1]; err != nil || r.Score != 2 || r.Comment != "slow <b>" || r.Reason != "Speed" || r.Way != "link" {
		t.Fatalf("%+v %v", r, err)
	}
	if code, _ := fetch(t, http.MethodGet, s.url()+ratingPath+"AAAA", nil); code != http.StatusNotFound {
		t.Fatal(code)
	}
}

func fetch(t *testing.T, method, address string, form url.Values) (int, string) {
	t.Helper()
	r, err := http.NewRequest(method, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}
