package knowledge

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"huiyin/db"
)

// CategoryMove puts a category, with all below it, elsewhere: under another path, before another of its new siblings, or both.
type CategoryMove struct {
	Path   string
	To     string // its path from now on; the same as Path to change its place only
	Before string // path of the sibling that it stands before; "": behind them all
}

// MoveCategory carries a move out with all articles in one transaction, and tells how many went along. Customers go on getting what
// they got: an article has one more revision, in which nothing but the category is another, and drafts stay drafts.
func MoveCategory(ctx context.Context, tx *db.Tx, author Author, m CategoryMove) (int, error) {
	m.Path, m.Before = cleanCategory(m.Path), cleanCategory(m.Before)
	all, err := lockCategories(ctx, tx)
	if err != nil {
		return 0, err
	}
	if m.To, err = categoryPath("to", m.To); err != nil {
		return 0, err
	}
	if err := m.check(all); err != nil {
		return 0, err
	}
	moved := 0
	if m.To != m.Path {
		if moved, err = m.carry(ctx, tx, author, all); err != nil {
			return 0, err
		}
	}
	return moved, m.place(ctx, tx, all)
}

// RemoveCategory dissolves a category: its articles and the categories below it go to the one above. It tells how many articles went.
func RemoveCategory(ctx context.Context, tx *db.Tx, author Author, path string) (int, error) {
	path = cleanCategory(path)
	all, err := lockCategories(ctx, tx)
	if err != nil {
		return 0, err
	}
	if !has(all, path) {
		return 0, ErrNotFound
	}
	m := CategoryMove{Path: path, To: parentOf(path)}
	if _, err := tx.Exec(ctx, "DELETE FROM knowledge_categories WHERE path = ?", path); err != nil {
		return 0, fmt.Errorf("remove category: %w", err)
	}
	return m.carry(ctx, tx, author, slices.DeleteFunc(all, func(c Category) bool { return c.Path == path }))
}

// categoriesLock orders those who move categories.
const categoriesLock = 0x63617465

func lockCategories(ctx context.Context, tx *db.Tx) ([]Category, error) {
	if err := tx.Lock(ctx, categoriesLock); err != nil {
		return nil, fmt.Errorf("lock categories: %w", err)
	}
	return Categories(ctx, tx)
}

func has(all []Category, path string) bool {
	return slices.ContainsFunc(all, func(c Category) bool { return c.Path == path })
}

// inside tells whether a category is the one at path or stands below it.
func inside(category, path string) bool {
	return category == path || strings.HasPrefix(category, path+"/")
}

// moved is where a category stands after the move.
func (m CategoryMove) moved(category string) string {
	if !inside(category, m.Path) {
		return category
	}
	return cleanCategory(m.To + strings.TrimPrefix(category, m.Path))
}

func (m CategoryMove) check(all []Category) error {
	if m.Path == "" || !has(all, m.Path) {
		return ErrNotFound
	}
	if m.To == m.Path {
		return nil
	}
	if inside(m.To, m.Path) {
		return &Invalid{"to", "a category cannot go below itself"}
	}
	if has(all, m.To) {
		return &Invalid{"to", "there is a category of this name already"}
	}
	for _, c := range all {
		if err := checkCategory("to", m.moved(c.Path)); err != nil {
			return err
		}
	}
	return nil
}

// carry takes the categories' rows and the articles along.
func (m CategoryMove) carry(ctx context.Context, tx *db.Tx, author Author, all []Category) (int, error) {
	for _, c := range all {
		if !inside(c.Path, m.Path) {
			continue
		}
		if err := m.carryRow(ctx, tx, c); err != nil {
			return 0, err
		}
	}
	ids, err := m.articles(ctx, tx)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		if err := m.carryArticle(ctx, tx, author, id); err != nil {
			return 0, err
		}
	}
	return len(ids), nil
}

// carryRow keeps a category's names; where it meets one that is there, that one's stay.
func (m CategoryMove) carryRow(ctx context.Context, tx *db.Tx, c Category) error {
	if _, err := tx.Exec(ctx, "DELETE FROM knowledge_categories WHERE path = ?", c.Path); err != nil {
		return fmt.Errorf("move category: %w", err)
	}
	to := m.moved(c.Path)
	if to == "" {
		return nil
	}
	names, err := json.Marshal(c.Names)
	if err != nil {
		return fmt.Errorf("move category: %w", err)
	}
	_, err = tx.Exec(ctx, "INSERT INTO knowledge_categories (path, place, names) VALUES (?, ?, ?) ON CONFLICT (path) DO NOTHING", to, c.Place, string(names))
	if err != nil {
		return fmt.Errorf("move category: %w", err)
	}
	return nil
}

// articles are those whose draft or published revision stands in the category or below it.
func (m CategoryMove) articles(ctx context.Context, tx *db.Tx) ([]int64, error) {
	quoted, err := json.Marshal(m.Path)
	if err != nil {
		return nil, fmt.Errorf("move category: %w", err)
	}
	opening := `{"category":` + strings.TrimSuffix(string(quoted), `"`) // how the content of a revision in it begins
	rows, err := tx.Query(ctx, `SELECT a.id FROM articles a LEFT JOIN article_revisions p ON p.id = a.published_revision_id
 WHERE a.category = ? OR a.category LIKE ? ESCAPE '\' OR p.content LIKE ? ESCAPE '\' OR p.content LIKE ? ESCAPE '\' ORDER BY a.id`,
		m.Path, likeText(m.Path)+"/%", likeText(opening+`"`)+"%", likeText(opening+"/")+"%")
	if err != nil {
		return nil, fmt.Errorf("list articles of category: %w", err)
	}
	defer rows.Close()
	var ids []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, fmt.Errorf("list articles of category: %w", err)
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// carryArticle gives an article its new category, in what customers get and in the draft.
func (m CategoryMove) carryArticle(ctx context.Context, tx *db.Tx, author Author, id int64) error {
	a, err := Get(ctx, tx, id)
	if err != nil {
		return err
	}
	live := a.PublishedRevision
	if live != 0 && a.Unpublished() {
		r, err := GetRevision(ctx, tx, live)
		if err != nil {
			return err
		}
		if live, err = m.rewrite(ctx, tx, author, a, r); err != nil {
			return err
		}
	}
	draft, err := m.rewrite(ctx, tx, author, a, Revision{ID: a.DraftRevision, Content: a.Content})
	if err != nil {
		return err
	}
	if live != 0 && !a.Unpublished() {
		live = draft
	}
	if _, err := tx.Exec(ctx, "UPDATE articles SET published_revision_id = ?, review = ? WHERE id = ?", live, string(a.Review), id); err != nil {
		return fmt.Errorf("move article %d: %w", id, err)
	}
	return followRevision(ctx, tx, id, a.DraftRevision, draft)
}

// followRevision has the review and the plans of a revision hold for the one that took its place: nothing that was read has changed.
func followRevision(ctx context.Context, tx *db.Tx, article, was, is int64) error {
	for _, table := range []string{"article_reviews", "article_timers"} {
		if _, err := tx.Exec(ctx, "UPDATE "+table+" SET revision_id = ? WHERE article_id = ? AND revision_id = ?", is, article, was); err != nil {
			return fmt.Errorf("move article %d: %w", article, err)
		}
	}
	return nil
}

// rewrite appends a revision that differs from one in its category only, and tells its id.
func (m CategoryMove) rewrite(ctx context.Context, tx *db.Tx, author Author, a Article, r Revision) (int64, error) {
	r.Content.Category = m.moved(r.Content.Category)
	if err := addRevision(ctx, tx, a.ID, author, r.Content, "category moved"); err != nil {
		return 0, err
	}
	var revision int64
	if err := tx.QueryRow(ctx, "SELECT draft_revision_id FROM articles WHERE id = ?", a.ID).Scan(&revision); err != nil {
		return 0, fmt.Errorf("move article %d: %w", a.ID, err)
	}
	return revision, carryReview(ctx, tx, a, r.ID, revision)
}

// place numbers the siblings anew, the moved one where it was put.
func (m CategoryMove) place(ctx context.Context, tx *db.Tx, all []Category) error {
	parent, list := parentOf(m.To), []string{}
	for _, c := range all {
		if c.Path != m.Path && c.Parent() == parent {
			list = append(list, c.Path)
		}
	}
	at := slices.Index(list, m.Before)
	if at < 0 {
		at = len(list)
	}
	for i, path := range slices.Insert(list, at, m.To) {
		_, err := tx.Exec(ctx, "INSERT INTO knowledge_categories (path, place) VALUES (?, ?) ON CONFLICT (path) DO UPDATE SET place = excluded.place", path, i+1)
		if err != nil {
			return fmt.Errorf("place category: %w", err)
		}
	}
	return nil
}
