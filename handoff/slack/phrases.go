package slack

import (
	"huiyin/conversation"
	"huiyin/handoff"
)

// phrases are what the desk says in Slack, in one language.
type phrases struct {
	customer, bot, system, note, toCustomer, moved              string
	waiting, owned, snoozed, resolved, withBot, because         string
	budget, unlimited, noBudget, internal, prefix               string
	claim, reply, release, transfer, resolve, snooze            string
	reopen, open                                                string
	about, unhelpful, mentions                                  string
	tried                                                       map[string]string
	deliveries                                                  map[conversation.Delivery]string
	activities                                                  map[string]string
	reasons                                                     map[handoff.Reason]string
	priorities                                                  map[conversation.Priority]string
	send, cancel, text, files, to, team, agent, noteFor, until  string
	in1h, in4h, tomorrow, in3d, nextWeek                        string
	newer, ownedBy, link, linkTitle, code, linkHelp, linked     string
	badCode, notLinked, notAllowed, resolvedNow, empty, notHere string
	away, online, mine, nobody, hello, failed                   string
	edited, deleted, prefixEdited, prefixHelp, fileTrouble      string
	notColleagues, done, commands                               string
	movedAway, threadOver, notKept, shortened, tooLong          string
}

func phrasesFor(language string) phrases {
	if language == "en" {
		return english()
	}
	return chinese()
}

func chinese() phrases {
	return phrases{
		about: "🔎 可能是：%s（%d%%）", unhelpful: "客户说没有帮助", mentions: "📌 提到：",
		tried:    map[string]string{"answer": "🤖 回答了：%s", "clarify": "🤖 反问过：%s"},
		customer: "客户", bot: "机器人", system: "系统", note: "%s 的内部备注", toCustomer: "%s → 客户", moved: "会话已转到 <#%s>，请到那里继续处理。",
		waiting: "⏳ 排队中，自 %s", owned: "👩‍💻 %s 处理中", snoozed: "💤 稍后处理，到 %s", resolved: "✅ 已解决", withBot: "🤖 机器人接待中", because: "转人工原因：%s",
		budget: "还可发送 %d/%d 条，到 %s", unlimited: "可发送，到 %s", noBudget: "暂不能发送：等客户来消息",
		internal: "🔒 在此话题里写的内容只有同事看得到。回复客户请用“回复”按钮，或对某条消息使用快捷操作“发给客户”。", prefix: "以 `%s` 开头的消息会直接发给客户。",
		claim: "领取", reply: "回复客户", release: "放回队列", transfer: "转接", resolve: "解决", snooze: "稍后处理", reopen: "重新打开", open: "在控制台打开",
		deliveries: map[conversation.Delivery]string{conversation.Queued: "🕓 正在发送", conversation.Sent: "✓ 已发送", conversation.Delivered: "✓✓ 已送达", conversation.Read: "✓✓ 已读",
			conversation.Failed: "❌ 发送失败", conversation.Uncertain: "❓ 结果未知", conversation.Held: "⏸ 暂存，等客户来消息时发出"},
		activities: map[string]string{"claimed": "{by} 领取了会话", "taken_over": "{by} 接管了会话", "released": "{by} 放回了队列", "transferred": "{by} 转给 {to}", "resolved": "{by} 解决了会话",
			"reopened": "{by} 重新打开了会话", "snoozed": "{by} 设为稍后处理，到 {until}", "woken": "稍后处理时间到", "requeued": "{by} 没有及时回复，已放回队列", "bot_resumed": "{by} 交回给机器人",
			"resolved_quiet": "客户长时间没有回复，自动解决"},
		reasons: map[handoff.Reason]string{handoff.Asked: "客户要求人工", handoff.NotUnderstood: "没有听懂", handoff.Complaint: "投诉", handoff.Anger: "情绪激动", handoff.Unhelpful: "回答没有帮助",
			handoff.NoBot: "没有机器人", handoff.Transferred: "转接"},
		priorities: map[conversation.Priority]string{conversation.High: "高优先级", conversation.Urgent: "紧急"},
		send:       "发给客户", cancel: "取消", text: "内容", files: "附件", to: "转给", team: "班组", agent: "座席", noteFor: "给接手人的备注", until: "到",
		in1h: "1 小时后", in4h: "4 小时后", tomorrow: "明天此时", in3d: "3 天后", nextWeek: "一周后",
		newer: "%s 刚刚回复了客户：\n%s\n仍要发送请再按一次。", ownedBy: "%s 正在处理这个会话。", link: "关联账号", linkTitle: "关联回音账号", code: "关联码",
		linkHelp: "在回音控制台打开 设置 > 我的资料 > Slack，生成关联码，十分钟内填到这里。", linked: "已关联：%s。", badCode: "关联码不对或已过期，请重新生成。",
		notLinked: "您的 Slack 账号还没有关联回音座席，所以什么也没有做。按“关联账号”，或输入 /huiyin link 关联码。", notAllowed: "您的角色不能这样做。", resolvedNow: "会话已经解决，请先重新打开。",
		empty: "请写点什么，或附上文件。", notHere: "没有找到这个会话，它可能属于别的班组。", away: "离开", online: "上线", mine: "我的会话", nobody: "您手上没有会话。", hello: "%s，您现在%s。",
		failed: "没有成功：%s", edited: "（在 Slack 中改为）%s", deleted: "（在 Slack 中删除了：%s）", prefixEdited: "修改不会改变客户已经收到的内容。",
		prefixHelp: "没有发给客户：%s", fileTrouble: "文件 %s 没有取到：%s", notColleagues: "这个快捷操作用在会话话题里同事写的消息上。", done: "好的。",
		movedAway:  "会话已转到不在 Slack 里工作的班组，请在控制台查看。",
		threadOver: "这个话题已经结束：写在这里的内容没有保存，也不会发给客户。", notKept: "没有存成备注：%s", shortened: "内容超过 3000 字，已截短，请检查后再发。", tooLong: "内容太长。",
		commands: "可以这样用：/huiyin link 关联码 · /huiyin online · /huiyin away",
	}
}

func english() phrases {
	return phrases{
		about: "🔎 Likely about: %s (%d%%)", unhelpful: "the customer said it did not help", mentions: "📌 Mentioned: ",
		tried:    map[string]string{"answer": "🤖 Answered: %s", "clarify": "🤖 Offered: %s"},
		customer: "Customer", bot: "Bot", system: "The system", note: "Internal note by %s", toCustomer: "%s → customer", moved: "This conversation has moved to <#%s>; please go on there.",
		waiting: "⏳ In the queue since %s", owned: "👩‍💻 With %s", snoozed: "💤 Snoozed until %s", resolved: "✅ Resolved", withBot: "🤖 With the bot", because: "Handed over: %s",
		budget: "%d of %d sends left, until %s", unlimited: "Can be sent to until %s", noBudget: "Nothing can be sent until the customer writes",
		internal: "🔒 What you write in this thread stays among colleagues. To answer the customer use the Reply button, or the shortcut “Send to customer” on a message.", prefix: "A message that begins with `%s` goes straight to the customer.",
		claim: "Claim", reply: "Reply", release: "Back to queue", transfer: "Transfer", resolve: "Resolve", snooze: "Snooze", reopen: "Reopen", open: "Open in console",
		deliveries: map[conversation.Delivery]string{conversation.Queued: "🕓 sending", conversation.Sent: "✓ sent", conversation.Delivered: "✓✓ delivered", conversation.Read: "✓✓ read",
			conversation.Failed: "❌ failed", conversation.Uncertain: "❓ outcome unknown", conversation.Held: "⏸ held until the customer writes"},
		activities: map[string]string{"claimed": "{by} claimed the conversation", "taken_over": "{by} took over", "released": "{by} gave it back to the queue", "transferred": "{by} transferred it to {to}",
			"resolved": "{by} resolved the conversation", "reopened": "{by} reopened the conversation", "snoozed": "{by} snoozed it until {until}", "woken": "Back from snooze",
			"requeued": "{by} did not reply in time; back to the queue", "bot_resumed": "{by} gave it back to the bot", "resolved_quiet": "Resolved by itself: the customer was silent"},
		reasons: map[handoff.Reason]string{handoff.Asked: "asked for a person", handoff.NotUnderstood: "not understood", handoff.Complaint: "complaint", handoff.Anger: "angry", handoff.Unhelpful: "the answer did not help",
			handoff.NoBot: "no bot here", handoff.Transferred: "transferred"},
		priorities: map[conversation.Priority]string{conversation.High: "High priority", conversation.Urgent: "Urgent"},
		send:       "Send to customer", cancel: "Cancel", text: "Text", files: "Files", to: "To", team: "Team", agent: "Agent", noteFor: "Note for whoever takes it", until: "Until",
		in1h: "In 1 hour", in4h: "In 4 hours", tomorrow: "Tomorrow at this time", in3d: "In 3 days", nextWeek: "In a week",
		newer: "%s has just answered the customer:\n%s\nPress send once more to send yours all the same.", ownedBy: "%s has this conversation.", link: "Link account", linkTitle: "Link your account", code: "Code",
		linkHelp: "In the Huiyin console open Settings > My profile > Slack, make a code, and type it here within ten minutes.", linked: "Linked with %s.", badCode: "The code is wrong or too old; make a new one.",
		notLinked: "Your Slack account is not linked with an agent of Huiyin, so nothing was done. Press Link account, or type /huiyin link CODE.", notAllowed: "Your role does not allow this.", resolvedNow: "The conversation is resolved; reopen it first.",
		empty: "Write something or attach a file.", notHere: "There is no such conversation; it may be another team's.", away: "Away", online: "Online", mine: "My conversations", nobody: "You have no conversations.", hello: "%s, you are %s.",
		failed: "That did not work: %s", edited: "(changed in Slack to) %s", deleted: "(deleted in Slack: %s)", prefixEdited: "Editing does not change what the customer got.",
		prefixHelp: "Not sent to the customer: %s", fileTrouble: "The file %s could not be fetched: %s", notColleagues: "Use this shortcut on a message that a colleague wrote in the thread of a conversation.", done: "Done.",
		movedAway:  "This conversation has moved to a team that does not work in Slack; please look in the console.",
		threadOver: "This thread is over: what you wrote here was not kept and does not go to the customer.", notKept: "Not kept as a note: %s", shortened: "The text has more than 3000 characters and was shortened; look at it before you send.", tooLong: "The text is too long.",
		commands: "Use it like this: /huiyin link CODE · /huiyin online · /huiyin away",
	}
}
