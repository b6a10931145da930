package simulator

import (
	"bytes"
	"strings"
	"testing"
)

// The example of the provider's page: https://developer.work.weixin.qq.com/document/path/90968
func TestTheProvidersExample(t *testing.T) {
	s, err := newSealer("QDG6eK", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7")
	if err != nil {
		t.Fatal(err)
	}
	const echo = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
	if got := s.sign("1409659589", "263014780", echo); got != "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3" {
		t.Errorf("signature %s", got)
	}
	text, err := s.open(echo)
	if err != nil || string(text) != "1616140317555161061" {
		t.Errorf("%q, %v", text, err)
	}
}

func TestSealedAndOpened(t *testing.T) {
	s, _ := newSealer("t", testKey, "wx1")
	for n := range 70 {
		text := bytes.Repeat([]byte("回"), n)
		sealed, err := s.shut(text, []byte("0123456789abcdef"))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := s.open(sealed); err != nil || !bytes.Equal(got, text) {
			t.Errorf("%d: %q, %v", n, got, err)
		}
	}
	other, _ := newSealer("t", testKey, "wx2")
	sealed, _ := s.shut([]byte("x"), []byte("0123456789abcdef"))
	if _, err := other.open(sealed); err == nil || !strings.Contains(err.Error(), "wx1") {
		t.Errorf("another account's: %v", err)
	}
	if _, err := newSealer("t", "short", "wx"); err == nil {
		t.Error("a key of five characters")
	}
}

func FuzzOpen(f *testing.F) {
	s, _ := newSealer("t", testKey, "wx1")
	sealed, _ := s.shut([]byte("text"), []byte("0123456789abcdef"))
	f.Add(sealed)
	f.Add("AAAAAAAAAAAAAAAAAAAAAA==")
	f.Add("")
	f.Fuzz(func(_ *testing.T, sealed string) { _, _ = s.open(sealed) })
}
