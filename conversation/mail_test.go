package conversation

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestMailIsBounded(t *testing.T) {
	long := strings.Repeat("长", 400_000)
	m := &Mail{MessageID: long, Subject: long, Quoted: long, QuotedHTML: long, Signature: long, Inline: map[string]string{}}
	for i := range 50_000 {
		m.References = append(m.References, fmt.Sprintf("%d@example.com", i))
		m.To = append(m.To, MailAddress{Name: long[:3*(i%9)], Address: "a@example.com"})
		m.Problems = append(m.Problems, "x")
		m.Inline[fmt.Sprint(i)] = "x"
	}
	text, err := Content{Mail: m}.encode()
	if err != nil {
		t.Fatal(err)
	}
	if most := mailQuoted + mailQuotedHTML + mailSignature + 64<<10; len(text) > most {
		t.Errorf("%d bytes are stored, want at most %d", len(text), most)
	}
	var back Content
	if err := json.Unmarshal([]byte(text), &back); err != nil {
		t.Fatal(err)
	}
	refs := back.Mail.References
	if len(refs) != mailReferences || refs[0] != "0@example.com" || refs[len(refs)-1] != "49999@example.com" {
		t.Errorf("kept %d references from %s to %s", len(refs), refs[0], refs[len(refs)-1])
	}
	if strings.ContainsRune(back.Mail.Quoted, '\uFFFD') {
		t.Error("cut within a character")
	}
}

func TestMailIsKeptWithTheMessage(t *testing.T) {
	in := Incoming{Text: "你好", Mail: &Mail{MessageID: "1@example.com", Quoted: "> 以前", Verdicts: &MailVerdicts{DMARC: "pass", Aligned: true}}}
	if err := in.prepare(); err != nil {
		t.Fatal(err)
	}
	var back Content
	if err := json.Unmarshal([]byte(in.content), &back); err != nil {
		t.Fatal(err)
	}
	if back.Mail == nil || back.Mail.Quoted != "> 以前" || !back.Mail.Verdicts.Proven() {
		t.Errorf("kept %s", in.content)
	}
	if plain, _ := (Content{}).encode(); plain != "" {
		t.Errorf("a message that is no mail stores %q", plain)
	}
	var none *MailVerdicts
	if none.Proven() {
		t.Error("proven without verdicts")
	}
}
