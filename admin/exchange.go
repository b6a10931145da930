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
	mine, err := s.allowanceOf(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	options := knowledge.ImportOptions{DryRun: val(r.Params.DryRun), Draft: !val(r.Params.Publish), Allow: mine.importAllowed}
	_, report, err := knowledge.ImportFile(ctx, s.DB, authorOf(ctx), part.FileName(), part, options)
	if !options.DryRun {
		s.Knowledge.Poke()
	}
	if err == nil {
		err = s.noteImport(ctx, report, options)
	}
	if err != nil {
		return nil, fmt.Errorf("import articles: %w", err)
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

// ExportArticles sends articles as a file. It is written aside first, so that a failure is told as one.
func (s *Server) ExportArticles(ctx context.Context, r api.ExportArticlesRequestObject) (api.ExportArticlesResponseObject, error) {
	p, format := r.Params, knowledge.Format(r.Params.Format)
	filter := knowledge.Filter{Category: val(p.Category), Status: knowledge.Status(val(p.Status)), Tag: val(p.Tag)}
	var out bytes.Buffer
	var n int
	var err error
	if translation := (knowledge.Translation{Source: val(p.Source), Target: val(p.Target)}); translation.Target != "" || format == knowledge.XLIFF {
		n, err = knowledge.ExportTranslation(ctx, s.DB, filter, translation, format, &out)
	} else {
		n, err = knowledge.ExportSome(ctx, s.DB, filter, format, &out)
	}
	if err != nil {
		return nil, err
	}
	err = s.DB.Tx(ctx, func(tx *db.Tx) error {
		return s.note(ctx, tx, "articles_exported", "", fmt.Sprintf("%d as %s", n, format))
	})
	return export{name: "articles." + extension(format), text: out.Bytes()}, err
}

// extension is how the name of a file of this form ends.
func extension(f knowledge.Format) string {
	switch f {
	case knowledge.Markdown:
		return "zip"
	case knowledge.XLIFF:
		return "xlf"
	}
	return string(f)
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
