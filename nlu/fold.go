package nlu

// Fold gives the normal form of one character: lower case, half width, simplified. kept is false for a character that the
// normal form leaves out. Unlike Normalize it looks at nothing beside the character, so that places in a text stay known.
func Fold(r rune) (folded rune, kept bool) {
	folded = foldRune(r)
	return folded, folded != dropped
}
