package sheet

import "strings"

// A spreadsheet program runs a cell that begins like a formula. Such a cell is written behind an apostrophe, which
// is taken away when the file comes back. https://owasp.org/www-community/attacks/CSV_Injection
func formula(cell string) bool {
	rest := strings.TrimLeft(cell, "'")
	return rest != "" && strings.ContainsRune("=+-@\t\r", rune(rest[0]))
}

func guarded(cell string) string {
	if formula(cell) {
		return "'" + cell
	}
	return cell
}

func unguarded(cell string) string {
	if strings.HasPrefix(cell, "'") && formula(cell) {
		return cell[1:]
	}
	return cell
}
