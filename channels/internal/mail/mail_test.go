package mail

import (
	"io"
	"strings"
	"testing"
	"time"

	"huiyin/conversation"
)

// read parses a mail given with "\n" as its line ends.
func read(t *testing.T, mail string) Parsed {
	t.Helper()
	p, err := Parse(strings.NewReader(strings.ReplaceAll(mail, "\n", "\r\n")), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestComposedMailIsReadBack(t *testing.T) {
	m := Message{
		From: conversation.MailAddress{Name: "回音客服", Address: "help@example.com"}, To: []conversation.MailAddress{{Name: `王 "小明"`, Address: "wang@example.cn"}},
		Cc: []conversation.MailAddress{{Address: "li@example.cn"}}, Subject: "Re: 我的订单什么时候发货？麻烦尽快回复我，谢谢你们的帮助 —— 订单 12345",
		Date: time.Date(2026, 11, 22, 3, 4, 5, 0, time.UTC), MessageID: "1.a@example.com", InReplyTo: "0@example.cn",
		References: []string{"x@example.cn", "0@example.cn"}, Text: "您好，\n已经发货。\n.\nFrom here", HTML: `<p>您好，<img src="cid:pic@x"></p>`, Automatic: true,
		Files: []File{file("发票 2026年11月 一个很长很长的名字用来折行.pdf", "application/pdf", "", "%PDF"), file("a.png", "image/png", "pic@x", strings.Repeat("png", 5000))},
	}
	raw, err := Compose(m)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(string(raw), "\r\n") {
		if len(line) > 78 || strings.ContainsAny(line, "\n\r") || !isASCII(line) {
			t.Errorf("line %q", line)
		}
	}
	p := read(t, strings.ReplaceAll(string(raw), "\r\n", "\n"))
	if p.Subject != m.Subject || p.From[0] != m.From || p.To[0].Address != "wang@example.cn" || p.MessageID != m.MessageID ||
		p.InReplyTo != m.InReplyTo || len(p.References) != 2 || p.Text != m.Text || !p.SentAt.Equal(m.Date) || p.Automatic != conversation.MailAutoReply {
		t.Errorf("read back %+v", p)
	}
	if len(p.Parts) != 2 || p.Parts[1].Name != m.Files[0].Name || p.Parts[0].ContentID != "pic@x" || !p.Parts[0].Inline {
		t.Fatalf("parts %+v", p.Parts)
	}
	if data, _ := io.ReadAll(p.Parts[0].Open()); string(data) != strings.Repeat("png", 5000) {
		t.Errorf("the picture has %d bytes", len(data))
	}
}

func file(name, kind, id, data string) File {
	return File{Name: name, Type: kind, ContentID: id, Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(data)), nil }}
}
