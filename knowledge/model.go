package knowledge

import "math"

// rankWeights order the candidates: fitted so that the right article comes first (docs/answers.md says how).
func rankWeights() [featureCount]float64 {
	return [featureCount]float64{fWords: 4, fPieces: 4, fAsked: 3, fPhrasing: 1, fExact: 5, fAnswer: 1, fSupport: 1, fNumbers: -0.5, fNegation: -0.5, fLanguage: -0.2}
}

// confidenceWeights turn a hit's features into the odds that it is the right answer.
func confidenceWeights() [confidenceCount]float64 {
	return [confidenceCount]float64{fScore: 0.6, fMargin: 0.8, fUnknown: -2}
}

const confidenceBias = -4

func confidence(f features) float64 {
	sum := float64(confidenceBias)
	for i, w := range confidenceWeights() {
		sum += w * f[i]
	}
	return 1 / (1 + math.Exp(-sum))
}
