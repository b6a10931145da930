package mail

import (
	"strings"

	"huiyin/conversation"
)

// trusted takes over what a trusted server has found: the topmost of its fields, because each server adds its own at
// the top.
func (j Judge) trusted(v *conversation.MailVerdicts, h Header) bool {
	for _, value := range h.All("Authentication-Results") {
		id, _, _ := strings.Cut(value, ";")
		id = strings.ToLower(strings.TrimSpace(id))
		if at := strings.IndexAny(id, " \t("); at > 0 {
			id = id[:at]
		}
		if !named(j.Trusted, id) {
			continue
		}
		v.By = id
		adopt(v, value)
		return true
	}
	return false
}

func named(list []string, id string) bool {
	for _, name := range list {
		if id != "" && strings.EqualFold(strings.TrimSpace(name), id) {
			return true
		}
	}
	return false
}

// adopt reads the results of one field.
func adopt(v *conversation.MailVerdicts, value string) {
	held := false
	for _, clause := range clauses(withoutComments(value))[1:] {
		method, word, props := finding(clause)
		switch method {
		case "spf":
			v.SPF = word
			held = held || word == "pass" && related(domainOf(props["smtp.mailfrom"]), v.Domain)
		case "dkim":
			domain := strings.ToLower(props["header.d"])
			if domain == "" {
				domain = domainOf(props["header.i"])
			}
			mine := word == "pass" && related(domain, v.Domain)
			if v.DKIM != "pass" || mine {
				v.DKIM = word
				if word == "pass" {
					v.Signer = domain
				}
			}
			held = held || mine
		case "dmarc":
			if from := props["header.from"]; from == "" || related(domainOf(from), v.Domain) {
				v.DMARC = word
			}
		}
	}
	v.Aligned = v.Domain != "" && (v.DMARC == "pass" || (v.DMARC == "none" || v.DMARC == "") && held)
}

// clauses cuts a field at its semicolons.
func clauses(s string) []string {
	var all []string
	quoted, start := false, 0
	for i := range len(s) {
		switch s[i] {
		case '"':
			quoted = !quoted
		case ';':
			if !quoted {
				all, start = append(all, s[start:i]), i+1
			}
		}
	}
	return append(all, s[start:])
}

// finding reads "dkim=pass header.d=example.com …".
func finding(clause string) (method, word string, props map[string]string) {
	props = map[string]string{}
	for i, pair := range strings.Fields(clause) {
		name, value, _ := strings.Cut(pair, "=")
		name, value = strings.ToLower(name), strings.Trim(value, `"`)
		if i == 0 {
			method, word = name, resultWord(value)
			continue
		}
		if _, twice := props[name]; !twice {
			props[name] = value
		}
	}
	return method, word, props
}

// resultWord is a result in the words of RFC 8601.
func resultWord(value string) string {
	switch word := strings.ToLower(value); word {
	case "pass", "fail", "softfail", "neutral", "none", "policy", "temperror", "permerror":
		return word
	case "hardfail":
		return "fail"
	case "bestguesspass": // Microsoft's word where the domain has no record
		return "none"
	}
	return "neutral"
}

// withoutComments leaves out what stands in parentheses.
func withoutComments(s string) string {
	var out strings.Builder
	for len(s) > 0 {
		at := strings.IndexAny(s, `("`)
		if at < 0 {
			break
		}
		out.WriteString(s[:at])
		if s[at] == '"' {
			_, rest := cutQuoted(s[at:])
			out.WriteString(s[at : len(s)-len(rest)])
			s = rest
			continue
		}
		_, s = cutComment(s[at:])
	}
	out.WriteString(s)
	return out.String()
}
