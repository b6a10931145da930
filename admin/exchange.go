package admin

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"

	"huiyin/admin/api"
	"huiyin/db"
	"huiyin/knowledge"
)

// maxReport bounds how many rows of an import are told.
const maxReport = 1000

// ImportArticles reads a file of articles and reports row by row.
func (s *Server) ImportArticles(ctx context.Context, r api.ImportArticlesRequestObject) (api.ImportArticlesResponseObject, error) {
	part, err := formFile(r.Body)
	if err != nil {
		return nil, err
	}
	format, err := knowledge.FormatOf(part.FileName())
	if err != nil {
		return nil, err
	}
	mine, err := s.allowanceOf(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	options := knowledge.ImportOptions{DryRun: val(r.Params.DryRun), Draft: !val(r.Params.Publish), Allow: mine.importAllowed}
	report, err := knowledge.ImportWith(ctx, s.DB, authorOf(ctx), format, part, options)
	if !options.DryRun {
		s.Knowledge.Poke()
	}
	if noteErr := s.noteImport(ctx, report, options); err == nil {
		err = noteErr
	}
	if err != nil {
		return nil, fmt.Errorf("import after %d articles: %w", report.Added+report.Changed, err)
	}
	return api.ImportArticles200JSONResponse(viewReport(report)), nil
}

func (s *Server) noteImport(ctx context.Context, r knowledge.Report, o knowledge.ImportOptions) error {
	if o.DryRun || r.Added+r.Changed == 0 {
		return nil
	}
	ctx = context.WithoutCancel(ctx)
	return s.DB.Tx(ctx, func(tx *db.Tx) error {
		return s.note(ctx, tx, "articles_imported", "", fmt.Sprintf("%d added, %d changed", r.Added, r.Changed))
	})
}

func viewReport(r knowledge.Report) api.ImportReport {
	slices.SortStableFunc(r.Rows, func(a, b knowledge.RowReport) int {
		return cmp.Compare(refusedFirst(a), refusedFirst(b))
	})
	shown := api.ImportReport{Added: r.Added, Changed: r.Changed, Unchanged: r.Unchanged, Refused: r.Refused, Rows: []api.ImportRow{}}
	for _, row := range r.Rows[:min(len(r.Rows), maxReport)] {
		shown.Rows = append(shown.Rows, api.ImportRow{Line: row.Line, Key: opt(row.Key), Outcome: api.ImportRowOutcome(row.Outcome), Reason: opt(reasonOf(row))})
	}
	return shown
}

func refusedFirst(r knowledge.RowReport) int {
	if r.Outcome == knowledge.Refused {
		return 0
	}
	return 1
}

func reasonOf(r knowledge.RowReport) string {
	if r.Field == "" {
		return r.Message
	}
	return r.Field + ": " + r.Message
}

// ExportArticles sends all articles as a file. It is written aside first, so that a failure is told as one.
func (s *Server) ExportArticles(ctx context.Context, r api.ExportArticlesRequestObject) (api.ExportArticlesResponseObject, error) {
	format := knowledge.Format(r.Params.Format)
	var out bytes.Buffer
	n, err := knowledge.Export(ctx, s.DB, format, &out)
	if err != nil {
		return nil, err
	}
	err = s.DB.Tx(ctx, func(tx *db.Tx) error {
		return s.note(ctx, tx, "articles_exported", "", fmt.Sprintf("%d as %s", n, format))
	})
	return export{name: "articles." + string(format), text: out.Bytes()}, err
}

// export is an answer that is a file to be kept.
type export struct {
	name string
	text []byte
}

// VisitExportArticlesResponse sends the file.
func (e export) VisitExportArticlesResponse(w http.ResponseWriter) error {
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", `attachment; filename="`+e.name+`"`)
	w.WriteHeader(http.StatusOK)
	_, err := w.Write(e.text)
	return err
}
