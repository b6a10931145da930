package webchat

import (
	"net/http"
	"time"
)

// Article is one that customers may read.
type Article struct {
	ID        int64
	Title     string
	Answer    string // Markdown
	Language  string
	UpdatedAt time.Time
}

type articleJSON struct {
	ID        int64     `json:"id"`
	Title     string    `json:"title"`
	HTML      string    `json:"html"`
	Language  string    `json:"language"`
	UpdatedAt time.Time `json:"updated_at"`
}

// getArticle shows a published public article; any other is as if it were not there.
func getArticle(c *call) error {
	id, err := parseID(c.r.PathValue("article"))
	if err != nil || c.Article == nil {
		return notFound()
	}
	language := c.r.URL.Query().Get("lang")
	if len(language) > maxLanguage {
		language = ""
	}
	a, err := c.Article(c.ctx(), id, pick(c.inbox, language))
	if err != nil {
		return err
	}
	return c.write(http.StatusOK, articleJSON{ID: a.ID, Title: a.Title, HTML: c.rich(a.Answer), Language: a.Language, UpdatedAt: a.UpdatedAt})
}
