package hub

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"huiyin/knowledge/golden"
	"huiyin/nlu"
)

// posed is a question to be decided as it would be for whoever asked it, with what is kept of the conversation.
type posed struct {
	asked     golden.Asked
	misses    int
	available bool
	unhelpful []int64
	facts     Facts
	drafts    bool
	key       string // the same for questions that are decided alike
	count     int
	spots     []golden.Source
}

// pose makes a question of somebody of whom nothing else is known; colleagues are at the desk.
func pose(a golden.Asked) posed { return posed{asked: a, available: true, count: 1} }

// examiner decides posed questions under one policy and one state of the knowledge.
type examiner struct {
	hub    *Hub
	find   finder
	policy Policy
}

// decide decides one question. Buttons are not pressed here, so that no table is read.
func (x examiner) decide(ctx context.Context, p posed) (golden.Decided, error) {
	a := p.asked
	if a.Language == "" {
		a.Language = string(nlu.DetectLanguage(a.Question))
	}
	m := &mind{hub: x.hub, find: x.find, policy: x.policy, asker: Asker{Channel: a.Channel, Tier: a.Tier, Language: a.Language, At: a.At, Drafts: p.drafts},
		available: p.available, misses: p.misses, unhelpful: p.unhelpful, facts: p.facts}
	t, err := m.weigh(ctx, a.Question, nil)
	if err == nil && t.unsure() {
		t, err = m.inAnotherLanguage(ctx, saying{text: a.Question}, t)
	}
	if err != nil {
		return golden.Decided{}, err
	}
	return t.inShort(), nil
}

// inShort is a thought as a list shows it.
func (t thought) inShort() golden.Decided {
	d := golden.Decided{Act: string(t.decision.Act), Reason: string(t.decision.Reason), Rule: t.decision.Rule, Confidence: t.explanation.best()}
	if t.decision.Act == ActAnswer {
		hit := t.decision.Hit
		d.Article, d.Revision, d.Number, d.Title, d.Confidence = hit.ArticleID, hit.RevisionID, hit.Revision, hit.Question, hit.Confidence
		return d
	}
	likely := t.decision.Choices
	if len(likely) == 0 {
		likely = t.hits[:min(len(t.hits), 1)]
	}
	for _, hit := range likely {
		d.Offers = append(d.Offers, golden.Candidate{Article: hit.ArticleID, Title: hit.Question, Confidence: hit.Confidence})
	}
	return d
}

// maxExaminers is how many questions are decided at the same time: customers are to be answered meanwhile.
const maxExaminers = 2

// examine decides many questions, some at a time, and counts them in done.
func (x examiner) examine(ctx context.Context, list []posed, atOnce int, done *atomic.Int64) ([]golden.Decided, error) {
	decided, failed := make([]golden.Decided, len(list)), make([]error, atOnce)
	var next atomic.Int64
	var all sync.WaitGroup
	for worker := range atOnce {
		all.Go(func() {
			for at := next.Add(1) - 1; at < int64(len(list)) && ctx.Err() == nil; at = next.Add(1) - 1 {
				if decided[at], failed[worker] = x.decide(ctx, list[at]); failed[worker] != nil {
					return
				}
				done.Add(1)
			}
		})
	}
	all.Wait()
	return decided, errors.Join(append(failed, ctx.Err())...)
}

func examiners() int { return min(maxExaminers, runtime.GOMAXPROCS(0)) }

// storedTurn is what is read of a stored explanation; the hits, which are most of it, are left.
type storedTurn struct {
	Question       string            `json:"question"`
	Language       nlu.Language      `json:"language"`
	Misunderstood  int               `json:"misunderstood"`
	HumanAvailable bool              `json:"human_available"`
	Decision       ExplainedDecision `json:"decision"`
	Rule           string            `json:"rule"`
	Context        *ExplainedContext `json:"context"`
	Channel        string            `json:"channel"`
	Tier           string            `json:"tier"`
	Asked          string            `json:"asked"`
	Unhelpful      []int64           `json:"unhelpful"`
	Facts          *Facts            `json:"facts"`
}

// mostSpots is how many conversations are named where many asked the same.
const mostSpots = 5

// recalled reads the newest questions of customers, at most so many, with what was known of the conversation then. Questions that are
// decided alike are one.
func (h *Hub) recalled(ctx context.Context, most int) ([]posed, error) {
	var list []posed
	place := map[string]int{}
	before, left, facts := int64(0), most, h.triggers().useFacts()
	for left > 0 {
		page, err := h.Conversations.ExplainedTurns(ctx, h.DB, before, min(left, recalledPage))
		if err != nil {
			return nil, err
		}
		for _, t := range page {
			p, ok := recall(t.Explanation, facts)
			if !ok {
				continue
			}
			left--
			at, known := place[p.key]
			if !known {
				at = len(list)
				place[p.key] = at
				list = append(list, p)
			}
			list[at].count++
			if len(list[at].spots) < mostSpots {
				list[at].spots = append(list[at].spots, golden.Source{ConversationID: t.ConversationID, Seq: t.Seq})
			}
		}
		if len(page) == 0 {
			break
		}
		before = page[len(page)-1].MessageID
	}
	return list, nil
}

// recalledPage is how many explanations are read at once.
const recalledPage = 1000

// recall makes a question of a stored explanation; not of a button that was pressed, a reminder or a file. Facts are left where no
// rule looks at them, so that more questions are decided alike.
func recall(explained string, facts bool) (posed, bool) {
	var k storedTurn
	if err := json.Unmarshal(withoutHits(explained), &k); err != nil {
		return posed{}, false
	}
	e := Explanation{Context: k.Context, Rule: k.Rule, Asked: k.Asked, Decision: k.Decision}
	if !e.tellable() {
		return posed{}, false
	}
	p := posed{asked: golden.Asked{Question: k.Asked, Language: string(k.Language), Channel: k.Channel, Tier: k.Tier}, misses: k.Misunderstood,
		available: k.HumanAvailable, unhelpful: k.Unhelpful}
	if k.Facts != nil && facts {
		p.facts = *k.Facts
	}
	p.key = fmt.Sprint(p.asked.Question, "\x00", p.asked.Language, k.Channel, "\x00", k.Tier, k.Misunderstood, k.HumanAvailable, k.Unhelpful, p.facts)
	return p, true
}
