package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"huiyin/hub"
	"huiyin/knowledge"
)

// answersResult is what `eval answers` prints.
type answersResult struct {
	Queries        int                     `json:"queries"`
	Hit1           float64                 `json:"hit1"`
	Hit3           float64                 `json:"hit3"`
	MRR            float64                 `json:"mrr"`
	Right          float64                 `json:"right"`
	Wrong          float64                 `json:"wrong"`
	ClarifiedRight float64                 `json:"clarified_right"`
	ClarifiedWrong float64                 `json:"clarified_wrong"`
	HandedOff      float64                 `json:"handed_off"` // to a human, or asked to say it in other words
	Smalltalk      float64                 `json:"smalltalk"`
	Reject         map[string]rejectResult `json:"reject"`
	ECE            float64                 `json:"ece"`
	PerSecond      float64                 `json:"decisions_per_s"`
	P99            int64                   `json:"p99_us"`
	Build          float64                 `json:"build_s"`
	Bytes          int64                   `json:"bytes"`
}

type rejectResult struct {
	AUROC     float64 `json:"auroc"`
	Rej95     float64 `json:"rej95"`
	Answered  float64 `json:"answered"`
	Clarified float64 `json:"clarified"`
	HandedOff float64 `json:"handed_off"`
	Smalltalk float64 `json:"smalltalk"`
}

func measureAnswers(kb, similar, queries string, reject map[string]string) (answersResult, error) {
	ctx := context.Background()
	articles, err := readArticles(kb, similar)
	if err != nil {
		return answersResult{}, err
	}
	asked, err := readTSV(queries, 2)
	if err != nil {
		return answersResult{}, err
	}
	base, err := openEvalBase(ctx, articles)
	if err != nil {
		return answersResult{}, err
	}
	defer base.close()
	t, err := askAll(ctx, base, asked)
	if err != nil {
		return answersResult{}, err
	}
	result := t.result()
	for _, name := range slices.Sorted(maps.Keys(reject)) {
		if result.Reject[name], err = askRejects(ctx, base, reject[name], t.confidence); err != nil {
			return answersResult{}, err
		}
	}
	result.PerSecond, result.P99 = speed(base.timings)
	result.Build, result.Bytes = rounded(base.took.Seconds()), base.bytes
	return result, nil
}

// tally counts what became of the questions.
type tally struct {
	n                                            int
	hit1, hit3, reciprocal                       float64
	right, wrong, clarifiedRight, clarifiedWrong float64
	handedOff, smalltalk                         float64
	confidence                                   []float64
	firstRight                                   []bool
}

func askAll(ctx context.Context, base *evalBase, rows [][]string) (*tally, error) {
	t := &tally{}
	for _, row := range rows {
		hits, decision, err := base.decide(ctx, row[0])
		if err != nil {
			return nil, fmt.Errorf("ask %q: %w", row[0], err)
		}
		t.add(strings.Split(row[1], ","), hits, decision)
	}
	return t, nil
}

func (t *tally) add(right []string, hits []knowledge.Hit, d hub.Decision) {
	t.n++
	place := slices.IndexFunc(hits, func(h knowledge.Hit) bool { return slices.Contains(right, h.Key) })
	if place >= 0 {
		t.reciprocal += 1 / float64(place+1)
	}
	if place == 0 {
		t.hit1++
	}
	if place >= 0 && place < 3 {
		t.hit3++
	}
	t.confidence = append(t.confidence, topConfidence(hits))
	t.firstRight = append(t.firstRight, place == 0)
	t.decided(right, d)
}

func (t *tally) decided(right []string, d hub.Decision) {
	isRight := func(h knowledge.Hit) bool { return slices.Contains(right, h.Key) }
	switch {
	case d.Act == hub.ActAnswer && isRight(d.Hit):
		t.right++
	case d.Act == hub.ActAnswer:
		t.wrong++
	case d.Act == hub.ActClarify && slices.ContainsFunc(d.Choices, isRight):
		t.clarifiedRight++
	case d.Act == hub.ActClarify:
		t.clarifiedWrong++
	case d.Act == hub.ActSmalltalk:
		t.smalltalk++
	default:
		t.handedOff++
	}
}

func topConfidence(hits []knowledge.Hit) float64 {
	if len(hits) == 0 {
		return 0
	}
	return hits[0].Confidence
}

func (t *tally) result() answersResult {
	share := func(count float64) float64 { return rounded(count / float64(t.n)) }
	return answersResult{Queries: t.n, Hit1: share(t.hit1), Hit3: share(t.hit3), MRR: share(t.reciprocal), Right: share(t.right), Wrong: share(t.wrong),
		ClarifiedRight: share(t.clarifiedRight), ClarifiedWrong: share(t.clarifiedWrong), HandedOff: share(t.handedOff), Smalltalk: share(t.smalltalk),
		Reject: map[string]rejectResult{}, ECE: rounded(calibrationError(t.confidence, t.firstRight))}
}

func askRejects(ctx context.Context, base *evalBase, file string, accepted []float64) (rejectResult, error) {
	rows, err := readTSV(file, 1)
	if err != nil {
		return rejectResult{}, err
	}
	t := &tally{}
	for _, row := range rows {
		hits, decision, err := base.decide(ctx, row[0])
		if err != nil {
			return rejectResult{}, fmt.Errorf("ask %q: %w", row[0], err)
		}
		t.add(nil, hits, decision)
	}
	share := func(count float64) float64 { return rounded(count / float64(t.n)) }
	return rejectResult{AUROC: rounded(auroc(accepted, t.confidence)), Rej95: rounded(rejectedAt95(accepted, t.confidence)),
		Answered: share(t.wrong), Clarified: share(t.clarifiedWrong), HandedOff: share(t.handedOff), Smalltalk: share(t.smalltalk)}, nil
}

// readArticles reads a knowledge base and, where given, its similar questions.
func readArticles(kb, similar string) ([]evalArticle, error) {
	file, err := os.Open(kb)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	in := bufio.NewScanner(file)
	in.Buffer(nil, 4<<20)
	var articles []evalArticle
	place := map[string]int{}
	for n := 1; in.Scan(); n++ {
		var row struct {
			ID       string `json:"faq_id"`
			Question string `json:"question"`
			Answer   string `json:"answer"`
		}
		if len(bytes.TrimSpace(in.Bytes())) == 0 {
			continue
		}
		if err := json.Unmarshal(in.Bytes(), &row); err != nil {
			return nil, fmt.Errorf("%s: line %d: %w", kb, n, err)
		}
		place[row.ID] = len(articles)
		articles = append(articles, evalArticle{id: row.ID, question: row.Question, answer: row.Answer})
	}
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", kb, err)
	}
	if similar == "" {
		return articles, nil
	}
	return articles, addSimilar(articles, place, similar)
}

func addSimilar(articles []evalArticle, place map[string]int, file string) error {
	rows, err := tsvRows(file, 2) // a base without similar questions is one too
	if err != nil {
		return err
	}
	for _, row := range rows {
		i, ok := place[row[1]]
		if !ok {
			return fmt.Errorf("%s: there is no article %q", file, row[1])
		}
		articles[i].similar = append(articles[i].similar, row[0])
	}
	return nil
}
