package knowledge

import (
	"archive/zip"
	"cmp"
	"fmt"
	"io"
	"path"
	"strings"

	"gopkg.in/yaml.v3"

	"huiyin/knowledge/document"
)

// maxFront bounds what stands before the text of a Markdown file.
const maxFront = 256 << 10

// front is what a Markdown file says of its article before the text, which is the answer.
type front struct {
	Key        string `yaml:"key,omitempty"`
	Language   string `yaml:"language,omitempty"`
	Question   string `yaml:"question,omitempty"`
	Title      string `yaml:"title,omitempty"` // another word for question, as other programs write it
	Category   string `yaml:"category,omitempty"`
	Status     string `yaml:"status,omitempty"`
	Tags       texts  `yaml:"tags,omitempty"`
	Similar    texts  `yaml:"similar,omitempty"`
	Audience   string `yaml:"audience,omitempty"`
	ValidFrom  string `yaml:"valid_from,omitempty"`
	ValidUntil string `yaml:"valid_until,omitempty"`
	Variants   string `yaml:"variants,omitempty"`

	Notes   *string   `yaml:"notes,omitempty"`
	Related *[]string `yaml:"related,omitempty"`
}

// texts is a list that may be written as one line.
type texts []string

// UnmarshalYAML reads a list, or one line that is divided.
func (t *texts) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		*t = splitTags(n.Value)
		return nil
	}
	return n.Decode((*[]string)(t))
}

// markdownPatches makes one article of a file that says what it is, else one of every section.
func markdownPatches(text, folder, title string, level int) []patch {
	head, body := document.Front(text)
	if head == "" {
		return sectionPatches(document.Markdown(body, level), folder, title)
	}
	if len(head) > maxFront {
		return []patch{{line: 1, refused: &Invalid{"file", "the part before the text is too long"}}}
	}
	var f front
	if err := yaml.Unmarshal([]byte(head), &f); err != nil {
		return []patch{{line: 1, refused: &Invalid{"file", "the lines between --- and --- cannot be read: " + clip(err.Error(), 200)}}}
	}
	if f.Key == "" && f.Question == "" && f.Title == "" {
		return sectionPatches(document.Markdown(body, level), cmp.Or(f.Category, folder), title)
	}
	return []patch{f.patch(strings.TrimSpace(body), folder)}
}

// patch is the article of a file. A key of sameAsAbove makes it another language of the file before.
func (f front) patch(body, folder string) patch {
	question := cmp.Or(f.Question, f.Title)
	language := cmp.Or(languageNamed(f.Language), languageOf(question+" "+clip(body, 400)))
	category := cmp.Or(f.Category, folder)
	tags, audience := []string(f.Tags), audienceNamed(f.Audience)
	p := patch{line: 1, key: f.Key, status: statusNamed(f.Status), question: map[string]string{language: question},
		similar: map[string][]string{language: f.Similar}, answer: map[string]string{language: body}}
	if f.Key == sameAsAbove {
		return p
	}
	p.category, p.tags, p.audience, p.notes, p.related = &category, &tags, &audience, f.Notes, f.Related
	from, err := parseTimeCell("valid_from", f.ValidFrom)
	p.validFrom = &from
	if err == nil {
		until, wrong := parseTimeCell("valid_until", f.ValidUntil)
		p.validUntil, err = &until, wrong
	}
	if err == nil {
		variants, wrong := parseVariantsCell(f.Variants)
		p.variants, err = &variants, wrong
	}
	p.refused = err
	for _, s := range document.Markdown(body, 1) {
		p.pictures = append(p.pictures, s.Pictures...)
	}
	return p
}

// markdownWriter writes a folder of Markdown files, packed: one language of an article a file, in folders by category.
type markdownWriter struct {
	to *zip.Writer
	n  int
}

func (w *markdownWriter) write(a exportedArticle) error {
	w.n++
	key := a.Key
	for i, l := range a.Languages() {
		f := front{Key: key, Language: l, Question: a.Question[l], Similar: a.Similar[l]}
		if key == "" && a.Question[l] == "" {
			continue
		}
		if key != sameAsAbove {
			f.Category, f.Status, f.Tags, f.Audience, f.Variants = a.Category, string(a.Status), a.Tags, string(a.Audience), variantsCell(a.Variants)
			if a.Notes != "" {
				f.Notes = &a.Notes
			}
			if len(a.Related) > 0 {
				f.Related = &a.Related
			}
			f.ValidFrom, f.ValidUntil = timeCell(a.ValidFrom), timeCell(a.ValidUntil)
		}
		head, err := yaml.Marshal(f)
		if err != nil {
			return fmt.Errorf("write front matter: %w", err)
		}
		name := fmt.Sprintf("%05d-%d-%s.%s.md", w.n, i+1, fileName(a.Title()), l)
		to, err := w.to.Create(path.Join(folderName(a.Category), name))
		if err != nil {
			return err
		}
		if _, err := io.WriteString(to, "---\n"+string(head)+"---\n\n"+a.Answer[l]+"\n"); err != nil {
			return err
		}
		key = sameAsAbove
	}
	return nil
}

func (w *markdownWriter) end() error { return w.to.Close() }

// fileName is a title that every file system takes.
func fileName(title string) string {
	name := strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>|#%`, r) {
			return ' '
		}
		return r
	}, title)
	runes := []rune(strings.Join(strings.Fields(name), " "))
	return strings.Trim(string(runes[:min(len(runes), 40)]), " .")
}

func folderName(category string) string {
	parts := strings.Split(category, "/")
	for i, part := range parts {
		parts[i] = cmp.Or(fileName(part), "_")
	}
	if category == "" {
		return ""
	}
	return path.Join(parts...)
}
