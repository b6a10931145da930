package knowledge

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"huiyin/nlu"
)

// jsonlReader reads one article a line: this package's own form, with the texts by language, or the simple form
// {"faq_id": …, "question": "…", "answer": "…"}, whose language is told by its question.
type jsonlReader struct{ lines lines }

func (r *jsonlReader) next() (patch, error) {
	for {
		line, n, err := r.lines.next()
		if errors.Is(err, errLongLine) {
			return patch{line: n, refused: err}, nil
		}
		if err != nil {
			return patch{}, err
		}
		if len(bytes.TrimSpace(line)) > 0 {
			return parseLine(line, n), nil
		}
	}
}

func (r *jsonlReader) close() error { return nil }

type jsonRow struct {
	Key      string          `json:"key"`
	FAQ      json.RawMessage `json:"faq_id"`
	Status   Status          `json:"status"`
	Category *string         `json:"category"`
	Tags     *[]string       `json:"tags"`
	Question json.RawMessage `json:"question"`
	Similar  json.RawMessage `json:"similar"`
	Answer   json.RawMessage `json:"answer"`

	Audience   *Audience  `json:"audience"`
	ValidFrom  *time.Time `json:"valid_from"`
	ValidUntil *time.Time `json:"valid_until"`
	Variants   *[]Variant `json:"variants"`

	Notes   *string         `json:"notes"`
	Related json.RawMessage `json:"related"`
}

func parseLine(line []byte, n int) patch {
	var row jsonRow
	if err := json.Unmarshal(line, &row); err != nil {
		return patch{line: n, refused: &Invalid{"line", "not a JSON object of an article: " + jsonFault(err)}}
	}
	p := patch{line: n, key: row.Key, status: row.Status, category: row.Category, tags: row.Tags,
		audience: row.Audience, validFrom: row.ValidFrom, validUntil: row.ValidUntil, variants: row.Variants, notes: row.Notes}
	if p.key == "" {
		p.key = plainID(row.FAQ)
	}
	if p.refused = p.texts(row); p.refused == nil {
		p.related, p.refused = relatedNames(row.Related)
	}
	return p
}

func jsonFault(err error) string {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		return fmt.Sprintf("%q holds a %s", kind.Field, kind.Value)
	}
	return err.Error()
}

// plainID accepts an identifier that is a string or a number.
func plainID(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var n json.Number
	if json.Unmarshal(raw, &n) == nil {
		return n.String()
	}
	return ""
}

func (p *patch) texts(row jsonRow) error {
	if q, plain := plainText(row.Question); plain {
		return p.simple(q, row)
	}
	p.whole = true
	for _, part := range []struct {
		field string
		raw   json.RawMessage
		into  any
	}{{"question", row.Question, &p.question}, {"similar", row.Similar, &p.similar}, {"answer", row.Answer, &p.answer}} {
		if len(part.raw) > 0 && json.Unmarshal(part.raw, part.into) != nil {
			return &Invalid{part.field, `write the text by language, as in {"zh": …, "en": …}`}
		}
	}
	return nil
}

func plainText(raw json.RawMessage) (string, bool) {
	var s *string
	if json.Unmarshal(raw, &s) != nil || s == nil {
		return "", false
	}
	return *s, true
}

// simple reads texts in one language, the question's.
func (p *patch) simple(question string, row jsonRow) error {
	language := languageOf(question)
	p.question = map[string]string{language: question}
	if len(row.Answer) > 0 {
		answer, plain := plainText(row.Answer)
		if !plain {
			return &Invalid{"answer", "write the answer as text, like the question"}
		}
		p.answer = map[string]string{language: answer}
	}
	if len(row.Similar) > 0 {
		var list []string
		if json.Unmarshal(row.Similar, &list) != nil {
			return &Invalid{"similar", `write a list of questions, as in ["…", "…"]`}
		}
		p.similar = map[string][]string{language: list}
	}
	return nil
}

func languageOf(text string) string {
	if l := nlu.DetectLanguage(text); l != nlu.LanguageUnknown {
		return string(l)
	}
	return string(nlu.LanguageEnglish)
}

// exportedArticle is one line of a JSONL file.
type exportedArticle struct {
	Key string `json:"key"`
	Content
	Related []string `json:"related,omitempty"` // by name, in the place of the numbers
	Status  Status   `json:"status"`
}

// exporter writes articles in one format.
type exporter interface {
	write(a exportedArticle) error
	end() error
}

type jsonlWriter struct{ to *json.Encoder }

func newJSONLWriter(w io.Writer) jsonlWriter {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return jsonlWriter{e}
}

func (w jsonlWriter) write(a exportedArticle) error { return w.to.Encode(a) }
func (w jsonlWriter) end() error                    { return nil }
