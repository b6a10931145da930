package golden

// BatchRow is one question of a table, with what is expected of it, where somebody has said so.
type BatchRow struct {
	Number int     `json:"number"` // in the file
	Asked  Asked   `json:"asked"`
	Wanted *Wanted `json:"wanted,omitempty"`
	Title  string  `json:"title,omitempty"` // of the article that is expected
}

// Batch is a table of questions.
type Batch struct {
	Name   string     `json:"name"` // of the file
	Drafts bool       `json:"drafts"`
	Rows   []BatchRow `json:"rows"`
}

// MaxBatch is how many questions a table may have.
const MaxBatch = 10000

// BatchAnswer is how one question of a table fared; Outcome is empty where nothing was expected.
type BatchAnswer struct {
	Outcome Outcome `json:"outcome,omitempty"`
	Decided Decided `json:"decided"`
}

// BatchResult is how a table fared, in the order of its rows.
type BatchResult struct {
	Count   map[Outcome]int `json:"count"` // of rows that expect something
	Acts    Tally           `json:"acts"`
	Answers []BatchAnswer   `json:"answers"`
}

// Add takes in what was decided on the next row.
func (r *BatchResult) Add(row BatchRow, d Decided) {
	a := BatchAnswer{Decided: d}
	if row.Wanted != nil {
		if r.Count == nil {
			r.Count = map[Outcome]int{}
		}
		a.Outcome = row.Wanted.Judge(d)
		r.Count[a.Outcome]++
	}
	r.Acts.add(d.Act, 1)
	r.Answers = append(r.Answers, a)
}
