package knowledge

import (
	"errors"
	"net/url"
	"path"
	"strings"
)

// maxPicture bounds one picture of an archive.
const maxPicture = 5 << 20

// takePictures keeps the pictures of an article that are in the archive beside its document, and shows them by their new
// address; the report tells of the others.
func (r *documentReader) takePictures(f documentFile, p *patch) error {
	var left []string
	for _, at := range p.pictures {
		address, taken, err := r.takePicture(f, at)
		if err != nil {
			return err
		}
		if !taken {
			left = append(left, at)
		}
		if address == "" {
			continue
		}
		for language, text := range p.answer {
			p.answer[language] = withPicture(text, at, address)
		}
	}
	if len(left) > 0 {
		p.notice = strings.TrimPrefix(p.notice+"; ", "; ") + "pictures are not taken along: " + clip(strings.Join(left, ", "), 200)
	}
	return nil
}

// takePicture keeps one picture. A dry run only looks whether it is there.
func (r *documentReader) takePicture(f documentFile, at string) (address string, taken bool, err error) {
	if r.packed == nil || r.options.Picture == nil || strings.Contains(at, ":") || strings.HasPrefix(at, "/") {
		return "", false, nil
	}
	if plain, err := url.PathUnescape(at); err == nil {
		at = plain
	}
	name := path.Join(path.Dir(f.name), at)
	if !r.packed.Has(name) || !isPicture(name) {
		return "", false, nil
	}
	if r.options.DryRun {
		return "", true, nil
	}
	data, err := r.packed.ReadFile(name, maxPicture)
	if err == nil {
		address, err = r.options.Picture(path.Base(name), data)
	}
	var invalid *Invalid
	if err = refusedFile(err); errors.As(err, &invalid) {
		return "", false, nil
	}
	return address, err == nil, err
}

// withPicture shows a picture where the text names it, else below the text.
func withPicture(text, at, address string) string {
	for _, named := range []string{"](" + at, "](<" + at + ">"} {
		if strings.Contains(text, named) {
			return strings.ReplaceAll(text, named, "]("+address)
		}
	}
	return strings.TrimSpace(text + "\n\n![](" + address + ")")
}
