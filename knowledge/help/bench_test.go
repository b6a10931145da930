package help

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// benchTitles are as many different titles as are wanted, of ordinary words.
func benchLibrary(n int) *index {
	things := []string{"发票", "宽带", "流量", "套餐", "手机卡", "国际漫游", "话费", "路由器", "机顶盒", "积分", "实名", "密码", "合约", "光猫"}
	deeds := []string{"怎么办理", "怎么取消", "为什么变慢", "多少钱", "在哪里查", "怎么退款", "什么时候到账", "打不开怎么办", "提示错误"}
	places := []string{"家里", "国外", "营业厅", "公司", "老人", "学生", "网上", "小程序", "微信里", "Wi-Fi", "App", "iPhone"}
	x := newIndex()
	for i := range n {
		model := string([]rune{rune(0x4e00 + i*7%20000), rune(0x4e00 + i*13%20000)})
		title := func(k int) string {
			return fmt.Sprintf("%s的%s%s%s？", places[k%len(places)], things[k/3%len(things)], model, deeds[k/41%len(deeds)])
		}
		x.add(&book{id: int64(i), language: "zh", title: title(i), similar: []string{title(3*i + 1), title(5*i + 2), title(7*i + 3), title(11*i + 5)}, tags: []string{things[i%len(things)], fmt.Sprintf("model-%d", i)}, category: "c/" + places[i%len(places)]})
	}
	return x
}

// BenchmarkFind searches 10 000 articles with four more phrasings each, as one types, and tells how long the slowest hundredth takes.
func BenchmarkFind(b *testing.B) {
	x := benchLibrary(10_000)
	typed := []string{"f", "fa", "fap", "fapiao", "fp", "发", "发票", "发票怎么", "发漂", "宽代网速", "kuandai", "guojimanyou", "gjmy", "怎么", "怎么办理宽带", "wifi", "iphne", "model-77", "model", "不存在的东西", "zzzzz", "ysmm", "shouji ka", "taocan tuikuan"}
	took := make([]time.Duration, 0, b.N)
	for i := 0; b.Loop(); i++ {
		began := time.Now()
		x.find(typed[i%len(typed)], time.Time{}, mostInstant)
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
}

// BenchmarkFill adds 10 000 articles to an empty index.
func BenchmarkFill(b *testing.B) {
	for b.Loop() {
		benchLibrary(10_000)
	}
}
