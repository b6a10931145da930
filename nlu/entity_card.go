package nlu

import "strings"

const (
	minCard = 15 // shorter numbers of banks are history, and one order number in ten passes the check
	maxCard = 19
)

// cardFinders find identity-card and bank-card numbers whose check digit is right.
func cardFinders() []finder {
	return []finder{
		{
			kind: EntityIDCard, digits: 17,
			pattern: newForm(`[1-9]\d{5}[ -]?(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ -]?\d{3}[\dx]`),
			accept:  acceptIDCard,
		},
		{
			kind: EntityBankCard, digits: minCard,
			pattern: newForm(`3[47]\d\d[ -]\d{6}[ -]\d{5}|[3-6]\d{3}(?:[ -]?\d{4}){2}[ -]?\d{1,4}(?:[ -]?\d{1,3})?`),
			accept:  acceptBankCard,
		},
	}
}

// acceptIDCard checks the last digit as GB 11643 computes it (ISO 7064 MOD 11-2).
func acceptIDCard(f folded, at []int) (found, bool) {
	number := strings.NewReplacer(" ", "", "-", "").Replace(f.text[at[0]:at[1]])
	sum := 0
	for _, c := range number[:17] {
		sum = (sum + int(c-'0')) * 2
	}
	check := byte("10x98765432"[sum%11])
	if check != number[17] || !f.standsAlone(at[0], at[1]) {
		return found{}, false
	}
	return found{at[0], at[1], strings.ToUpper(number)}, true
}

// acceptBankCard takes the longest run of whole groups that the Luhn check confirms, because another number may
// follow the card's.
func acceptBankCard(f folded, at []int) (found, bool) {
	if f.splitsAt(at[0]) {
		return found{}, false
	}
	for end := at[1]; end > at[0]; end = at[0] + max(0, strings.LastIndexAny(f.text[at[0]:end], " -")) {
		number := onlyDigits(f.text[at[0]:end])
		if len(number) < minCard {
			break
		}
		if len(number) <= maxCard && f.standsAlone(at[0], end) && luhn(number) {
			return found{at[0], end, number}, true
		}
	}
	return found{}, false
}

func luhn(number string) bool {
	sum := 0
	for i := range len(number) {
		d := int(number[len(number)-1-i] - '0')
		if i%2 == 1 {
			d *= 2
			if d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}
