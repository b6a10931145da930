package nlu

import (
	"regexp"
	"strings"
	"sync"
)

// humanRule is one family of ways to ask for a person. Needs are words of which a clause must hold one before
// the pattern is tried: most messages hold none, and patterns are slow.
type humanRule struct {
	name    string
	needs   []string
	pattern *regexp.Regexp
}

func rule(name string, needs []string, pattern string) humanRule {
	return humanRule{name, needs, regexp.MustCompile(pattern)}
}

// humanRules are tried in order on every clause.
var humanRules = sync.OnceValue(func() []humanRule {
	return append(zhHumanRules(), enHumanRules()...)
})

// Refusals that stand right before a request turn it round, unless they are part of a question or a threat.
var (
	refusalZh = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?:不用|不要|不需要|无需|勿|别|不想|不必|没必要|没有必要|甭|唔使|唔好|唔要|不打算|不是要|不是想|先不|暂不|暂时不|我不|不愿意?)(?:再|先|给我|帮我|麻烦|你|去|找|要|想|给|帮|劳烦|急着|转|接|换|叫|喊|联系|跟|和|用|到|成)*$`)
	})
	refusedVerb = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?:不|没|没有|唔|别)\|(?:要|想|需要|用|是|必|找|希望)`)
	})
	doublesVerb = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?:要不|想不|需不|用不|是不)\|(?:要|想|需要|用|是)|(?:为什么|怎么|凭什么|干嘛)(?:还|总|都|就)?(?:不|没|没有)\|`)
	})
	questionZh = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?:要不要|想不想|需不需要|用不用|为什么不要|为何不|怎么不|干嘛不|凭什么不|特别|级别|分别|区别|个别)[^不别]*$`)
	})
	refusalEn = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`\b(?:dont|do not|doesnt|does not|didnt|did not|not|no|never|without|wont|no longer|neither|nor|no need)(?: \w+){0,3} ?$`)
	})
	threatEn = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`\b(?:why|if you|unless|until|if i (?:dont|do not|cant)|you (?:dont|do not|wont)|not (?:a|an|the|your) (?:\w+ )?(?:bot|robot|machine|chatbot|computer)|no bot|how come|wont you|will you not)\b`)
	})
)

// findHuman looks for a request for a person, clause by clause. Refused tells that one was found and turned down.
func findHuman(pieces []piece) (rule string, refused bool) {
	for _, clause := range clauses(pieces) {
		text := join(clause)
		if !mayAskHuman(text) {
			continue
		}
		name, denied := humanInClause(notHuman().ReplaceAllString(text, "※"))
		if name != "" {
			return name, false
		}
		refused = refused || denied
	}
	return "", refused
}

// mayAskHuman is the look that spares most clauses the long list of what is no request: that list only takes words away, so
// what no rule finds before it none finds after it.
func mayAskHuman(clause string) bool {
	for _, rule := range humanRules() {
		if containsAny(clause, rule.needs) && rule.pattern.MatchString(clause) {
			return true
		}
	}
	return false
}

func humanInClause(clause string) (rule string, refused bool) {
	for _, rule := range humanRules() {
		if !containsAny(clause, rule.needs) {
			continue
		}
		at := rule.pattern.FindStringIndex(clause)
		if at == nil {
			continue
		}
		if !strings.HasSuffix(rule.name, "no robot") && isRefused(clause[:at[0]], clause[at[0]:at[1]]) {
			refused = true
			continue
		}
		return rule.name + ": " + strings.TrimSpace(clause[at[0]:at[1]]), false
	}
	return "", refused
}

// isRefused tells whether the words before a request, or its own verb after a 不, turn it down.
func isRefused(before, request string) bool {
	if doublesVerb().MatchString(before + "|" + request) {
		return false
	}
	if refusalZh().MatchString(before) || refusedVerb().MatchString(before+"|"+request) {
		return !questionZh().MatchString(before)
	}
	return refusalEn().MatchString(before) && !threatEn().MatchString(before)
}

func containsAny(text string, words []string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}
