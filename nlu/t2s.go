package nlu

//go:generate internal/t2sgen/generate

// hanBytes is the length in UTF-8 of every character of the folding tables.
const hanBytes = 3

// simplifyRune gives the simplified form of a traditional character, or the character itself.
func simplifyRune(r rune) rune {
	if r < firstHan || r > lastHan {
		return r
	}
	low, high := 0, len(t2sFrom)/hanBytes
	for low < high {
		mid := (low + high) / 2
		switch at := hanAt(t2sFrom, mid); {
		case at == r:
			return hanAt(t2sTo, mid)
		case at < r:
			low = mid + 1
		default:
			high = mid
		}
	}
	return r
}

// simplifyPair mends a word of two characters whose plain folding is another word (瞭解, 計畫).
func simplifyPair(a, b rune) (rune, rune) {
	const entry = 4
	low, high := 0, len(t2sWords)/hanBytes/entry
	for low < high {
		mid := (low + high) / 2
		first, second := hanAt(t2sWords, mid*entry), hanAt(t2sWords, mid*entry+1)
		switch {
		case first == a && second == b:
			return hanAt(t2sWords, mid*entry+2), hanAt(t2sWords, mid*entry+3)
		case first < a || first == a && second < b:
			low = mid + 1
		default:
			high = mid
		}
	}
	return a, b
}

// hanAt decodes the i-th character of a table whose characters all take three bytes.
func hanAt(table string, i int) rune {
	at := i * hanBytes
	return rune(table[at]&0x0f)<<12 | rune(table[at+1]&0x3f)<<6 | rune(table[at+2]&0x3f)
}
