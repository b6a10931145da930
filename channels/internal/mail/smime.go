package mail

import (
	"bytes"
	"strings"
)

// smime reads application/pkcs7-mime (RFC 8551, 3.2): a mail signed with its content inside shows that content; a sealed
// one is kept as a file.
func (w *walk) smime(e *entity) {
	kind := strings.ToLower(e.mediaType.params["smime-type"])
	if kind == "signed-data" || kind == "" || strings.HasSuffix(e.name(), ".p7m") && kind != "enveloped-data" {
		data, _ := e.read(int(min(w.limits.Size, maxSigned)))
		if content := signedContent(data); content != nil && e.depth < w.limits.Depth && w.count < w.limits.Parts {
			w.signed = "smime"
			w.sort(w.entity(clean(content), e.depth+1))
			return
		}
	}
	if kind == "certs-only" || kind == "signed-data" {
		w.signed = "smime"
	} else {
		w.sealed("smime")
	}
	w.file(e)
}

// maxSigned is how large a signed content is that is read.
const maxSigned = 32 << 20

// signedData and plainData are the object identifiers of RFC 5652, 5.1 and 4.
var (
	signedData = []byte{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02}
	plainData  = []byte{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01}
)

// signedContent takes the content out of a SignedData: the octets behind the identifier of "data". Nothing of the
// signature is checked. nil when there is none.
func signedContent(data []byte) []byte {
	at := bytes.Index(data[:min(len(data), 64)], signedData)
	if at < 0 {
		return nil
	}
	rest := data[at+len(signedData):]
	at = bytes.Index(rest[:min(len(rest), 512)], plainData)
	if at < 0 {
		return nil
	}
	rest = rest[at+len(plainData):]
	tag, body, _ := cutBER(rest)
	if tag != 0xa0 {
		return nil
	}
	return octets(body, 0)
}

// octets joins an octet string, which BER may cut in pieces.
func octets(data []byte, depth int) []byte {
	tag, body, _ := cutBER(data)
	switch {
	case tag == 0x04:
		return body
	case tag != 0x24 || depth > 3:
		return nil
	}
	var out []byte
	for len(body) > 0 {
		tag, piece, rest := cutBER(body)
		if tag == 0x24 {
			piece = octets(body, depth+1)
		} else if tag != 0x04 {
			break
		}
		out, body = append(out, piece...), rest
	}
	return out
}

// cutBER reads one element of BER: tag, length, content. One of indefinite length goes to the end of what there is.
func cutBER(data []byte) (tag byte, body, rest []byte) {
	if len(data) < 2 {
		return 0, nil, nil
	}
	tag, size := data[0], int(data[1])
	data = data[2:]
	if size == 0x80 {
		return tag, data, nil
	}
	if size > 0x80 {
		n := size - 0x80
		if n > 4 || n > len(data) {
			return 0, nil, nil
		}
		size = 0
		for _, c := range data[:n] {
			size = size<<8 | int(c)
		}
		data = data[n:]
	}
	if size > len(data) {
		size = len(data)
	}
	return tag, data[:size], data[size:]
}
