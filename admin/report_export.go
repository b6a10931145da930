package admin

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"huiyin/admin/api"
	"huiyin/admin/reports"
)

// VisitExportReportResponse sends the file.
func (e export) VisitExportReportResponse(w http.ResponseWriter) error {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+e.name+`"`)
	w.WriteHeader(http.StatusOK)
	_, err := w.Write(e.text)
	return err
}

// ExportReport sends the figures as a table, a line for each day, inbox, team or agent.
func (s *Server) ExportReport(ctx context.Context, r api.ExportReportRequestObject) (api.ExportReportResponseObject, error) {
	p := r.Params
	q, err := reportQuery(ctx, api.GetReportParams{From: p.From, To: p.To, InboxId: p.InboxId, TeamId: p.TeamId, AgentId: p.AgentId})
	if err != nil {
		return nil, err
	}
	found, err := s.reports.Read(ctx, q)
	if err != nil {
		return nil, err
	}
	named, err := s.names.table(ctx)
	if err != nil {
		return nil, err
	}
	var lines [][]string
	switch p.By {
	case api.ExportReportParamsByDay:
		for _, day := range slices.Sorted(maps.Keys(found.Days)) {
			lines = append(lines, figureCells(viewDay(day), found.Days[day]))
		}
	case api.ExportReportParamsByInbox:
		lines = groupLines(found.Inboxes, func(id int64) string { return named.inboxes[id].Name })
	case api.ExportReportParamsByTeam:
		lines = groupLines(found.Teams, func(id int64) string { return named.teams[id] })
	default:
		lines = groupLines(found.Agents, func(id int64) string { return named.agents[id] })
	}
	text, err := table(append([][]string{reportHead(string(p.By))}, lines...))
	return export{name: fmt.Sprintf("report-%s-%s-%s.csv", p.By, p.From, p.To), text: text}, err
}

func groupLines(all map[int64]reports.Figures, name func(int64) string) [][]string {
	var lines [][]string
	for _, id := range slices.Sorted(maps.Keys(all)) {
		called := name(id)
		if called == "" {
			called = "-"
		}
		lines = append(lines, figureCells(called, all[id]))
	}
	return lines
}

func reportHead(by string) []string {
	head := []string{by}
	for _, k := range reports.Kinds() {
		head = append(head, string(k))
		if k.Timed() {
			head = append(head, string(k)+"_mean_s", string(k)+"_median_s", string(k)+"_p90_s")
		} else if k == reports.Rated {
			head = append(head, "rated_mean")
		}
	}
	return head
}

func figureCells(name string, f reports.Figures) []string {
	cells := []string{name}
	for _, k := range reports.Kinds() {
		one := f[k]
		if one == nil {
			one = &reports.Figure{}
		}
		switch {
		case k.Timed():
			cells = append(cells, strconv.FormatInt(one.N, 10), inSeconds(one.Mean()), inSeconds(one.Median), inSeconds(one.P90))
		case k == reports.Rated:
			cells = append(cells, strconv.FormatInt(one.N, 10), strconv.FormatFloat(one.Mean(), 'f', 2, 64))
		case k == reports.Received || k == reports.Replied:
			cells = append(cells, strconv.FormatInt(one.Total, 10))
		default:
			cells = append(cells, strconv.FormatInt(one.N, 10))
		}
	}
	return cells
}

func inSeconds(ms float64) string { return strconv.FormatFloat(ms/1000, 'f', 1, 64) }

// table writes lines as CSV that spreadsheets read as UTF-8, and in which no cell is a formula (OWASP: CSV injection).
func table(lines [][]string) ([]byte, error) {
	var out bytes.Buffer
	out.WriteString("\ufeff")
	w := csv.NewWriter(&out)
	for _, line := range lines {
		for i, cell := range line {
			line[i] = plainCell(cell)
		}
		if err := w.Write(line); err != nil {
			return nil, fmt.Errorf("write table: %w", err)
		}
	}
	w.Flush()
	return out.Bytes(), w.Error()
}

// plainCell keeps a text from being taken for a formula.
func plainCell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", []rune(text)[0]) && text != "-" {
		return "'" + text
	}
	return text
}
