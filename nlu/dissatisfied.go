package nlu

import (
	"math"
	"strings"
	"unicode/utf8"
)

// Said is one message of a conversation.
type Said struct {
	ByCustomer bool
	Text       string
}

// Dissatisfied gives the chance, from 0 to 1, that the customer of a conversation is dissatisfied with how it goes, from what
// the customer says, in Chinese or English, and from how often. What the other side says is not looked at, only who spoke last: a
// bot's wording would otherwise count as the customer's feeling. It is a logistic model over the cues of cues.go; the weights were
// fitted on the conversations of a public set, of whose texts it holds none. Its chance is right for customers who address a help
// desk in public, three in ten of whom are dissatisfied; elsewhere take it as an order.
func Dissatisfied(conversation []Said) float64 {
	var own []string
	for _, s := range conversation {
		if s.ByCustomer {
			own = append(own, clip(s.Text))
		}
	}
	if len(own) == 0 {
		return 0
	}
	sum := conversationBias + weigh(own[0], inFirst)
	if len(own) > 1 {
		sum += weigh(clip(strings.Join(own[1:], " 。 ")), inRest) + weigh(own[len(own)-1], inLast)
	} else {
		sum += weigh("", inRest) + weigh("", inLast)
	}
	n, last := float64(len(own)), conversation[len(conversation)-1].ByCustomer
	for i, x := range [courses]float64{n, flag(last), flag(n == 1), flag(n > 2), n * flag(last)} {
		sum += x * courseWeights[i]
	}
	return sigmoid(sum)
}

// courses are the measures of how a conversation went: the customer's messages, whether the customer spoke last, whether
// there is one message, or more than two, and the messages if the customer spoke last.
const courses = 5

// view is which message of a conversation a weight is for.
type view int

const (
	alone   view = iota // a message by itself
	inFirst             // the first of a conversation
	inRest              // the customer's others together
	inLast              // the last of them
	views
)

// marks are the measures of a text that are no words.
const (
	markShouts = iota // exclamation marks
	markQuestions
	markSeveralQuestions
	markEndsAsking
	markDots
	markLength
	markClauses
	markShort
	markManyShouts
	marks
)

// feelAlone is the chance that who writes this one message is dissatisfied.
func feelAlone(text, normalized string, pieces []piece) float64 {
	return sigmoid(aloneBias + weighCut(text, normalized, pieces, alone))
}

func weigh(text string, v view) float64 {
	normalized := Normalize(text)
	return weighCut(text, normalized, cut(normalized), v)
}

func weighCut(text, normalized string, pieces []piece, v view) float64 {
	sum := 0.0
	for c, n := range cueCounts(pieces) {
		if n > 0 {
			sum += math.Log1p(n) * cueWeights[c][v]
		}
	}
	for m, x := range marksOf(text, normalized) {
		sum += x * markWeights[m][v]
	}
	return sum
}

func marksOf(text, normalized string) (m [marks]float64) {
	shouts, questions, length := 0.0, 0.0, float64(utf8.RuneCountInString(text))
	dots := float64(strings.Count(text, "..."))
	for _, r := range text {
		switch r {
		case '!', '！':
			shouts++
		case '?', '？':
			questions++
		case '…':
			dots++
		}
	}
	clauses := 1.0
	for i := range len(normalized) {
		if normalized[i] == ',' || normalized[i] == '.' {
			clauses++
		}
	}
	m[markShouts], m[markManyShouts] = math.Log1p(shouts), flag(shouts > 2)
	m[markQuestions], m[markSeveralQuestions] = math.Log1p(questions), flag(questions > 1)
	m[markEndsAsking] = flag(strings.HasSuffix(normalized, "?"))
	m[markDots] = math.Log1p(dots)
	m[markLength], m[markShort], m[markClauses] = math.Log1p(length), flag(length < 8), math.Log1p(clauses)
	return m
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
