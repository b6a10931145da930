// Package knowledge keeps the articles that the bot answers from: their drafts, revisions and published state in
// the database, a full-text index of them on each node, and the search that ranks them and says how sure it is.
// It does not decide whether a hit is good enough to be sent; that is for the hub.
package knowledge

import (
	"embed"
	"io/fs"
	"time"

	"huiyin/db"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// Migrations are the tables of this package.
func Migrations() db.Migrations {
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil { // fs.Sub refuses only a malformed name
		files = migrationFiles
	}
	return db.Migrations{Domain: "knowledge", Files: files}
}

// Status is where an article stands.
type Status string

// The states of an article. A published one may have a newer draft beside the revision that customers get.
const (
	Draft     Status = "draft"
	Published Status = "published"
	Archived  Status = "archived"
)

// Author is who wrote a revision. ID is 0 for imports and the program itself.
type Author struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

// Article is one question with its answer. Content is the newest revision, published or not.
type Article struct {
	ID                int64       `json:"id"`
	Key               string      `json:"key"` // the article's name in other systems; may be empty
	Status            Status      `json:"status"`
	Title             string      `json:"title"`
	Content           Content     `json:"content"`
	DraftRevision     int64       `json:"draft_revision"`     // id of the newest revision
	PublishedRevision int64       `json:"published_revision"` // id of the revision that customers get; 0: none
	Revisions         int         `json:"revisions"`          // number of the newest revision
	Used              int64       `json:"used"`
	Helpful           int64       `json:"helpful"`
	Unhelpful         int64       `json:"unhelpful"`
	Owner             int64       `json:"owner"`     // who looks after it; 0: nobody
	ReviewBy          time.Time   `json:"review_by"` // when its owner looks at it again; zero: never
	Review            ReviewState `json:"review"`    // of the newest revision
	Reviewer          int64       `json:"reviewer"`  // who is asked to review it; 0: whoever may
	CreatedAt         time.Time   `json:"created_at"`
	UpdatedAt         time.Time   `json:"updated_at"`
	Version           int64       `json:"version"` // rises with every edit; handed back with the next one
}

// Unpublished tells whether the article has content that customers do not get yet.
func (a Article) Unpublished() bool { return a.DraftRevision != a.PublishedRevision }

// Revision is one immutable state of an article's content.
type Revision struct {
	ID      int64     `json:"id"`
	Article int64     `json:"article"`
	Number  int       `json:"number"`
	Author  Author    `json:"author"`
	At      time.Time `json:"at"`
	Note    string    `json:"note"`
	Content Content   `json:"content"`
}
