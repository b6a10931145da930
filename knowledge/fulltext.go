package knowledge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/keyword"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/whitespace"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search/query"
)

// fulltextSchema changes whenever the documents below do; an index of another schema is built anew.
const fulltextSchema = "2"

// The fields of a document. Live content and drafts have fields of their own, so that a customer's search cannot
// even see a draft.
const (
	fieldArticle = "article"
	fieldWords   = "words"
	fieldPieces  = "pieces"
	fieldAnswer  = "answer"
	draftPrefix  = "draft_"
)

var errBusy = errors.New("another process is using this index folder; give each node a folder of its own")

// fulltext is the index on disk: one document for each phrasing and one for each answer.
type fulltext struct{ index bleve.Index }

// mark is what the index remembers of how far it has followed the change log.
type mark struct {
	Schema  string `json:"schema"`
	N       int64  `json:"n"`
	Article int64  `json:"article"`
	At      int64  `json:"at"`
}

func markOf(c change) mark { return mark{fulltextSchema, c.n, c.article, c.at} }

const markKey = "huiyin.mark"

func fulltextMapping() (mapping.IndexMapping, error) {
	m := bleve.NewIndexMapping()
	m.ScoringModel = "bm25"
	if err := m.AddCustomAnalyzer("terms", map[string]any{"type": custom.Name, "tokenizer": whitespace.Name}); err != nil {
		return nil, err
	}
	doc := bleve.NewDocumentStaticMapping()
	doc.AddFieldMappingsAt(fieldArticle, indexed(keyword.Name))
	for _, field := range []string{fieldWords, fieldPieces, fieldAnswer} {
		doc.AddFieldMappingsAt(field, indexed("terms"))
		doc.AddFieldMappingsAt(draftPrefix+field, indexed("terms"))
	}
	m.DefaultMapping = doc
	return m, nil
}

func indexed(analyzer string) *mapping.FieldMapping {
	f := bleve.NewTextFieldMapping()
	f.Analyzer, f.Store, f.IncludeInAll, f.IncludeTermVectors, f.DocValues = analyzer, false, false, false, false
	return f
}

func fulltextConfig() map[string]any { return map[string]any{"bolt_timeout": "2s"} }

// guarded turns a panic of the library on damaged files into an error; a file cut short under its memory
// map would otherwise end the process.
func guarded(doing string, fn func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%s: damaged index: %v", doing, r)
		}
	}()
	if err := fn(); err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return nil
}

// openFulltext opens what is on disk and reads how far it had come.
func openFulltext(path string) (f *fulltext, m mark, err error) {
	err = guarded("open index", func() error {
		index, err := bleve.OpenUsing(path, fulltextConfig())
		if err != nil {
			return err
		}
		data, err := index.GetInternal([]byte(markKey))
		if err == nil {
			err = json.Unmarshal(data, &m)
		}
		if err != nil {
			_ = index.Close()
			return err
		}
		f = &fulltext{index}
		return nil
	})
	if err != nil && strings.Contains(err.Error(), "timeout") {
		err = errBusy
	}
	return f, m, err
}

// createFulltext makes an empty index, away with whatever is there.
func createFulltext(path string) (*fulltext, error) {
	if err := os.RemoveAll(path); err != nil {
		return nil, fmt.Errorf("remove old index: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make index folder: %w", err)
	}
	m, err := fulltextMapping()
	if err != nil {
		return nil, fmt.Errorf("describe index: %w", err)
	}
	var index bleve.Index
	err = guarded("create index", func() (err error) {
		index, err = bleve.NewUsing(path, m, scorch.Name, scorch.Name, fulltextConfig())
		return err
	})
	if err != nil {
		return nil, err
	}
	return &fulltext{index}, nil
}

func (f *fulltext) close() error {
	return guarded("close index", f.index.Close)
}

// update replaces the documents of articles and notes how far the log was followed, in one batch.
func (f *fulltext) update(ids []int64, entries map[int64]*entry, m mark, fresh bool) error {
	return guarded("update index", func() error {
		batch := f.index.NewBatch()
		for _, id := range ids {
			if !fresh {
				if err := f.forget(batch, id); err != nil {
					return err
				}
			}
			if e := entries[id]; e != nil {
				if err := addDocuments(batch, e); err != nil {
					return err
				}
			}
		}
		data, err := json.Marshal(m)
		if err != nil {
			return err
		}
		batch.SetInternal([]byte(markKey), data)
		return f.index.Batch(batch)
	})
}

// probe reads a little of the index. Searches seldom need it, so that damage would be found late.
func (f *fulltext) probe(article int64) error {
	return guarded("read index", func() error {
		q := bleve.NewTermQuery(strconv.FormatInt(article, 10))
		q.SetField(fieldArticle)
		_, err := f.index.Search(bleve.NewSearchRequestOptions(q, 1, 0, false))
		return err
	})
}

// maxDocuments bounds the documents of one article: both variants, all languages, all phrasings, answers.
const maxDocuments = 2 * MaxLanguages * (MaxSimilar + 2)

func (f *fulltext) forget(batch *bleve.Batch, id int64) error {
	q := bleve.NewTermQuery(strconv.FormatInt(id, 10))
	q.SetField(fieldArticle)
	found, err := f.index.Search(bleve.NewSearchRequestOptions(q, maxDocuments, 0, false))
	if err != nil {
		return err
	}
	for _, hit := range found.Hits {
		batch.Delete(hit.ID)
	}
	return nil
}

func addDocuments(batch *bleve.Batch, e *entry) error {
	for prefix, v := range map[string]*variant{"": e.live, draftPrefix: e.draft} {
		if v == nil {
			continue
		}
		article := strconv.FormatInt(e.id, 10)
		for i, p := range v.phrasings {
			words, pieces := fulltextTerms(cut(p.normalized))
			doc := map[string]any{fieldArticle: article, prefix + fieldWords: strings.Join(words, " "), prefix + fieldPieces: strings.Join(pieces, " ")}
			if err := batch.Index(article+"."+prefix+strconv.Itoa(i), doc); err != nil {
				return err
			}
		}
		for l, answer := range v.content.Answer {
			answerWords, _ := fulltextTerms(answerTerms(answer))
			doc := map[string]any{fieldArticle: article, prefix + fieldAnswer: strings.Join(answerWords, " ")}
			if err := batch.Index(article+"."+prefix+l, doc); err != nil {
				return err
			}
		}
	}
	return nil
}

// wanted are the terms to look for in one field.
type wanted struct {
	field string
	terms []string
	boost float64
}

// candidates gives the articles of the best documents, best first.
func (f *fulltext) candidates(ctx context.Context, parts []wanted, limit int) (ids []int64, err error) {
	var terms []query.Query
	for _, part := range parts {
		for _, t := range part.terms {
			q := bleve.NewTermQuery(t)
			q.SetField(part.field)
			q.SetBoost(part.boost)
			terms = append(terms, q)
		}
	}
	if len(terms) == 0 {
		return nil, nil
	}
	err = guarded("search index", func() error {
		found, err := f.index.SearchInContext(ctx, bleve.NewSearchRequestOptions(bleve.NewDisjunctionQuery(terms...), limit, 0, false))
		if err != nil {
			return err
		}
		for _, hit := range found.Hits {
			article, _, _ := strings.Cut(hit.ID, ".")
			id, err := strconv.ParseInt(article, 10, 64)
			if err != nil {
				return fmt.Errorf("unexpected document %q", hit.ID)
			}
			ids = append(ids, id)
		}
		return nil
	})
	return ids, err
}
