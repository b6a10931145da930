package nlu

import "testing"

func TestAnalyzeHuman(t *testing.T) {
	asks := []string{
		// simplified
		"转人工", "人工", "人工客服", "人工服务", "转人工客服", "帮我转人工", "请转人工", "我要人工", "我要转人工", "快转人工", "给我转人工", "转接人工", "人工！！！", "人工人工人工", "人工啊",
		"找个真人", "我要找真人", "真人", "有真人吗", "有没有真人", "能不能换个真人", "换真人来", "活人", "有活人吗", "我要跟真人说话", "和真人聊", "我想和人工客服说",
		"我要投诉你们让经理来", "叫你们经理", "叫你们经理来", "让你们领导跟我说", "找你们负责人", "我要找你们主管", "让你们老板出来", "请你们经理接电话", "联系你们负责人",
		"别让机器人跟我说话", "不要机器人", "我不要机器人", "不想跟机器人聊", "不要自动回复", "别用机器人敷衍我", "我不想和机器人说话", "受够机器人了",
		"有没有人啊", "有人吗", "有人在吗", "有没有人在", "人工在吗", "客服在吗", "客服呢", "客服在不在", "有客服吗", "人工客服呢", "人呢，客服人呢", "你们客服死哪去了",
		"接人工", "接客服", "联系客服", "我要联系客服", "找客服", "我找客服", "在线客服", "客服", "呼叫人工", "呼叫客服", "帮我接人工客服", "我要客服", "转专员", "转坐席",
		"喊个人来", "叫个人来", "找个人跟我说", "来个人", "来个活人", "换个人来", "找个能说话的人来", "来个人处理一下", "给我找个人", "找个人帮我",
		"怎么转人工", "怎么联系人工客服", "如何找到人工客服", "为什么不能转人工", "怎么不给我转人工", "到底能不能转人工", "可以转人工吗", "能转人工吗", "怎么还不转人工",
		"再不转人工我就投诉", "要不要转人工？要", "你好，转人工", "你好，我想找人工客服咨询一下", "机器人听不懂，转人工", "人工智能听不懂，转人工吧", "我的话费不对，帮我转人工",
		"我能和一个人交谈吗", "我想和一个人谈谈", "我需要人工帮助", "zrg", "rg", "ZRG", "zhuanrengong", "转rg", "转 人 工", "转人工。。。", "人 工",
		// traditional, Cantonese, Taiwan
		"轉人工", "轉接專員", "我要真人客服", "人工客服在嗎", "搵真人", "搵個人同我講", "有冇人呀", "我要搵客服", "唔好機械人", "叫你哋經理", "幫我轉駁客服", "接線生", "請幫我轉接客服人員", "我想同真人傾",
		// English
		"agent", "Agent!", "AGENT AGENT AGENT", "representative", "speak to a human", "real person", "operator", "talk to someone", "connect me to support", "human", "human please",
		"I want to talk to a real person", "can I speak with an agent", "let me talk to someone", "get me a human", "I need a human", "I need to speak to a representative", "transfer me to an agent",
		"put me through to customer service", "customer service", "customer support please", "live agent", "live chat", "can I chat with a live agent?", "is there a human I can talk to?", "is there a real person here",
		"is anyone there?", "anyone there", "any humans here?", "I'd like to speak to your manager", "get me your supervisor", "manager please", "I want a manager now", "escalate this", "please escalate my case", "I want to escalate",
		"I don't want to talk to a bot", "stop the bot", "no more bots", "I hate talking to robots", "not a bot, a human", "why can't I talk to a human?", "hand me over to a person", "pass me to a colleague, I mean a human",
		"contact support", "contact customer service", "I need support", "how do I contact support", "could you connect me with a representative please", "hi, agent please", "have someone call me", "I demand to speak to a supervisor",
		"if you don't connect me to a human I will leave", "this bot is useless, give me a human", "I'd rather talk to a person", "switch to human", "speak to customer care", "I want to speak to a person on the phone",
		"can a human help me with this", "need a rep", "0 agent", "just get me an operator", "someone to talk to please", "我要 human agent",
	}
	for _, text := range asks {
		if a := Analyze(text); a.Intent != IntentHuman || a.IntentRule == "" {
			t.Errorf("%q: intent %q (%s), want human", text, a.Intent, a.IntentRule)
		}
	}
}

func TestAnalyzeNotHuman(t *testing.T) {
	others := []string{
		"人工智能是什么", "人工费多少钱", "人工湖在哪里", "人工审核要多久", "人工成本怎么算", "人工服务时间", "人工客服电话是多少", "客服电话是多少", "客服热线几点上班", "客服工作时间", "客服态度怎么样",
		"你是真人吗", "你是机器人吗", "你是不是真人", "你是人工智能吗", "我是在跟真人说话吗", "真人认证怎么做", "真人秀在哪看", "你们老板是谁", "经理人证书怎么考", "法人变更需要什么材料", "负责人变更怎么办理",
		"不用转人工", "不要转人工", "不需要人工", "不用人工客服", "先不转人工", "我不想转人工", "别转人工", "无需人工", "不用找客服了", "唔使轉人工",
		"怎么换个人信息", "如何更换个人头像", "个人账户怎么开", "有人盗刷我的卡", "有没有人知道怎么退款", "找个人多的地方吃饭", "家人可以用我的卡吗", "本人不在怎么办", "两个人的套餐多少钱", "机器人多少钱", "扫地机器人怎么用",
		"怎么换手机号", "转账给别人要多久", "我要转网", "换卡要多少钱", "接电话收费吗", "智能客服是怎么工作的", "你好", "谢谢", "理财经理是什么", "大堂经理的电话",
		"do you have an agent in Beijing", "travel agent fee", "human resources phone", "how do I become an agent", "I don't need a human", "no need for an agent", "I do not want to talk to an agent",
		"don't transfer me to an agent", "customer service number", "what are the hours for customer service", "customer support email address", "sales representative job", "mobile operator settings", "human rights",
		"are you a human?", "are you a real person", "am I talking to a human?", "I'm not a robot captcha fails", "who is your manager", "how do I talk to my boss", "how much can I send to a person overseas", "what is the limit per person",
		"do I need to call support to change my pin", "does my phone support 5G", "language support", "password manager", "how do I hire an agent", "real estate agent", "user agent string", "transfer money to someone", "hello", "I need help",
		"is it a bot", "robot vacuum price", "can I pay someone with my card", "add another person to my plan", "who are the people behind this company",
	}
	for _, text := range others {
		if a := Analyze(text); a.Intent == IntentHuman {
			t.Errorf("%q: taken as a request for a human by %q", text, a.IntentRule)
		}
	}
}

func TestRefusedHuman(t *testing.T) {
	for _, text := range []string{"不用转人工", "I don't need a human", "先不转人工"} {
		if a := Analyze(text); a.Intent != IntentNone || a.IntentRule != "human refused" {
			t.Errorf("%q: intent %q (%s), want none because refused", text, a.Intent, a.IntentRule)
		}
	}
}
