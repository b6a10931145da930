package nlu

import "strings"

// hanNumber reads a Chinese numeral (三百二十, 两万五, 二〇二六); ok is false when the text is none or too large.
func hanNumber(text string) (value int, ok bool) {
	if !strings.ContainsAny(text, "十百千万亿") {
		return hanDigits(text)
	}
	section, digit, last := 0, 0, 1
	for _, r := range text {
		unit := hanUnit(r)
		switch {
		case unit == 0:
			if digit = hanDigit(r); digit < 0 {
				return 0, false
			}
			if r == '零' || r == '〇' {
				last = 1
			}
			continue
		case unit >= 10000:
			if unit == 1e8 && value+section+digit > 1e6 {
				return 0, false
			}
			value = raise(value, section+digit, unit)
			section = 0
		default:
			section += max(digit, 1) * unit
		}
		digit, last = 0, unit
	}
	// 两万五 is 25000: the last digit counts tenths of the last unit.
	return value + section + digit*max(last/10, 1), true
}

// raise ends a section: 亿 raises all that stands before it, 万 only its own section.
func raise(value, section, unit int) int {
	if unit == 1e8 {
		return (value + section) * unit
	}
	return value + section*unit
}

func hanDigits(text string) (int, bool) {
	value := 0
	for _, r := range text {
		d := hanDigit(r)
		if d < 0 || value > 1e9 {
			return 0, false
		}
		value = value*10 + d
	}
	return value, text != ""
}

func hanDigit(r rune) int {
	if r == '两' {
		return 2
	}
	if r == '〇' {
		return 0
	}
	place := strings.IndexRune("零一二三四五六七八九", r)
	if place < 0 {
		return -1
	}
	return place / hanBytes
}

func hanUnit(r rune) int {
	switch r {
	case '十':
		return 10
	case '百':
		return 100
	case '千':
		return 1000
	case '万':
		return 1e4
	case '亿':
		return 1e8
	default:
		return 0
	}
}
