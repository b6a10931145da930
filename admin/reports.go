package admin

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"huiyin/admin/api"
	"huiyin/admin/reports"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
	"huiyin/knowledge/golden"
)

// reportSettingsName is the name of the setting that says in whose days everything is counted.
const reportSettingsName = "reports"

// maxReportDays bounds how many days a report is of.
const maxReportDays = 366

type reportSettings struct {
	TimeZone string `json:"time_zone"`
}

func (s *Server) reportSettings(ctx context.Context, from db.Querier) (reportSettings, int64, error) {
	stored, err := ReadSetting(ctx, from, reportSettingsName)
	if err != nil || len(stored.Value) == 0 {
		return reportSettings{}, 0, err
	}
	var set reportSettings
	if err := json.Unmarshal(stored.Value, &set); err != nil {
		return set, 0, fmt.Errorf("read report settings: %w", err)
	}
	return set, stored.Version, nil
}

// Zone is the time zone of the organisation: the one that was set, else that of its opening hours, else the server's, which in a
// container is nobody's.
func (s *Server) Zone(ctx context.Context) (*time.Location, error) {
	set, _, err := s.reportSettings(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	name := set.TimeZone
	if name == "" {
		schedules, err := s.Desk.Schedules(ctx, s.DB)
		if err != nil || len(schedules) == 0 {
			return time.Local, err
		}
		name = schedules[0].Zone
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.Local, nil // it was known when it was saved; figures in other days are better than none
	}
	return zone, nil
}

// GetReportSettings shows in whose days everything is counted.
func (s *Server) GetReportSettings(ctx context.Context, _ api.GetReportSettingsRequestObject) (api.GetReportSettingsResponseObject, error) {
	set, version, err := s.reportSettings(ctx, s.DB)
	return api.GetReportSettings200JSONResponse{TimeZone: set.TimeZone, Version: version}, err
}

// SaveReportSettings changes it.
func (s *Server) SaveReportSettings(ctx context.Context, r api.SaveReportSettingsRequestObject) (api.SaveReportSettingsResponseObject, error) {
	set := reportSettings{TimeZone: strings.TrimSpace(r.Body.TimeZone)}
	zone, err := time.LoadLocation(set.TimeZone)
	if err != nil || set.TimeZone == "Local" {
		return nil, invalid("time_zone", "there is no such zone; write it like Asia/Shanghai")
	}
	value, err := json.Marshal(set)
	if err != nil {
		return nil, fmt.Errorf("write report settings: %w", err)
	}
	err = s.write(ctx, func(tx *db.Tx) error {
		if err := saveSetting(ctx, tx, reportSettingsName, Setting{Value: value, Version: r.Body.Version, ChangedBy: whoOf(ctx).name()}); err != nil {
			return err
		}
		if err := golden.MoveNight(ctx, tx, zone); err != nil {
			return err
		}
		return s.note(ctx, tx, "report_settings_changed", object("settings", r.Body.Version+1), set.TimeZone)
	})
	return api.SaveReportSettings200JSONResponse{TimeZone: set.TimeZone, Version: r.Body.Version + 1}, err
}

// reportQuery is what the caller asks for, within what they may see: leads their teams' figures, agents their own.
func reportQuery(ctx context.Context, p api.GetReportParams) (reports.Query, error) {
	who := whoOf(ctx)
	q := reports.Query{Scope: who.scope(), Own: who.key == nil && who.agent.Role == handoff.AgentRole,
		InboxID: val(p.InboxId), TeamID: val(p.TeamId), AgentID: val(p.AgentId)}
	from, err := time.Parse(time.DateOnly, p.From)
	if err != nil {
		return q, invalid("from", "write the day like 2026-11-22")
	}
	to, err := time.Parse(time.DateOnly, p.To)
	if err != nil {
		return q, invalid("to", "write the day like 2026-11-22")
	}
	if to.Before(from) || to.Sub(from) > (maxReportDays-1)*24*time.Hour {
		return q, invalid("to", "must be 1 to 366 days")
	}
	q.From, q.To = reports.DayOf(from), reports.DayOf(to)
	return q, nil
}

// GetReport shows the figures of some days.
func (s *Server) GetReport(ctx context.Context, r api.GetReportRequestObject) (api.GetReportResponseObject, error) {
	q, err := reportQuery(ctx, r.Params)
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
	shown := api.GetReport200JSONResponse{From: r.Params.From, To: r.Params.To, Zone: found.Zone, At: optTime(found.At), Behind: found.Behind, Own: q.Own,
		All: viewFigures(found.All), Before: viewFigures(found.Before), Days: []api.ReportGroup{}, Hours: []api.ReportHours{},
		Inboxes: viewGroups(found.Inboxes, func(id int64) (string, string) { return named.inboxes[id].Name, named.inboxes[id].Kind }),
		Teams:   viewGroups(found.Teams, func(id int64) (string, string) { return named.teams[id], "" }),
		Agents:  viewGroups(found.Agents, func(id int64) (string, string) { return named.agents[id], "" })}
	for _, day := range slices.Sorted(maps.Keys(found.Days)) {
		shown.Days = append(shown.Days, api.ReportGroup{Day: opt(viewDay(day)), Figures: viewFigures(found.Days[day])})
	}
	for _, k := range reports.Kinds() {
		if week, ok := found.Hours[k]; ok {
			shown.Hours = append(shown.Hours, viewHours(k, week))
		}
	}
	return shown, nil
}

func viewHours(k reports.Kind, week [7][24]int64) api.ReportHours {
	h := api.ReportHours{Kind: api.ReportKind(k), Week: make([][]int64, 0, len(week))}
	for _, day := range week {
		h.Week = append(h.Week, slices.Clone(day[:]))
	}
	return h
}

// viewDay writes 20261122 as 2026-11-22.
func viewDay(day int) string {
	return fmt.Sprintf("%04d-%02d-%02d", day/10000, day/100%100, day%100)
}

func viewFigures(f reports.Figures) []api.ReportFigure {
	list := []api.ReportFigure{}
	for _, k := range reports.Kinds() {
		one := f[k]
		if one == nil || one.N == 0 {
			continue
		}
		shown := api.ReportFigure{Kind: api.ReportKind(k), N: one.N, Total: one.Total}
		if k.Timed() || k == reports.Rated {
			shown.Median, shown.P90 = ptr(float32(one.Median)), ptr(float32(one.P90))
		}
		if k == reports.Rated {
			shown.Scores = slices.Clone(one.Scores[1:])
		}
		list = append(list, shown)
	}
	return list
}

func ptr[T any](v T) *T { return &v }

// viewGroups are sorted by how much there is, those with most first.
func viewGroups(all map[int64]reports.Figures, name func(id int64) (name, kind string)) []api.ReportGroup {
	list := make([]api.ReportGroup, 0, len(all))
	for _, id := range slices.Sorted(maps.Keys(all)) {
		called, kind := name(id)
		list = append(list, api.ReportGroup{Id: ptr(id), Name: opt(called), Kind: opt(kind), Figures: viewFigures(all[id])})
	}
	return list
}

// ListReportConversations shows the conversations behind a figure.
func (s *Server) ListReportConversations(ctx context.Context, r api.ListReportConversationsRequestObject) (api.ListReportConversationsResponseObject, error) {
	p := r.Params
	q, err := reportQuery(ctx, api.GetReportParams{From: p.From, To: p.To, InboxId: p.InboxId, TeamId: p.TeamId, AgentId: p.AgentId})
	if err != nil {
		return nil, err
	}
	after, err := parseBehind(val(p.Cursor))
	if err != nil {
		return nil, err
	}
	limit := pageSize(p.Limit)
	behind, err := s.reports.Behind(ctx, q, reports.Kind(p.Kind), after, limit+1)
	if err != nil {
		return nil, err
	}
	shown := api.ListReportConversations200JSONResponse{Items: []api.ReportConversation{}}
	if len(behind) > limit {
		behind = behind[:limit]
		last := behind[limit-1]
		shown.Next = opt(fmt.Sprintf("%d-%d", last.Day, last.ConversationID))
	}
	shown.Items, err = s.viewBehind(ctx, behind)
	return shown, err
}

// parseBehind reads where the last page ended.
func parseBehind(cursor string) (after reports.Behind, err error) {
	if cursor == "" {
		return after, nil
	}
	day, id, _ := strings.Cut(cursor, "-")
	after.Day, err = strconv.Atoi(day)
	if err == nil {
		after.ConversationID, err = strconv.ParseInt(id, 10, 64)
	}
	if err != nil || after.ConversationID < 1 {
		return after, invalid("cursor", "take it from the page before")
	}
	return after, nil
}

// viewBehind shows those that the caller may see now, whatever was measured.
func (s *Server) viewBehind(ctx context.Context, behind []reports.Behind) ([]api.ReportConversation, error) {
	ids := make([]int64, len(behind))
	for i, b := range behind {
		ids[i] = b.ConversationID
	}
	found, err := s.Conversations.GetAll(ctx, s.DB, ids)
	if err != nil {
		return nil, err
	}
	scope := whoOf(ctx).scope()
	maps.DeleteFunc(found, func(_ int64, c *conversation.Conversation) bool { return !scope.Sees(c) })
	v, err := s.viewing(ctx, s.DB, slices.Collect(maps.Values(found))...)
	if err != nil {
		return nil, err
	}
	items := []api.ReportConversation{}
	for _, b := range behind {
		if c := found[b.ConversationID]; c != nil {
			items = append(items, api.ReportConversation{Conversation: v.conversation(c), Day: viewDay(b.Day), Value: b.Value, Agent: person(b.AgentID, v.names.agents[b.AgentID])})
		}
	}
	return items, nil
}
