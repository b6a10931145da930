package knowledge

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"time"

	"huiyin/db"
)

// FilePath is how the address of an article's file begins; its key follows, and then its name.
const FilePath = "/files/"

var fileAddress = regexp.MustCompile(`/files/([A-Z2-7]{26})\b`)

func filesIn(keys []string, text string) []string {
	for _, found := range fileAddress.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(keys, found[1]) {
			keys = append(keys, found[1])
		}
	}
	return keys
}

// FileKeys are the keys of the files that a text names, each once.
func FileKeys(text string) []string { return filesIn(nil, text) }

// answerFiles are the keys of the files that customers see with the content.
func (c Content) answerFiles() []string {
	var keys []string
	for _, answer := range c.Answer {
		keys = filesIn(keys, answer)
	}
	for _, v := range c.Variants {
		for _, answer := range v.Answer {
			keys = filesIn(keys, answer)
		}
	}
	return keys
}

// Files are the keys of all files that the content names, in answers and in notes.
func (c Content) Files() []string { return filesIn(c.answerFiles(), c.Notes) }

func writeFiles(ctx context.Context, tx *db.Tx, id int64, c Content) error {
	for _, key := range c.Files() {
		if _, err := tx.Exec(ctx, "INSERT INTO article_files (file_key, article_id) VALUES (?, ?) ON CONFLICT DO NOTHING", key, id); err != nil {
			return fmt.Errorf("note file of article %d: %w", id, err)
		}
	}
	return nil
}

// PublicFile tells whether customers may load a file at a time: an answer that they can get then shows it.
func PublicFile(ctx context.Context, from db.Querier, key string, at time.Time) (bool, error) {
	rows, err := from.Query(ctx, `SELECT r.content FROM article_files f JOIN articles a ON a.id = f.article_id
 JOIN article_revisions r ON r.id = a.published_revision_id WHERE f.file_key = ? AND a.status = ?`, key, string(Published))
	if err != nil {
		return false, fmt.Errorf("find articles of a file: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return false, fmt.Errorf("find articles of a file: %w", err)
		}
		c, err := readContent(text)
		if err != nil {
			return false, err
		}
		if c.Serves(Options{At: at}) && slices.Contains(c.answerFiles(), key) {
			return true, nil
		}
	}
	return false, rows.Err()
}
