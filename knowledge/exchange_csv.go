package knowledge

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
)

// columns are the columns of a CSV file, in the order they are written.
func columns() []string {
	return []string{"key", "category", "tags", "status", "language", "question", "similar", "answer", "audience", "valid_from", "valid_until", "variants"}
}

// columnName accepts the Chinese names too.
func columnName(cell string) string {
	cell = strings.ToLower(strings.TrimSpace(cell))
	switch cell {
	case "编号", "faq_id", "id":
		return "key"
	case "分类", "类别":
		return "category"
	case "标签":
		return "tags"
	case "状态":
		return "status"
	case "语言":
		return "language"
	case "问题", "标准问题":
		return "question"
	case "相似问题", "相似问法", "相似问":
		return "similar"
	case "答案", "回答":
		return "answer"
	case "对象", "受众":
		return "audience"
	case "生效时间", "生效日期":
		return "valid_from"
	case "失效时间", "失效日期":
		return "valid_until"
	case "变体":
		return "variants"
	default:
		return cell
	}
}

// sameAsAbove in the key column makes a row another language of the article in the row above.
const sameAsAbove = "^"

// csvReader reads the rows of one article together: those that follow each other with the same key.
type csvReader struct {
	in      *csv.Reader
	header  map[string]int
	pending *patch
	ended   error
}

func newCSVReader(text io.Reader) (*csvReader, error) {
	in := bufio.NewReaderSize(text, 64<<10)
	head, _ := in.Peek(4 << 10)
	r := &csvReader{in: csv.NewReader(in), header: map[string]int{}}
	r.in.Comma, r.in.FieldsPerRecord, r.in.LazyQuotes = separator(head), -1, true
	names, err := r.in.Read()
	if errors.Is(err, io.EOF) {
		return nil, &Invalid{"file", "the file is empty"}
	}
	if err != nil {
		return nil, fmt.Errorf("read the first line: %w", err)
	}
	for i, name := range names {
		if name = columnName(name); !slices.Contains(columns(), name) {
			continue
		}
		if _, twice := r.header[name]; twice {
			return nil, &Invalid{"file", "the column " + name + " occurs twice"}
		}
		r.header[name] = i
	}
	if _, ok := r.header["question"]; !ok {
		return nil, &Invalid{"file", "the first line must name the columns: " + strings.Join(columns(), ", ")}
	}
	return r, nil
}

func separator(head []byte) rune {
	first, _, _ := strings.Cut(string(head), "\n")
	best := ','
	for _, r := range ";\t" {
		if strings.Count(first, string(r)) > strings.Count(first, string(best)) {
			best = r
		}
	}
	return best
}

func (r *csvReader) next() (patch, error) {
	for r.ended == nil {
		row, err := r.row()
		if err != nil {
			r.ended = err
			break
		}
		if r.pending != nil && r.pending.join(row) {
			continue
		}
		if row.key == sameAsAbove && row.refused == nil {
			row.refused = &Invalid{"key", sameAsAbove + " stands for the article in the row above, and there is none"}
		}
		whole := r.pending
		r.pending = &row
		if whole != nil {
			return *whole, nil
		}
	}
	if r.pending != nil && errors.Is(r.ended, io.EOF) {
		last := *r.pending
		r.pending = nil
		return last, nil
	}
	return patch{}, r.ended
}

// join adds another language of the same article.
func (p *patch) join(row patch) bool {
	if row.key != sameAsAbove && (row.key == "" || row.key != p.key) || p.refused != nil || row.refused != nil {
		return false
	}
	for l := range row.question {
		if _, twice := p.question[l]; twice {
			return false
		}
	}
	maps.Copy(p.question, row.question)
	maps.Copy(p.similar, row.similar)
	maps.Copy(p.answer, row.answer)
	return true
}

func (r *csvReader) row() (patch, error) {
	for {
		cells, err := r.in.Read()
		var syntax *csv.ParseError
		if errors.As(err, &syntax) {
			return patch{line: syntax.StartLine, refused: &Invalid{"line", "the quotes or commas of this line cannot be read"}}, nil
		}
		if err != nil {
			return patch{}, err
		}
		line, _ := r.in.FieldPos(0)
		if strings.Join(cells, "") != "" {
			return r.parse(cells, line), nil
		}
	}
}

func (r *csvReader) cell(cells []string, column string) (string, bool) {
	i, ok := r.header[column]
	if !ok || i >= len(cells) {
		return "", ok
	}
	return unguarded(cells[i]), true
}

func (r *csvReader) parse(cells []string, line int) patch {
	text := func(column string) string { s, _ := r.cell(cells, column); return s }
	p := patch{line: line, key: strings.TrimSpace(text("key")), status: Status(strings.ToLower(strings.TrimSpace(text("status"))))}
	if category, ok := r.cell(cells, "category"); ok {
		p.category = &category
	}
	if tags, ok := r.cell(cells, "tags"); ok {
		list := splitTags(tags)
		p.tags = &list
	}
	language := strings.TrimSpace(text("language"))
	if language == "" {
		language = languageOf(text("question"))
	}
	p.question = map[string]string{language: text("question")}
	p.similar, p.answer = map[string][]string{}, map[string]string{}
	if similar, ok := r.cell(cells, "similar"); ok {
		p.similar[language] = splitList(similar)
	}
	if answer, ok := r.cell(cells, "answer"); ok {
		p.answer[language] = answer
	}
	if p.key != sameAsAbove {
		p.refused = r.scope(cells, &p)
	}
	return p
}

// scope reads for whom and when an article is; the row of its first language says so.
func (r *csvReader) scope(cells []string, p *patch) (err error) {
	if audience, ok := r.cell(cells, "audience"); ok {
		a := audienceNamed(audience)
		p.audience = &a
	}
	for _, c := range []struct {
		column string
		into   **time.Time
	}{{"valid_from", &p.validFrom}, {"valid_until", &p.validUntil}} {
		cell, ok := r.cell(cells, c.column)
		if !ok {
			continue
		}
		at, err := parseTimeCell(c.column, cell)
		if err != nil {
			return err
		}
		*c.into = &at
	}
	if cell, ok := r.cell(cells, "variants"); ok {
		list, err := parseVariantsCell(cell)
		if err != nil {
			return err
		}
		p.variants = &list
	}
	return nil
}

func audienceNamed(cell string) Audience {
	switch name := strings.ToLower(strings.TrimSpace(cell)); name {
	case "", "public", "公开", "客户":
		return Public
	case "internal", "内部":
		return Internal
	default:
		return Audience(name)
	}
}

// splitList divides a cell: one a line, or divided by "|" when it is one line.
func splitList(cell string) []string {
	if strings.Contains(cell, "\n") {
		return strings.Split(cell, "\n")
	}
	return strings.Split(cell, "|")
}

func splitTags(cell string) []string {
	if strings.ContainsAny(cell, "\n|") {
		return splitList(cell)
	}
	return strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(",;，；、", r) })
}

// joinList is the inverse of splitList and splitTags.
func joinList(list []string, by string) string {
	joined := strings.Join(list, by)
	if len(list) == 1 && strings.ContainsAny(joined, "|,;，；、") {
		return joined + by
	}
	return joined
}

// A spreadsheet program runs a cell that begins like a formula. Such a cell is written behind an apostrophe, which
// is taken away when the file comes back.

func isFormula(cell string) bool {
	rest := strings.TrimLeft(cell, "'")
	return rest != "" && strings.ContainsRune("=+-@\t", rune(rest[0]))
}

func guardedCell(cell string) string {
	if isFormula(cell) {
		return "'" + cell
	}
	return cell
}

func unguarded(cell string) string {
	if strings.HasPrefix(cell, "'") && isFormula(cell) {
		return cell[1:]
	}
	return cell
}

type csvWriter struct{ to *csv.Writer }

// newCSVWriter begins with a byte order mark, without which spreadsheet programs misread Chinese.
func newCSVWriter(w io.Writer) (csvWriter, error) {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return csvWriter{}, fmt.Errorf("write export: %w", err)
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	return csvWriter{out}, out.Write(columns())
}

func (w csvWriter) write(a exportedArticle) error {
	key := a.Key
	for _, l := range a.Languages() {
		row := []string{key, a.Category, joinList(a.Tags, tagBreak(a.Tags)), string(a.Status), l, a.Question[l], joinList(a.Similar[l], "\n"), a.Answer[l], "", "", "", ""}
		if key != sameAsAbove {
			row = append(row[:8], string(a.Audience), timeCell(a.ValidFrom), timeCell(a.ValidUntil), variantsCell(a.Variants))
		}
		for i := range row {
			row[i] = guardedCell(row[i])
		}
		if err := w.to.Write(row); err != nil {
			return err
		}
		key = sameAsAbove
	}
	return nil
}

func tagBreak(tags []string) string {
	if strings.Contains(strings.Join(tags, ""), "|") {
		return "\n"
	}
	return "|"
}

func (w csvWriter) end() error {
	w.to.Flush()
	if err := w.to.Error(); err != nil {
		return fmt.Errorf("write export: %w", err)
	}
	return nil
}
