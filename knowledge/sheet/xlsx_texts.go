package sheet

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"

	"huiyin/knowledge/unpack"
)

// readTexts reads the texts that the cells of a workbook share. They are held in memory, so their size is bounded.
func readTexts(a *unpack.Archive, part string, l Limits) ([]string, error) {
	in, err := a.Open(part)
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }()
	t := newTokens(in, part)
	var texts []string
	for size := int64(0); ; {
		token, err := t.Next()
		if errors.Is(err, io.EOF) {
			return texts, nil
		}
		if err != nil {
			return nil, err
		}
		if start, ok := token.(xml.StartElement); !ok || start.Name.Local != "si" {
			continue
		}
		text, err := t.text("si")
		if err != nil {
			return nil, err
		}
		if size += int64(len(text)) + 16; size > l.Text {
			return nil, &Fault{Code: "size", Message: fmt.Sprintf("the texts of the file are larger than %d MB; divide it", l.Text>>20)}
		}
		texts = append(texts, text)
	}
}
