package knowledge

import "math"

// The weights below were fitted on public question sets with the signs fixed beforehand: what speaks for an article
// may not count against it. The weights of exact, numbers_differ, negation_differs and other_language are set by hand, because
// those sets have too few such cases. docs/answers.md says how and with which result.

// rankWeights order the candidates.
func rankWeights() [rankFeatures]float64 {
	return [rankFeatures]float64{fAsked: 0.931, fPhrasing: 1.501, fExact: 4, fNumbers: -0.3, fNegation: -0.3, fLanguage: -0.2,
		fSecond: 3.306, fArticle: 2.664, fAll: 4.601, fWordOdds: 0.671, fPieceOdds: 0.880, fAnswer: 3.898}
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
	return [features]float64{fPhrasing: 0.945, fExact: 2.5, fArticle: 1.365, fAll: 2.168, fPieceOdds: 0.151, fAnswer: 2.084, fMargin: 0.242, fChance: 1.704}
}

const confidenceBias = -3.725

func confidence(f measured) float64 {
	sum := confidenceBias
	for i, w := range confidenceWeights() {
		sum += w * f[i]
	}
	return 1 / (1 + math.Exp(-sum))
}
