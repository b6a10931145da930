package main

import (
	"context"
)

// intentsResult is what `eval intents` prints.
type intentsResult struct {
	Queries   int      `json:"queries"`
	Accuracy  float64  `json:"accuracy"`
	Hit3      float64  `json:"hit3"`
	Valid     *float64 `json:"valid_accuracy,omitempty"`
	OOSAUROC  *float64 `json:"oos_auroc,omitempty"`
	OOSRej95  *float64 `json:"oos_rej95,omitempty"`
	Train     float64  `json:"train_s"`
	PerSecond float64  `json:"decisions_per_s"`
	P99       int64    `json:"p99_us"`
	Bytes     int64    `json:"bytes"`
}

func measureIntents(train, valid, test, oos string) (intentsResult, error) {
	ctx := context.Background()
	examples, err := readTSV(train, 2)
	if err != nil {
		return intentsResult{}, err
	}
	base, err := openEvalBase(ctx, intentArticles(examples))
	if err != nil {
		return intentsResult{}, err
	}
	defer base.close()
	t, err := askFile(ctx, base, test)
	if err != nil {
		return intentsResult{}, err
	}
	all := t.result()
	result := intentsResult{Queries: t.n, Accuracy: all.Hit1, Hit3: all.Hit3}
	if valid != "" {
		v, err := askFile(ctx, base, valid)
		if err != nil {
			return intentsResult{}, err
		}
		result.Valid = &[]float64{v.result().Hit1}[0]
	}
	if oos != "" {
		r, err := askRejects(ctx, base, oos, t.confidence)
		if err != nil {
			return intentsResult{}, err
		}
		result.OOSAUROC, result.OOSRej95 = &r.AUROC, &r.Rej95
	}
	result.PerSecond, result.P99 = speed(base.timings)
	result.Train, result.Bytes = rounded(base.took.Seconds()), base.bytes
	return result, nil
}

func askFile(ctx context.Context, base *evalBase, file string) (*tally, error) {
	rows, err := readTSV(file, 2)
	if err != nil {
		return nil, err
	}
	return askAll(ctx, base, rows)
}

// intentArticles makes an article of each intent: its first example is the question, the others are similar ones.
func intentArticles(examples [][]string) []evalArticle {
	var articles []evalArticle
	place := map[string]int{}
	for _, row := range examples {
		text, intent := row[0], row[1]
		i, ok := place[intent]
		if !ok {
			place[intent] = len(articles)
			articles = append(articles, evalArticle{id: intent, question: text, answer: intent})
			continue
		}
		articles[i].similar = append(articles[i].similar, text)
	}
	return articles
}
