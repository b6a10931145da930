package post

import (
	"fmt"
	"mime"
	"strings"
	"time"
)

// answerAway answers a mail that nobody is there, to the sender of its envelope.
// https://www.rfc-editor.org/rfc/rfc3834
func (b *Box) answerAway(to string, m Mail) {
	p := b.office
	var w strings.Builder
	fmt.Fprintf(&w, "From: <%s>\r\nTo: <%s>\r\nSubject: %s\r\n", b.Address(), to, mime.BEncoding.Encode("utf-8", "自动回复 / Automatic reply: "+m.Subject))
	fmt.Fprintf(&w, "Date: %s\r\nMessage-ID: <%s@%s>\r\n", p.o.Now().Format(time.RFC1123Z), p.word(), p.o.Domain)
	if m.MessageID != "" {
		fmt.Fprintf(&w, "In-Reply-To: <%s>\r\nReferences: <%s>\r\n", m.MessageID, m.MessageID)
	}
	w.WriteString("Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=\"utf-8\"\r\nContent-Transfer-Encoding: base64\r\n\r\n")
	w.Write(folded([]byte("我正在休假，回来后会尽快回复您。\r\nI am out of office and will answer when I am back.\r\n")))
	raw := []byte(w.String())
	sent := Read(raw)
	sent.Folder, sent.Read = "sent", true
	b.keep(&sent)
	p.Deliver("", []string{to}, raw)
}
