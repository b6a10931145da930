package post

import (
	"bytes"
	"encoding/base64"
	"mime"
	"mime/multipart"
	"net/textproto"
	"strings"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// body writes the parts of a mail: text, HTML, and files. Foxmail writes GB18030, as many Chinese programs do.
func body(out *bytes.Buffer, d Draft, text, rich string) error {
	w := multipart.NewWriter(out)
	if len(d.Files) == 0 {
		out.WriteString("Content-Type: multipart/alternative;\r\n\tboundary=\"" + w.Boundary() + "\"\r\n\r\n")
		return alternatives(w, d, text, rich)
	}
	out.WriteString("Content-Type: multipart/mixed;\r\n\tboundary=\"" + w.Boundary() + "\"\r\n\r\n")
	inner := multipart.NewWriter(nil)
	part, err := w.CreatePart(textproto.MIMEHeader{"Content-Type": {"multipart/alternative;\r\n\tboundary=\"" + inner.Boundary() + "\""}})
	if err != nil {
		return err
	}
	nested := multipart.NewWriter(part)
	if err := nested.SetBoundary(inner.Boundary()); err != nil {
		return err
	}
	if err := alternatives(nested, d, text, rich); err != nil {
		return err
	}
	for _, f := range d.Files {
		if err := attach(w, f); err != nil {
			return err
		}
	}
	return w.Close()
}

func alternatives(w *multipart.Writer, d Draft, text, rich string) error {
	charset, encode := "utf-8", func(s string) (string, error) { return s, nil }
	if d.Program == Foxmail {
		charset, encode = "gb18030", simplifiedchinese.GB18030.NewEncoder().String
	}
	for _, one := range [][2]string{{"text/plain", text}, {"text/html", "<html><head><meta charset=\"" + charset + "\"></head><body>" + rich + "</body></html>"}} {
		coded, err := encode(strings.ReplaceAll(strings.ReplaceAll(one[1], "\r\n", "\n"), "\n", "\r\n"))
		if err != nil {
			return err
		}
		part, err := w.CreatePart(textproto.MIMEHeader{"Content-Type": {one[0] + "; charset=\"" + charset + "\""}, "Content-Transfer-Encoding": {"base64"}})
		if err != nil {
			return err
		}
		if _, err := part.Write(folded([]byte(coded))); err != nil {
			return err
		}
	}
	return w.Close()
}

func attach(w *multipart.Writer, f Attachment) error {
	kind := f.Type
	if kind == "" {
		kind = "application/octet-stream"
	}
	part, err := w.CreatePart(textproto.MIMEHeader{
		"Content-Type":              {kind},
		"Content-Disposition":       {mime.FormatMediaType("attachment", map[string]string{"filename": f.Name})},
		"Content-Transfer-Encoding": {"base64"}})
	if err != nil {
		return err
	}
	_, err = part.Write(folded(f.Content))
	return err
}

// folded is base64 in lines of 76 characters.
// https://www.rfc-editor.org/rfc/rfc2045#section-6.8
func folded(content []byte) []byte {
	coded := base64.StdEncoding.EncodeToString(content)
	var b bytes.Buffer
	for len(coded) > 76 {
		b.WriteString(coded[:76] + "\r\n")
		coded = coded[76:]
	}
	b.WriteString(coded + "\r\n")
	return b.Bytes()
}
