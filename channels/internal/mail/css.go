package mail

import "strings"

// styled are the properties that a mail may set: what looks like text, tables and boxes. None moves a box out of its
// place, and none takes an address.
var styled = func() map[string]bool {
	m := map[string]bool{}
	for name := range strings.FieldsSeq(`color background-color font font-family font-size font-style font-variant font-weight text-align text-decoration text-decoration-line
 text-indent text-transform line-height letter-spacing word-spacing white-space vertical-align width height max-width min-width max-height min-height
 margin margin-top margin-right margin-bottom margin-left padding padding-top padding-right padding-bottom padding-left
 border border-top border-right border-bottom border-left border-color border-width border-style border-radius border-top-color border-right-color border-bottom-color border-left-color
 border-top-width border-right-width border-bottom-width border-left-width border-top-style border-right-style border-bottom-style border-left-style
 border-collapse border-spacing list-style-type display float clear direction word-break overflow-wrap word-wrap table-layout`) {
		m[name] = true
	}
	return m
}()

// maxStyle is how long a style attribute may be that is read.
const maxStyle = 4000

// cleanStyle keeps the declarations of a style attribute that can do nothing but set type and boxes.
func cleanStyle(s string) string {
	if len(s) > maxStyle || strings.ContainsAny(s, "\\<>@{}\x00") || strings.Contains(s, "/*") {
		return ""
	}
	var out []string
	for _, declaration := range strings.Split(s, ";") {
		name, value, ok := strings.Cut(declaration, ":")
		name, value = strings.ToLower(strings.TrimSpace(name)), strings.TrimSpace(value)
		if name == "background" {
			name = "background-color"
		}
		if ok && styled[name] && harmless(name, strings.ToLower(value)) {
			out = append(out, name+":"+strings.ReplaceAll(value, `"`, "'"))
		}
	}
	return strings.Join(out, ";")
}

// harmless tells whether a value is words, numbers and colours.
func harmless(name, value string) bool {
	if value == "" || len(value) > 200 || strings.HasPrefix(name, "margin") && strings.Contains(value, "-") {
		return false
	}
	for _, c := range value {
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', strings.ContainsRune(` .,#%()'"-+!_`, c):
		case c == '/' && name == "font":
		case c >= 0x3040 && c <= 0x9fff, c >= 0xac00 && c <= 0xd7a3, c >= 0xff00 && c <= 0xffef: // names of fonts
			if !strings.HasPrefix(name, "font") {
				return false
			}
		default:
			return false
		}
	}
	if name == "background-color" && strings.Contains(value, " ") && !strings.Contains(value, "(") {
		return false
	}
	if name == "display" && (strings.Contains(value, "flex") || strings.Contains(value, "grid")) {
		return false
	}
	return onlyColours(value)
}

// onlyColours tells whether the functions in a value are those that name colours.
func onlyColours(value string) bool {
	rest := value
	for {
		at := strings.IndexByte(rest, '(')
		if at < 0 {
			return true
		}
		name := strings.TrimRight(rest[:at], " ")
		if cutAt := strings.LastIndexAny(name, " ,"); cutAt >= 0 {
			name = name[cutAt+1:]
		}
		switch name {
		case "rgb", "rgba", "hsl", "hsla":
		default:
			return false
		}
		end := strings.IndexByte(rest[at:], ')')
		if end < 0 || strings.ContainsAny(rest[at+1:at+end], `('"`) {
			return false
		}
		rest = rest[at+end+1:]
	}
}
