package knowledge

// The weights below are what a knowledge base starts from. They were fitted on public question sets with the signs fixed
// beforehand: what speaks for an article may not count against it. The weights of exact, numbers_differ, negation_differs and
// other_language are set by hand, because those sets have too few such cases. docs/answers.md says how and with which result.

// shippedRank orders the candidates.
func shippedRank() measured {
	return measured{
		fPhrasing: 0.9, fExact: 4, fNumbers: -0.3, fNegation: -0.3, fLanguage: -0.2, fSecond: 0.688, fVotes: 0.223, fWords: 0.429,
		fPieces: 0.48, fPairs: 0.718, fIdeas: 2.88, fAll: 0.423, fPieceOdds: 0.197, fIdeaOdds: 1.041, fIdeasCovered: 0.367,
		fAnswer: 3.36, fText: 0.62, fAnswerIdeas: 2.312, fLearned: 0.457,
	}
}

// shippedConfidence turns the features of the first hit into the odds that it is right.
func shippedConfidence() [features]float64 {
	return [features]float64{
		fPhrasing: 0.057, fExact: 2.5, fNumbers: -1, fNegation: -0.4, fPairs: 0.367, fIdeas: 0.91, fPieceOdds: 0.115,
		fIdeaOdds: 0.204, fLearned: 0.785, fMargin: 0.156, fChance: 1.231, fUnknown: -1.5, fConstant: 0.661,
	}
}
