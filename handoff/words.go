package handoff

import (
	"fmt"
	"strings"
	"time"
)

// words are what customers read about the queue, in one language.
type words struct {
	connecting, sorry, released, transferred, requeued, botResumed string

	next         string // first in line, wait unknown
	nextWait     string // first in line, wait in minutes
	position     string // place
	positionWait string // place, wait in minutes
	offDuty      string // place, nobody on duty
	closed       string // when the team opens; first in line then
	closedPlace  string // when the team opens, place
	withYou      string // agent's name
	chinese      bool

	laterButton                string
	keptPlace, answerHere      string // before a promise: the place; that the answer comes where the customer wrote
	withinMinutes, withinHours string // the promise
	full, otherWays            string // the queue is full; before the other ways
	noted, notedUntil          string // what they add is kept; and when somebody reads it
}

func wordsFor(language string) words {
	if strings.HasPrefix(language, "en") {
		return english()
	}
	return chinese()
}

func chinese() words {
	return words{
		chinese:      true,
		connecting:   "正在为您转接人工客服。",
		sorry:        "非常抱歉给您带来不便，我们会优先处理。",
		released:     "正在为您安排其他客服。",
		transferred:  "正在为您转接。",
		requeued:     "很抱歉，刚才为您服务的客服暂时离开了。",
		botResumed:   "接下来由智能助手为您服务。需要人工客服时，请回复“转人工”。",
		next:         "您是下一位，请稍候，客服马上就来。",
		nextWait:     "您是下一位，预计等待约 %d 分钟。",
		position:     "您当前排在第 %d 位，请稍候。",
		positionWait: "您当前排在第 %d 位，预计等待约 %d 分钟。",
		offDuty:      "现在没有人工客服在线。您排在第 %d 位，位置已为您保留，客服上线后会尽快回复您，您可以先留言。",
		closed:       "现在是非服务时间。我们%s开始服务，届时最先回复您；您可以先留言，把情况写下来。",
		closedPlace:  "现在是非服务时间。我们%s开始服务，您排在第 %d 位，位置已为您保留；您可以先留言，把情况写下来。",
		withYou:      "%s 为您服务",

		laterButton:   "稍后在这里回复我",
		keptPlace:     "您排在第 %d 位，位置已为您保留。",
		answerHere:    "您不用守在这里，轮到您时客服会在这里回复您。",
		withinMinutes: "我们会在 %d 分钟内回复。",
		withinHours:   "我们会在 %d 小时内回复。",
		full:          "现在咨询的人很多，排队已满。",
		otherWays:     "您可以稍后再试，也可以先把问题告诉我。",
		noted:         "已为您记下，客服上线后会一并看到。",
		notedUntil:    "已为您记下，客服会一并看到。我们%s开始服务，您的位置已保留。",
	}
}

func english() words {
	return words{
		connecting:   "We are getting a person for you. ",
		sorry:        "We are sorry for the trouble; we will look at this first. ",
		released:     "We are finding another colleague for you. ",
		transferred:  "We are passing you on. ",
		requeued:     "Sorry, the colleague who was with you had to leave. ",
		botResumed:   "The assistant is with you again. To talk to a person, just say “agent”.",
		next:         "You are next in line. Somebody will be with you in a moment.",
		nextWait:     "You are next in line; the expected wait is about %d min.",
		position:     "You are number %d in the queue.",
		positionWait: "You are number %d in the queue; the expected wait is about %d min.",
		offDuty:      "Nobody is on duty right now. You are number %d in the queue and your place is kept; we will answer as soon as somebody is back. You can leave a message meanwhile.",
		closed:       "We are closed now. We open %s, and your message is first in line then; you can write down the details meanwhile.",
		closedPlace:  "We are closed now. We open %s; you are number %d in line and your place is kept. You can write down the details meanwhile.",
		withYou:      "%s is with you now",

		laterButton:   "Answer me here later",
		keptPlace:     "You are number %d in the queue and your place is kept. ",
		answerHere:    "No need to wait: we will answer you here when it is your turn.",
		withinMinutes: " You will hear from us within %d minutes.",
		withinHours:   " You will hear from us within %d hours.",
		full:          "So many people are asking right now that the queue is full. ",
		otherWays:     "Please try again later, or tell me your question.",
		noted:         "I have noted that; our colleagues will read it with the rest.",
		notedUntil:    "I have noted that; our colleagues will read it with the rest. We open %s, and your place is kept.",
	}
}

// place tells a customer in the queue where it stands.
func (w words) place(p Place) string {
	minutes := int(p.Wait / time.Minute)
	switch {
	case !p.AgentsOnline && !p.OpensAt.IsZero() && p.Position == 1:
		return fmt.Sprintf(w.closed, p.Opens.in(w.chinese))
	case !p.AgentsOnline && !p.OpensAt.IsZero():
		return fmt.Sprintf(w.closedPlace, p.Opens.in(w.chinese), p.Position)
	case !p.AgentsOnline:
		return fmt.Sprintf(w.offDuty, p.Position)
	case p.Position == 1 && minutes == 0:
		return w.next
	case p.Position == 1:
		return fmt.Sprintf(w.nextWait, minutes)
	case minutes == 0:
		return fmt.Sprintf(w.position, p.Position)
	}
	return fmt.Sprintf(w.positionWait, p.Position, minutes)
}

func (o OpeningWords) in(chinese bool) string {
	if chinese {
		return o.Zh
	}
	return o.En
}

// answeredLater tells a customer who does not wait live what to expect.
func (w words) answeredLater(p Place) string {
	text := fmt.Sprintf(w.keptPlace, p.Position) + w.answerHere
	minutes := int((p.Promise + time.Minute - 1) / time.Minute)
	switch {
	case minutes <= 0:
		return text
	case minutes < 120:
		return text + fmt.Sprintf(w.withinMinutes, minutes)
	}
	return text + fmt.Sprintf(w.withinHours, (minutes+59)/60)
}

// noRoom tells a customer that the queue is full, with the other ways that the team names.
func (w words) noRoom(ways string) string {
	if ways == "" {
		ways = w.otherWays
	}
	return w.full + ways
}

func (w words) claimed(name string) string { return fmt.Sprintf(w.withYou, name) }
