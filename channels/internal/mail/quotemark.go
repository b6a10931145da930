package mail

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// The words that clients put around history, in the languages that their users have set. They are matched on a line
// without its emphasis marks, with full-width forms as they stand.
var (
	ruled = regexp.MustCompile(`(?i)^[-_=*~—–\s\x{a0}]{2,}\s*(original message|original mail|original|original appointment|forwarded message|forwarded by.*|forward message|begin forwarded message|reply message|原始邮件|原始信息|原邮件|原信|原文|回复的原邮件|转发的邮件|转发邮件|转发邮件信息|被转发邮件信息|邮件原件|原始郵件|原始信件|轉寄郵件|轉寄的郵件|回覆的原郵件|ursprüngliche nachricht|weitergeleitete nachricht|message d'origine|message transféré|mensaje original|元のメッセージ|転送メッセージ)\s*[-_=*~—–:：\s\x{a0}]{2,}$`)

	begins = regexp.MustCompile(`(?i)^(begin forwarded message|anfang der weitergeleiteten nachricht|以下是转发的邮件|以下為轉寄的郵件|开始转发的邮件|開始轉寄郵件|下面是被转发的邮件|轉寄信件|转发邮件)\s*[:：]$`)

	wrote = regexp.MustCompile(`(?i)(\bwrote|\bwrites|写道|寫道|写到|寫到|\bschrieb|a écrit|ha scritto|escribió|escreveu|написал\(?а?\)?|のメール|wrote the following)\s*[:：]?$`)

	wroteAt = regexp.MustCompile(`(?i)(schrieb am .{4,60}|^am .{6,60} schrieb .{2,120}|wrote on .{4,60}|>\s?于.{6,60}写道|>\s?於.{6,60}寫道|\d{4}年\d{1,2}月\d{1,2}日.{0,20}\d{1,2}:\d{2}.{1,120}<[^<>\s]+@[^<>\s]+>)\s*[:：]$`)

	labelFrom    = regexp.MustCompile(`(?i)^(from|发件人|發件人|寄件者|寄件人|发信人|發信人|寄信人|发送人|差出人|von|de|da|от)\s*[:：]`)
	labelOther   = regexp.MustCompile(`(?i)^(sent|date|to|cc|bcc|subject|reply-to|importance|attachments|发送时间|發送時間|发送日期|发件时间|发信时间|寄件日期|傳送時間|傳送日期|已发送|已傳送|日期|时间|時間|收件人|收件者|收信人|抄送人|抄送|副本|密送|密件副本|主题|主題|主旨|主\s*题|标题|標題|邮件主题|重要性|附件|回复|宛先|送信日時|日時|件名|gesendet|datum|an|betreff|envoyé|à|objet|date d'envoi|enviado|para|asunto|oggetto|inviato|a)\s*[:：]`)
	address      = regexp.MustCompile(`[^\s<>@]+@[^\s<>@]+\.[^\s<>@]+`)
	clock        = regexp.MustCompile(`\d{1,2}[:：.时時]\d{2}`)
	onlyEmphasis = strings.NewReplacer("*", "", "&nbsp;", " ", "\u00a0", " ", "\u200b", "", "\ufeff", "")
)

// maxMark is how long a line may be that is looked at; attributions of long names are shorter.
const maxMark = 600

// bare is a line as the patterns want it.
func bare(line string) string {
	if len(line) > maxMark {
		return ""
	}
	for _, mark := range [...]string{"*", "&nbsp;", "\u00a0", "\u200b", "\ufeff"} {
		if strings.Contains(line, mark) {
			line = onlyEmphasis.Replace(line)
			break
		}
	}
	return strings.TrimSpace(line)
}

// maxMarked is how many lines are looked at for a mark. Who writes more than that on top of a history is a program.
const maxMarked = 5000

// mark tells whether history begins at line i. span is how many lines announce it; certain says that all behind it is
// history, so that it needs no ">" before its lines. forwarded says that the writer passes on what another wrote.
func mark(lines []line, i int) (span int, certain, forwarded bool) {
	if lines[i].quoted {
		return 0, false, false
	}
	s := bare(lines[i].text)
	if s == "" {
		return 0, false, false
	}
	if isRuled(s) || begins.MatchString(s) {
		return 1, true, forwards(s)
	}
	if n := headerBlock(lines, i); n > 0 {
		return n, true, false
	}
	if isRule(s) {
		if next := nextLine(lines, i+1); next > 0 && next-i <= 3 && headerBlock(lines, next) > 0 {
			return next - i + 1, true, false
		}
	}
	return attribution(lines, i)
}

func isRuled(s string) bool {
	if len(s) > 200 || strings.Trim(s, "-_=*~— ") == "" {
		return false
	}
	return strings.ContainsAny(s[:1], "-_=*~") && ruled.MatchString(s) || strings.HasPrefix(s, "—") && ruled.MatchString(s)
}

func forwards(s string) bool {
	s = strings.ToLower(s)
	for _, word := range []string{"forward", "转发", "轉寄", "weitergeleitet", "transféré", "転送"} {
		if strings.Contains(s, word) {
			return true
		}
	}
	return false
}

// isRule tells whether a line is a drawn line.
func isRule(s string) bool { return len(s) >= 5 && strings.Trim(s, "-_=—─ ") == "" }

// headerBlock counts the lines of a block such as "From: … Sent: … To: … Subject: …": who it is from, first or second,
// and at least two more of them. A value may go on in the line below.
func headerBlock(lines []line, i int) int {
	s := bare(lines[i].text)
	if !labelled(s) || !labelFrom.MatchString(s) && !labelOther.MatchString(s) {
		return 0
	}
	from, labels, last, misses := false, 0, i, 0
	for j := i; j < len(lines) && j < i+24 && misses <= 2; j++ {
		s := bare(lines[j].text)
		switch {
		case lines[j].quoted:
			misses = 3
		case labelFrom.MatchString(s):
			from = from || labels < 2
			labels, last, misses = labels+1, j, 0
		case labelOther.MatchString(s):
			labels, last, misses = labels+1, j, 0
		default:
			misses++
		}
	}
	if !from || labels < 3 {
		return 0
	}
	return last - i + 1
}

// labelled tells whether a line may begin with a label.
func labelled(s string) bool {
	head := s[:min(len(s), 40)]
	return strings.Contains(head, ":") || strings.Contains(head, "：")
}

// attribution reads "On …, … wrote:", which clients break into up to four lines. Without a ">" behind it only one that
// names a time or an address, and so is no sentence of the writer's, says that history begins.
func attribution(lines []line, i int) (span int, certain, forwarded bool) {
	whole := ""
	for n := 0; n < 4 && i+n < len(lines) && !lines[i+n].quoted; n++ {
		s := bare(lines[i+n].text)
		if s == "" || n > 0 && len(whole) > 300 {
			return 0, false, false
		}
		whole = strings.TrimSpace(whole + " " + s)
		if !endsAttribution(whole) {
			if n == 0 && !beginsAttribution(whole) {
				return 0, false, false
			}
			continue
		}
		if next := nextLine(lines, i+n+1); next >= 0 && lines[next].quoted {
			return n + 1, false, false
		}
		if (address.MatchString(whole) || clock.MatchString(whole)) && hasDigit(whole) && nextLine(lines, i+n+1) >= 0 {
			return n + 1, true, false
		}
		return 0, false, false
	}
	return 0, false, false
}

// endsAttribution tells whether a text ends as an attribution does.
func endsAttribution(s string) bool {
	if r, _ := utf8.DecodeLastRuneInString(s); r == ':' || r == '：' {
		return wrote.MatchString(s) || wroteAt.MatchString(s)
	}
	return strings.HasSuffix(s, "写道") || strings.HasSuffix(s, "寫道")
}

// beginsAttribution tells whether a line may begin an attribution that ends further down.
func beginsAttribution(s string) bool {
	if strings.Contains(s, "@") && address.MatchString(s) || strings.HasPrefix(s, "On ") || strings.HasPrefix(s, "At ") || strings.HasPrefix(s, "在") || strings.HasPrefix(s, "于") {
		return true
	}
	for _, word := range []string{"Am ", "Le ", "El ", "Il "} {
		if strings.HasPrefix(s, word) && hasDigit(s) {
			return true
		}
	}
	return len(s) > 4 && s[0] >= '0' && s[0] <= '9' && clock.MatchString(s)
}

func hasDigit(s string) bool { return strings.ContainsAny(s, "0123456789") }

// nextLine is the next line that is not blank, -1 when there is none.
func nextLine(lines []line, i int) int {
	for ; i < len(lines); i++ {
		if !lines[i].blank() {
			return i
		}
	}
	return -1
}
