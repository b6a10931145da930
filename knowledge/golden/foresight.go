package golden

import (
	"cmp"
	"slices"
)

// Change is a change that nobody has published yet. Exactly one member says which.
type Change struct {
	Publish   int64       `json:"publish,omitempty"` // the newest content of this article is given to customers
	Unpublish int64       `json:"unpublish,omitempty"`
	Archive   int64       `json:"archive,omitempty"`
	Synonyms  *[][]string `json:"synonyms,omitempty"`
	Settings  string      `json:"settings,omitempty"` // wishes about answers, as JSON
}

// Tally counts questions by what is done with them.
type Tally struct {
	Answered int `json:"answered"`
	Offered  int `json:"offered"`
	Asked    int `json:"asked"`
	Handed   int `json:"handed"`
}

func (t *Tally) add(act string, n int) {
	switch rung(act) {
	case 3:
		t.Answered += n
	case 2:
		t.Offered += n
	case 1:
		t.Asked += n
	default:
		t.Handed += n
	}
}

// Difference is a question that would be decided otherwise.
type Difference struct {
	Kind     Kind     `json:"kind"`
	GoldenID int64    `json:"golden_id,omitempty"`
	Asked    Asked    `json:"asked"`
	Count    int      `json:"count"` // how many customers asked it
	Before   Decided  `json:"before"`
	After    Decided  `json:"after"`
	Spots    []Source `json:"spots,omitempty"` // some of the conversations
}

// Foresight is what a change would do.
type Foresight struct {
	Golden       int          `json:"golden"` // golden questions that were asked
	Passed       int          `json:"passed"` // of them, before
	WouldPass    int          `json:"would_pass"`
	Questions    int          `json:"questions"` // of customers
	Distinct     int          `json:"distinct"`
	Before       Tally        `json:"before"`
	After        Tally        `json:"after"`
	Counts       map[Kind]int `json:"counts"` // questions by how they would be decided otherwise
	Differences  []Difference `json:"differences"`
	LeftOut      int          `json:"left_out"` // differences that are counted and not listed
	Milliseconds int64        `json:"milliseconds"`
}

// Red tells whether the change does harm: it breaks a golden question, or more customers lose their answer than gain one.
func (f *Foresight) Red() bool { return f.Counts[Broken] > 0 || f.Counts[Lost] > f.Counts[Gained] }

// Listed is how many differences a foresight lists.
const Listed = 400

// AddGolden takes in a golden question, as it was and would be decided.
func (f *Foresight) AddGolden(q Question, before, after Decided) {
	f.Golden++
	was, will := q.Judge(before) == Right, q.Judge(after) == Right
	kind := Compare(before, after)
	switch {
	case was && !will:
		kind = Broken
	case will && !was:
		kind = Mended
	case kind == Lost || kind == Gained || kind == Worse || kind == Better:
		kind = Different // whether that is good or bad is for the expectation to say
	}
	if was {
		f.Passed++
	}
	if will {
		f.WouldPass++
	}
	f.add(Difference{Kind: kind, GoldenID: q.ID, Asked: q.Asked, Count: 1, Before: before, After: after, Spots: q.Source.list()})
}

// AddReal takes in a question that so many customers asked.
func (f *Foresight) AddReal(asked Asked, count int, before, after Decided, spots []Source) {
	f.Questions, f.Distinct = f.Questions+count, f.Distinct+1
	f.Before.add(before.Act, count)
	f.After.add(after.Act, count)
	f.add(Difference{Kind: Compare(before, after), Asked: asked, Count: count, Before: before, After: after, Spots: spots})
}

func (f *Foresight) add(d Difference) {
	if d.Kind == Same {
		return
	}
	if f.Counts == nil {
		f.Counts = map[Kind]int{}
	}
	f.Counts[d.Kind] += d.Count
	f.Differences = append(f.Differences, d)
}

// Sort puts the gravest and the most asked first and leaves out what is too much to list.
func (f *Foresight) Sort() {
	order := map[Kind]int{}
	for i, k := range Kinds() {
		order[k] = i
	}
	slices.SortStableFunc(f.Differences, func(a, b Difference) int {
		return cmp.Or(cmp.Compare(order[a.Kind], order[b.Kind]), cmp.Compare(b.Count, a.Count), cmp.Compare(a.Asked.Question, b.Asked.Question))
	})
	if len(f.Differences) > Listed {
		f.LeftOut = len(f.Differences) - Listed
		f.Differences = f.Differences[:Listed]
	}
}

func (s Source) list() []Source {
	if s.ConversationID == 0 {
		return nil
	}
	return []Source{s}
}
