package mail

import "strings"

// smime notes what application/pkcs7-mime is (RFC 8551, 3.2) and keeps it as a file.
func (w *walk) smime(e *entity) {
	if strings.EqualFold(e.mediaType.params["smime-type"], "signed-data") {
		w.signed = "smime"
	} else {
		w.sealed("smime")
	}
	w.file(e)
}
