package golden

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"huiyin/db"
	"huiyin/knowledge"
	"huiyin/knowledge/sheet"
	"huiyin/nlu"
)

// TableRow is a question of a table. Wanted is nil where the table does not say what is expected.
type TableRow struct {
	Number int // in the file
	Asked  Asked
	Wanted *Wanted
	Title  string // of the article that is expected, as the table names it
	Note   string
}

// TableFault says why a row cannot be taken.
type TableFault struct {
	Row           int
	Field, Reason string
}

// The columns of a table, in the order in which one is written.
const (
	colQuestion = iota
	colExpected
	colLanguage
	colChannel
	colTier
	colDate
	colNote
	columnsOfTable
)

// headings are the names of the columns, the first of each as it is written.
func headings() [columnsOfTable][]string {
	return [columnsOfTable][]string{{"question", "问题", "text", "query", "q"}, {"expected", "期望", "预期", "article", "answer", "key", "文章"},
		{"language", "语言", "lang"}, {"channel", "渠道"}, {"tier", "等级", "客户等级"}, {"date", "日期", "时间", "at"}, {"note", "备注"}}
}

// maxFaults is how many faults of a table are told.
const maxFaults = 200

// reading is a table while it is read.
type reading struct {
	ctx    context.Context
	from   db.Querier
	zone   *time.Location
	at     [columnsOfTable]int // place of each column, -1 where there is none
	known  map[string]Wanted   // what was looked up
	rows   []TableRow
	faults []TableFault
}

// ReadTable reads questions from CSV or XLSX: question, expected (an article by key, title or number, or none, or handoff), language,
// channel, tier, date. Dates are of the zone given. Rows with a fault are told and left out.
func ReadTable(ctx context.Context, from db.Querier, file io.ReaderAt, size int64, zone *time.Location) ([]TableRow, []TableFault, error) {
	limits := sheet.Defaults()
	limits.Bytes, limits.Rows, limits.Cell = 16<<20, MaxBatch+1, 10_000
	book, err := sheet.Open(file, size, limits)
	if err != nil {
		return nil, nil, err
	}
	rows, err := book.Rows("")
	if err != nil {
		return nil, nil, err
	}
	defer rows.Close()
	r := &reading{ctx: ctx, from: from, zone: zone, known: map[string]Wanted{}}
	for first := true; ; first = false {
		row, err := rows.Next()
		if errors.Is(err, io.EOF) {
			return r.rows, r.faults, nil
		}
		if err != nil {
			return nil, nil, err
		}
		if first && r.heading(row.Cells) {
			continue
		}
		if err := r.take(row); err != nil {
			return nil, nil, err
		}
	}
}

// heading reads the first row when it names the columns; else a table has them in the order in which one is written.
func (r *reading) heading(cells []string) bool {
	found := [columnsOfTable]int{}
	for column, names := range headings() {
		found[column] = slices.IndexFunc(cells, func(c string) bool { return slices.Contains(names, strings.ToLower(strings.TrimSpace(c))) })
	}
	if found[colQuestion] >= 0 {
		r.at = found
		return true
	}
	for column := range r.at {
		r.at[column] = column
	}
	return false
}

func (r *reading) fault(row int, field, reason string) {
	if len(r.faults) < maxFaults {
		r.faults = append(r.faults, TableFault{row, field, reason})
	}
}

func (r *reading) take(row sheet.Row) error {
	if row.Fault != nil {
		r.fault(row.Number, "", row.Fault.Message)
		return nil
	}
	cell := func(column int) string {
		if at := r.at[column]; at >= 0 && at < len(row.Cells) {
			return strings.TrimSpace(row.Cells[at])
		}
		return ""
	}
	t := TableRow{Number: row.Number, Note: cell(colNote), Asked: Asked{Question: cell(colQuestion), Language: languageIn(cell(colLanguage)),
		Channel: cell(colChannel), Tier: cell(colTier)}}
	at, err := dateIn(cell(colDate), r.zone)
	if err != nil {
		r.fault(row.Number, "date", err.Error())
		return nil
	}
	t.Asked.At = at
	if text := cell(colExpected); text != "" {
		wanted, reason, err := r.wanted(text)
		if err != nil {
			return err
		}
		if reason != "" {
			r.fault(row.Number, "expected", reason)
			return nil
		}
		t.Wanted, t.Title = &wanted, text
	}
	q := Question{Asked: t.Asked, Wanted: Wanted{Expect: ExpectNone}, Note: t.Note}
	var invalid *knowledge.Invalid
	if errors.As(q.clean(), &invalid) {
		r.fault(row.Number, invalid.Field, invalid.Message)
		return nil
	}
	r.rows = append(r.rows, t)
	return nil
}

// languageIn understands what people call the two languages.
func languageIn(text string) string {
	switch strings.ToLower(text) {
	case "zh", "zh-cn", "中文", "chinese":
		return "zh"
	case "en", "en-us", "英文", "英语", "english":
		return "en"
	default:
		return text
	}
}

func dateIn(text string, zone *time.Location) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02", "2006/1/2 15:04", "2006/1/2"} {
		if at, err := time.ParseInLocation(layout, text, zone); err == nil && at.Year() >= 1970 && at.Year() < 10000 {
			return at.UTC(), nil
		}
	}
	return time.Time{}, errors.New("write the date as 2026-11-30 or 2026-11-30 14:00")
}

// wanted reads what is expected; reason says what is wrong with it.
func (r *reading) wanted(text string) (w Wanted, reason string, err error) {
	switch strings.ToLower(text) {
	case "none", "no", "-", "无", "不答", "不应回答":
		return Wanted{Expect: ExpectNone}, "", nil
	case "handoff", "human", "agent", "人工", "转人工":
		return Wanted{Expect: ExpectHandoff}, "", nil
	}
	if known, ok := r.known[text]; ok {
		return known, "", nil
	}
	ids, err := findArticle(r.ctx, r.from, text)
	switch {
	case err != nil:
		return w, "", err
	case len(ids) == 0:
		return w, "no article has this key or title; write none where nothing should be answered", nil
	case len(ids) > 1:
		return w, "several articles have this title; write the key or the number, such as #12", nil
	}
	w = Wanted{Expect: ExpectArticle, Article: ids[0]}
	r.known[text] = w
	return w, "", nil
}

// findArticle finds articles by key, by title in any language, or by number (#12).
func findArticle(ctx context.Context, from db.Querier, text string) ([]int64, error) {
	if number, isNumber := strings.CutPrefix(text, "#"); isNumber {
		id, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return nil, nil
		}
		return ids(ctx, from, "SELECT id FROM articles WHERE id = ?", id)
	}
	if found, err := ids(ctx, from, "SELECT id FROM articles WHERE external_key = ?", text); err != nil || len(found) > 0 {
		return found, err
	}
	if found, err := ids(ctx, from, "SELECT id FROM articles WHERE title = ? AND status <> 'archived' LIMIT 2", text); err != nil || len(found) > 0 {
		return found, err
	}
	pattern := "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(nlu.Normalize(text)) + "%"
	likely, err := ids(ctx, from, "SELECT id FROM articles WHERE search_text LIKE ? ESCAPE '!' AND status <> 'archived' LIMIT 20", pattern)
	if err != nil {
		return nil, err
	}
	var found []int64
	for _, id := range likely {
		a, err := knowledge.Get(ctx, from, id)
		if err != nil {
			return nil, err
		}
		for _, title := range a.Content.Question {
			if strings.EqualFold(title, text) {
				found = append(found, id)
				break
			}
		}
	}
	return found, nil
}

func ids(ctx context.Context, from db.Querier, query string, args ...any) ([]int64, error) {
	rows, err := from.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("find article: %w", err)
	}
	defer rows.Close()
	var list []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("find article: %w", err)
		}
		list = append(list, id)
	}
	return list, rows.Err()
}

// WriteTable writes questions as ReadTable reads them. Articles are named by their key or number.
func WriteTable(ctx context.Context, from db.Querier, kind sheet.Kind, to io.Writer, list []Question) error {
	w, err := sheet.NewWriter(kind, to, "golden")
	if err != nil {
		return err
	}
	var heads []string
	for _, names := range headings() {
		heads = append(heads, names[0])
	}
	if err := w.Row(heads...); err != nil {
		return fmt.Errorf("write golden questions: %w", err)
	}
	for _, q := range list {
		expected, at := string(q.Expect), ""
		if q.Expect == ExpectArticle {
			if expected, err = nameOf(ctx, from, q.Article); err != nil {
				return err
			}
		}
		if !q.At.IsZero() {
			at = q.At.UTC().Format(time.RFC3339)
		}
		if err := w.Row(q.Question, expected, q.Language, q.Channel, q.Tier, at, q.Note); err != nil {
			return fmt.Errorf("write golden questions: %w", err)
		}
	}
	return w.Close()
}

func nameOf(ctx context.Context, from db.Querier, id int64) (string, error) {
	var key string
	err := from.QueryRow(ctx, "SELECT COALESCE(external_key, '') FROM articles WHERE id = ?", id).Scan(&key)
	if err != nil && !db.NoRows(err) {
		return "", fmt.Errorf("name article %d: %w", id, err)
	}
	if key == "" {
		return "#" + strconv.FormatInt(id, 10), nil
	}
	return key, nil
}
