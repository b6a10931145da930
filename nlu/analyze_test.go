package nlu

import "testing"

func BenchmarkAnalyze(b *testing.B) {
	for b.Loop() {
		Analyze("你好，请问我上个月的话费账单怎么查询啊谢谢")
	}
}
