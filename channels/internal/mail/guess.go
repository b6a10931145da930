package mail

import (
	"strings"
	"unicode"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// common are characters of which one in two of any Chinese text is one. Bytes of one encoding read as another give rare
// ones.
const common = "的一是不了在人有我他这个上们来到时大地为子中你说生国年着就那和要她出也得里后自以会家可下而过天去能对小多然于心学么之都好看起发当没成只如事把还用第样道想作种开美总从无情己面最女但现前些所同日手又行意动方期它头经长儿回位分爱老因很给名法间斯知世什两次使身者被高已亲其进此话常与活正感请谢您订单客服务电邮件号码问题退款货快递收付" +
	"這個們來時為說國著後會過對學麼沒還樣種開總無現動頭經長兒愛給間兩親進話與請謝訂單務電郵號碼問題貨遞點見關"

// guessed is how many bytes are looked at.
const guessed = 16 << 10

// guess is the encoding that bytes without a label, or with a wrong one, are most likely written in. They are decoded
// by each candidate, and the one that reads like a language wins.
func guess(data []byte) encoding.Encoding {
	data = data[:min(len(data), guessed)]
	best, most := encoding.Encoding(charmap.Windows1252), latinScore(data)
	for _, e := range []encoding.Encoding{simplifiedchinese.GB18030, traditionalchinese.Big5, japanese.ShiftJIS, japanese.EUCJP, korean.EUCKR} {
		if score := reads(decodeWith(e, data)); score > most {
			best, most = e, score
		}
	}
	return best
}

// reads scores a text by its letters beyond ASCII: common Chinese, kana and Hangul speak for it; what cannot be decoded,
// private, half-width and Latin letters speak against it.
func reads(text string) float64 {
	sum, n := 0.0, 0
	for _, r := range text {
		if r < 0x80 {
			continue
		}
		n++
		sum += worth(r)
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}

func worth(r rune) float64 {
	switch {
	case r == unicode.ReplacementChar:
		return -8
	case unicode.Is(unicode.Co, r), r >= 0xff61 && r <= 0xff9f:
		return -2
	case strings.ContainsRune(common, r):
		return 3
	case r >= 0x3041 && r <= 0x30fe:
		return 2
	case r >= 0xac00 && r <= 0xd7a3:
		return 1.5
	case r >= 0x4e00 && r <= 0x9fff:
		return 0.8
	case r >= 0x3000 && r <= 0x303f, r >= 0xff01 && r <= 0xff5e:
		return 1
	}
	return -1
}

// latinScore scores the bytes as a western language: there letters beyond ASCII are rare and stand between others.
func latinScore(data []byte) float64 {
	high, lone := 0, 0
	for i, c := range data {
		if c < 0x80 {
			continue
		}
		high++
		if (i == 0 || data[i-1] < 0x80) && (i == len(data)-1 || data[i+1] < 0x80) {
			lone++
		}
	}
	if high == 0 {
		return 1
	}
	return 4*float64(lone)/float64(high) - 2
}

// chinese tells whether a text is without doubt Chinese, Japanese or Korean.
func chinese(text string) bool { return reads(text) >= 1.2 }
