package knowledge_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"huiyin/db"
	"huiyin/knowledge"
	"huiyin/nlu"
)

// benchTopics are combined into as many different questions as a benchmark wants.
func benchTopics() (things, deeds, places []string) {
	return []string{"发票", "宽带", "流量", "套餐", "手机卡", "国际漫游", "话费", "路由器", "invoice", "router", "data plan", "SIM card", "roaming pack", "phone bill"},
		[]string{"怎么办理", "怎么取消", "为什么变慢", "多少钱", "在哪里查", "how do I cancel the", "how do I change the", "what does it cost to get a", "why is there a problem with my", "where can I see the"},
		[]string{"在家里", "在国外", "在营业厅", "公司", "老人", "学生", "at home", "abroad", "in a store", "for a company", "for students"}
}

func benchQuestion(i int) string {
	things, deeds, places := benchTopics()
	return fmt.Sprintf("%s %s %s 型号%c%c%c", deeds[i%len(deeds)], things[i/7%len(things)], places[i/53%len(places)],
		'甲'+rune(i%97), '乙'+rune(i/97%89), '丙'+rune(i/8633%83))
}

func benchBase(b *testing.B, articles int) *db.DB {
	b.Helper()
	d := openSQLite(b)
	var file strings.Builder
	for i := range articles {
		fmt.Fprintf(&file, `{"key":"k%d","question":{"zh":%q},"similar":{"zh":[%q,%q]},"answer":{"zh":"第一步，打开应用；第二步，确认。编号 %d。"}}`+"\n",
			i, benchQuestion(3*i), benchQuestion(3*i+1), benchQuestion(3*i+2), i)
	}
	if r := importText(b, d, knowledge.JSONL, file.String()); r.Added != articles {
		b.Fatalf("%d articles added, %d refused", r.Added, r.Refused)
	}
	return d
}

func BenchmarkSearch10000(b *testing.B) {
	x, _ := openIndex(b, b.TempDir(), benchBase(b, 10000))
	ctx, i := context.Background(), 0
	for b.Loop() {
		i++
		if hits, err := x.Search(ctx, nlu.Analyze("请问"+benchQuestion(i*31%30000)), knowledge.Options{}); err != nil || len(hits) == 0 {
			b.Fatal(len(hits), err)
		}
	}
}

func BenchmarkBuild10000(b *testing.B) {
	d := benchBase(b, 10000)
	for b.Loop() {
		x, err := knowledge.Open(context.Background(), b.TempDir(), d, slog.New(slog.DiscardHandler))
		if err != nil {
			b.Fatal(err)
		}
		_ = x.Close()
	}
}
