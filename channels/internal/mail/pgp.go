package mail

import "strings"

// armoured takes a text that PGP has signed or sealed in itself (RFC 9580, 7): of a signed one the words stay, and the
// signature goes; a sealed one is only noted.
func (w *walk) armoured(text string) string {
	if !strings.Contains(text, "-----BEGIN PGP ") {
		return text
	}
	if strings.Contains(text, "-----BEGIN PGP MESSAGE-----") && w.encrypted == "" {
		w.sealed("pgp")
	}
	before, after, ok := strings.Cut(text, "-----BEGIN PGP SIGNED MESSAGE-----\n")
	signed, behind, ends := strings.Cut(after, "-----BEGIN PGP SIGNATURE-----")
	if !ok || !ends {
		return text
	}
	w.signed = "pgp"
	if _, words, found := strings.Cut(signed, "\n\n"); found { // the header names the hash
		signed = words
	}
	_, behind, _ = strings.Cut(behind, "-----END PGP SIGNATURE-----")
	signed = strings.ReplaceAll("\n"+signed, "\n- ", "\n")
	return strings.TrimSpace(before + signed + behind)
}
