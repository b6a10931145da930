package mail

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"mime"
	"strings"
	"time"
	"unicode/utf8"

	"huiyin/conversation"
)

// head writes the header.
func (c *composer) head(m Message) {
	c.addresses("From", []conversation.MailAddress{m.From})
	c.addresses("Reply-To", m.ReplyTo)
	c.addresses("To", m.To)
	c.addresses("Cc", m.Cc)
	c.field("Subject", encodeWords(oneLine(m.Subject, 900), len("Subject: ")))
	c.field("Date", m.Date.Format(time.RFC1123Z))
	c.ids("Message-ID", []string{m.MessageID})
	c.ids("In-Reply-To", []string{m.InReplyTo})
	c.ids("References", keepEnds(m.References, maxReferences))
	switch {
	case m.Automatic && m.Report:
		c.field("Auto-Submitted", "auto-generated")
	case m.Automatic:
		c.field("Auto-Submitted", "auto-replied")
	}
	if m.Automatic {
		c.field("X-Auto-Response-Suppress", "All")
	}
	c.field("MIME-Version", "1.0")
}

// keepEnds leaves the middle of a long list out.
func keepEnds(list []string, most int) []string {
	if len(list) <= most {
		return list
	}
	return append(list[:1:1], list[len(list)-most+1:]...)
}

// field writes a field whose value is ASCII, one line or folded already.
func (c *composer) field(name, value string) {
	if value != "" {
		fmt.Fprintf(&c.out, "%s: %s\r\n", name, value)
	}
}

// ids writes message ids, one a line.
func (c *composer) ids(name string, list []string) {
	var all []string
	for _, id := range list {
		if id = tidyID(strings.Trim(id, "<>")); id != "" && isASCII(id) {
			all = append(all, "<"+oneLine(id, maxID)+">")
		}
	}
	c.field(name, strings.Join(all, "\r\n "))
}

// addresses writes a list of mailboxes, one a line.
func (c *composer) addresses(name string, list []conversation.MailAddress) {
	var all []string
	for _, a := range list {
		address := tidyAddress(a.Address)
		if address == "" || !isASCII(address) {
			continue
		}
		if shown := oneLine(a.Name, 300); shown != "" {
			address = displayName(shown, len(name)+2) + " <" + address + ">"
		}
		all = append(all, address)
	}
	c.field(name, strings.Join(all, ",\r\n "))
}

// displayName writes a name as a quoted string, or encoded when it is not ASCII. One that is an address itself is
// quoted too, so that it cannot pass for the address.
func displayName(s string, used int) string {
	if !isASCII(s) || len(s) > 60 {
		return encodeWords(s, used)
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

// encodeWords writes a text as encoded words (RFC 2047) that each hold whole characters, folded; ASCII stays as it is
// and is folded at its spaces. used is what already stands in the first line.
func encodeWords(s string, used int) string {
	if isASCII(s) && !strings.Contains(s, "=?") {
		return foldASCII(s, used)
	}
	var out strings.Builder
	room := 42 - used/2 // bytes of text for which 75 characters are enough in base64
	for len(s) > 0 {
		n := 0
		for n < len(s) {
			_, size := utf8.DecodeRuneInString(s[n:])
			if n+size > room && n > 0 {
				break
			}
			n += size
		}
		if out.Len() > 0 {
			out.WriteString("\r\n ")
		}
		out.WriteString("=?utf-8?B?" + base64.StdEncoding.EncodeToString([]byte(s[:n])) + "?=")
		s, room = s[n:], 42
	}
	return out.String()
}

// foldASCII breaks a long line before words.
func foldASCII(s string, used int) string {
	var out strings.Builder
	for i, word := range strings.Split(s, " ") {
		switch {
		case i == 0:
		case used+1+len(word) > 76 && word != "":
			out.WriteString("\r\n ")
			used = 1
		default:
			out.WriteByte(' ')
			used++
		}
		out.WriteString(word)
		used += len(word)
	}
	return out.String()
}

// param adds a parameter to a field, in the encoding of RFC 2231 when it needs one.
func param(field, name, value string) string {
	if isASCII(value) && len(value) <= 60 {
		return field + ";\r\n " + name + `="` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
	}
	var pieces []string
	line := ""
	for _, r := range value {
		piece := percent(string(r))
		if len(line)+len(piece) > 54 {
			pieces, line = append(pieces, line), ""
		}
		line += piece
	}
	pieces = append(pieces, line)
	var out strings.Builder
	out.WriteString(field)
	for i, piece := range pieces {
		charset := ""
		if i == 0 {
			charset = "utf-8''"
		}
		fmt.Fprintf(&out, ";\r\n %s*%d*=%s%s", name, i, charset, piece)
	}
	return out.String()
}

// percent writes a text in the octets of RFC 2231.
func percent(s string) string {
	var out strings.Builder
	for i := range len(s) {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '-' || c == '_' {
			out.WriteByte(c)
			continue
		}
		fmt.Fprintf(&out, "%%%02X", c)
	}
	return out.String()
}

// mediaType is a type fit for a header.
func mediaType(s string) string {
	value, _, err := mime.ParseMediaType(s)
	if err != nil || !strings.Contains(value, "/") || strings.HasPrefix(value, "multipart/") || strings.HasPrefix(value, "message/") {
		return "application/octet-stream"
	}
	return value
}

// boundary is a line that no part holds: its "=_" is in neither base64 nor quoted-printable.
func boundary(id string) string {
	sum := sha256.Sum256([]byte(id))
	return "=_" + hex.EncodeToString(sum[:12])
}
