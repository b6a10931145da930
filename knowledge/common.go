package knowledge

import (
	"strconv"
	"strings"
	"sync"
)

// commonWords are the words that most questions are built with, in English and Chinese, and in how many of a hundred questions
// each occurs, roughly. A base with few phrasings could not know which of its words say little.
const commonWords = `i 35, the 30, to 30, my 25, a 25, how 30, do 25, is 20, what 20, can 20, you 20, it 12, in 12, of 12, for 15, on 10, and 10,
are 12, me 8, that 8, have 10, with 6, this 6, when 6, why 8, where 6, who 4, does 8, be 6, if 5, get 10, there 4, not 5, from 6, your 8, will 4,
would 4, should 5, did 4, was 5, an 6, or 5, at 5, want 5, need 5, please 4, could 4, one 3, some 3, am 4, has 3, im 5, which 3, any 4, about 4,
by 4, so 3, tell 3, know 4, use 4, make 4, we 4, they 3, he 2, she 2, his 2, her 2, but 3, up 3, as 3, go 3, like 4, good 2, day 2, time 3,
的 40, 我 30, 你 25, 了 20, 是 20, 不 20, 有 15, 在 10, 吗 20, 么 20, 怎 12, 什 10, 能 12, 可 10, 以 10, 要 12, 到 8, 一 10, 这 8, 个 10,
为 8, 会 8, 没 8, 哪 8, 里 6, 多 6, 少 5, 好 8, 们 6, 想 6, 用 6, 上 5, 下 5, 后 3, 时 4, 人 3, 说 3, 去 3, 给 4, 把 3, 就 3, 都 3, 还 4,
怎么 20, 什么 15, 可以 12, 为什 6, 如何 8, 我的 12, 哪里 6, 在哪 4, 多少 6, 有没 3, 没有 5, 能不 3, 不能 5, 是不 3, 不是 3, 请问 5, 一下 4,
你们 6, 我想 6, 时候 3, 怎样 3, 是否 4, 需要 5, 这个 4, 我要 5, 怎么办 4, 么办 4, 一个 3, 今天 3, 现在 3, 知道 3, 的是 2, 你的 5`

// commonPhrasings is how many phrasings of a general base are added to every base when its terms are weighed.
const commonPhrasings = 40

// commonTerms gives the share of general questions that have a term.
var commonTerms = sync.OnceValue(func() map[string]float64 {
	shares := map[string]float64{}
	for item := range strings.SplitSeq(commonWords, ",") {
		word, percent, _ := strings.Cut(strings.TrimSpace(item), " ")
		n, err := strconv.Atoi(percent)
		if err != nil {
			continue
		}
		for _, t := range cut(word) {
			if t.kind != kindPair {
				shares[t.text] = max(shares[t.text], float64(n)/100)
			}
		}
	}
	return shares
})
