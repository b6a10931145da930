package knowledge

import (
	"archive/zip"
	"context"
	"fmt"
	"io"

	"huiyin/db"
	"huiyin/knowledge/sheet"
)

// Export writes every article, archived ones too, and tells how many. A published article goes out as customers
// get it; a draft beside it stays.
func Export(ctx context.Context, from db.Querier, format Format, to io.Writer) (int, error) {
	return ExportSome(ctx, from, Filter{}, format, to)
}

// ExportSome is Export of those articles that pass a filter.
func ExportSome(ctx context.Context, from db.Querier, f Filter, format Format, to io.Writer) (int, error) {
	out, err := newExporter(format, to)
	if err != nil {
		return 0, err
	}
	n := 0
	err = eachExported(ctx, from, f, func(a Article) error {
		n++
		related, err := nameRelated(ctx, from, a.Content.Related)
		if err != nil {
			return err
		}
		return out.write(exportedArticle{a.Key, a.Content, related, a.Status})
	})
	if err != nil {
		return n, err
	}
	return n, out.end()
}

// eachExported visits the articles that pass a filter, with the content that customers get where they get one.
func eachExported(ctx context.Context, from db.Querier, f Filter, visit func(Article) error) error {
	for last := int64(0); ; {
		page, err := exportPage(ctx, from, f, last)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, a := range page {
			last = a.ID
			if err := visit(a); err != nil {
				return fmt.Errorf("write export, article %d: %w", a.ID, err)
			}
		}
	}
}

func newExporter(format Format, to io.Writer) (exporter, error) {
	switch format {
	case CSV, XLSX:
		return newTableWriter(sheet.Kind(format), to)
	case JSONL:
		return newJSONLWriter(to), nil
	case Markdown:
		return &markdownWriter{to: zip.NewWriter(to)}, nil
	default:
		return nil, errForm
	}
}

func exportPage(ctx context.Context, from db.Querier, f Filter, after int64) ([]Article, error) {
	where, args := f.where()
	if f.Status != "" {
		where, args = where+" AND a.status = ?", append(args, string(f.Status))
	}
	rows, err := from.Query(ctx, "SELECT "+articleColumns+articleTables+where+" AND a.id > ? ORDER BY a.id LIMIT ?", append(args, after, loadPage)...)
	if err != nil {
		return nil, fmt.Errorf("read articles: %w", err)
	}
	defer rows.Close()
	var page []Article
	for rows.Next() {
		a, err := scanArticle(rows)
		if err != nil {
			return nil, err
		}
		page = append(page, a)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read articles: %w", err)
	}
	_ = rows.Close() // the next query may need the connection
	for i := range page {
		if page[i].Content, err = exchanged(ctx, from, page[i]); err != nil {
			return nil, err
		}
	}
	return page, nil
}
