package knowledge

import (
	"context"
	"fmt"
	"io"

	"huiyin/db"
	"huiyin/knowledge/sheet"
)

// Export writes every article, archived ones too, and tells how many. A published article goes out as customers
// get it; a draft beside it stays.
func Export(ctx context.Context, from db.Querier, format Format, to io.Writer) (int, error) {
	out, err := newExporter(format, to)
	if err != nil {
		return 0, err
	}
	n, last := 0, int64(0)
	for {
		page, err := exportPage(ctx, from, last)
		if err != nil {
			return n, err
		}
		for _, a := range page {
			last = a.ID
			if err := out.write(exportedArticle{a.Key, a.Content, a.Status}); err != nil {
				return n, fmt.Errorf("write export, article %d: %w", a.ID, err)
			}
			n++
		}
		if len(page) == 0 {
			return n, out.end()
		}
	}
}

func newExporter(format Format, to io.Writer) (exporter, error) {
	switch format {
	case CSV, XLSX:
		return newTableWriter(sheet.Kind(format), to)
	case JSONL:
		return newJSONLWriter(to), nil
	default:
		return nil, errForm
	}
}

func exportPage(ctx context.Context, from db.Querier, after int64) ([]Article, error) {
	rows, err := from.Query(ctx, "SELECT "+articleColumns+articleTables+" WHERE a.id > ? ORDER BY a.id LIMIT ?", after, loadPage)
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
