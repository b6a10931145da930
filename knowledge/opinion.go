package knowledge

import (
	"maps"
	"math"
	"slices"

	"huiyin/nlu"
	learner "huiyin/nlu/learn"
)

const (
	// maxOpinion is how many phrasings a model gives its opinion on; learning from more would take too long.
	maxOpinion = 5000
	// opinionShare is the weight of the model's opinion beside the matcher's.
	opinionShare = 0.5
)

// opinion learns from the phrasings outside one fold a model that the matcher shares its say with: it knows which words stand in
// for each other, where the matcher knows each word by itself. An article with a single phrasing is also known by its answer. It is
// nil when there are too many phrasings.
func (s *student) opinion(fold uint8) *learner.Model {
	if len(s.lessons) > maxOpinion {
		return nil
	}
	var examples []learner.Example
	for i, l := range s.lessons {
		if l.fold != fold {
			examples = append(examples, learner.Example{Text: s.phrasing(i).normalized, Class: int(l.class)})
		}
	}
	for class := range s.corpus.table.slots {
		v := s.corpus.table.slots[class].variant
		if len(v.phrasings) > 1 {
			continue
		}
		answers := v.content.Answer
		for _, language := range slices.Sorted(maps.Keys(answers)) {
			examples = append(examples, learner.Example{Text: nlu.Normalize(answers[language]), Class: class})
		}
	}
	return learner.Train(examples, len(s.corpus.table.slots))
}

// addOpinion mixes the model's shares of the candidates with the matcher's. Articles that were not learnt yet keep theirs.
func (c *corpus) addOpinion(q *question, list []ranked) {
	if c.learned.model == nil {
		return
	}
	said := c.learned.model.Score(q.normalized).Probabilities
	sum := 0.0
	for i := range list {
		if class := list[i].slot.class; class >= 0 {
			sum += float64(said[class])
		}
	}
	if sum <= 0 {
		return
	}
	for i := range list {
		if r := &list[i]; r.slot.class >= 0 {
			matched := float64((1 - opinionShare) * math.Exp(r.f[fLearned]))
			r.f[fLearned] = math.Log(matched + float64(opinionShare*float64(said[r.slot.class])/sum))
		}
	}
	normalizeLearned(list)
}
