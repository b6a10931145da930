// Package unpack opens zip archives that strangers made: their names are made safe, and what they unfold to is bounded
// while it is read, whatever their directory claims. It writes nothing to disk and knows no format inside the archive.
package unpack

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// Limits bound an archive.
type Limits struct {
	Entries int   // files in it
	Total   int64 // bytes that all reads together may unfold to
	Part    int64 // bytes that one file may unfold to
	Ratio   int64 // how many bytes may come of one; small files are exempt
}

// Exempt is the size up to which a file may unfold at any ratio.
const Exempt = 4 << 20

// Defaults are limits for a document or a spreadsheet.
func Defaults() Limits { return Limits{Entries: 20_000, Total: 1 << 30, Part: 1 << 30, Ratio: 250} }

// Refused is an archive that is not read on, and why, for the person who sent it.
type Refused struct {
	Code    string // broken, password, entries, size, ratio, missing
	Message string
}

// Error gives the message.
func (r *Refused) Error() string { return r.Message }

// Entry is one file of an archive.
type Entry struct {
	Name   string // with forward slashes, as UTF-8
	Size   int64  // as claimed
	Unsafe bool   // the name leads out of the archive
}

// Archive is an open archive. It is not for use by several goroutines at once.
type Archive struct {
	files  map[string]*zip.File
	list   []Entry
	limits Limits
	size   int64
	read   int64
}

// Open reads the directory of an archive of this size.
func Open(from io.ReaderAt, size int64, l Limits) (*Archive, error) {
	z, err := zip.NewReader(from, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, &Refused{"broken", "the file is damaged: it cannot be unpacked"}
	}
	if len(z.File) > l.Entries {
		return nil, &Refused{"entries", fmt.Sprintf("the archive holds %d files; at most %d are read", len(z.File), l.Entries)}
	}
	a := &Archive{files: map[string]*zip.File{}, limits: l, size: size}
	for _, f := range z.File {
		a.add(f)
	}
	return a, nil
}

func (a *Archive) add(f *zip.File) {
	name := entryName(f)
	if strings.HasSuffix(name, "/") {
		return
	}
	if _, twice := a.files[name]; twice {
		return // the first counts
	}
	a.files[name] = f
	a.list = append(a.list, Entry{Name: name, Size: int64(min(f.UncompressedSize64, 1<<62)), Unsafe: unsafe(name)})
}

// entryName reads names as UTF-8, or as GB18030, which Chinese Windows writes without saying so.
func entryName(f *zip.File) string {
	name := f.Name
	if f.NonUTF8 || !utf8.ValidString(name) {
		if decoded, err := simplifiedchinese.GB18030.NewDecoder().String(name); err == nil && !utf8.ValidString(name) {
			name = decoded
		}
	}
	return strings.ReplaceAll(name, `\`, "/")
}

func unsafe(name string) bool {
	if name == "" || strings.ContainsRune(name, 0) || strings.HasPrefix(name, "/") || len(name) > 1 && name[1] == ':' {
		return true
	}
	clean := path.Clean(name)
	return clean == ".." || strings.HasPrefix(clean, "../") || strings.Contains("/"+name+"/", "/../")
}

// Entries lists the files, folders left out, in the archive's order.
func (a *Archive) Entries() []Entry { return a.list }

// Has tells whether there is such a file.
func (a *Archive) Has(name string) bool { _, ok := a.files[name]; return ok }

// Open begins to read a file. Reading past a limit fails with a Refused.
func (a *Archive) Open(name string) (io.ReadCloser, error) {
	f, ok := a.files[name]
	if !ok {
		return nil, &Refused{"missing", "the file is damaged: " + path.Base(name) + " is missing in it"}
	}
	if f.Flags&1 != 0 {
		return nil, &Refused{"password", "the file is protected by a password; save it without one"}
	}
	in, err := f.Open()
	if err != nil {
		return nil, &Refused{"broken", "the file is damaged: " + path.Base(name) + " cannot be unpacked"}
	}
	packed := min(int64(min(f.CompressedSize64, 1<<62)), a.size)
	return &part{in: in, archive: a, name: name, most: max(packed*a.limits.Ratio, Exempt)}, nil
}

// ReadFile reads a whole file of at most limit bytes.
func (a *Archive) ReadFile(name string, limit int64) ([]byte, error) {
	in, err := a.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = in.Close() }()
	data, err := io.ReadAll(io.LimitReader(in, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = &Refused{"size", fmt.Sprintf("%s is larger than %d MB", path.Base(name), limit>>20)}
	}
	return data, err
}

// part is a file being read.
type part struct {
	in      io.ReadCloser
	archive *Archive
	name    string
	n, most int64
}

// Read counts what comes.
func (p *part) Read(to []byte) (int, error) {
	n, err := p.in.Read(to)
	p.n += int64(n)
	p.archive.read += int64(n)
	switch {
	case p.n > p.most:
		return 0, &Refused{"ratio", "the file unfolds to more than " + fmt.Sprint(p.archive.limits.Ratio) + " times its size; such files are not read"}
	case p.n > p.archive.limits.Part, p.archive.read > p.archive.limits.Total:
		return 0, &Refused{"size", fmt.Sprintf("the file unfolds to more than %d MB; divide it", min(p.archive.limits.Part, p.archive.limits.Total)>>20)}
	case err != nil && !errors.Is(err, io.EOF):
		return 0, &Refused{"broken", "the file is damaged: " + path.Base(p.name) + " cannot be unpacked"}
	}
	return n, err
}

// Close ends the reading.
func (p *part) Close() error { return p.in.Close() }
