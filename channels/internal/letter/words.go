package letter

import (
	"fmt"
	"strings"

	"huiyin/conversation"
)

// words are those of a letter that are the same in each.
type words struct {
	language                string
	hello, helloName        string // with %s: the name
	receivedNumber          string // with %d: the number
	receivedPlain           string
	minutes, hours          string // with %d
	soon, addMore, place    string // place with %d
	choose, further, helped string
	disclosed               string
	left, record, goOn      string // of a chat that goes on by mail
	answerOf, recordOf      string // subjects
	who                     map[conversation.Sender]string
}

func wordsFor(language string) words {
	if language == "en" {
		return words{
			language: "en",
			hello:    "Hello,", helloName: "Dear %s,",
			receivedNumber: "we have your message and a person will look at it. Its number is #%d.",
			receivedPlain:  "we have your message and a person will look at it.",
			minutes:        "You can expect an answer in about %d minutes.",
			hours:          "You can expect an answer in about %d hours.",
			soon:           "You will have an answer as soon as a colleague is free.",
			place:          "You are number %d in the queue; your place is kept.",
			addMore:        "To add something, just reply to this mail; there is no need to write a new one.",
			choose:         "Reply with a number, or ask in other words.",
			further:        "This may help as well:",
			helped:         "Did this not help? Reply “not solved” and a colleague takes over; for a person at any time, reply “agent”.",
			disclosed:      "This answer was written by an automated assistant.",
			left:           "You have left our chat; this is what we wrote since.",
			record:         "This is the record of your conversation with us, as you asked.",
			goOn:           "You get this mail because this address was given in our chat. Reply to it, and the conversation goes on.",
			answerOf:       "Our answer to your chat:", recordOf: "The record of your chat:",
			who: map[conversation.Sender]string{conversation.FromContact: "You", conversation.FromBot: "Assistant", conversation.FromAgent: "Customer service"},
		}
	}
	return words{
		language: "zh",
		hello:    "您好：", helloName: "%s，您好：",
		receivedNumber: "您的邮件已收到，已转给人工客服处理。受理编号：#%d。",
		receivedPlain:  "您的邮件已收到，已转给人工客服处理。",
		minutes:        "预计约 %d 分钟内回复您。",
		hours:          "预计约 %d 小时内回复您。",
		soon:           "客服会尽快回复您。",
		place:          "您排在第 %d 位，位置已为您保留。",
		addMore:        "需要补充信息时，直接回复本邮件即可，不必另写一封。",
		choose:         "回复编号即可，也可以换个说法再问。",
		further:        "这些内容也许也有帮助：",
		helped:         "如果没有解决，请回复“没有解决”，客服会接手；任何时候需要人工，请回复“转人工”。",
		disclosed:      "本回复由智能助手自动生成。",
		left:           "您已离开在线咨询，以下是我们之后的回复。",
		record:         "应您的要求，附上这次咨询的对话记录。",
		goOn:           "您收到本邮件，是因为在线咨询时留下了这个邮箱。直接回复本邮件，对话会继续。",
		answerOf:       "您的咨询有了回复：", recordOf: "您的对话记录：",
		who: map[conversation.Sender]string{conversation.FromContact: "您", conversation.FromBot: "智能助手", conversation.FromAgent: "客服"},
	}
}

func (w words) greet(name string) string {
	if name = strings.TrimSpace(name); name == "" {
		return w.hello
	}
	return fmt.Sprintf(w.helloName, name)
}

func (w words) received(number int64) string { return fmt.Sprintf(w.receivedNumber, number) }

// longWait is from where on a wait is told in hours.
const longWait = 120

func (w words) within(minutes int) string {
	if minutes < longWait {
		return fmt.Sprintf(w.minutes, minutes)
	}
	return fmt.Sprintf(w.hours, (minutes+59)/60)
}
