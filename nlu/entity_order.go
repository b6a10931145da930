package nlu

import "strings"

const (
	minOrder       = 6 // characters of an order-like number without a word that says so
	minOrderDigits = 3
	minBareOrder   = 9 // digits of an order-like number of digits only
)

// keyedOrderFinders find numbers that a word before them calls an order, a ticket or the like.
func keyedOrderFinders() []finder {
	return []finder{{
		kind: EntityOrder, digits: minOrderDigits,
		needs: []string{"单", "编号", "流水", "交易号", "受理号", "#", "order", "ticket", "case", "tracking", "ref", "transaction", "invoice", "booking", "confirmation", "number", "no"},
		pattern: newForm(`(?:订单|单号|工单|运单|快递单?|流水号|交易号|受理号|编号|服务单|退款单|保单|#|\b(?:order|ticket|case|tracking|ref(?:erence)?|transaction|invoice|booking|confirmation|complaint|number|no\.))` +
			`(?:编号|号码|号|单号| ?(?:id|number|num|no\.?|code|#))*(?: ?[:：#=] ?| ?(?:是|为|is|was) ?| )*([a-z0-9](?:[a-z0-9]|[-_][a-z0-9]){3,39})`),
		accept: acceptKeyedOrder,
	}}
}

func acceptKeyedOrder(f folded, at []int) (found, bool) {
	start, end := at[2], at[3]
	number := f.text[start:end]
	if len(onlyDigits(number)) < minOrderDigits || len(number) < minOrder-1 && f.text[at[0]] < 0x80 && f.text[at[0]] != '#' {
		return found{}, false
	}
	if !f.standsAlone(start, end) || isMobile(number) {
		return found{}, false
	}
	return found{start, end, strings.ToUpper(number)}, true
}

// isMobile keeps a telephone number from being taken as an order because 编号 or "number" stands before it.
func isMobile(number string) bool {
	return len(number) == 11 && number[0] == '1' && number[1] >= '3' && len(onlyDigits(number)) == 11
}

// orderFinders find numbers that look like an order's: letters and digits, or many digits.
func orderFinders() []finder {
	return []finder{{
		kind: EntityOrder, digits: minOrderDigits,
		pattern: newForm(`[a-z0-9](?:[a-z0-9]|[-_][a-z0-9]){5,39}`),
		accept:  acceptOrder,
	}}
}

func acceptOrder(f folded, at []int) (found, bool) {
	number := f.text[at[0]:at[1]]
	digits := len(onlyDigits(number))
	marks := strings.Count(number, "-") + strings.Count(number, "_")
	letters := len(number) - digits - marks
	mixed := letters > 0 && digits >= minOrderDigits && letters+digits >= minOrder && !isQuantity(number, letters)
	bare := letters == 0 && marks == 0 && digits >= minBareOrder
	if !mixed && !bare || !f.standsAlone(at[0], at[1]) {
		return found{}, false
	}
	return found{at[0], at[1], strings.ToUpper(number)}, true
}

// isQuantity tells a number with its unit (100mbps, 5000mah) from an order number.
func isQuantity(number string, letters int) bool {
	const longestUnit = 5
	unit := strings.TrimLeft(number, "0123456789")
	return len(unit) == letters && letters <= longestUnit && len(unit) < len(number)
}
