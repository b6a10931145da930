package help

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"huiyin/db"
	"huiyin/knowledge"
)

// cookieName holds a random number in the browser of somebody who said whether an article helped. It is set with the first such
// word and serves to count each only once.
const cookieName = "huiyin_help"

const (
	cookieDays   = 365
	maxComment   = 500
	mostVotes    = 30 // of one address in an hour
	mostMissed   = 60
	mostReasons  = 200
	limitsWindow = time.Hour
)

// limits count what each address sends, for an hour.
type limits struct {
	mu    sync.Mutex
	begun time.Time
	seen  map[string]*allowed
}

type allowed struct{ n int }

// mostCallers is how many addresses are counted at a time; beyond, strangers are refused until the hour is over.
const mostCallers = 100_000

func (l *limits) allow(who string, most int, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Sub(l.begun) >= limitsWindow || now.Before(l.begun) {
		l.begun = now
		clear(l.seen)
	}
	a := l.seen[who]
	if a == nil {
		if len(l.seen) >= mostCallers {
			return false
		}
		a = &allowed{}
		l.seen[who] = a
	}
	a.n++
	return a.n <= most
}

// takeVote takes whether an article helped, and then why it did not. It ends on the article's page, which says what came of it.
func (c *Centre) takeVote(v *visit, id int64) {
	a, err := c.article(v.r.Context(), id, v.language, v.now)
	if errors.Is(err, knowledge.ErrNotFound) {
		c.missing(v)
		return
	}
	said := ""
	if err == nil {
		said, err = c.vote(v, a)
	}
	if err != nil {
		c.Log.Error("a word on an article was not taken", "article", id, "error", err)
		http.Error(v.w, "please try again in a moment", http.StatusServiceUnavailable)
		return
	}
	v.w.Header().Set("Cache-Control", "no-store")
	http.Redirect(v.w, v.r, v.link(articlePath(a.book))+"?voted="+said+"#feedback", http.StatusSeeOther)
}

func (c *Centre) vote(v *visit, a read) (string, error) {
	helpful, reason := v.r.PostFormValue("helpful"), v.r.PostFormValue("reason")
	comment := clipRunes(strings.TrimSpace(strings.ToValidUTF8(v.r.PostFormValue("comment"), "")), maxComment)
	if !c.limits.allow("vote "+c.Address(v.r), mostVotes, v.now) {
		return "many", nil
	}
	visitor := c.visitor(v)
	if helpful != "yes" && helpful != "no" {
		if !reasonKnown(reason) {
			reason = ""
		}
		if reason == "" && comment == "" {
			return "no", nil
		}
		return "noted", c.explain(v, a, visitor, reason, comment)
	}
	counted := false
	err := c.DB.Tx(v.r.Context(), func(tx *db.Tx) error {
		var err error
		counted, err = addVote(v.r.Context(), tx, a, visitor, helpful == "yes")
		return err
	})
	if err != nil || !counted {
		return "again", err
	}
	return helpful, nil
}

// visitor is the hash of the browser's number; a browser without one gets one.
func (c *Centre) visitor(v *visit) string {
	number := ""
	if cookie, err := v.r.Cookie(cookieName); err == nil && len(cookie.Value) == len(rand.Text()) {
		number = cookie.Value
	} else {
		number = rand.Text()
		path := v.base
		if path == "" {
			path = "/"
		}
		http.SetCookie(v.w, &http.Cookie{Name: cookieName, Value: number, Path: path, MaxAge: cookieDays * 24 * 3600, HttpOnly: true, SameSite: http.SameSiteStrictMode,
			Secure: strings.HasPrefix(c.origin(v.settings), "https://")})
	}
	mac := hmac.New(sha256.New, c.Key)
	mac.Write([]byte(number))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// addVote counts a visitor's first word on an article.
func addVote(ctx context.Context, tx *db.Tx, a read, visitor string, helpful bool) (bool, error) {
	_, counted, err := tx.InsertNew(ctx, "INSERT INTO help_votes (article_id, revision_id, visitor, language, helpful, at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
		a.id, a.rev, visitor, a.language, map[bool]int{true: 1}[helpful], db.Millis(tx.Now))
	if err != nil || !counted {
		return false, err
	}
	return true, knowledge.Feedback(ctx, tx, a.id, helpful)
}

// explain adds to a visitor's word why the article did not help, once.
func (c *Centre) explain(v *visit, a read, visitor, reason, comment string) error {
	return c.DB.Tx(v.r.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(v.r.Context(), "UPDATE help_votes SET reason = ?, comment = ? WHERE article_id = ? AND visitor = ? AND helpful = 0 AND reason = '' AND comment = ''",
			reason, comment, a.id, visitor)
		if err != nil {
			return fmt.Errorf("explain a vote: %w", err)
		}
		return nil
	})
}

// Complaint is why an article did not help somebody.
type Complaint struct {
	Article  int64
	Revision int64
	Language string
	Reason   string // unclear, incomplete, wrong, other; may be empty
	Comment  string
	At       time.Time
}

// Complaints lists the newest reasons why articles did not help: of one article, or of all when it is 0.
func Complaints(ctx context.Context, from db.Querier, article int64, limit int) ([]Complaint, error) {
	rows, err := from.Query(ctx, `SELECT article_id, revision_id, language, reason, comment, at FROM help_votes
 WHERE helpful = 0 AND (reason <> '' OR comment <> '') AND (article_id = ? OR ? = 0) ORDER BY at DESC, id DESC LIMIT ?`, article, article, min(limit, mostReasons))
	if err != nil {
		return nil, fmt.Errorf("list complaints: %w", err)
	}
	defer rows.Close()
	list := []Complaint{}
	for rows.Next() {
		var one Complaint
		var at int64
		if err := rows.Scan(&one.Article, &one.Revision, &one.Language, &one.Reason, &one.Comment, &at); err != nil {
			return nil, fmt.Errorf("list complaints: %w", err)
		}
		one.At = db.Time(at)
		list = append(list, one)
	}
	return list, rows.Err()
}

func name(id int64) string { return strconv.FormatInt(id, 10) }
