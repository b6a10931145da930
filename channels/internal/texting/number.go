package texting

import (
	"strings"

	"golang.org/x/text/width"

	"huiyin/channels"
)

// Number is a telephone number in one spelling: its digits with the country code (E.164 without the plus). country is the
// code of numbers that come without one. A short code stays as it is. "" is no number.
func Number(raw, country string) string {
	raw = strings.TrimSpace(width.Narrow.String(raw))
	plus := strings.HasPrefix(raw, "+")
	var digits strings.Builder
	for _, r := range raw {
		switch {
		case r >= '0' && r <= '9':
			digits.WriteRune(r)
		case strings.ContainsRune("+-() .\u00a0", r):
		default:
			return ""
		}
	}
	n := digits.String()
	if rest, ok := strings.CutPrefix(n, "00"); ok && !plus {
		n, plus = rest, true
	}
	switch {
	case len(n) < 3 || len(n) > 15:
		return ""
	case plus || country == "" || len(n) <= shortCode:
		return n
	case country == "86" && len(n) == 11 && n[0] == '1':
		return country + n
	case strings.HasPrefix(n, country) && len(n) > nationalLength(country):
		return n
	}
	return country + strings.TrimPrefix(n, "0")
}

// shortCode is how many digits a service's number has at most.
const shortCode = 6

// nationalLength is how many digits a number of the country has at most without its code.
func nationalLength(country string) int {
	if country == "1" {
		return 10
	}
	return 11
}

// Reach is a number that a customer told, as the address of texts to it. A short code is nobody's telephone.
func (r Rules) Reach(said string) channels.Reached {
	number := Number(said, r.Country)
	if len(number) <= shortCode {
		number = ""
	}
	return channels.Reached{Means: "phone", Address: number}
}
