package simulator

import (
	"strings"
	"unicode/utf16"
)

// The letters of GSM 03.38 that take one septet, and those that take two (3GPP TS 23.038, section 6.2.1).
const (
	gsmOne = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmTwo = "^{}\\[~]|€\f"
)

// portions is how a network cuts a text: into so many parts, in an alphabet (3GPP TS 23.040, section 9.2.3.24.1).
func portions(text string) (parts int, alphabet string) {
	var widths []int
	alphabet = "GSM-7"
	for _, r := range text {
		switch {
		case strings.ContainsRune(gsmOne, r):
			widths = append(widths, 1)
		case strings.ContainsRune(gsmTwo, r):
			widths = append(widths, 2)
		default:
			alphabet = "UCS-2"
		}
	}
	whole, each := 160, 153
	if alphabet == "UCS-2" {
		whole, each, widths = 70, 67, nil
		for _, r := range text {
			widths = append(widths, max(utf16.RuneLen(r), 1))
		}
	}
	return cutInto(widths, whole, each), alphabet
}

// cutInto counts the parts of so many units each, of which no letter is torn.
func cutInto(widths []int, whole, each int) int {
	sum, parts, filled := 0, 1, 0
	for _, w := range widths {
		sum += w
		if filled+w > each {
			parts, filled = parts+1, 0
		}
		filled += w
	}
	if sum <= whole {
		return 1
	}
	return parts
}
