package texting

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"huiyin/conversation"
)

// Consent is what a message says about wanting messages: the whole of it, whatever its width, case and punctuation.
// Opting in is meant only by those who had opted out. The English words are those of CTIA's Messaging Principles (section
// 5.1.3) and of Twilio's default handling, the others what Chinese carriers and clouds ask customers to send.
func Consent(text string) conversation.Consent {
	switch fold(text) {
	case "STOP", "STOPALL", "STOP ALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "OPTOUT", "OPT OUT", "REVOKE",
		"T", "TD", "R", "N", "退订", "退訂", "回T", "回复T", "取消订阅", "取消訂閱", "拒收", "不要再发", "不要再发了", "停止发送":
		return conversation.OptOut
	case "START", "UNSTOP", "SUBSCRIBE", "YES", "OPTIN", "OPT IN", "KT", "恢复", "恢复订阅", "恢復訂閱", "订阅", "訂閱", "重新订阅":
		return conversation.OptIn
	}
	return ""
}

// fold makes the spellings of one word the same: full and half width, case, spaces, and punctuation around it.
func fold(text string) string {
	text = strings.ToUpper(width.Narrow.String(text))
	text = strings.TrimFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return strings.Join(strings.Fields(text), " ")
}
