package knowledge

import (
	"io"
	"strings"

	"huiyin/knowledge/sheet"
)

// columns are the columns of a CSV file, in the order they are written.
func columns() []string {
	return []string{"key", "category", "tags", "status", "language", "question", "similar", "answer", "audience", "valid_from", "valid_until", "variants", "notes", "related"}
}

// joinList is the inverse of splitList and splitTags.
func joinList(list []string, by string) string {
	joined := strings.Join(list, by)
	if len(list) == 1 && strings.ContainsAny(joined, "|,;，；、") {
		return joined + by
	}
	return joined
}

// tableWriter writes one language of an article a row.
type tableWriter struct{ to sheet.Writer }

func newTableWriter(kind sheet.Kind, to io.Writer) (tableWriter, error) {
	out, err := sheet.NewWriter(kind, to, "articles")
	if err != nil {
		return tableWriter{}, err
	}
	return tableWriter{out}, out.Row(columns()...)
}

func (w tableWriter) write(a exportedArticle) error {
	key := a.Key
	for _, l := range a.Languages() {
		row := []string{key, a.Category, joinList(a.Tags, tagBreak(a.Tags)), string(a.Status), l, a.Question[l], joinList(a.Similar[l], "\n"), a.Answer[l], "", "", "", "", "", ""}
		if key != sameAsAbove {
			row = append(row[:8], string(a.Audience), timeCell(a.ValidFrom), timeCell(a.ValidUntil), variantsCell(a.Variants), a.Notes, joinList(a.Related, "\n"))
		}
		if err := w.to.Row(row...); err != nil {
			return refusedFile(err)
		}
		key = sameAsAbove
	}
	return nil
}

func (w tableWriter) end() error { return w.to.Close() }

func tagBreak(tags []string) string {
	if strings.Contains(strings.Join(tags, ""), "|") {
		return "\n"
	}
	return "|"
}
