package nlu

import "testing"

// What arriving costs beside storing: a plain message, and one with numbers.
func BenchmarkGuard(b *testing.B) {
	own, err := NewOwn([]string{`HY-\d{6}`}, []string{"光纤 500", "Fibre Plus"})
	if err != nil {
		b.Fatal(err)
	}
	for name, text := range map[string]string{"a date's digits": "你好，我家的宽带从昨天晚上开始就很慢，你好，我家的宽带从昨天晚上开始就很慢，你好，我家的宽带从昨天晚上开始就很慢，my order is #20261121.", "plain": "你好，我家的宽带从昨天晚上开始网速特别慢，重启过光猫也没有用，怎么办？",
		"numbers": "我的手机13812345678，订单HY-202611，明天下午三点能上门吗？卡号4111 1111 1111 1111"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				read := own.Read(text)
				read.Entities()
				read.Hide(true)
			}
		})
	}
}
