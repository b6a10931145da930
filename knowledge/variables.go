package knowledge

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// Answers may hold variables, written as in ready-made replies: {{customer.name}}, or {{customer.name|friend}} with what stands there
// when it is not known. The console fills those of replies by the same rules (admin/console/src/desk/compose.ts).

// VariableDate and those below are the variables that an answer may hold.
const (
	VariableCustomer = "customer.name"
	VariableAgent    = "agent.name"
	VariableNumber   = "conversation.number"
	VariableInbox    = "inbox.name"
	VariableDate     = "date"
)

// Variables are the names of all variables that an answer may hold, in the order in which they are offered.
func Variables() []string {
	return []string{VariableCustomer, VariableAgent, VariableInbox, VariableNumber, VariableDate}
}

// variable is anything between double braces on one line, so that nothing that looks like a variable is ever shown raw.
var variable = regexp.MustCompile(`\{\{([^{}\n]*)\}\}`)

// Fill puts values in place of a Markdown text's variables. What is not known becomes what its author wrote for that case, else a
// word that fits anybody; what is no variable goes. Values are text: they mean nothing in Markdown.
func Fill(markdown, language string, values map[string]string) string {
	return variable.ReplaceAllStringFunc(markdown, func(found string) string {
		name, otherwise := partsOfVariable(found)
		for _, text := range []string{values[name], otherwise, unknownValue(language, name)} {
			if text != "" {
				return escapeMarkdown(text)
			}
		}
		return ""
	})
}

// HasVariables tells whether Fill has anything to fill in.
func HasVariables(markdown string) bool { return variable.MatchString(markdown) }

func partsOfVariable(found string) (name, otherwise string) {
	name, otherwise, _ = strings.Cut(strings.Trim(found, "{}"), "|")
	return strings.TrimSpace(name), strings.TrimSpace(otherwise)
}

// UnknownVariables are what stands between double braces in a text and is no variable, each once.
func UnknownVariables(text string) []string {
	var unknown []string
	for _, found := range variable.FindAllString(text, -1) {
		if name, _ := partsOfVariable(found); !slices.Contains(Variables(), name) && !slices.Contains(unknown, name) {
			unknown = append(unknown, name)
		}
	}
	return unknown
}

// unknownValue is what stands for a value that is not known: words that fit whoever reads them.
func unknownValue(language, name string) string {
	zh := language == "zh" || strings.HasPrefix(language, "zh-")
	switch {
	case name == VariableCustomer && zh:
		return "客户"
	case name == VariableCustomer:
		return "customer"
	case name == VariableAgent && zh:
		return "客服"
	case name == VariableAgent:
		return "our team"
	case name == VariableInbox && zh:
		return "我们"
	case name == VariableInbox:
		return "us"
	case name == VariableNumber:
		return "—"
	}
	return ""
}

// WriteDate is a day as people write it.
func WriteDate(at time.Time, language string) string {
	if language == "zh" || strings.HasPrefix(language, "zh-") {
		return at.Format("2006年1月2日")
	}
	return at.Format("2 January 2006")
}

// escapeMarkdown keeps a text from meaning anything in Markdown (CommonMark 0.31.2, section 2.4).
func escapeMarkdown(text string) string {
	var b strings.Builder
	for _, r := range strings.Join(strings.Fields(text), " ") {
		if r < 0x80 && strings.ContainsRune("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
