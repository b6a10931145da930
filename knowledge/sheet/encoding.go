package sheet

import (
	"bufio"
	"bytes"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// sniffed is how much of a file its encoding is told by.
const sniffed = 1 << 20

// Decode gives a text file as UTF-8 without a byte order mark, and the name of the encoding it is in. Spreadsheet
// programs in China save GBK, those of Windows UTF-16; what is not UTF-8 is taken for GB18030, which includes GBK. A
// file in UTF-8 with a few broken characters stays UTF-8: its broken places stay to be found.
func Decode(from io.Reader) (io.Reader, string) {
	in := bufio.NewReaderSize(from, sniffed)
	head, _ := in.Peek(sniffed) // a read error comes again with the first Read
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		_, _ = in.Discard(3)
		return in, "UTF-8"
	case bytes.HasPrefix(head, []byte("\xff\xfe")), bytes.HasPrefix(head, []byte("\xfe\xff")):
		return wide(in, unicode.LittleEndian), "UTF-16"
	case nuls(head, 1):
		return wide(in, unicode.LittleEndian), "UTF-16"
	case nuls(head, 0):
		return wide(in, unicode.BigEndian), "UTF-16"
	case mostlyUTF8(head):
		return in, "UTF-8"
	}
	return decoder(in, simplifiedchinese.GB18030), "GB18030"
}

func wide(in io.Reader, order unicode.Endianness) io.Reader {
	return decoder(in, unicode.UTF16(order, unicode.UseBOM))
}

func decoder(in io.Reader, e encoding.Encoding) io.Reader {
	return transform.NewReader(in, e.NewDecoder())
}

// nuls tells whether every second byte, from this one, is often zero and the others never: UTF-16 without a mark.
func nuls(head []byte, from int) bool {
	head = head[:min(len(head), 1<<10)]
	count := [2]int{}
	for i, b := range head {
		if b == 0 {
			count[i%2]++
		}
	}
	return count[from] > len(head)/10 && count[1-from] == 0
}

// mostlyUTF8 accepts UTF-8 that may be cut in its last character, or broken in a few places: GBK read as UTF-8 is
// broken in nearly all.
func mostlyUTF8(head []byte) bool {
	good, bad := 0, 0
	for i := 0; i < len(head); {
		if head[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(head[i:])
		i += size
		if r != utf8.RuneError || size > 1 {
			good++
		} else if i+utf8.UTFMax < len(head) || len(head) < sniffed {
			bad++
		}
	}
	return bad*10 <= good
}
