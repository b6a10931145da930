package nlu

import (
	"strconv"
	"strings"
)

const (
	decimal  = `(?:\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.\d{1,4})?`
	multiple = `(?: ?(?:万|亿|千|百|k|thousand|million))?`
	zhUnit   = `人民币|块钱?|元|圆|美元|美金|刀|港币|港元|港纸|台币|欧元|英镑|日元|角钱?|毛钱?|分钱`
	enUnit   = `rmb|cny|usd|eur|gbp|hkd|jpy|dollars?|bucks?|euros?|pounds?|yuan|kuai|cents?`
)

// amountFinders find sums of money with the currency before or behind the number.
func amountFinders() []finder {
	return []finder{
		{
			kind: EntityAmount, digits: 1, needs: []string{"¥", "$", "€", "£", "rmb", "cny", "usd", "hkd", "eur", "gbp"},
			pattern: newForm(`(rmb|cny|usd|hkd|eur|gbp|us\$|hk\$|nt\$|[¥$€£]) ?(` + decimal + `)(` + multiple + `)`),
			accept:  acceptAmount(1, 2, 3, 0),
		},
		{
			kind: EntityAmount, digits: 1, needs: []string{"元", "块", "圆", "币", "美金", "刀", "镑", "角", "毛", "分", "港纸"},
			pattern: newForm(`(` + decimal + `)(` + multiple + `) ?(` + zhUnit + `)(\d{1,2})?`),
			accept:  acceptAmount(3, 1, 2, 4),
		},
		{
			kind: EntityAmount, digits: 1, needs: strings.Split("rmb cny usd eur gbp hkd jpy dollar buck euro pound yuan kuai cent", " "),
			pattern: newForm(`(` + decimal + `)(` + multiple + `) ?(` + enUnit + `)`),
			accept:  acceptAmount(3, 1, 2, 0),
		},
		{
			kind: EntityAmount, needs: []string{"元", "块", "圆", "币", "美金", "镑"},
			pattern: newForm(`([零一二两三四五六七八九十百千万亿]{1,16})(多|几|来)?(块钱?|元|圆|美元|美金|港币|欧元|英镑|日元)`),
			accept:  acceptHanAmount,
		},
	}
}

// acceptAmount reads currency, number, multiple and the tenths behind a unit (12块5) from submatches; tenths is 0 when
// the form has none.
func acceptAmount(currency, number, times, tenths int) func(folded, []int) (found, bool) {
	return func(f folded, at []int) (found, bool) {
		value := strings.ReplaceAll(group(f, at, number), ",", "")
		value = shift(value, power(group(f, at, times))-subunit(group(f, at, currency)))
		end := at[1]
		if tenths > 0 && group(f, at, tenths) != "" {
			if strings.HasPrefix(group(f, at, currency), "块") && strings.HasSuffix(value, ".00") {
				value = shift(strings.TrimSuffix(value, "00")+group(f, at, tenths), 0)
			} else {
				end = at[2*tenths]
			}
		}
		if !f.standsAlone(at[0], end) {
			return found{}, false
		}
		return found{at[0], end, value + " " + currencyCode(group(f, at, currency))}, true
	}
}

// acceptHanAmount reads 三百块; 一块 alone mostly means "together".
func acceptHanAmount(f folded, at []int) (found, bool) {
	number, unit := group(f, at, 1), group(f, at, 3)
	value, ok := hanNumber(number)
	if !ok || number == "一" && unit == "块" {
		return found{}, false
	}
	return found{at[0], at[1], strconv.Itoa(value) + ".00 " + currencyCode(unit)}, true
}

// power gives the power of ten of a multiple.
func power(multiple string) int {
	switch strings.TrimSpace(multiple) {
	case "百":
		return 2
	case "千", "k", "thousand":
		return 3
	case "万":
		return 4
	case "million":
		return 6
	case "亿":
		return 8
	default:
		return 0
	}
}

// subunit gives how many places a coin lies below its currency.
func subunit(unit string) int {
	switch unit {
	case "角", "角钱", "毛", "毛钱":
		return 1
	case "分钱", "cent", "cents":
		return 2
	default:
		return 0
	}
}

// shift moves the decimal point of a number to the right and writes it with at least two decimals.
func shift(number string, places int) string {
	whole, fraction, _ := strings.Cut(number, ".")
	for ; places > 0; places-- {
		digit := "0"
		if fraction != "" {
			digit, fraction = fraction[:1], fraction[1:]
		}
		whole += digit
	}
	for ; places < 0; places++ {
		whole = "0" + whole
		whole, fraction = whole[:len(whole)-1], whole[len(whole)-1:]+fraction
	}
	for len(fraction) < 2 {
		fraction += "0"
	}
	if whole = strings.TrimLeft(whole, "0"); whole == "" {
		whole = "0"
	}
	return whole + "." + fraction
}

// currencyCode gives the ISO 4217 code of a written currency; ¥ is taken as Chinese.
func currencyCode(unit string) string {
	switch unit {
	case "$", "us$", "usd", "美元", "美金", "刀", "dollar", "dollars", "buck", "bucks", "cent", "cents":
		return "USD"
	case "hk$", "hkd", "港币", "港元", "港纸":
		return "HKD"
	case "nt$", "台币":
		return "TWD"
	case "€", "eur", "欧元", "euro", "euros":
		return "EUR"
	case "£", "gbp", "英镑", "pound", "pounds":
		return "GBP"
	case "jpy", "日元":
		return "JPY"
	default:
		return "CNY"
	}
}
