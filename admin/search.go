package admin

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"huiyin/admin/api"
	"huiyin/conversation"
	"huiyin/conversation/search"
	"huiyin/knowledge"
)

// How many are shown beside a page of messages.
const (
	contactsFound = 8
	articlesFound = 8
	countedFound  = 300 // messages that facets are counted among
)

// Search finds messages, contacts and articles as far as the caller may see them.
func (s *Server) Search(ctx context.Context, r api.SearchRequestObject) (api.SearchResponseObject, error) {
	q, err := searchFilter(r.Params, whoOf(ctx).scope())
	if err != nil {
		return nil, err
	}
	in := val(r.Params.In)
	only := func(part api.SearchParamsIn) bool { return in == "" || in == part }
	shown := api.SearchResult{Messages: []api.MessageHit{}, Contacts: []api.ContactHit{}, Articles: []api.ArticleHit{}, Ready: s.Found.Building()}
	if only(api.SearchParamsInArticles) && q.Below == 0 {
		if shown.Articles, err = s.findArticles(ctx, q.Query); err != nil {
			return nil, err
		}
	}
	if !servesDesk(whoOf(ctx)) {
		return api.Search200JSONResponse(shown), nil
	}
	if only(api.SearchParamsInContacts) && q.Below == 0 {
		if shown.Contacts, err = s.findContacts(ctx, q); err != nil {
			return nil, asRebuilding(err)
		}
	}
	if only(api.SearchParamsInMessages) {
		if err := s.findMessages(ctx, q, val(r.Params.Facets), &shown); err != nil {
			return nil, asRebuilding(err)
		}
	}
	return api.Search200JSONResponse(shown), nil
}

func asRebuilding(err error) error {
	if errors.Is(err, search.ErrRebuilding) {
		return &fault{status: http.StatusServiceUnavailable, code: "search_rebuilding", detail: "the search index is being built anew; try again in a moment", after: 2 * time.Second}
	}
	return err
}

func searchFilter(p api.SearchParams, scope conversation.Scope) (search.Filter, error) {
	below, err := parseIDCursor(p.Cursor)
	return search.Filter{Query: p.Q, Scope: scope, InboxID: val(p.InboxId), TeamID: val(p.TeamId), AgentID: val(p.AgentId),
		Status: conversation.Status(val(p.Status)), Sender: conversation.Sender(val(p.Sender)), Tag: val(p.Tag), Files: val(p.Attachment),
		From: val(p.From), To: val(p.To), Below: below, Limit: pageSize(p.Limit)}, err
}

func (s *Server) findMessages(ctx context.Context, q search.Filter, facets bool, shown *api.SearchResult) error {
	found, err := s.Found.Messages(ctx, q)
	if err != nil {
		return err
	}
	if found.Next != 0 {
		shown.Next = opt(strconv.FormatInt(found.Next, 36))
	}
	ids := make([]int64, len(found.Hits))
	for i, h := range found.Hits {
		ids[i] = h.ConversationID
	}
	conversations, err := s.Conversations.GetAll(ctx, s.DB, ids)
	if err != nil {
		return err
	}
	list := make([]*conversation.Conversation, 0, len(conversations))
	for _, c := range conversations {
		list = append(list, c)
	}
	v, err := s.viewing(ctx, s.DB, list...)
	if err != nil {
		return err
	}
	for _, h := range found.Hits {
		c := conversations[h.ConversationID]
		if c == nil || !q.Scope.Sees(c) {
			continue
		}
		shown.Messages = append(shown.Messages, api.MessageHit{Conversation: v.conversation(c), Seq: h.Seq, Sender: api.Sender(h.Sender),
			Private: h.Private, At: h.CreatedAt, Files: h.Files, Pieces: viewPieces(h.Pieces)})
	}
	if facets {
		shown.Facets, err = s.countFacets(ctx, q, v.names)
	}
	return err
}

// countFacets counts the newest of what was found.
func (s *Server) countFacets(ctx context.Context, q search.Filter, names *nameTable) (*api.SearchFacets, error) {
	q.Below, q.Limit = 0, countedFound
	found, err := s.Found.Messages(ctx, q)
	if err != nil {
		return nil, err
	}
	inboxes, teams, statuses, senders := tallyBy{}, tallyBy{}, tallyBy{}, tallyBy{}
	for _, h := range found.Hits {
		inboxes.add(strconv.FormatInt(h.InboxID, 10), names.inboxes[h.InboxID].Name)
		statuses.add(string(h.Status), string(h.Status))
		senders.add(string(h.Sender), string(h.Sender))
		if h.TeamID != 0 {
			teams.add(strconv.FormatInt(h.TeamID, 10), names.teams[h.TeamID])
		}
	}
	return &api.SearchFacets{Of: len(found.Hits), More: found.Next != 0, Inboxes: inboxes.list(), Teams: teams.list(), Statuses: statuses.list(), Senders: senders.list()}, nil
}

// tallyBy counts by value.
type tallyBy map[string]api.Facet

func (t tallyBy) add(value, name string) {
	f := t[value]
	t[value] = api.Facet{Value: value, Name: name, Count: f.Count + 1}
}

func (t tallyBy) list() []api.Facet {
	list := make([]api.Facet, 0, len(t))
	for _, f := range t {
		list = append(list, f)
	}
	slices.SortFunc(list, func(a, b api.Facet) int { return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value)) })
	return list
}

func viewPieces(pieces []search.Piece) []api.SearchPiece {
	shown := make([]api.SearchPiece, 0, len(pieces))
	for _, p := range pieces {
		shown = append(shown, api.SearchPiece{Text: p.Text, Hit: opt(p.Hit)})
	}
	return shown
}

func (s *Server) findContacts(ctx context.Context, q search.Filter) ([]api.ContactHit, error) {
	found, err := s.Found.People(ctx, q.Query, q.Scope, contactsFound)
	if err != nil {
		return nil, err
	}
	shown := make([]api.ContactHit, 0, len(found))
	for _, p := range found {
		hit := api.ContactHit{Contact: api.Person{Id: p.ID, Name: p.Name}, Phone: opt(p.Phone), Email: opt(p.Email), Pieces: viewPieces(p.Pieces)}
		list, err := s.Conversations.OfContact(ctx, s.DB, p.ID, q.Scope, 0, 1)
		if err != nil {
			return nil, err
		}
		if len(list) > 0 {
			hit.ConversationId, hit.LastSeenAt = opt(list[0].ID), optTime(list[0].LastMessageAt)
		}
		shown = append(shown, hit)
	}
	return shown, nil
}

func (s *Server) findArticles(ctx context.Context, query string) ([]api.ArticleHit, error) {
	page, _, err := s.finder.List(ctx, s.DB, knowledge.Filter{Text: query, Limit: articlesFound})
	if err != nil {
		return nil, err
	}
	shown := make([]api.ArticleHit, 0, len(page.Articles))
	for _, a := range page.Articles {
		view := s.viewArticle(ctx, a)
		if view.Status == api.ArticleStatusArchived {
			continue
		}
		shown = append(shown, api.ArticleHit{Id: a.ID, Status: view.Status, Category: opt(view.Category),
			Internal: opt(a.Content.Audience == knowledge.Internal), Pieces: viewPieces(search.Show(view.Title, query))})
	}
	return shown, nil
}
