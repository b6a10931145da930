package hub

import (
	"huiyin/conversation"
	"huiyin/nlu"
)

// The bot's own words, by language; Chinese where the language is not known.
type words struct {
	clarify, ask, askAgain, human string
	none, confirm, other          string // confirm and other: where a single article is offered
	sorry, files, voice           string
	remind                        string
	onlyZh, onlyEn                string // before an answer that exists in that language only
	recorded                      string // followed by the address
	about                         string // with %s: what of several questions a reply is about
	smalltalk                     map[nlu.Intent]string
}

func wordsFor(language string) words {
	if language == string(nlu.LanguageEnglish) {
		return english()
	}
	return chinese()
}

func chinese() words {
	return words{
		clarify:  "您想问的是下面哪一个？",
		ask:      "抱歉，我没太明白。能换个说法，或者说得再具体一点吗？",
		askAgain: "抱歉，我还是没找到答案。您可以换个说法，或者点“转人工”留言，客服会按顺序回复您。",
		none:     "都不是",
		confirm:  "您想问的是这个吗？",
		other:    "不是这个",
		human:    "转人工",
		sorry:    "抱歉没能帮到您。您可以换个说法再问一次，或者转人工客服。",
		files:    "文件已经收到。我还看不懂图片和文件，请用文字说说您的问题，或者转人工，客服能看到它。",
		voice:    "语音已经收到。我还听不懂语音，请用文字说说您的问题，或者转人工，客服能听到它。",
		onlyZh:   "抱歉，这个问题目前只有中文的答案：",
		onlyEn:   "抱歉，这个问题目前只有英文的答案，请您参考；需要中文帮助请转人工：",
		remind:   "您还在吗？可以从上面选一个，换个说法再问，或者转人工。",
		recorded: "对话记录已发送到 ",
		about:    "关于“%s”：",
		smalltalk: map[nlu.Intent]string{
			nlu.IntentAbuse:    "很抱歉让您不愉快。请告诉我遇到了什么问题，我会尽力帮您；也可以随时说“转人工”。",
			nlu.IntentWordless: "我在的。请用文字告诉我您的问题。",
			nlu.IntentGreeting: "您好！请问有什么可以帮您？",
			nlu.IntentThanks:   "不客气，很高兴能帮到您。",
			nlu.IntentGoodbye:  "感谢您的咨询，再见！有需要随时找我。",
			nlu.IntentAffirm:   "好的。还有什么可以帮您？",
			nlu.IntentDeny:     "好的。如果还有问题，随时告诉我。",
			nlu.IntentHelp:     "我是智能助手，全天回答常见问题：直接输入您的问题就行。需要人工服务时，请说“转人工”。",
		},
	}
}

func english() words {
	return words{
		clarify:  "Which of these do you mean?",
		ask:      "Sorry, I did not quite understand. Could you put it another way or add some detail?",
		askAgain: "Sorry, I still have no answer. Try other words, or choose “Talk to a person” to leave a message; it is answered in turn.",
		none:     "None of these",
		confirm:  "Is this what you mean?",
		other:    "Something else",
		human:    "Talk to a person",
		sorry:    "Sorry that did not help. Try asking in other words, or talk to a person.",
		files:    "I have your file but cannot read it. Please describe your question in words, or talk to a person, who can see it.",
		voice:    "I have your voice message but cannot listen to it. Please describe your question in words, or talk to a person, who can hear it.",
		onlyZh:   "Sorry, this answer exists in Chinese only. Here it is; a person can help you in English:",
		onlyEn:   "Sorry, this answer exists in English only:",
		remind:   "Are you still there? Choose one of the above, ask in other words, or talk to a person.",
		recorded: "The record of this conversation was sent to ",
		about:    "About “%s”: ",
		smalltalk: map[nlu.Intent]string{
			nlu.IntentAbuse:    "I am sorry that you are upset. Tell me what the problem is and I will do my best; you can also say “talk to a person” at any time.",
			nlu.IntentWordless: "I am here. Please tell me in words what your question is.",
			nlu.IntentGreeting: "Hello! How can I help you?",
			nlu.IntentThanks:   "You are welcome. Glad to help.",
			nlu.IntentGoodbye:  "Thank you for getting in touch. Goodbye!",
			nlu.IntentAffirm:   "Good. Is there anything else I can do for you?",
			nlu.IntentDeny:     "All right. If you have another question, just ask.",
			nlu.IntentHelp:     "I am an automated assistant and answer common questions around the clock: just type yours. For a person, say “talk to a person”.",
		},
	}
}

// The values of the bot's buttons.
const (
	choiceArticle = "article:" // followed by the article's id
	choiceNone    = "none"
	choiceHuman   = "human"
)

func (w words) humanChoice() conversation.Choice {
	return conversation.Choice{Label: w.human, Value: choiceHuman}
}

// only says that an answer exists in one language only.
func (w words) only(language string) string {
	if language == string(nlu.LanguageEnglish) {
		return w.onlyEn
	}
	return w.onlyZh
}
