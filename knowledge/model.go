package knowledge

// The weights below are what a knowledge base starts from. They were fitted on public question sets with the signs fixed
// beforehand: what speaks for an article may not count against it. The weights of exact, numbers_differ, negation_differs and
// other_language are set by hand, because those sets have too few such cases. docs/answers.md says how and with which result.

// shippedRank orders the candidates.
func shippedRank() measured {
	return measured{
		fAsked: 0.1, fPhrasing: 0.898, fExact: 4, fNumbers: -0.3, fNegation: -0.3, fLanguage: -0.2, fSecond: 0.746, fVotes: 0.04,
		fWords: 0.606, fPieces: 0.253, fPairs: 1.258, fIdeas: 2.499, fAll: 0.171, fWordOdds: 0.177, fPieceOdds: 0.343,
		fIdeaOdds: 0.393, fAnswer: 3.599, fText: 1.054, fAnswerIdeas: 1.456, fLearned: 0.467,
	}
}

// shippedConfidence turns the features of the first hit into the odds that it is right.
func shippedConfidence() [features]float64 {
	return [features]float64{
		fPhrasing: 0.052, fExact: 2.5, fNumbers: -1, fNegation: -0.4, fPairs: 0.776, fIdeas: 1.07, fPieceOdds: 0.269,
		fIdeaOdds: 0.074, fLearned: 0.699, fMargin: 0.077, fChance: 1.214, fUnknown: -1.5, fConstant: 0.481,
	}
}
