package smpp

import (
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"

	"huiyin/channels/internal/gsm"
)

// codings are the values of data_coding: SMPP 3.4, section 5.2.19; and 15, by which Chinese SMSCs say GBK.
const (
	codingDefault, codingASCII, codingBinary, codingLatin1 = 0, 1, 2, 3
	codingOctets, codingJIS, codingCyrillic, codingHebrew  = 4, 5, 6, 7
	codingUCS2, codingKorean, codingGBK                    = 8, 14, 15
)

// textOf reads what a customer wrote. What is no text shows what it was, so that nothing is lost unseen.
func textOf(raw []byte, coding byte) string {
	switch simple(coding) {
	case codingUCS2:
		return clean(gsm.Decode(raw, gsm.UCS2))
	case codingBinary:
		return "[binary: " + hex.EncodeToString(raw) + "]"
	case codingASCII:
		return clean(strings.ToValidUTF8(string(raw), string(utf8.RuneError)))
	case codingLatin1:
		return decoded(charmap.ISO8859_1, raw)
	case codingJIS:
		return decoded(japanese.ShiftJIS, raw)
	case codingCyrillic:
		return decoded(charmap.ISO8859_5, raw)
	case codingHebrew:
		return decoded(charmap.ISO8859_8, raw)
	case codingKorean:
		return decoded(korean.EUCKR, raw)
	case codingGBK:
		return decoded(simplifiedchinese.GB18030, raw)
	}
	return clean(gsm.Decode(raw, gsm.GSM7))
}

// simple brings the groups of GSM's data coding scheme (3GPP TS 23.038, section 4) to the plain values.
func simple(coding byte) byte {
	switch {
	case coding == codingOctets:
		return codingBinary
	case coding <= 15:
		return coding
	case coding < 0x40, coding >= 0xf0: // general, or with a message class
		switch coding >> 2 & 3 {
		case 1:
			return codingBinary
		case 2:
			return codingUCS2
		}
	case coding >= 0xe0: // message waiting, UCS-2
		return codingUCS2
	}
	return codingDefault
}

func decoded(e encoding.Encoding, raw []byte) string {
	text, err := e.NewDecoder().Bytes(raw)
	if err != nil {
		return clean(strings.ToValidUTF8(string(raw), string(utf8.RuneError)))
	}
	return clean(string(text))
}

// clean takes out what databases do not store and the padding of some SMSCs.
func clean(text string) string { return strings.ReplaceAll(text, "\x00", "") }
