package unpack

import (
	"encoding/xml"
	"errors"
	"io"
	"path"
)

// maxToken bounds one piece of text in a part of a document.
const maxToken = 4 << 20

// XML reads a part of an Office document piece by piece. Declarations are refused: with them a small file may stand for a
// large one, and point outside of itself; no program that saves such documents writes them.
type XML struct {
	in    *xml.Decoder
	leash *Leash
	part  string
}

// NewXML begins to read a part of this name.
func NewXML(from io.Reader, part string) *XML {
	leash := &Leash{From: from, Max: maxToken, Over: &Refused{"cell", "a text in the file is longer than 4 MB"}}
	in := xml.NewDecoder(leash)
	return &XML{in: in, leash: leash, part: part}
}

// Next gives the next piece; it is valid until the one after it. io.EOF ends the part.
func (x *XML) Next() (xml.Token, error) {
	x.leash.Reset()
	token, err := x.in.RawToken()
	if _, declared := token.(xml.Directive); declared {
		return nil, &Refused{"declaration", "the file holds XML declarations that such a document does not need; it is not read"}
	}
	var refused *Refused
	if err != nil && !errors.Is(err, io.EOF) && !errors.As(err, &refused) {
		return nil, x.Broken()
	}
	return token, err
}

// Broken says that this part cannot be read.
func (x *XML) Broken() *Refused {
	return &Refused{"broken", "the file is damaged: " + path.Base(x.part) + " cannot be read"}
}

// Unended makes the end of a part, where it may not end, a refusal.
func (x *XML) Unended(err error) error {
	if errors.Is(err, io.EOF) {
		return x.Broken()
	}
	return err
}

// TooLong is what a text that is put together of too many pieces is refused with.
func (x *XML) TooLong(length int) error {
	if length > maxToken {
		return x.leash.Over
	}
	return nil
}
