package admin

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"huiyin/admin/api"
	"huiyin/db"
	"huiyin/handoff"
	"huiyin/knowledge"
)

// ListArticleRights shows who may do what with articles; owners and administrators, who always may, are left out.
func (s *Server) ListArticleRights(ctx context.Context, _ api.ListArticleRightsRequestObject) (api.ListArticleRightsResponseObject, error) {
	agents, err := s.Desk.Agents(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	rights, err := readRights(ctx, s.DB, 0)
	if err != nil {
		return nil, err
	}
	shown := api.ListArticleRights200JSONResponse{}
	for _, a := range agents {
		if a.Active && limitable(a.Role) {
			shown = append(shown, viewRights(a, rights[a.ID]))
		}
	}
	return shown, nil
}

func viewRights(a handoff.Agent, list []categoryRight) api.ArticleRights {
	shown := api.ArticleRights{User: api.Person{Id: a.ID, Name: a.Name}, Role: api.Role(a.Role), Limited: len(list) > 0, Rights: []api.CategoryRight{}}
	for _, r := range list {
		if len(r.may) > 0 {
			shown.Rights = append(shown.Rights, api.CategoryRight{Category: r.category, May: viewMay(r.may)})
		}
	}
	return shown
}

func viewMay(list []articleRight) []api.ArticleRight {
	may := make([]api.ArticleRight, 0, len(list))
	for _, r := range list {
		may = append(may, api.ArticleRight(r))
	}
	return may
}

// SaveArticleRights changes what a user may do with articles.
func (s *Server) SaveArticleRights(ctx context.Context, r api.SaveArticleRightsRequestObject) (api.SaveArticleRightsResponseObject, error) {
	var list []categoryRight
	for i, one := range r.Body.Rights {
		right := categoryRight{category: cleanPath(one.Category)}
		for _, may := range one.May {
			right.may = append(right.may, articleRight(may))
		}
		if len(right.may) == 0 {
			return nil, invalid(fmt.Sprintf("rights[%d].may", i), "choose at least one right")
		}
		list = append(list, right)
	}
	list = joined(list)
	var agent handoff.Agent
	err := s.write(ctx, func(tx *db.Tx) (err error) {
		if agent, err = s.Desk.Agent(ctx, tx, r.Id); err != nil {
			return err
		}
		if !limitable(agent.Role) {
			return invalid("limited", "only editors and leads are limited to categories")
		}
		if err := writeRights(ctx, tx, agent.ID, r.Body.Limited, list); err != nil {
			return err
		}
		return s.note(ctx, tx, "article_rights_changed", object("agent", agent.ID), rightsInWords(agent.Name, r.Body.Limited, list))
	})
	if err != nil {
		return nil, err
	}
	if !r.Body.Limited {
		list = nil
	}
	shown := viewRights(agent, list)
	shown.Limited = r.Body.Limited
	return api.SaveArticleRights200JSONResponse(shown), nil
}

func cleanPath(path string) string {
	parts := strings.Split(path, "/")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "/")
}

// rightsInWords tells the audit log what somebody may do from now on.
func rightsInWords(name string, limited bool, list []categoryRight) string {
	if !limited {
		return name + ": as the role allows"
	}
	parts := []string{}
	for _, r := range list {
		may := make([]string, 0, len(r.may))
		for _, one := range r.may {
			may = append(may, string(one))
		}
		parts = append(parts, "“"+r.category+"” "+strings.Join(may, "+"))
	}
	if len(parts) == 0 {
		parts = append(parts, "read only")
	}
	return name + ": " + strings.Join(parts, ", ")
}

// ListArticlePeople shows who works on articles, and what they may do in a category.
func (s *Server) ListArticlePeople(ctx context.Context, r api.ListArticlePeopleRequestObject) (api.ListArticlePeopleResponseObject, error) {
	people, err := s.articlePeople(ctx, s.DB, cleanPath(val(r.Params.Category)))
	if err != nil {
		return nil, err
	}
	shown := api.ListArticlePeople200JSONResponse{}
	for _, p := range people {
		if len(p.may) > 0 {
			shown = append(shown, api.ArticlePerson{Id: p.agent.ID, Name: p.agent.Name, May: viewMay(p.may)})
		}
	}
	return shown, nil
}

// articlePerson is somebody and what they may do in a category.
type articlePerson struct {
	agent   handoff.Agent
	may     []articleRight
	limited bool
}

func (s *Server) articlePeople(ctx context.Context, from db.Querier, category string) ([]articlePerson, error) {
	agents, err := s.Desk.Agents(ctx, from)
	if err != nil {
		return nil, err
	}
	rights, err := readRights(ctx, from, 0)
	if err != nil {
		return nil, err
	}
	var people []articlePerson
	for _, a := range agents {
		if !a.Active {
			continue
		}
		mine := allowance{role: roleRights(a.Role)}
		if limitable(a.Role) {
			mine.list, mine.limited = rights[a.ID], len(rights[a.ID]) > 0
		}
		people = append(people, articlePerson{agent: a, may: mine.all(category), limited: mine.limited})
	}
	return people, nil
}

// GetKnowledgeRules shows what holds for all articles.
func (s *Server) GetKnowledgeRules(ctx context.Context, _ api.GetKnowledgeRulesRequestObject) (api.GetKnowledgeRulesResponseObject, error) {
	rules, err := knowledge.ReadRules(ctx, s.DB)
	return api.GetKnowledgeRules200JSONResponse(viewRules(rules)), err
}

// SaveKnowledgeRules changes it.
func (s *Server) SaveKnowledgeRules(ctx context.Context, r api.SaveKnowledgeRulesRequestObject) (api.SaveKnowledgeRulesResponseObject, error) {
	rules := knowledge.Rules{FourEyes: r.Body.FourEyes, ReviewDays: r.Body.ReviewDays, Version: r.Body.Version}
	err := s.write(ctx, func(tx *db.Tx) error {
		saved, err := knowledge.SaveRules(ctx, tx, rules)
		if err != nil {
			return err
		}
		rules = saved
		return s.note(ctx, tx, "knowledge_rules_changed", "", fmt.Sprintf("four eyes: %v, look again after %d days", rules.FourEyes, rules.ReviewDays))
	})
	return api.SaveKnowledgeRules200JSONResponse(viewRules(rules)), err
}

func viewRules(r knowledge.Rules) api.KnowledgeRules {
	return api.KnowledgeRules{Version: r.Version, FourEyes: r.FourEyes, ReviewDays: r.ReviewDays}
}
