package admin

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"huiyin/admin/api"
	"huiyin/db"
	"huiyin/knowledge"
	"huiyin/knowledge/gaps"
)

const (
	// aroundDays is how many days before and after a publication are compared, and mostPublished how many publications.
	aroundDays    = 14
	mostPublished = 40
	// shownArticles is how many articles a table shows.
	shownArticles = 50
)

// GetQuality shows what answers were worth.
func (s *Server) GetQuality(ctx context.Context, r api.GetQualityRequestObject) (api.GetQualityResponseObject, error) {
	q, err := s.qualityQuery(ctx, r.Params)
	if err != nil {
		return nil, err
	}
	found, err := s.gaps.Read(ctx, q)
	if err != nil {
		return nil, err
	}
	shown := api.GetQuality200JSONResponse{From: r.Params.From, To: r.Params.To, Zone: found.Zone, Behind: found.Behind, At: optTime(found.At),
		All: viewCounts(found.All), Before: viewCounts(found.Before), Days: []api.QualityGroup{}, Inboxes: []api.QualityGroup{}, Articles: []api.QualityGroup{},
		Revisions: []api.QualityGroup{}, Published: []api.QualityEffect{}}
	for _, day := range slices.Sorted(maps.Keys(found.Days)) {
		shown.Days = append(shown.Days, api.QualityGroup{Day: opt(viewDay(day)), Counts: viewCounts(found.Days[day])})
	}
	named, err := s.names.table(ctx)
	if err != nil {
		return nil, err
	}
	for _, id := range slices.Sorted(maps.Keys(found.Inboxes)) {
		shown.Inboxes = append(shown.Inboxes, api.QualityGroup{Id: ptr(id), Name: opt(named.inboxes[id].Name), Kind: opt(named.inboxes[id].Kind), Counts: viewCounts(found.Inboxes[id])})
	}
	if shown.Articles, err = s.qualityArticles(ctx, found.Articles); err != nil {
		return nil, err
	}
	if shown.Revisions, err = s.qualityRevisions(ctx, found.Revisions); err != nil {
		return nil, err
	}
	shown.Published, err = s.publications(ctx, q)
	return shown, err
}

func (s *Server) qualityQuery(ctx context.Context, p api.GetQualityParams) (gaps.Span, error) {
	q, err := reportQuery(ctx, api.GetReportParams{From: p.From, To: p.To})
	if err != nil {
		return gaps.Span{}, err
	}
	span := gaps.Span{From: q.From, To: q.To, Scope: asking(ctx), InboxID: val(p.InboxId), ArticleID: val(p.ArticleId)}
	if category := val(p.Category); category != "" {
		if span.Articles, err = s.articlesIn(ctx, category); err != nil {
			return span, err
		}
	}
	if p.Revision == nil {
		return span, nil
	}
	found, err := knowledge.Revisions(ctx, s.DB, span.ArticleID, int(*p.Revision)+1, 1)
	if err == nil && (len(found) == 0 || int64(found[0].Number) != *p.Revision) {
		err = invalid("revision", "this article has no such version")
	}
	if err != nil {
		return span, err
	}
	span.RevisionID = found[0].ID
	return span, nil
}

// articlesIn are the published articles of a category and those below it.
func (s *Server) articlesIn(ctx context.Context, category string) (map[int64]bool, error) {
	all, err := knowledge.Headlines(ctx, s.DB)
	found := map[int64]bool{}
	for _, h := range all {
		if h.Category == category || strings.HasPrefix(h.Category, category+"/") {
			found[h.ID] = true
		}
	}
	return found, err
}

func viewCounts(c gaps.Counts) api.QualityCounts {
	return api.QualityCounts{Answered: c[gaps.KindAnswered], Right: c[gaps.KindRight], Wrong: c[gaps.KindWrong], Clarified: c[gaps.KindClarified],
		Asked: c[gaps.KindAsked], HandedOff: c[gaps.KindHandedOff]}
}

// qualityArticles are the articles that answered most, with their titles.
func (s *Server) qualityArticles(ctx context.Context, all map[int64]gaps.Counts) ([]api.QualityGroup, error) {
	ids := slices.Sorted(maps.Keys(all))
	slices.SortStableFunc(ids, func(a, b int64) int { return cmp.Compare(all[b][gaps.KindAnswered], all[a][gaps.KindAnswered]) })
	list := []api.QualityGroup{}
	for _, id := range ids[:min(len(ids), shownArticles)] {
		title, err := s.titleOf(ctx, id)
		if err != nil {
			return nil, err
		}
		list = append(list, api.QualityGroup{Id: ptr(id), Name: title, Counts: viewCounts(all[id])})
	}
	return list, nil
}

// qualityRevisions are the versions of one article by their numbers, the newest first.
func (s *Server) qualityRevisions(ctx context.Context, all map[int64]gaps.Counts) ([]api.QualityGroup, error) {
	list := []api.QualityGroup{}
	for id, counts := range all {
		r, err := knowledge.GetRevision(ctx, s.DB, id)
		if err != nil {
			continue // of a base that was imported anew
		}
		list = append(list, api.QualityGroup{Id: ptr(int64(r.Number)), Counts: viewCounts(counts)})
	}
	slices.SortFunc(list, func(a, b api.QualityGroup) int { return cmp.Compare(*b.Id, *a.Id) })
	return list, nil
}

// publications are those of the days asked for, each with what was different after it.
func (s *Server) publications(ctx context.Context, q gaps.Span) ([]api.QualityEffect, error) {
	zone, err := s.Zone(ctx)
	if err != nil {
		return nil, err
	}
	begin, end := dayBegin(q.From, zone), dayBegin(q.To, zone).AddDate(0, 0, 1)
	list, err := published(ctx, s.DB, begin, end)
	if err != nil {
		return nil, err
	}
	imported, err := knowledge.ImportedLive(ctx, s.DB, begin, end, q.ArticleID)
	if err != nil {
		return nil, err
	}
	for _, i := range imported {
		list = append(list, publication{article: i.Article, at: i.At})
	}
	slices.SortStableFunc(list, func(a, b publication) int { return b.at.Compare(a.at) })
	shown := []api.QualityEffect{}
	for _, p := range list {
		if q.ArticleID != 0 && p.article != q.ArticleID || q.Articles != nil && !q.Articles[p.article] || len(shown) == mostPublished {
			continue
		}
		of := gaps.Span{Scope: q.Scope, InboxID: q.InboxID, ArticleID: p.article}
		if title, err := s.titleOf(ctx, p.article); err != nil || title != nil {
			p.title = val(title)
		}
		local := p.at.In(zone)
		day := local.Year()*10000 + int(local.Month())*100 + local.Day()
		e, err := s.gaps.Around(ctx, of, day, aroundDays)
		if err != nil {
			return nil, err
		}
		shown = append(shown, api.QualityEffect{ArticleId: p.article, Title: p.title, Day: viewDay(day), Days: e.Days, Before: viewCounts(e.Before), After: viewCounts(e.After),
			Enough: e.Enough()})
	}
	return shown, nil
}

func dayBegin(day int, zone *time.Location) time.Time {
	return time.Date(day/10000, time.Month(day/100%100), day%100, 0, 0, 0, 0, zone)
}

// publication is one article that was given to the customers.
type publication struct {
	article int64
	title   string
	at      time.Time
}

// published reads the publications of a span of time from the audit log, newest first.
func published(ctx context.Context, from db.Querier, begin, end time.Time) ([]publication, error) {
	rows, err := from.Query(ctx, "SELECT at, object, detail FROM audit WHERE action IN ('article_published', 'article_published_on_time') AND at >= ? AND at < ? ORDER BY id DESC LIMIT 2000", db.Millis(begin), db.Millis(end))
	if err != nil {
		return nil, fmt.Errorf("read publications: %w", err)
	}
	defer rows.Close()
	var list []publication
	for rows.Next() {
		var p publication
		var at int64
		var object string
		if err := rows.Scan(&at, &object, &p.title); err != nil {
			return nil, fmt.Errorf("read publications: %w", err)
		}
		p.at = db.Time(at)
		if p.article, err = strconv.ParseInt(strings.TrimPrefix(object, "article:"), 10, 64); err == nil {
			list = append(list, p)
		}
	}
	return list, rows.Err()
}
