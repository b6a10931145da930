package admin

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"huiyin/admin/api"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/knowledge"
	"huiyin/knowledge/sheet"
)

// recoverEvery is how often imports are looked for whose node has died.
const recoverEvery = 5 * time.Second

// importJobs are the imports, and what undoes them, that this node works on.
type importJobs struct {
	from    *Server
	ctx     context.Context
	stop    context.CancelCauseFunc
	working sync.WaitGroup
}

func newImportJobs(s *Server) *importJobs {
	j := &importJobs{from: s}
	j.ctx, j.stop = context.WithCancelCause(context.Background())
	return j
}

// run mends what a crash has cut off, until ctx ends; then it ends the jobs under way.
func (j *importJobs) run(ctx context.Context) {
	ticker := time.NewTicker(recoverEvery)
	defer ticker.Stop()
	for {
		n, err := knowledge.RecoverImports(ctx, j.from.DB, j.from.undoAllowed)
		if err != nil && ctx.Err() == nil {
			j.from.Log.Warn("imports that were cut off could not be taken back", "error", err)
		}
		if n > 0 {
			j.from.Log.Info("imports, or undoings of them, that were cut off are taken back", "imports", n)
			j.from.Knowledge.Poke()
		}
		select {
		case <-ctx.Done():
			j.stop(knowledge.ErrStopping)
			j.working.Wait()
			return
		case <-ticker.C:
		}
	}
}

// begin works on something beside the request that asked for it.
func (j *importJobs) begin(what string, id int64, work func(context.Context) error) {
	j.working.Go(func() {
		err := work(j.ctx)
		var invalid *knowledge.Invalid
		if err != nil && !errors.As(err, &invalid) {
			j.from.Log.Warn(what+" has failed", "import", id, "error", err)
		}
		j.from.Knowledge.Poke()
	})
}

// LookAtImport shows what is in a file.
func (s *Server) LookAtImport(ctx context.Context, r api.LookAtImportRequestObject) (api.LookAtImportResponseObject, error) {
	part, err := formFile(r.Body)
	if err != nil {
		return nil, err
	}
	u, err := knowledge.Spool(part.FileName(), part)
	if err != nil {
		return nil, brokenUpload(err)
	}
	defer func() { _ = u.Close() }()
	o := knowledge.ImportOptions{Table: knowledge.Table{Sheet: val(r.Params.Sheet)}, Heading: val(r.Params.Heading)}
	p, err := knowledge.Look(ctx, s.DB, authorOf(ctx).ID, u, o)
	return api.LookAtImport200JSONResponse(viewLook(p)), err
}

// StartImport takes a file and imports it beside the request.
func (s *Server) StartImport(ctx context.Context, r api.StartImportRequestObject) (api.StartImportResponseObject, error) {
	o, err := importOptions(r.Params)
	if err != nil {
		return nil, err
	}
	mine, err := s.allowanceOf(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	o.Allow, o.Picture = mine.importAllowed, s.importPicture(ctx)
	part, err := formFile(r.Body)
	if err != nil {
		return nil, err
	}
	u, err := knowledge.Spool(part.FileName(), part)
	if err != nil {
		return nil, brokenUpload(err)
	}
	if err := s.rememberColumns(ctx, u, o); err != nil {
		return nil, errors.Join(err, u.Close())
	}
	i, err := knowledge.BeginImport(ctx, s.DB, authorOf(ctx), u, o)
	if err != nil {
		return nil, errors.Join(err, u.Close())
	}
	if err := s.noteStep(ctx, i.ImportInfo, "articles_imported"); err != nil {
		s.Log.Warn("an import is not in the audit log", "import", i.ID, "error", err)
	}
	shown := viewArticleImport(i.ImportInfo)
	s.imports.begin("an import", i.ID, func(ctx context.Context) error {
		defer func() { _ = u.Close() }()
		_, err := i.Run(ctx)
		return err
	})
	return api.StartImport202JSONResponse(shown), nil
}

// importPicture keeps pictures for articles in the name of whoever imports.
func (s *Server) importPicture(ctx context.Context) func(string, []byte) (string, error) {
	owner := whoOf(ctx).id()
	return func(name string, data []byte) (string, error) {
		ctx := s.imports.ctx
		stored, err := s.Files.Put(bytes.NewReader(data), maxUpload)
		if err != nil {
			return "", fmt.Errorf("keep picture: %w", err)
		}
		if kind, _, _ := strings.Cut(stored.Type, ";"); !isPicture(kind) || checkArticleFile(name, stored) != nil {
			return "", &knowledge.Invalid{Field: "picture", Message: "this picture cannot be read"}
		}
		var address string
		err = s.DB.Tx(ctx, func(tx *db.Tx) error {
			a, err := s.Conversations.AddAttachment(ctx, tx, owner, name, stored)
			address = knowledge.FilePath + a.Key + "/" + url.PathEscape(a.Name)
			return errors.Join(err, s.Conversations.KeepForArticles(ctx, tx, owner, []string{a.Key}))
		})
		return address, err
	}
}

// rememberColumns keeps what the columns of a table were taken for.
func (s *Server) rememberColumns(ctx context.Context, u *knowledge.Upload, o knowledge.ImportOptions) error {
	if o.Table.Columns == nil {
		return nil
	}
	p, err := knowledge.Look(ctx, s.DB, authorOf(ctx).ID, u, o)
	if err != nil {
		return err
	}
	return s.DB.Tx(ctx, func(tx *db.Tx) error {
		return knowledge.RememberColumns(ctx, tx, authorOf(ctx).ID, p.Columns, o.Table.Columns)
	})
}

func (s *Server) noteStep(ctx context.Context, i knowledge.ImportInfo, action string) error {
	if i.Dry {
		return nil
	}
	return s.DB.Tx(ctx, func(tx *db.Tx) error { return s.note(ctx, tx, action, fmt.Sprint(i.ID), i.Name) })
}

func importOptions(p api.StartImportParams) (knowledge.ImportOptions, error) {
	o := knowledge.ImportOptions{DryRun: val(p.DryRun), Draft: !val(p.Publish), Heading: val(p.Heading), Table: knowledge.Table{Sheet: val(p.Sheet)}}
	if val(p.Match) == api.StartImportParamsMatchQuestion {
		o.Match = knowledge.MatchQuestion
	}
	switch val(p.Mode) {
	case api.StartImportParamsModeCreate:
		o.Mode = knowledge.CreateOnly
	case api.StartImportParamsModeUpdate:
		o.Mode = knowledge.UpdateOnly
	}
	columns, err := columnsOf(val(p.Columns))
	o.Table.Columns = columns
	return o, err
}

// columnsOf reads "key=0;question=2".
func columnsOf(text string) (map[string]int, error) {
	if text == "" {
		return nil, nil
	}
	columns := map[string]int{}
	for _, one := range strings.Split(text, ";") {
		target, place, _ := strings.Cut(one, "=")
		i, err := strconv.Atoi(place)
		if err != nil || i < 0 {
			return nil, invalid("columns", "write it like key=0;question=2")
		}
		columns[target] = i
	}
	return columns, nil
}

// ListImports shows past imports.
func (s *Server) ListImports(ctx context.Context, r api.ListImportsRequestObject) (api.ListImportsResponseObject, error) {
	list, err := knowledge.ListImports(ctx, s.DB, val(r.Params.Before), 0)
	shown := api.ListImports200JSONResponse{}
	for _, i := range list {
		shown = append(shown, viewArticleImport(i))
	}
	return shown, err
}

// GetImport shows how far an import is.
func (s *Server) GetImport(ctx context.Context, r api.GetImportRequestObject) (api.GetImportResponseObject, error) {
	i, err := knowledge.GetImport(ctx, s.DB, r.Id)
	return api.GetImport200JSONResponse(viewArticleImport(i)), err
}

// ListImportRows shows what became of the articles of a file.
func (s *Server) ListImportRows(ctx context.Context, r api.ListImportRowsRequestObject) (api.ListImportRowsResponseObject, error) {
	p := r.Params
	list, err := knowledge.ImportRows(ctx, s.DB, r.Id, knowledge.ImportRowsFilter{Outcome: knowledge.Outcome(val(p.Outcome)), Kept: val(p.Kept), After: val(p.After)})
	shown := api.ListImportRows200JSONResponse{}
	for _, row := range list {
		shown = append(shown, viewImportRow(row))
	}
	return shown, err
}

// ExportImportReport sends the whole report as a table.
func (s *Server) ExportImportReport(ctx context.Context, r api.ExportImportReportRequestObject) (api.ExportImportReportResponseObject, error) {
	if _, err := knowledge.GetImport(ctx, s.DB, r.Id); err != nil {
		return nil, err
	}
	kind := sheet.CSV
	if val(r.Params.Format) == api.ExportImportReportParamsFormatXlsx {
		kind = sheet.XLSX
	}
	var out bytes.Buffer
	err := knowledge.WriteImportReport(ctx, s.DB, r.Id, kind, &out)
	return export{name: fmt.Sprintf("import-%d.%s", r.Id, kind), text: out.Bytes()}, err
}

// VisitExportImportReportResponse sends the file.
func (e export) VisitExportImportReportResponse(w http.ResponseWriter) error {
	return e.VisitExportArticlesResponse(w)
}

// UndoImport gives back what the articles of an import were before, beside the request.
func (s *Server) UndoImport(ctx context.Context, r api.UndoImportRequestObject) (api.UndoImportResponseObject, error) {
	mine, err := s.allowanceOf(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	i, err := knowledge.GetImport(ctx, s.DB, r.Id)
	if err != nil {
		return nil, err
	}
	undo := knowledge.Undo{By: authorOf(ctx), Force: val(r.Body.Force), Allow: mine.importAllowed}
	err = s.write(ctx, func(tx *db.Tx) error {
		if err := knowledge.BeginUndo(ctx, tx, i.ID, undo); err != nil {
			return err
		}
		return s.note(ctx, tx, "import_undone", fmt.Sprint(i.ID), i.Name)
	})
	if err != nil {
		return nil, err
	}
	s.imports.begin("the undoing of an import", i.ID, func(ctx context.Context) error { return knowledge.RunUndo(ctx, s.DB, i.ID, undo) })
	i.State = knowledge.ImportUndoing
	return api.UndoImport202JSONResponse(viewArticleImport(i)), nil
}

// undoAllowed is what a person who has begun an undo that another node goes on with may write now; keys and the command
// line, which have no number, may all.
func (s *Server) undoAllowed(ctx context.Context, by int64) (func(before, after knowledge.Content, live bool) error, error) {
	if by == 0 {
		return nil, nil
	}
	agent, err := s.Desk.Agent(ctx, s.DB, by)
	if errors.Is(err, conversation.ErrNotFound) || err == nil && !agent.Active {
		return allowance{}.importAllowed, nil
	}
	if err != nil {
		return nil, err
	}
	mine, err := allowanceOfAgent(ctx, s.DB, agent)
	return mine.importAllowed, err
}
