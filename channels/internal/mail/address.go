package mail

import (
	"strings"

	"huiyin/conversation"
)

// maxAddresses is how many addresses are read of a header.
const maxAddresses = 200

// Addresses reads a list of addresses as headers hold it, leniently: groups are opened, comments left out, names in
// any encoding, semicolons taken for commas. What holds no address is left out.
func Addresses(s string) []conversation.MailAddress {
	var all []conversation.MailAddress
	for len(s) > 0 && len(all) < maxAddresses {
		var one mailbox
		one, s = cutMailbox(s)
		if a, ok := one.address(); ok {
			all = append(all, a)
		}
	}
	return all
}

// mailbox is one entry of a list in its pieces.
type mailbox struct {
	words   strings.Builder // outside of brackets
	angle   string
	comment string
	bracket bool
}

// cutMailbox reads up to the next comma, semicolon, or the colon that opens a group.
func cutMailbox(s string) (m mailbox, rest string) {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '"':
			text, after := cutQuoted(s[i:])
			if strings.HasPrefix(after, "@") {
				text = `"` + text + `"` // a local part, not a name
			}
			m.words.WriteString(text)
			i = len(s) - len(after) - 1
		case '(':
			text, after := cutComment(s[i:])
			m.comment = text
			i = len(s) - len(after) - 1
		case '<':
			inside, after, closed := strings.Cut(s[i+1:], ">")
			if !closed {
				inside, after = s[i+1:], ""
			}
			m.angle, m.bracket = inside, true
			i = len(s) - len(after) - 1
		case ',', ';', '\n':
			return m, s[i+1:]
		case ':':
			if !m.bracket && !strings.Contains(m.words.String(), "@") {
				m.words.Reset()
				continue
			}
			m.words.WriteByte(':')
		default:
			m.words.WriteByte(s[i])
		}
	}
	return m, ""
}

// cutComment reads the comment that s begins with, with those in it.
func cutComment(s string) (text, rest string) {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return s[1:i], s[i+1:]
			}
		}
	}
	return s[1:], ""
}

// address makes an address of the pieces.
func (m *mailbox) address() (conversation.MailAddress, bool) {
	words := strings.TrimSpace(m.words.String())
	name, at := words, m.angle
	if !m.bracket {
		name, at = m.comment, lastWord(words)
		if before := strings.TrimSpace(strings.TrimSuffix(words, at)); before != "" && name == "" {
			name = before
		}
	} else if name == "" {
		name = m.comment
	}
	a := conversation.MailAddress{Name: oneLine(decodeHeader(name), 300), Address: tidyAddress(at)}
	a.Name = strings.Trim(a.Name, `"' `)
	if strings.EqualFold(a.Name, a.Address) {
		a.Name = ""
	}
	return a, a.Address != ""
}

// lastWord is the word of a text that looks like an address.
func lastWord(s string) string {
	if strings.HasPrefix(s, `"`) && strings.Contains(s, `"@`) {
		return s
	}
	for _, w := range strings.Fields(s) {
		if strings.Contains(w, "@") {
			return w
		}
	}
	return ""
}

// maxAddress is how long an address may be (RFC 5321, 4.5.3.1, with room).
const maxAddress = 320

// tidyAddress checks an address and writes its domain small; "" when it is none. Spaces in it are of broken folding.
func tidyAddress(s string) string {
	s = decodeHeader(strings.TrimSpace(s))
	s = strings.TrimPrefix(strings.TrimPrefix(s, "mailto:"), "MAILTO:")
	if strings.HasPrefix(s, "@") { // a route of old (RFC 5321, appendix C)
		if _, after, ok := strings.Cut(s, ":"); ok {
			s = after
		}
	}
	if !strings.HasPrefix(s, `"`) {
		s = strings.Join(strings.Fields(s), "")
	}
	at := strings.LastIndexByte(s, '@')
	if at <= 0 || at == len(s)-1 || len(s) > maxAddress {
		return ""
	}
	local, domain := s[:at], strings.ToLower(strings.TrimSuffix(s[at+1:], "."))
	if oneLine(s, maxAddress) != s || strings.ContainsAny(domain, `<>()",;:\@ `) && !strings.HasPrefix(domain, "[") {
		return ""
	}
	if !strings.HasPrefix(local, `"`) && strings.ContainsAny(local, `<>(),;:\"`) || domain == "" {
		return ""
	}
	return local + "@" + domain
}
