package gaps

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"huiyin/db"
	"huiyin/knowledge"
	"huiyin/nlu"
)

// Pair is a word that customers use where an article says another.
type Pair struct {
	Word, Other string
	N           int     // in how many questions
	Articles    []int64 // where
}

const (
	// chosenLooked is how many questions whose article is known are looked at, and leastPairs how often a pair must occur.
	chosenLooked = 5000
	leastPairs   = 3
	// ownShare is the share of its questions with that article in which a word must stand for the other.
	ownShare = 0.6
	// mostPairs is how many pairs are proposed at once.
	mostPairs = 50
	// shortWord is a word too short to say anything, in bytes: one letter, or one Chinese character.
	shortWord = 4
)

// choice is a question whose article is known: the customer chose it when asked, or a person said so.
type choice struct {
	question, article int64
	part              int
}

// Synonyms proposes words that mean the same: from questions that came to an article by the customer's own choice, the words that
// no phrasing of the article has, beside the words of its question that the customer did not use.
func (s *Store) Synonyms(ctx context.Context) ([]Pair, error) {
	choices, err := s.choices(ctx)
	if err != nil || len(choices) == 0 {
		return nil, err
	}
	members := make([]member, len(choices))
	for i, c := range choices {
		members[i] = member{question: c.question}
	}
	words, err := s.wordsOf(ctx, s.DB, members)
	if err != nil {
		return nil, err
	}
	count, articles := newPairCount(), map[int64]lexis{}
	for _, c := range choices {
		own, known := articles[c.article]
		if !known {
			if own, err = s.lexisOf(ctx, c.article); err != nil {
				return nil, err
			}
			articles[c.article] = own
		}
		count.add(c.article, contentWords(partOf(words[c.question].Text, c.part)), own)
	}
	refused, err := s.refused(ctx)
	if err != nil {
		return nil, err
	}
	known, err := knowledge.Synonyms(ctx, s.DB)
	return count.best(refused, nlu.NewGroups(known)), err
}

func (s *Store) choices(ctx context.Context) ([]choice, error) {
	rows, err := s.DB.Query(ctx, `SELECT question_id, article, part FROM (SELECT message_id, question_id, chosen_id AS article, part FROM gap_turns WHERE chosen_id <> 0
 UNION ALL SELECT t.message_id, t.question_id, p.article_id, t.part FROM gap_pairs p JOIN gap_turns t ON t.message_id = p.turn_id
 WHERE p.reply_id = 0 AND p.state IN ('said', 'used')) AS known ORDER BY message_id DESC LIMIT ?`, chosenLooked)
	if err != nil {
		return nil, fmt.Errorf("read choices: %w", err)
	}
	defer rows.Close()
	var list []choice
	for rows.Next() {
		var c choice
		if err := rows.Scan(&c.question, &c.article, &c.part); err != nil {
			return nil, fmt.Errorf("read choices: %w", err)
		}
		list = append(list, c)
	}
	return list, rows.Err()
}

// lexis are the words of an article: those of its question, and those of all its texts.
type lexis struct {
	question []string
	all      map[string]bool
}

func (s *Store) lexisOf(ctx context.Context, id int64) (lexis, error) {
	l := lexis{all: map[string]bool{}}
	a, err := knowledge.Get(ctx, s.DB, id)
	if err != nil {
		return l, ignoreGone(err)
	}
	for _, language := range a.Content.Languages() {
		l.question = append(l.question, contentWords(a.Content.Question[language])...)
		texts := append([]string{a.Content.Question[language], a.Content.Answer[language]}, a.Content.Similar[language]...)
		for _, t := range texts {
			for _, w := range contentWords(t) {
				l.all[w] = true
			}
		}
	}
	return l, nil
}

// contentWords are the words of a text that may stand for something.
func contentWords(text string) []string {
	var list []string
	for _, w := range nlu.Words(nlu.Analyze(text).Query) {
		if len(w) >= shortWord && !slices.Contains(list, w) && (w[0] < '0' || w[0] > '9') {
			list = append(list, w)
		}
	}
	return list
}

type pairKey struct{ word, other string }

// pairCount counts which foreign word stands beside which missing word.
type pairCount struct {
	pairs map[pairKey]*Pair
	words map[string]int
}

func newPairCount() *pairCount { return &pairCount{map[pairKey]*Pair{}, map[string]int{}} }

func (c *pairCount) add(article int64, said []string, own lexis) {
	for _, w := range said {
		if own.all[w] {
			continue
		}
		c.words[w]++
		for _, other := range own.question {
			if slices.Contains(said, other) {
				continue
			}
			p := c.pairs[pairKey{w, other}]
			if p == nil {
				p = &Pair{Word: w, Other: other}
				c.pairs[pairKey{w, other}] = p
			}
			p.N++
			if !slices.Contains(p.Articles, article) {
				p.Articles = append(p.Articles, article)
			}
		}
	}
}

// best are the pairs that occur often enough, each foreign word with the word it stands for most often; those that are known to mean
// the same, or were refused, are left out.
func (c *pairCount) best(refused map[pairKey]bool, known *nlu.Groups) []Pair {
	best := map[string]*Pair{}
	for k, p := range c.pairs {
		if p.N < leastPairs || float64(p.N) < ownShare*float64(c.words[k.word]) || refused[k] || same(k, known) {
			continue
		}
		if b := best[k.word]; b == nil || p.N > b.N || p.N == b.N && p.Other < b.Other {
			best[k.word] = p
		}
	}
	list := []Pair{}
	for _, p := range best {
		list = append(list, *p)
	}
	slices.SortFunc(list, func(a, b Pair) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Word, b.Word)) })
	return list[:min(len(list), mostPairs)]
}

// same tells whether two words are known to mean the same, to the organisation or to the program.
func same(k pairKey, own *nlu.Groups) bool {
	shares := func(a, b []uint16) bool {
		return slices.ContainsFunc(a, func(n uint16) bool { return slices.Contains(b, n) })
	}
	return nlu.Stem(k.word) == nlu.Stem(k.other) || shares(own.Find(k.word), own.Find(k.other)) || shares(nlu.Concepts(k.word), nlu.Concepts(k.other))
}

func (s *Store) refused(ctx context.Context) (map[pairKey]bool, error) {
	rows, err := s.DB.Query(ctx, "SELECT word, other FROM gap_refused")
	if err != nil {
		return nil, fmt.Errorf("read refused synonyms: %w", err)
	}
	defer rows.Close()
	found := map[pairKey]bool{}
	for rows.Next() {
		var k pairKey
		if err := rows.Scan(&k.word, &k.other); err != nil {
			return nil, fmt.Errorf("read refused synonyms: %w", err)
		}
		found[k] = true
	}
	return found, rows.Err()
}

// RefuseSynonyms proposes a pair no more.
func (s *Store) RefuseSynonyms(ctx context.Context, tx *db.Tx, word, other string) error {
	_, err := tx.Exec(ctx, "INSERT INTO gap_refused (word, other) VALUES (?, ?) ON CONFLICT DO NOTHING", word, other)
	return wrap("refuse synonyms", err)
}
