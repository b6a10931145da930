package wecom

import "huiyin/handoff"

// phrases are what the notices say, in one language.
type phrases struct {
	handedOver, back, transferred, unclaimed string
	who, channel, because, waiting, with     string
	open, customer, test                     string
	reasons                                  map[handoff.Reason]string
}

// reason says why a conversation was handed over; "" when that is not known.
func (w phrases) reason(of string) string {
	if text := w.reasons[handoff.Reason(of)]; text != "" {
		return text
	}
	return plain(of, 40)
}

func phrasesFor(language string) phrases {
	if language == "en" {
		return english()
	}
	return chinese()
}

func chinese() phrases {
	return phrases{
		handedOver: "转人工", back: "会话回到队列", transferred: "会话已转接", unclaimed: "超过 %d 分钟无人领取",
		who: "客户：", channel: "渠道：", because: "原因：", waiting: "已等待：%d 分钟", with: "处理人：%s",
		open: "在控制台打开", customer: "客户", test: "**回音**：这是一条测试通知，机器人已连通。",
		reasons: map[handoff.Reason]string{handoff.Asked: "客户要求人工", handoff.NotUnderstood: "没有听懂", handoff.Complaint: "投诉", handoff.Anger: "情绪激动",
			handoff.Unhelpful: "回答没有帮助", handoff.NoBot: "没有机器人", handoff.Transferred: "转接", handoff.BadRating: "评价不满意", handoff.ByRule: "规则"},
	}
}

func english() phrases {
	return phrases{
		handedOver: "Handed over", back: "Back in the queue", transferred: "Transferred", unclaimed: "Unclaimed for %d minutes",
		who: "Customer: ", channel: "Channel: ", because: "Reason: ", waiting: "Waiting: %d min", with: "With %s",
		open: "Open in the console", customer: "Customer", test: "**Huiyin**: this is a test notice; the robot works.",
		reasons: map[handoff.Reason]string{handoff.Asked: "asked for a person", handoff.NotUnderstood: "not understood", handoff.Complaint: "complaint", handoff.Anger: "angry",
			handoff.Unhelpful: "the answer did not help", handoff.NoBot: "no bot here", handoff.Transferred: "transferred", handoff.BadRating: "a bad rating", handoff.ByRule: "a rule"},
	}
}
