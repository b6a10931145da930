package knowledge

import (
	"strings"
	"testing"
	"time"
)

func TestFill(t *testing.T) {
	values := map[string]string{VariableCustomer: "王丽", VariableNumber: "12", VariableInbox: "[Shop](http://evil.example) {{date}}", VariableDate: "1 May 2026"}
	for name, c := range map[string]struct{ text, language, want string }{
		"a value":                      {"{{customer.name}}，您好", "zh", "王丽，您好"},
		"spaces inside":                {"No. {{ conversation.number }}", "en", "No. 12"},
		"not known, with a word":       {"Ask {{agent.name|Ann}}", "en", "Ask Ann"},
		"not known":                    {"Ask {{agent.name}}", "en", "Ask our team"},
		"not known, in Chinese":        {"请联系{{agent.name}}", "zh-TW", "请联系客服"},
		"no variable":                  {"a{{客户 名称}}b{{}}c{{x.y}}", "zh", "abc"},
		"no variable, with a word":     {"{{x|y}}", "zh", "y"},
		"a value is text":              {"{{inbox.name}}", "en", `\[Shop\]\(http\:\/\/evil\.example\) \{\{date\}\}`},
		"braces that are not closed":   {"{{date", "en", "{{date"},
		"braces over lines":            {"{{da\nte}}", "en", "{{da\nte}}"},
		"a known one before the words": {"{{date|today}}", "en", "1 May 2026"},
	} {
		if got := Fill(c.text, c.language, values); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	for _, v := range Variables() {
		if v != VariableDate && (unknownValue("zh", v) == "" || unknownValue("en", v) == "") {
			t.Errorf("%s has nothing to stand for it", v)
		}
	}
}

func TestUnknownVariables(t *testing.T) {
	if got := UnknownVariables("{{date}} {{Date}} {{名字|x}} {{名字}} {{ customer.name | you }}"); strings.Join(got, " ") != "Date 名字" {
		t.Errorf("%q", got)
	}
}

func TestWriteDate(t *testing.T) {
	at := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	if zh, en := WriteDate(at, "zh"), WriteDate(at, "en"); zh != "2026年5月1日" || en != "1 May 2026" {
		t.Errorf("%s, %s", zh, en)
	}
}

func FuzzFill(f *testing.F) {
	f.Add("{{customer.name|x}} {{ {{date}} }}", "王|{{}}")
	f.Fuzz(func(t *testing.T, text, name string) {
		filled := Fill(text, "en", map[string]string{VariableCustomer: name})
		if !strings.Contains(text, "}") && filled != text {
			t.Errorf("%q became %q", text, filled)
		}
		if variable.MatchString(Fill("{{customer.name}}", "en", map[string]string{VariableCustomer: name})) {
			t.Errorf("%q leaves a variable", name)
		}
	})
}
