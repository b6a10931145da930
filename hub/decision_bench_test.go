package hub_test

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"huiyin/db"
	"huiyin/hub"
	"huiyin/knowledge"
	"huiyin/nlu"
)

// askedAbout gives question i of a base of any size: what somebody wants to do with a thing at a place, and which one.
func askedAbout(i int) string {
	things := []string{"发票", "宽带", "流量", "套餐", "手机卡", "国际漫游", "话费", "路由器", "invoice", "router", "data plan", "SIM card", "roaming pack", "phone bill"}
	deeds := []string{"怎么办理", "怎么取消", "为什么变慢", "多少钱", "在哪里查", "how do I cancel the", "how do I change the", "what does it cost to get a", "why is there a problem with my", "where can I see the"}
	places := []string{"在家里", "在国外", "在营业厅", "公司", "老人", "学生", "at home", "abroad", "in a store", "for a company", "for students"}
	return fmt.Sprintf("%s %s %s 型号%c%c%c", deeds[i%len(deeds)], things[i/7%len(things)], places[i/53%len(places)], '甲'+rune(i%97), '乙'+rune(i/97%89), '丙'+rune(i/8633%83))
}

// askable is a base of so many phrasings, five an article, learnt from.
func askable(b *testing.B, phrasings int) *knowledge.Index {
	b.Helper()
	ctx := context.Background()
	d, err := db.Open(ctx, filepath.Join(b.TempDir(), "k.db"), db.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = d.Close() })
	if err := d.Migrate(ctx, knowledge.Migrations()); err != nil {
		b.Fatal(err)
	}
	if _, err := knowledge.Import(ctx, d, knowledge.Author{Name: "bench"}, knowledge.JSONL, strings.NewReader(askableArticles(phrasings))); err != nil {
		b.Fatal(err)
	}
	x, err := knowledge.Open(ctx, b.TempDir(), d, slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = x.Close() })
	return x
}

// askableArticles are the articles of such a base, as they are imported.
func askableArticles(phrasings int) string {
	var file strings.Builder
	for i := 0; i < phrasings; i += 5 {
		fmt.Fprintf(&file, `{"key":"k%d","question":{"zh":%q},"similar":{"zh":[%q,%q,%q,%q]},"answer":{"zh":"第一步，打开应用；第二步，确认。编号 %d。"},"status":"published"}`+"\n",
			i, askedAbout(i), askedAbout(i+1), askedAbout(i+2), askedAbout(i+3), askedAbout(i+4), i)
	}
	return file.String()
}

// BenchmarkDecision takes the road from a message to a decision on one core.
func BenchmarkDecision(b *testing.B) {
	for _, phrasings := range []int{10_000, 100_000} {
		b.Run(fmt.Sprintf("phrasings=%d", phrasings), func(b *testing.B) {
			ctx, x := context.Background(), askable(b, phrasings)
			began := time.Now()
			if err := x.Learn(ctx); err != nil {
				b.Fatal(err)
			}
			learnt := time.Since(began)
			var took []time.Duration
			for i := 0; b.Loop(); i++ {
				began := time.Now()
				analysis := nlu.Analyze("请问" + askedAbout(i*31%phrasings))
				hits, err := x.Search(ctx, analysis, knowledge.Options{})
				if err != nil || len(hits) == 0 {
					b.Fatal(len(hits), err)
				}
				hub.Decide(hub.DefaultPolicy(), hub.Turn{Analysis: analysis, Hits: hits, HumanAvailable: true})
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(float64(len(took))/b.Elapsed().Seconds(), "decisions/s")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
			b.ReportMetric(learnt.Seconds(), "learn-s")
			b.ReportMetric(float64(x.Learned())/1e6, "MB")
		})
	}
}
