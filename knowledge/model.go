package knowledge

import "math"

// The weights below were fitted on public question sets with the signs fixed beforehand: what speaks for an article
// may not count against it. The weights of exact, numbers_differ, negation_differs and other_language are set by hand, because
// those sets have too few such cases. docs/answers.md says how and with which result.

// rankWeights order the candidates.
func rankWeights() [rankFeatures]float64 {
	return [rankFeatures]float64{fAsked: 1.009, fPhrasing: 1.483, fExact: 4, fNumbers: -0.3, fNegation: -0.3, fLanguage: -0.2,
		fSecond: 3.308, fArticle: 2.459, fAll: 4.645, fWordOdds: 0.684, fPieceOdds: 0.873, fAnswer: 4.096}
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
	return [features]float64{fPhrasing: 0.999, fExact: 2.5, fNumbers: -1, fNegation: -0.4, fArticle: 1.422, fAll: 2.093, fPieceOdds: 0.143, fAnswer: 2.356, fMargin: 0.236, fChance: 1.778}
}

const confidenceBias = -3.805

func confidence(f measured) float64 {
	sum := confidenceBias
	for i, w := range confidenceWeights() {
		sum += w * f[i]
	}
	return 1 / (1 + math.Exp(-sum))
}
