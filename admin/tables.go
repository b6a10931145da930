package admin

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"time"

	"huiyin/admin/api"
	"huiyin/db"
	"huiyin/knowledge/golden"
	"huiyin/knowledge/sheet"
)

// maxTable is how large an uploaded table of questions may be.
const maxTable = 16 << 20

// readTable reads an uploaded table of questions. A file that cannot be read at all is one fault of row 0.
func (s *Server) readTable(ctx context.Context, form *multipart.Reader) (name string, rows []golden.TableRow, report api.TableReport, err error) {
	part, err := formFile(form)
	if err != nil {
		return "", nil, report, err
	}
	data, err := io.ReadAll(io.LimitReader(part, maxTable+1))
	if err != nil {
		return "", nil, report, err
	}
	zone, err := s.Zone(ctx)
	if err != nil {
		return "", nil, report, err
	}
	rows, faults, err := golden.ReadTable(ctx, s.DB, bytes.NewReader(data), int64(len(data)), zone)
	var fault *sheet.Fault
	if errors.As(err, &fault) {
		faults, err = append(faults, golden.TableFault{Reason: fault.Message}), nil
	}
	if err == nil && len(rows) > golden.MaxBatch {
		faults = append(faults, golden.TableFault{Row: rows[golden.MaxBatch].Number, Reason: "a table has at most 10 000 questions"})
	}
	if err == nil && len(rows)+len(faults) == 0 {
		faults = append(faults, golden.TableFault{Reason: "there is no question in the table"})
	}
	return part.FileName(), rows, viewTable(rows, faults), err
}

func viewTable(rows []golden.TableRow, faults []golden.TableFault) api.TableReport {
	report := api.TableReport{Rows: len(rows) + len(faults), Faults: []api.TableFault{}}
	for _, f := range faults {
		report.Faults = append(report.Faults, api.TableFault{Row: f.Row, Field: opt(f.Field), Reason: f.Reason})
	}
	return report
}

// ImportGolden reads golden questions from a table, all or none.
func (s *Server) ImportGolden(ctx context.Context, r api.ImportGoldenRequestObject) (api.ImportGoldenResponseObject, error) {
	name, rows, report, err := s.readTable(ctx, r.Body)
	if err != nil {
		return nil, err
	}
	if unsaid := golden.Unsaid(rows); len(unsaid) > 0 {
		report.Faults = append(report.Faults, viewTable(nil, unsaid).Faults...)
	}
	if len(report.Faults) > 0 {
		return api.ImportGolden200JSONResponse(report), nil
	}
	err = s.write(ctx, func(tx *db.Tx) error {
		if err := golden.AddTable(ctx, tx, authorOf(ctx), rows); err != nil {
			return err
		}
		return s.note(ctx, tx, "golden_imported", "", fmt.Sprintf("%d from %s", len(rows), name))
	})
	report.Taken = len(rows)
	return api.ImportGolden200JSONResponse(report), err
}

// ExportGolden sends all golden questions as a table.
func (s *Server) ExportGolden(ctx context.Context, r api.ExportGoldenRequestObject) (api.ExportGoldenResponseObject, error) {
	list, err := golden.List(ctx, s.DB, golden.Filter{})
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	kind := sheet.Kind(r.Params.Format)
	if err := golden.WriteTable(ctx, s.DB, kind, &out, list); err != nil {
		return nil, err
	}
	err = s.DB.Tx(ctx, func(tx *db.Tx) error {
		return s.note(ctx, tx, "golden_exported", "", fmt.Sprintf("%d as %s", len(list), kind))
	})
	return tableFile{"golden." + string(kind), out.Bytes()}, err
}

// StartBatch asks the questions of a table in the background.
func (s *Server) StartBatch(ctx context.Context, r api.StartBatchRequestObject) (api.StartBatchResponseObject, error) {
	name, rows, report, err := s.readTable(ctx, r.Body)
	if err != nil {
		return nil, err
	}
	if len(report.Faults) > 0 {
		return api.StartBatch202JSONResponse{Report: report}, nil
	}
	batch := golden.Batch{Name: name, Drafts: val(r.Params.Drafts)}
	for _, row := range rows {
		batch.Rows = append(batch.Rows, golden.BatchRow{Number: row.Number, Asked: row.Asked, Wanted: row.Wanted, Title: row.Title})
	}
	report.Taken = len(rows)
	j, err := s.begin(ctx, golden.Job{Kind: golden.JobBatch, Subject: "batch", Total: len(rows)}, batch)
	return api.StartBatch202JSONResponse{Report: report, Job: &j}, err
}

// GetJobReport sends what came of a batch as a table.
func (s *Server) GetJobReport(ctx context.Context, r api.GetJobReportRequestObject) (api.GetJobReportResponseObject, error) {
	j, err := golden.GetJob(ctx, s.DB, r.Id)
	if err != nil {
		return nil, err
	}
	if j.Kind != golden.JobBatch || j.State != golden.Done {
		return nil, notFound()
	}
	asked, result, err := batchOf(j)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	kind := sheet.Kind(r.Params.Format)
	if err := writeBatch(kind, &out, asked, result, string(val(r.Params.Language)) == "zh"); err != nil {
		return nil, err
	}
	return tableFile{"report." + string(kind), out.Bytes()}, nil
}

// reportWords are the headings of a report and its words for outcomes and acts, in one language.
type reportWords struct {
	heads []string
	words map[string]string
}

func wordsOfReport(chinese bool) reportWords {
	if chinese {
		return reportWords{[]string{"行", "问题", "语言", "渠道", "等级", "日期", "期望", "结果", "机器人的做法", "文章", "置信度", "规则", "其他文章"},
			map[string]string{"right": "正确", "offered": "给出选项", "wrong": "错误", "unanswered": "未回答", "answer": "回答", "clarify": "给出选项", "ask": "反问", "handoff": "转人工", "smalltalk": "寒暄", "none": "不应回答"}}
	}
	return reportWords{[]string{"row", "question", "language", "channel", "tier", "date", "expected", "outcome", "what the bot did", "article", "confidence", "rule", "other articles"},
		map[string]string{"clarify": "offered articles", "ask": "asked back", "answer": "answered", "handoff": "handed over"}}
}

func (w reportWords) of(word string) string {
	if said, ok := w.words[word]; ok {
		return said
	}
	return word
}

func writeBatch(kind sheet.Kind, to io.Writer, asked golden.Batch, result golden.BatchResult, chinese bool) error {
	out, err := sheet.NewWriter(kind, to, "report")
	if err != nil {
		return err
	}
	words := wordsOfReport(chinese)
	if err := out.Row(words.heads...); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	for i, a := range result.Answers {
		row, d, at := asked.Rows[i], a.Decided, ""
		if !row.Asked.At.IsZero() {
			at = row.Asked.At.Format(time.RFC3339)
		}
		var others []string
		for _, c := range d.Offers {
			others = append(others, fmt.Sprintf("%s (%.0f %%)", c.Title, 100*c.Confidence))
		}
		err := out.Row(strconv.Itoa(row.Number), row.Asked.Question, row.Asked.Language, row.Asked.Channel, row.Asked.Tier, at, row.Title, words.of(string(a.Outcome)),
			words.of(d.Act), d.Title, fmt.Sprintf("%.2f", d.Confidence), d.Rule, strings.Join(others, "; "))
		if err != nil {
			return fmt.Errorf("write report: %w", err)
		}
	}
	return out.Close()
}

// tableFile is an answer that is a table to be kept.
type tableFile struct {
	name string
	data []byte
}

func (f tableFile) send(w http.ResponseWriter) error {
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", `attachment; filename="`+f.name+`"`)
	w.WriteHeader(http.StatusOK)
	_, err := w.Write(f.data)
	return err
}

// VisitExportGoldenResponse sends the file.
func (f tableFile) VisitExportGoldenResponse(w http.ResponseWriter) error { return f.send(w) }

// VisitGetJobReportResponse sends the file.
func (f tableFile) VisitGetJobReportResponse(w http.ResponseWriter) error { return f.send(w) }
