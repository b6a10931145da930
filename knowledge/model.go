package knowledge

import "math"

// The weights below were fitted on public question sets with the signs fixed beforehand: what speaks for an article
// may not count against it. The weights of exact, numbers_differ, negation_differs and other_language are set by hand, because
// those sets have too few such cases. docs/answers.md says how and with which result.

// rankWeights order the candidates.
func rankWeights() [rankFeatures]float64 {
	return [rankFeatures]float64{fAsked: 0.956, fPhrasing: 1.543, fExact: 4, fNumbers: -0.3, fNegation: -0.3, fLanguage: -0.2,
		fSecond: 3.296, fArticle: 2.348, fAll: 4.642, fWordOdds: 0.689, fPieceOdds: 0.896, fAnswer: 4.035}
}

func score(f measured) float64 {
	sum := 0.0
	for i, w := range rankWeights() {
		sum += w * f[i]
	}
	return sum
}

// confidenceWeights turn a hit's features into the odds that it is the right answer.
func confidenceWeights() [features]float64 {
	return [features]float64{fPhrasing: 0.323, fExact: 2.5, fNumbers: -1, fNegation: -0.4, fArticle: 0.808, fAll: 1.081, fPieceOdds: 0.007,
		fAnswer: 1.786, fMargin: 0.332, fChance: 1.952}
}

const confidenceBias = -2.566

// noArticle is the score of the thought that no article answers: it takes part in margin and chance like one more candidate, so
// that an article without rivals is not sure for want of them.
const noArticle = 3.0

func confidence(f measured) float64 {
	sum := confidenceBias
	for i, w := range confidenceWeights() {
		sum += w * f[i]
	}
	return 1 / (1 + math.Exp(-sum))
}
