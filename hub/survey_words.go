package hub

import (
	"strconv"
	"strings"

	"huiyin/conversation"
)

// surveyWords are what customers read when they are asked how it was.
type surveyWords struct {
	english                bool
	question, link, thanks string
	five                   [5]string // from the worst on, so that the number of a choice is its score
	good, bad              string
}

func surveyWordsFor(language string) surveyWords {
	if strings.HasPrefix(language, "en") {
		return surveyWords{english: true, question: "How was our service? Please rate it:", link: "It takes one click:", thanks: "Thank you for your rating.",
			five: [5]string{"Very poor", "Poor", "Average", "Good", "Excellent"}, good: "Good", bad: "Not good"}
	}
	return surveyWords{question: "请为本次服务评分：", link: "点击链接即可评分：", thanks: "感谢您的评价。",
		five: [5]string{"非常不满意", "不满意", "一般", "满意", "非常满意"}, good: "满意", bad: "不满意"}
}

func (w surveyWords) choices(scale conversation.Scale) []conversation.Choice {
	if scale == conversation.ScaleTwo {
		return []conversation.Choice{{Label: w.good, Value: choiceRate + strconv.Itoa(goodOfTwo)}, {Label: w.bad, Value: choiceRate + strconv.Itoa(badOfTwo)}}
	}
	list := make([]conversation.Choice, 0, len(w.five))
	for i, label := range w.five {
		list = append(list, conversation.Choice{Label: label, Value: choiceRate + strconv.Itoa(i+1)})
	}
	return list
}
