package admin

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"huiyin/db"
	"huiyin/handoff"
	"huiyin/knowledge"
)

// articleRight is one of the things that somebody may do with the articles of a category.
type articleRight string

// The rights. Everybody who may sign in may read.
const (
	rightEdit    articleRight = "edit"    // write drafts, comment, send to review
	rightReview  articleRight = "review"  // approve and return
	rightPublish articleRight = "publish" // decide what customers get
)

func articleRights() []articleRight { return []articleRight{rightEdit, rightReview, rightPublish} }

// categoryRight is what somebody may do in a category and in those below it; "" is everything.
type categoryRight struct {
	category string
	may      []articleRight
}

// allowance is what somebody may do with articles.
type allowance struct {
	role    []articleRight  // what the role allows at most
	limited bool            // only what is listed
	list    []categoryRight // by category
}

// may tells whether the right holds in every one of the categories.
func (a allowance) may(right articleRight, categories ...string) bool {
	for _, c := range categories {
		if !slices.Contains(a.role, right) || a.limited && !a.listed(right, c) {
			return false
		}
	}
	return true
}

func (a allowance) listed(right articleRight, category string) bool {
	return slices.ContainsFunc(a.list, func(r categoryRight) bool {
		return slices.Contains(r.may, right) && (r.category == "" || r.category == category || strings.HasPrefix(category, r.category+"/"))
	})
}

// all are the rights that somebody has in a category.
func (a allowance) all(category string) []articleRight {
	return slices.DeleteFunc(articleRights(), func(r articleRight) bool { return !a.may(r, category) })
}

// roleRights is what a role may do with articles at most; a key does what an administrator may.
func roleRights(role handoff.Role) []articleRight {
	switch role {
	case handoff.Owner, handoff.Administrator, handoff.Editor:
		return articleRights()
	case handoff.Lead:
		return []articleRight{rightEdit, rightReview}
	default:
		return nil
	}
}

// limitable tells whether people of a role may be limited to categories: who administers the rights may not.
func limitable(role handoff.Role) bool { return role == handoff.Lead || role == handoff.Editor }

// allowanceOf is what the caller may do with articles.
func (s *Server) allowanceOf(ctx context.Context, from db.Querier) (allowance, error) {
	who := whoOf(ctx)
	if who.key != nil {
		return allowance{role: articleRights()}, nil
	}
	return allowanceOfAgent(ctx, from, who.agent)
}

func allowanceOfAgent(ctx context.Context, from db.Querier, agent handoff.Agent) (allowance, error) {
	a := allowance{role: roleRights(agent.Role)}
	if !limitable(agent.Role) {
		return a, nil
	}
	rows, err := readRights(ctx, from, agent.ID)
	a.list = rows[agent.ID]
	a.limited = len(a.list) > 0
	return a, err
}

// readRights reads the rights of a user, or of all (0).
func readRights(ctx context.Context, from db.Querier, agent int64) (map[int64][]categoryRight, error) {
	rows, err := from.Query(ctx, "SELECT agent_id, category, edit, review, publish FROM article_rights WHERE ? = 0 OR agent_id = ? ORDER BY agent_id, category", agent, agent)
	if err != nil {
		return nil, fmt.Errorf("read article rights: %w", err)
	}
	defer rows.Close()
	found := map[int64][]categoryRight{}
	for rows.Next() {
		var id int64
		var r categoryRight
		var flags [3]int
		if err := rows.Scan(&id, &r.category, &flags[0], &flags[1], &flags[2]); err != nil {
			return nil, fmt.Errorf("read article rights: %w", err)
		}
		for i, right := range articleRights() {
			if flags[i] == 1 {
				r.may = append(r.may, right)
			}
		}
		found[id] = append(found[id], r)
	}
	return found, rows.Err()
}

// writeRights replaces what a user may do. Who is limited to nothing has one row that gives nothing.
func writeRights(ctx context.Context, tx *db.Tx, agent int64, limited bool, list []categoryRight) error {
	if _, err := tx.Exec(ctx, "DELETE FROM article_rights WHERE agent_id = ?", agent); err != nil {
		return fmt.Errorf("save article rights: %w", err)
	}
	if limited && len(list) == 0 {
		list = []categoryRight{{}}
	}
	if !limited {
		list = nil
	}
	for _, r := range list {
		flags := [3]int{}
		for i, right := range articleRights() {
			if slices.Contains(r.may, right) {
				flags[i] = 1
			}
		}
		_, err := tx.Exec(ctx, "INSERT INTO article_rights (agent_id, category, edit, review, publish) VALUES (?, ?, ?, ?, ?)", agent, r.category, flags[0], flags[1], flags[2])
		if err != nil {
			return fmt.Errorf("save article rights: %w", err)
		}
	}
	return nil
}

// moveRights lets what people may do in a category, and below it, follow when it gets another path.
func moveRights(ctx context.Context, tx *db.Tx, from, to string) error {
	all, err := readRights(ctx, tx, 0)
	if err != nil {
		return err
	}
	for agent, list := range all {
		changed := false
		for i, r := range list {
			if r.category == from || strings.HasPrefix(r.category, from+"/") {
				list[i].category, changed = strings.TrimPrefix(to+strings.TrimPrefix(r.category, from), "/"), true
			}
		}
		if !changed {
			continue
		}
		if err := writeRights(ctx, tx, agent, true, joined(list)); err != nil {
			return err
		}
	}
	return nil
}

// joined puts together what is said of one category twice.
func joined(list []categoryRight) []categoryRight {
	var kept []categoryRight
	for _, r := range list {
		at := slices.IndexFunc(kept, func(k categoryRight) bool { return k.category == r.category })
		if at < 0 {
			kept = append(kept, r)
			continue
		}
		kept[at].may = append(slices.Clone(kept[at].may), r.may...)
	}
	return kept
}

// mayArticles refuses the caller who does not have the right in all the categories.
func (s *Server) mayArticles(ctx context.Context, from db.Querier, right articleRight, categories ...string) error {
	a, err := s.allowanceOf(ctx, from)
	if err != nil {
		return err
	}
	return a.must(right, categories...)
}

func (a allowance) must(right articleRight, categories ...string) error {
	for _, c := range categories {
		if a.may(right, c) {
			continue
		}
		where := "in the category “" + c + "”"
		if c == "" {
			where = "outside your categories"
		}
		return &fault{status: 403, code: "not_your_category", detail: fmt.Sprintf("you may not %s articles %s", right, where)}
	}
	return nil
}

// articleFor reads an article for a change that takes a right in its category, and, where it changes what customers get,
// also in the category in which they get it now.
func (s *Server) articleFor(ctx context.Context, tx *db.Tx, id int64, right articleRight) (knowledge.Article, error) {
	a, err := knowledge.Get(ctx, tx, id)
	if err != nil {
		return a, err
	}
	categories := []string{a.Content.Category}
	if right == rightPublish && a.PublishedRevision != 0 && a.Unpublished() {
		live, err := knowledge.GetRevision(ctx, tx, a.PublishedRevision)
		if err != nil {
			return a, err
		}
		categories = append(categories, live.Content.Category)
	}
	return a, s.mayArticles(ctx, tx, right, categories...)
}

// importAllowed is what an import asks for each row.
func (a allowance) importAllowed(before, after knowledge.Content, live bool) error {
	categories := []string{after.Category}
	if before.Title() != "" {
		categories = append(categories, before.Category)
	}
	right := rightEdit
	if !a.may(right, categories...) || live && !a.may(rightPublish, categories...) {
		if live {
			right = rightPublish
		}
		return &knowledge.Invalid{Field: "category", Message: fmt.Sprintf("you may not %s articles of this category", right)}
	}
	return nil
}
