package knowledge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"huiyin/db"
	"huiyin/nlu"
)

// NewArticle is what a new article starts with.
type NewArticle struct {
	Key     string
	Content Content
	Note    string
}

// Create makes an article with its first revision, as a draft.
func Create(ctx context.Context, tx *db.Tx, author Author, n NewArticle) (Article, error) {
	content, err := n.Content.Clean()
	if err != nil {
		return Article{}, err
	}
	key := strings.TrimSpace(n.Key)
	if err := checkKey(key); err != nil {
		return Article{}, err
	}
	now := db.Millis(tx.Now)
	if err := refuseTakenKey(ctx, tx, key); err != nil {
		return Article{}, err
	}
	id, err := tx.Insert(ctx, "INSERT INTO articles (external_key, status, created_at, updated_at) VALUES (?, ?, ?, ?)",
		nullable(key), string(Draft), now, now)
	if err != nil {
		return Article{}, takenOr(err, "create article")
	}
	if err := addRevision(ctx, tx, id, author, content, n.Note); err != nil {
		return Article{}, err
	}
	return Get(ctx, tx, id)
}

func checkKey(key string) error {
	if strings.ContainsAny(key, "\n\t") {
		return &Invalid{"key", "a key is one line"}
	}
	return checkText("key", key, MaxKey)
}

var errKeyTaken = &Invalid{"key", "another article has this key"}

// refuseTakenKey looks before inserting, because a failed INSERT would end the whole PostgreSQL transaction.
func refuseTakenKey(ctx context.Context, tx *db.Tx, key string) error {
	if key == "" {
		return nil
	}
	var id int64
	err := tx.QueryRow(ctx, "SELECT id FROM articles WHERE external_key = ?", key).Scan(&id)
	if db.NoRows(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for key: %w", err)
	}
	return errKeyTaken
}

func takenOr(err error, doing string) error {
	if db.IsUnique(err) {
		return errKeyTaken
	}
	return fmt.Errorf("%s: %w", doing, err)
}

func nullable(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// SaveDraft writes a new revision on top of the version that the editor had read. Customers keep the published
// one. ErrConflict when somebody else has saved meanwhile. Content that changes nothing writes nothing.
func SaveDraft(ctx context.Context, tx *db.Tx, author Author, id, version int64, content Content, note string) (Article, error) {
	clean, err := content.Clean()
	if err != nil {
		return Article{}, err
	}
	current, err := edit(ctx, tx, id, version)
	if err != nil {
		return Article{}, err
	}
	if same(current.Content, clean) {
		return current, nil
	}
	if err := addRevision(ctx, tx, id, author, clean, note); err != nil {
		return Article{}, err
	}
	return Get(ctx, tx, id)
}

// edit takes the article for a change by somebody who has read this version of it.
func edit(ctx context.Context, tx *db.Tx, id, version int64) (Article, error) {
	var current int64
	err := tx.QueryRow(ctx, "SELECT version FROM articles WHERE id = ?"+tx.ForUpdate(), id).Scan(&current)
	if db.NoRows(err) {
		return Article{}, ErrNotFound
	}
	if err != nil {
		return Article{}, fmt.Errorf("read article %d: %w", id, err)
	}
	if current != version {
		return Article{}, ErrConflict
	}
	return Get(ctx, tx, id)
}

// addRevision appends a revision and makes it the article's newest content. An approval was of the one before.
func addRevision(ctx context.Context, tx *db.Tx, id int64, author Author, c Content, note string) error {
	note = strings.TrimSpace(note)
	if err := checkText("note", note, MaxNote); err != nil {
		return err
	}
	data, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("encode article: %w", err)
	}
	now := db.Millis(tx.Now)
	revision, err := tx.Insert(ctx, "INSERT INTO article_revisions (article_id, number, version, author_id, author_name, at, note, content)"+
		" SELECT id, revisions + 1, version + 1, ?, ?, ?, ?, ? FROM articles WHERE id = ?", author.ID, author.Name, now, note, string(data), id)
	if err != nil {
		return fmt.Errorf("write revision: %w", err)
	}
	_, err = tx.Exec(ctx, "UPDATE articles SET draft_revision_id = ?, revisions = revisions + 1, category = ?, title = ?,"+
		" search_text = ?, updated_at = ?, version = version + 1, review = CASE WHEN review = 'approved' THEN '' ELSE review END WHERE id = ?", revision, c.Category, c.Title(), searchText(c), now, id)
	if err != nil {
		return fmt.Errorf("save article: %w", err)
	}
	if err := errors.Join(writeTags(ctx, tx, id, c.Tags), writeFiles(ctx, tx, id, c)); err != nil {
		return err
	}
	return logChange(ctx, tx, id)
}

func writeTags(ctx context.Context, tx *db.Tx, id int64, tags []string) error {
	if _, err := tx.Exec(ctx, "DELETE FROM article_tags WHERE article_id = ?", id); err != nil {
		return fmt.Errorf("save tags: %w", err)
	}
	for _, tag := range tags {
		if _, err := tx.Exec(ctx, "INSERT INTO article_tags (article_id, tag) VALUES (?, ?)", id, tag); err != nil {
			return fmt.Errorf("save tags: %w", err)
		}
	}
	return nil
}

// searchText is what the editors' list is searched in.
func searchText(c Content) string {
	parts := []string{c.Category, strings.Join(c.Tags, " ")}
	for _, l := range c.Languages() {
		parts = append(parts, c.Question[l], strings.Join(c.Similar[l], "\n"), c.Answer[l])
	}
	for i := range parts {
		parts[i] = nlu.Normalize(parts[i])
	}
	return strings.Join(parts, "\n")
}

const articleColumns = "a.id, COALESCE(a.external_key, ''), a.status, a.title, a.draft_revision_id, a.published_revision_id, a.revisions," +
	" a.used, a.helpful, a.unhelpful, a.created_at, a.updated_at, a.version, a.owner_id, a.review_by, a.review, a.reviewer_id, r.content"

const articleTables = " FROM articles a JOIN article_revisions r ON r.id = a.draft_revision_id"

// Get reads an article with its newest content.
func Get(ctx context.Context, from db.Querier, id int64) (Article, error) {
	return one(from.QueryRow(ctx, "SELECT "+articleColumns+articleTables+" WHERE a.id = ?", id))
}

// ByKey reads the article that other systems know under this key.
func ByKey(ctx context.Context, from db.Querier, key string) (Article, error) {
	return one(from.QueryRow(ctx, "SELECT "+articleColumns+articleTables+" WHERE a.external_key = ?", key))
}

type scanner interface{ Scan(into ...any) error }

func one(row scanner) (Article, error) {
	a, err := scanArticle(row)
	if db.NoRows(err) {
		return Article{}, ErrNotFound
	}
	return a, err
}

func scanArticle(row scanner) (Article, error) {
	var a Article
	var created, updated, reviewBy int64
	var content string
	err := row.Scan(&a.ID, &a.Key, &a.Status, &a.Title, &a.DraftRevision, &a.PublishedRevision, &a.Revisions,
		&a.Used, &a.Helpful, &a.Unhelpful, &created, &updated, &a.Version,
		&a.Owner, &reviewBy, &a.Review, &a.Reviewer, &content)
	if err != nil {
		return Article{}, fmt.Errorf("read article: %w", err)
	}
	a.CreatedAt, a.UpdatedAt, a.ReviewBy = db.Time(created), db.Time(updated), db.Time(reviewBy)
	if a.Content, err = readContent(content); err != nil {
		return Article{}, fmt.Errorf("article %d: %w", a.ID, err)
	}
	return a, nil
}

func readContent(text string) (c Content, err error) {
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		return Content{}, fmt.Errorf("read article: %w", err)
	}
	return c, nil
}

func same(a, b Content) bool {
	one, err := json.Marshal(a)
	two, other := json.Marshal(b)
	return errors.Join(err, other) == nil && string(one) == string(two)
}
