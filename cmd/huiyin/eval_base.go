package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"huiyin/db"
	"huiyin/hub"
	"huiyin/knowledge"
	"huiyin/nlu"
)

// evalArticle is one article of a knowledge base to be measured.
type evalArticle struct {
	id, question, answer string
	similar              []string
}

// evalBase is a knowledge base in a temporary folder.
type evalBase struct {
	folder  string
	db      *db.DB
	index   *knowledge.Index
	took    time.Duration // to import, index and learn
	bytes   int64         // of the index on disk and of what was learnt
	timings []time.Duration
}

func openEvalBase(ctx context.Context, articles []evalArticle) (*evalBase, error) {
	folder, err := os.MkdirTemp("", "huiyin-eval-")
	if err != nil {
		return nil, fmt.Errorf("make a temporary folder: %w", err)
	}
	b := &evalBase{folder: folder}
	if err := b.fill(ctx, articles); err != nil {
		b.close()
		return nil, err
	}
	return b, nil
}

func (b *evalBase) fill(ctx context.Context, articles []evalArticle) error {
	lines, err := importLines(articles)
	if err != nil {
		return err
	}
	b.db, err = db.Open(ctx, filepath.Join(b.folder, "huiyin.db"), db.Options{})
	if err != nil {
		return err
	}
	if err := b.db.Migrate(ctx, knowledge.Migrations()); err != nil {
		return err
	}
	began := time.Now()
	report, err := knowledge.Import(ctx, b.db, knowledge.Author{Name: "eval"}, knowledge.JSONL, lines)
	if err != nil {
		return err
	}
	for _, row := range report.Rows {
		if row.Outcome == knowledge.Refused {
			return fmt.Errorf("article %s is refused: %s: %s", row.Key, row.Field, row.Message)
		}
	}
	b.index, err = knowledge.Open(ctx, b.folder, b.db, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	if err := b.index.Learn(ctx); err != nil {
		return err
	}
	b.took = time.Since(began)
	disk, err := folderSize(filepath.Join(b.folder, "articles.bleve"))
	b.bytes = disk + int64(b.index.Learned())
	return err
}

// close takes the temporary folder away again.
func (b *evalBase) close() {
	if b.index != nil {
		_ = b.index.Close()
	}
	if b.db != nil {
		_ = b.db.Close()
	}
	_ = os.RemoveAll(b.folder)
}

// importLines writes articles in the form that is imported.
func importLines(articles []evalArticle) (io.Reader, error) {
	var lines bytes.Buffer
	out := json.NewEncoder(&lines)
	for _, a := range articles {
		language := string(nlu.DetectLanguage(a.question))
		if language == "" {
			language = string(nlu.LanguageEnglish)
		}
		err := out.Encode(map[string]any{"key": a.id, "status": knowledge.Published, "question": map[string]string{language: a.question},
			"answer": map[string]string{language: a.answer}, "similar": map[string][]string{language: a.similar}})
		if err != nil {
			return nil, fmt.Errorf("article %s: %w", a.id, err)
		}
	}
	return &lines, nil
}

// decide takes the product's own road from a message to a decision.
func (b *evalBase) decide(ctx context.Context, text string) ([]knowledge.Hit, hub.Decision, error) {
	began := time.Now()
	analysis := nlu.Analyze(text)
	hits, err := b.index.Search(ctx, analysis, knowledge.Options{Limit: evalDepth})
	if err != nil {
		return nil, hub.Decision{}, err
	}
	decision, _ := hub.Decide(hub.DefaultPolicy(), hub.Turn{Analysis: analysis, Hits: hits, HumanAvailable: true})
	b.timings = append(b.timings, time.Since(began))
	return hits, decision, nil
}

// evalDepth is how deep the ranking is looked at for the mean reciprocal rank.
const evalDepth = 10

func folderSize(folder string) (int64, error) {
	var size int64
	err := filepath.WalkDir(folder, func(_ string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) { // the index tidies up while it is looked at
			return nil
		}
		if err == nil {
			size += info.Size()
		}
		return err
	})
	return size, err
}

// readTSV reads the rows after the header line, one at the least; each has at least this many columns.
func readTSV(name string, columns int) ([][]string, error) {
	rows, err := tsvRows(name, columns)
	if err == nil && len(rows) == 0 {
		err = fmt.Errorf("%s: no rows after the header line", name)
	}
	return rows, err
}

// tsvRows reads the rows after the header line; there may be none.
func tsvRows(name string, columns int) ([][]string, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	in := bufio.NewScanner(file)
	in.Buffer(nil, 1<<20)
	var rows [][]string
	for n := 1; in.Scan(); n++ {
		if n == 1 || strings.TrimSpace(in.Text()) == "" {
			continue
		}
		row := strings.Split(strings.TrimSuffix(in.Text(), "\r"), "\t")
		if len(row) < columns {
			return nil, fmt.Errorf("%s: line %d has %d columns, not %d", name, n, len(row), columns)
		}
		rows = append(rows, row)
	}
	if err := in.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return rows, nil
}
