package knowledge

import (
	"testing"
)

func TestRepair(t *testing.T) {
	c := corpusOf(
		chinese("怎么开发票", "答", "电子发票"), chinese("宽带怎么办理", "答"), chinese("怎么申请退款", "答"),
		Content{Question: map[string]string{"en": "How do I replace my router?"}, Answer: map[string]string{"en": "a"}, Similar: map[string][]string{"en": {"a new password"}}},
	)
	for question, want := range map[string]string{
		"怎么开发漂": "怎么开发票", "kaifapiao": "开发票", "kuandai": "宽带", "tui kuan": "退款", "replace my ruoter": "replace my router",
		"pasword": "password", "my routers": "my routers", "怎么开发票": "怎么开发票", "invoice": "invoice", "a plane": "a plane", "xy": "xy", "": "",
	} {
		if got := c.repair(c.ask(question, "", nil)); got != want {
			t.Errorf("%q became %q, want %q", question, got, want)
		}
	}
	for question, want := range map[string]string{"kai fa piao": "怎么开发票", "发漂": "怎么开发票", "tuikuan": "怎么申请退款", "routre replacment": "How do I replace my router?"} {
		if hits := ranking(c, question, Options{}); len(hits) == 0 || hits[0].Key != want {
			t.Errorf("%q found %+v", question, hits)
		}
	}
}

func TestOneOff(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{{"router", "router", true}, {"ruoter", "router", true}, {"roter", "router", true}, {"routter", "router", true}, {"rooter", "router", true},
		{"outer", "router", true}, {"rutr", "router", false}, {"retour", "router", false}, {"", "ab", false}} {
		if got := oneOff(c.a, c.b); got != c.want {
			t.Errorf("%s and %s: %v", c.a, c.b, got)
		}
	}
}
