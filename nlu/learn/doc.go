// Package learn learns classes from examples of texts: intents from utterances, articles from their phrasings. It
// is pure: no I/O, no clock, no chance of its own, so the same examples give the same model on every node. It
// decides nothing and knows no thresholds; that is for those who ask it.
//
// A model joins three views of a text, because each fails where another does not:
//
//   - a linear model over words, pairs of words and pieces of words (multinomial logistic regression), which knows
//     which rare word means which class;
//   - averages of learnt n-gram vectors (Joulin et al., Bag of Tricks for Efficient Text Classification, EACL 2017),
//     several of them from different seeds and trained with dropout, which know which words stand in for each other;
//   - the nearest example, which knows what was never seen at all.
package learn
