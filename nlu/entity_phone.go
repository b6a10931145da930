package nlu

import "strings"

// phoneFinders find Chinese mobile, landline and 400/800 numbers, numbers with a country code, and numbers
// written the North American way. Their value is as in E.164 where the country is known, else the digits.
func phoneFinders() []finder {
	return []finder{
		{
			kind: EntityPhone, digits: 11,
			pattern: newForm(`(?:(?:\+|00)?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}`),
			accept:  acceptWhole(func(match string) string { return "+86" + lastDigits(match, 11) }),
		},
		{
			kind: EntityPhone, digits: 10,
			pattern: newForm(`(?:(?:\+|00)86[ -]?\(?0?|\(?0)(?:10|2\d|[3-9]\d\d)\)?[ -]?\d{3,4}[ -]?\d{4}(?:(?:-|转| ?ext\.? ?)\d{1,5})?`),
			accept:  acceptWhole(landline),
		},
		serviceFinder(),
		{
			kind: EntityPhone, digits: 8, needs: []string{"+", "00"},
			pattern: newForm(`(?:\+|00)[1-9]\d{0,2}(?:[ .-]?\(?\d{1,5}\)?){2,6}`),
			accept:  acceptInternational,
		},
		{
			kind: EntityPhone, digits: 10,
			pattern: newForm(`\(?[2-9]\d\d\)?[ .-]{1,2}[2-9]\d\d[ .-]\d{4}`),
			accept:  acceptWhole(onlyDigits),
		},
	}
}

// serviceFinder finds numbers of organisations, which callers pay little or nothing for.
func serviceFinder() finder {
	return finder{
		kind: EntityPhone, digits: 10,
		pattern: newForm(`[48]00(?:[ -]?\d{3}[ -]?\d{4}|[ -]?\d{4}[ -]?\d{3})`),
		accept:  acceptWhole(onlyDigits),
	}
}

func lastDigits(text string, n int) string {
	digits := onlyDigits(text)
	return digits[len(digits)-n:]
}

// landline gives +86, the area code without its zero, and the number; the extension is left out.
func landline(match string) string {
	if cut := strings.IndexAny(match, "转e"); cut > 0 {
		match = match[:cut]
	} else if cut := strings.LastIndexByte(match, '-'); cut > 0 && len(onlyDigits(match[:cut])) >= 10 {
		match = match[:cut]
	}
	digits := onlyDigits(match)
	digits = strings.TrimPrefix(digits, "00")
	if strings.HasPrefix(match, "+86") || strings.HasPrefix(match, "0086") {
		digits = strings.TrimPrefix(digits, "86")
	}
	return "+86" + strings.TrimPrefix(digits, "0")
}

// acceptInternational takes numbers with a country code and 8 to 15 digits.
func acceptInternational(f folded, at []int) (found, bool) {
	match := f.text[at[0]:at[1]]
	digits := strings.TrimPrefix(onlyDigits(match), "00")
	if len(digits) < 8 || len(digits) > 15 || !f.standsAlone(at[0], at[1]) {
		return found{}, false
	}
	return found{at[0], at[1], "+" + digits}, true
}
