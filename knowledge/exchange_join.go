package knowledge

import (
	"errors"
	"io"
	"maps"
)

// sameAsAbove as key makes a row another language of the article in the row above.
const sameAsAbove = "^"

// joined puts the languages of one article together: those that follow each other with the same key.
type joined struct {
	pending *patch
	ended   error
}

func (j *joined) next(read func() (patch, error)) (patch, error) {
	for j.ended == nil {
		p, err := read()
		if err != nil {
			j.ended = err
			break
		}
		if j.pending != nil && j.pending.join(p) {
			continue
		}
		if p.key == sameAsAbove && p.refused == nil {
			p.refused = &Invalid{"key", sameAsAbove + " stands for the article in the row above, and there is none"}
		}
		whole := j.pending
		j.pending = &p
		if whole != nil {
			return *whole, nil
		}
	}
	if j.pending != nil && errors.Is(j.ended, io.EOF) {
		last := *j.pending
		j.pending = nil
		return last, nil
	}
	return patch{}, j.ended
}

// join adds another language of the same article.
func (p *patch) join(row patch) bool {
	if row.key != sameAsAbove && (row.key == "" || row.key != p.key) || p.refused != nil || row.refused != nil {
		return false
	}
	for l := range row.question {
		if _, twice := p.question[l]; twice {
			return false
		}
	}
	maps.Copy(p.question, row.question)
	maps.Copy(p.similar, row.similar)
	maps.Copy(p.answer, row.answer)
	return true
}
