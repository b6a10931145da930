// Package learn learns classes from examples of texts: intents from utterances, articles from their phrasings. It
// is pure: no I/O, no clock, no chance of its own, so the same examples give the same model on every node. It
// decides nothing and knows no thresholds; that is for those who ask it.
//
// A text is its words, pairs of words, pieces of words and the groups that its words belong to (words that stand in for
// each other, in English and Chinese, written for this program). A model joins three views of them, because each fails where another
// does not:
//
//   - a linear model (multinomial logistic regression), which knows which rare word means which class;
//   - sums of learnt feature vectors (Joulin et al., Bag of Tricks for Efficient Text Classification, EACL 2017), several
//     from different seeds and trained with most of each text left out, which know which words stand in for each other here;
//   - the nearest example, which knows what was never seen at all.
package learn
