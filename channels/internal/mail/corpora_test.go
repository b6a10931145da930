package mail

import (
	"bytes"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jhillyerd/enmime/v2"
)

// corpora are the mails that come inside of other modules, by file.
func corpora(t testing.TB) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	for _, module := range []string{"github.com/jhillyerd/enmime/v2", "github.com/emersion/go-message", "github.com/emersion/go-msgauth", "github.com/emersion/go-smtp", "github.com/emersion/go-imap/v2"} {
		out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module).Output()
		if err != nil {
			t.Fatalf("find %s: %v", module, err)
		}
		root := strings.TrimSpace(string(out))
		err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.Contains(path, "testdata") && !strings.HasSuffix(path, ".eml") {
				return err
			}
			data, err := os.ReadFile(path)
			name, _ := filepath.Rel(root, path)
			all[filepath.Base(module)+"/"+name] = data
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// TestCorpora reads the mails of others, and holds what is read against the library that they are from.
func TestCorpora(t *testing.T) {
	mails := corpora(t)
	if len(mails) < 90 {
		t.Errorf("%d mails", len(mails))
	}
	for name, data := range mails {
		t.Run(name, func(t *testing.T) {
			p, err := Parse(bytes.NewReader(data), Limits{})
			if err != nil {
				t.Fatal(err)
			}
			checkBounds(t, p)
			for _, part := range p.Parts {
				if _, err := io.Copy(io.Discard, part.Open()); err != nil || part.Name == "" {
					t.Errorf("part %+v: %v", part, err)
				}
			}
			if other, err := enmime.ReadEnvelope(bytes.NewReader(data)); err == nil && strings.Contains(name, "/mail/") {
				agree(t, p, other)
			}
		})
	}
}

// agree wants each word and each file that the other reader found.
func agree(t *testing.T, p Parsed, other *enmime.Envelope) {
	t.Helper()
	ours := p.Text + " " + p.Quoted + " " + p.Signature
	for _, part := range p.Parts {
		if strings.HasPrefix(part.Type, "text/") {
			data, _ := io.ReadAll(part.Open())
			ours += " " + string(data)
		}
	}
	for word := range strings.FieldsFuncSeq(other.Text, func(r rune) bool { return strings.ContainsRune(" \r\n\t*-|+()[]<>", r) }) {
		if !strings.Contains(ours, word) {
			t.Errorf("the word %q is not in %q", word, ours)
		}
	}
	for _, part := range append(append([]*enmime.Part(nil), other.Attachments...), other.Inlines...) {
		found := false
		for _, mine := range p.Parts {
			data, _ := io.ReadAll(mine.Open())
			found = found || bytes.Equal(data, part.Content) || mine.Name == part.FileName
		}
		if !found && !strings.Contains(part.ContentType, "signature") && !strings.HasPrefix(part.ContentType, "text/") {
			t.Errorf("the file %q (%s) is not there", part.FileName, part.ContentType)
		}
	}
}
