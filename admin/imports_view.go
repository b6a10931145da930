package admin

import (
	"cmp"

	"huiyin/admin/api"
	"huiyin/knowledge"
)

func viewArticleImport(i knowledge.ImportInfo) api.ArticleImport {
	return api.ArticleImport{Id: i.ID, Name: i.Name, Format: string(i.Format), By: i.Author.Name, DryRun: i.Dry, Publish: !i.Draft, State: api.ArticleImportState(i.State),
		Done: i.Done, Added: i.Added, Changed: i.Changed, Unchanged: i.Unchanged, Refused: i.Refused, Kept: i.Kept, Problem: opt(i.Problem),
		StartedAt: i.StartedAt, EndedAt: optTime(i.EndedAt), UndoneAt: optTime(i.UndoneAt), UndoneBy: opt(i.UndoneBy)}
}

func viewImportRow(r knowledge.ImportRow) api.ArticleImportRow {
	return api.ArticleImportRow{N: r.N, Line: r.Line, File: opt(r.Source), Key: opt(r.Key), Question: opt(r.Title), ArticleId: opt(r.Article),
		Outcome: api.ArticleImportRowOutcome(r.Outcome), Field: opt(r.Field), Message: opt(r.Message), Undone: opt(api.ArticleImportRowUndone(r.Undone))}
}

func viewLook(p knowledge.Preview) api.ImportLook {
	shown := api.ImportLook{Format: string(p.Format), Encoding: opt(p.Encoding), Macros: p.Macros, Translation: p.Translation, Sheets: list(p.Sheets), Columns: list(p.Columns),
		Guess: p.Guess, Rows: list(p.Rows), Headings: list(p.Headings)}
	if shown.Guess == nil {
		shown.Guess = map[string]int{}
	}
	shown.Samples = shown.Samples[:0:0]
	for _, s := range p.Samples {
		one := struct {
			Answer   string  `json:"answer"`
			Category *string `json:"category,omitempty"`
			File     *string `json:"file,omitempty"`
			Question string  `json:"question"`
		}{s.Answer, opt(s.Category), opt(s.Source), cmp.Or(s.Question, "")}
		shown.Samples = append(shown.Samples, one)
	}
	shown.Samples = list(shown.Samples)
	return shown
}

// list makes no list an empty one.
func list[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}
