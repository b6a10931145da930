package knowledge

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"huiyin/db"
)

// Match says how a row finds the article that it changes.
type Match string

// The ways to match. The first is by the key; a row without one is matched by its question, among articles without a key.
const (
	MatchKey      Match = ""
	MatchQuestion Match = "question"
)

// Mode says what a file may do.
type Mode string

// The modes. Rows that a mode does not take leave the knowledge as it is.
const (
	CreateAndUpdate Mode = ""
	CreateOnly      Mode = "create"
	UpdateOnly      Mode = "update"
)

// check refuses options that mean nothing.
func (o ImportOptions) check() error {
	if o.Match != MatchKey && o.Match != MatchQuestion {
		return &Invalid{"match", "articles are matched by key or by question"}
	}
	if o.Mode != CreateAndUpdate && o.Mode != CreateOnly && o.Mode != UpdateOnly {
		return &Invalid{"mode", "a file can create, update, or both"}
	}
	return nil
}

// importRow writes one article. A refusal is a row of the report; an error is the database's.
func importRow(ctx context.Context, tx *db.Tx, author Author, p patch) (RowReport, error) {
	row := RowReport{Line: p.line, Key: p.key, Message: p.notice, Title: p.title(), Source: p.source}
	err := p.refused
	if err == nil {
		err = writeRow(ctx, tx, author, p, &row)
	}
	var invalid *Invalid
	if errors.As(err, &invalid) {
		row.Outcome, row.Field, row.Message = Refused, invalid.Field, invalid.Message
		return row, nil
	}
	if err == nil && (row.Outcome == Added || row.Outcome == Changed) {
		p.staged.put(row.Article, row.goal)
	}
	return row, err
}

// writeRow checks everything before it writes anything, since other rows share the transaction.
func writeRow(ctx context.Context, tx *db.Tx, author Author, p patch, row *RowReport) error {
	if err := p.check(); err != nil {
		return err
	}
	old, err := p.find(ctx, tx)
	if errors.Is(err, ErrNotFound) {
		if p.article != 0 {
			return &Invalid{"article", "this article is not there any more"}
		}
		if p.mode == UpdateOnly {
			row.Outcome, row.Message = Unchanged, "there is no such article; nothing is created"
			return nil
		}
		return addRow(ctx, tx, author, p, row)
	}
	if err != nil {
		return err
	}
	if p.translated != nil {
		if err := tellChangedSource(ctx, tx, *p.translated, old, row); err != nil {
			return err
		}
	}
	row.Article, row.before = old.ID, before{old.DraftRevision, old.PublishedRevision, old.Status}
	goal, again := p.staged.of(old.ID)
	if again && goal != "" {
		old.Status = goal // what the file said above
	}
	if p.mode == CreateOnly {
		row.Outcome, row.Message = Unchanged, "there is such an article; it is left as it is"
		return nil
	}
	current := old.Content // a translation joins what is being written, and a further row what a row above has said
	if p.translated == nil && !again {
		if current, err = exchanged(ctx, tx, old); err != nil {
			return err
		}
	}
	return changeRow(ctx, tx, author, p, found{old, current}, row)
}

// tellChangedSource says in the report which texts are others than those that were translated.
func tellChangedSource(ctx context.Context, tx *db.Tx, t translated, old Article, row *RowReport) error {
	row.Key, row.Title = old.Key, clip(old.Title, 100)
	c, err := exchanged(ctx, tx, old)
	if fields := t.changedIn(c); err == nil && len(fields) > 0 {
		row.Message = fmt.Sprintf("the source has changed since the file was written (revision %d then, %d now): %s", t.revision, old.Revisions, strings.Join(fields, ", "))
	}
	return err
}

// title is what a person knows the row by.
func (p patch) title() string {
	for _, l := range slices.SortedFunc(maps.Keys(p.question), byLanguage) {
		if q := strings.TrimSpace(p.question[l]); q != "" {
			return strings.ToValidUTF8(clip(q, 100), "\ufffd")
		}
	}
	return ""
}

func (p patch) check() error {
	switch p.status {
	case "", Draft, Published, Archived:
	default:
		return &Invalid{"status", fmt.Sprintf("%q is not a status; use draft, published or archived", clip(string(p.status), 40))}
	}
	return checkKey(p.key)
}

// find looks for the article by its key, or among those without one by its question.
func (p patch) find(ctx context.Context, tx *db.Tx) (Article, error) {
	if p.article != 0 {
		return Get(ctx, tx, p.article)
	}
	if p.key != "" && p.match == MatchKey {
		return ByKey(ctx, tx, p.key)
	}
	clean, err := p.onto(Content{}).Clean()
	if err != nil {
		return Article{}, err
	}
	where := " WHERE a.title = ? AND a.external_key IS NULL ORDER BY a.id LIMIT 1"
	if p.match == MatchQuestion {
		where = " WHERE a.title = ? ORDER BY a.id LIMIT 1"
	}
	return one(tx.QueryRow(ctx, "SELECT "+articleColumns+articleTables+where, clean.Title()))
}

func addRow(ctx context.Context, tx *db.Tx, author Author, p patch, row *RowReport) error {
	if err := p.relate(ctx, tx, row); err != nil {
		return err
	}
	content, err := p.onto(Content{}).Clean()
	if err != nil {
		return err
	}
	status := p.status
	if status == "" && content.Answers() {
		status = Published
	}
	if p.draft && status == Published {
		status = Draft
	}
	if err := publishable(content, status); err != nil {
		return err
	}
	if err := p.permitted(ctx, tx, rowStep{after: content, to: status}); err != nil {
		return err
	}
	a, err := Create(ctx, tx, author, NewArticle{Key: p.key, Content: content, Note: "imported"})
	if err == nil {
		err = p.move(ctx, tx, a, status, row)
	}
	row.Article, row.Outcome = a.ID, Added
	return err
}

// found is what a row finds: the article, and the content that it changes.
type found struct {
	old     Article
	current Content
}

func changeRow(ctx context.Context, tx *db.Tx, author Author, p patch, c found, row *RowReport) error {
	if err := p.relate(ctx, tx, row); err != nil {
		return err
	}
	content, err := p.onto(c.current).Clean()
	if err != nil {
		return err
	}
	status := p.status
	if status == "" || p.draft {
		status = c.old.Status
	}
	if same(c.current, content) && status == c.old.Status {
		row.Outcome = Unchanged
		return nil
	}
	if err := publishable(content, status); err != nil {
		return err
	}
	if err := p.permitted(ctx, tx, rowStep{old: c.old, before: c.current, after: content, to: status}); err != nil {
		return err
	}
	a, err := SaveDraft(ctx, tx, author, c.old.ID, c.old.Version, content, "imported")
	if err == nil && !p.draft {
		err = p.move(ctx, tx, a, status, row)
	}
	row.Outcome = Changed
	return err
}

// relate looks for the related articles that the row names.
func (p *patch) relate(ctx context.Context, tx *db.Tx, row *RowReport) (err error) {
	if p.related == nil {
		return nil
	}
	p.relatedIDs, row.missing, err = findRelated(ctx, tx, *p.related)
	return err
}

// move gives an article its status, or says in the row which one it gets when the whole file is written.
func (p patch) move(ctx context.Context, tx *db.Tx, a Article, status Status, row *RowReport) error {
	if p.staged == nil {
		_, err := moveTo(ctx, tx, a, status)
		return err
	}
	if status == Draft && (row.before.status == Draft || row.before.status == "") {
		return nil
	}
	if row.goal = status; status == Published {
		row.revision = a.DraftRevision
	}
	return nil
}

// rowStep is what a row does to an article.
type rowStep struct {
	old           Article // zero: a new one
	before, after Content
	to            Status
}

// permitted refuses what whoever imports may not do, and what a second person would have to approve first.
func (p patch) permitted(ctx context.Context, tx *db.Tx, s rowStep) error {
	publishes := !p.draft && s.to == Published
	if p.allow != nil {
		live := publishes || !p.draft && s.old.Status == Published && s.to != Published
		if err := p.allow(s.before, s.after, live); err != nil {
			return err
		}
	}
	if !publishes {
		return nil
	}
	if s.old.ID != 0 && same(s.old.Content, s.after) && s.old.DraftRevision != 0 {
		return refusedUnapproved(mustBeApproved(ctx, tx, s.old.ID, s.old.DraftRevision))
	}
	return refusedUnapproved(mustBeApproved(ctx, tx, 0, 0))
}

// refusedUnapproved makes a missing approval the refusal of a row, since the other rows of the file go on.
func refusedUnapproved(err error) error {
	if errors.Is(err, ErrNotApproved) {
		return &Invalid{"status", "a second person must approve what is published; import it as a draft"}
	}
	return err
}

func publishable(c Content, status Status) error {
	if status == Published && !c.Answers() {
		return &Invalid{"answer", "a published article needs an answer in the language of its question"}
	}
	return nil
}

func moveTo(ctx context.Context, tx *db.Tx, a Article, status Status) (Article, error) {
	switch status {
	case Published:
		return Publish(ctx, tx, a.ID, a.Version)
	case Archived:
		return Archive(ctx, tx, a.ID, a.Version)
	default:
		return Unpublish(ctx, tx, a.ID, a.Version)
	}
}

// exchanged is the content that a file carries: what customers get, or the draft where they get nothing.
func exchanged(ctx context.Context, from db.Querier, a Article) (Content, error) {
	if a.Status != Published || !a.Unpublished() {
		return a.Content, nil
	}
	r, err := GetRevision(ctx, from, a.PublishedRevision)
	return r.Content, err
}

// onto lays what the row says over what the article has.
func (p patch) onto(c Content) Content {
	if p.category != nil {
		c.Category = *p.category
	}
	if p.tags != nil {
		c.Tags = *p.tags
	}
	if p.audience != nil {
		c.Audience = *p.audience
	}
	if p.validFrom != nil {
		c.ValidFrom = *p.validFrom
	}
	if p.validUntil != nil {
		c.ValidUntil = *p.validUntil
	}
	if p.variants != nil {
		c.Variants = *p.variants
	}
	if p.notes != nil {
		c.Notes = *p.notes
	}
	if p.related != nil {
		c.Related = p.relatedIDs
	}
	c.Question = lay(c.Question, p.question, p.whole)
	c.Similar = lay(c.Similar, p.similar, p.whole)
	c.Answer = lay(c.Answer, p.answer, p.whole)
	return c
}

func lay[T any](old, new map[string]T, whole bool) map[string]T {
	if new == nil {
		return old
	}
	laid := map[string]T{}
	if !whole {
		maps.Copy(laid, old)
	}
	maps.Copy(laid, new)
	return laid
}
