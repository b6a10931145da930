package mail

import (
	"io"
	"testing"
)

// FuzzParse reads anything as a mail.
func FuzzParse(f *testing.F) {
	for _, mail := range corpora(f) {
		f.Add(mail)
	}
	for _, c := range zhClients {
		plain, html := c.fill("new")
		f.Add([]byte(corpusHead + "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\n" + plain + "\r\n--b\r\nContent-Type: text/html\r\n\r\n" + html + "\r\n--b--"))
	}
	f.Add([]byte(tnefMailOf(sampleTNEF())))
	f.Fuzz(func(t *testing.T, mail []byte) {
		p := parse(mail, Limits{Text: 64 << 10, Parts: 50}.orDefaults())
		checkBounds(t, p)
		for _, part := range p.Parts {
			if n, err := io.Copy(io.Discard, part.Open()); err != nil || n > int64(len(mail))*2+100 {
				t.Errorf("part %q has %d bytes, %v", part.Name, n, err)
			}
		}
		for _, out := range []string{p.HTML, p.QuotedHTML} {
			if bad := danger(out); bad != "" {
				t.Errorf("%s in %q", bad, out)
			}
		}
	})
}
