package knowledge_test

import (
	"context"
	"fmt"
	"testing"

	"huiyin/knowledge"
)

func TestRehearsal(t *testing.T) {
	d := openSQLite(t)
	matters := []string{"发票", "退款", "宽带", "套餐", "漫游", "密码", "余额", "流量", "账单", "合约"}
	for i, matter := range matters {
		importText(t, d, knowledge.JSONL, fmt.Sprintf(`{"key":"k%d","question":{"zh":"怎么办理%s"},"similar":{"zh":["%s怎么办","我想办%s","请问%s如何办理"]},"answer":{"zh":"答"},"status":"published"}`, i, matter, matter, matter, matter))
	}
	x, _ := openIndex(t, t.TempDir(), d)
	if err := x.Learn(context.Background()); err != nil {
		t.Fatal(err)
	}
	list := x.Rehearsal()
	right, sure := 0, 0.0
	for _, r := range list {
		if r.Confidence < 0 || r.Confidence > 1 {
			t.Errorf("%+v", r)
		}
		if r.Right {
			right++
		}
		sure += r.Confidence
	}
	if len(list) != 4*len(matters) || right < len(list)*9/10 || sure < float64(len(list))/2 {
		t.Errorf("%d asked, %d right, %.1f sure", len(list), right, sure)
	}
}
