package mail

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"time"
)

// newsletter is a mail of 20 KB as shops write them.
func newsletter() string {
	var page strings.Builder
	page.WriteString("<html><head><style>p{margin:0}</style></head><body><table width=600>")
	for page.Len() < 20<<10 {
		page.WriteString(`<tr><td style="padding:8px;color:#333;font-family:Arial"><a href="https://shop.example/p?id=1&amp;x=2"><img src="https://img.shop.example/a.png" width="200"></a><p>您的订单 <b>A1024</b> 已发出，预计三天内送达。Thank you for your order.</p></td></tr>`)
	}
	page.WriteString("</table></body></html>")
	return corpusHead + "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString([]byte(page.String()))
}

func BenchmarkParse(b *testing.B) {
	reply := zhClients[0]
	plain, html := reply.fill("订单还没有收到，麻烦帮我查一下物流，谢谢！")
	for name, mail := range map[string]string{
		"answer 2 KB":   corpusHead + "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + plain + "\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + html + "\r\n--b--",
		"html 20 KB":    newsletter(),
		"plain 20 KB":   corpusHead + "Content-Type: text/plain; charset=utf-8\r\n\r\n" + strings.Repeat("您好，请帮我看一下这个问题。\r\n", 500) + "> " + old,
		"picture 10 MB": corpusHead + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nsee\r\n--b\r\nContent-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: base64\r\n\r\n" + strings.Repeat(strings.Repeat("QUJD", 19)+"\r\n", 10<<20/78) + "--b--",
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(mail)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse(strings.NewReader(mail), Limits{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkCorpora reports the slowest mail of the corpora, each read five times.
func BenchmarkCorpora(b *testing.B) {
	mails := corpora(b)
	for b.Loop() {
		var slowest time.Duration
		for _, data := range mails {
			var best []time.Duration
			for range 5 {
				start := time.Now()
				if _, err := Parse(bytes.NewReader(data), Limits{}); err != nil {
					b.Fatal(err)
				}
				best = append(best, time.Since(start))
			}
			slices.Sort(best)
			slowest = max(slowest, best[2])
		}
		b.ReportMetric(float64(slowest.Microseconds())/1000, "ms/slowest")
	}
}
