package knowledge

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"huiyin/db"
	"huiyin/nlu"
)

// The limits of the list of synonyms.
const (
	MaxSynonymGroups = 2000
	MaxSynonyms      = 30 // words of one group
	MaxSynonymLength = 60 // characters of one word or phrase
)

// synonymsChanged is the number in the change log that stands for the list of synonyms; no article has it.
const synonymsChanged = 0

// Synonyms reads the groups of words that this organisation says to mean the same.
func Synonyms(ctx context.Context, from db.Querier) ([][]string, error) {
	rows, err := from.Query(ctx, "SELECT words FROM knowledge_synonyms ORDER BY place")
	if err != nil {
		return nil, fmt.Errorf("read synonyms: %w", err)
	}
	defer rows.Close()
	groups := [][]string{}
	for rows.Next() {
		var text string
		var group []string
		if err := rows.Scan(&text); err != nil {
			return nil, fmt.Errorf("read synonyms: %w", err)
		}
		if err := json.Unmarshal([]byte(text), &group); err != nil {
			return nil, fmt.Errorf("read synonyms: %w", err)
		}
		groups = append(groups, group)
	}
	return groups, rows.Err()
}

// ReplaceSynonyms stores another list in the place of the one there is, and has every node follow. It gives the list as it was
// tidied: words trimmed, repeats and groups of fewer than two words left out.
func ReplaceSynonyms(ctx context.Context, tx *db.Tx, groups [][]string) ([][]string, error) {
	tidy, err := tidySynonyms(groups)
	if err != nil {
		return nil, err
	}
	if _, err := tx.Exec(ctx, "DELETE FROM knowledge_synonyms"); err != nil {
		return nil, fmt.Errorf("replace synonyms: %w", err)
	}
	for place, group := range tidy {
		text, err := json.Marshal(group)
		if err != nil {
			return nil, fmt.Errorf("replace synonyms: %w", err)
		}
		if _, err := tx.Exec(ctx, "INSERT INTO knowledge_synonyms (place, words) VALUES (?, ?)", place, string(text)); err != nil {
			return nil, fmt.Errorf("replace synonyms: %w", err)
		}
	}
	return tidy, logChange(ctx, tx, synonymsChanged)
}

// AddSynonym adds a word to the group of another one, or a new group of both.
func AddSynonym(ctx context.Context, tx *db.Tx, word, other string) error {
	groups, err := Synonyms(ctx, tx)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(groups, func(g []string) bool {
		return slices.ContainsFunc(g, func(w string) bool { return nlu.Normalize(w) == nlu.Normalize(other) })
	})
	if at < 0 {
		groups = append(groups, []string{other, word})
	} else {
		groups[at] = append(groups[at], word)
	}
	_, err = ReplaceSynonyms(ctx, tx, groups)
	return err
}

func tidySynonyms(groups [][]string) ([][]string, error) {
	tidy := [][]string{}
	for _, group := range groups {
		var words []string
		for _, word := range group {
			word = strings.Join(strings.Fields(word), " ")
			if utf8.RuneCountInString(word) > MaxSynonymLength {
				return nil, &Invalid{"groups", fmt.Sprintf("a word or phrase has at most %d characters", MaxSynonymLength)}
			}
			if nlu.Normalize(word) != "" && !slices.Contains(words, word) {
				words = append(words, word)
			}
		}
		if len(words) > MaxSynonyms {
			return nil, &Invalid{"groups", fmt.Sprintf("at most %d words mean the same", MaxSynonyms)}
		}
		if len(words) > 1 {
			tidy = append(tidy, words)
		}
	}
	if len(tidy) > MaxSynonymGroups {
		return nil, &Invalid{"groups", fmt.Sprintf("at most %d groups", MaxSynonymGroups)}
	}
	return tidy, nil
}

// loadSynonyms reads the list as the search uses it.
func loadSynonyms(ctx context.Context, from db.Querier) (*nlu.Groups, error) {
	groups, err := Synonyms(ctx, from)
	if err != nil || len(groups) == 0 {
		return nil, err
	}
	return nlu.NewGroups(groups), nil
}

// followSynonyms loads everything anew under the changed list, since every phrasing may have other terms now.
func (x *Index) followSynonyms(ctx context.Context) error {
	before := markOf(x.applied)
	if err := x.load(ctx); err != nil {
		return err
	}
	x.mu.RLock()
	full := x.full
	x.mu.RUnlock()
	if full != nil && !x.catchUpDisk(ctx, full, before) {
		return x.rebuild(ctx)
	}
	return nil
}
