package nlu

import (
	"sync"
)

// The roles a phrase of small talk can have beside the intents: padding may stand anywhere in it, a lead-in
// opens a question.
const (
	padding Intent = "padding"
	leadIn  Intent = "lead-in"
)

// maxPhrase is the longest phrase of the lists, in pieces.
const maxPhrase = 10

// maxSmallTalk is how long a message can be, in pieces, and still be nothing but small talk.
const maxSmallTalk = 24

// phrasesOf lists the phrases of small talk in normal form, separated by bars. A message that a sequence of them
// covers whole has the weightiest of their intents.
func phrasesOf() map[Intent]string {
	return map[Intent]string{
		IntentGreeting: "你好|您好|你们好|你好啊|您好啊|你好呀|你好吗|您好吗|大家好|嗨|哈喽|哈啰|哈罗|哈咯|嘿|喂|喂喂|在吗|在么|在嘛|在不在|在不|在没|在呢吗|" +
			"在线吗|你在吗|您在吗|你在不在|亲在吗|早|早安|早上好|上午好|中午好|午安|下午好|晚上好|晚安好|新年好|新年快乐|节日快乐|好久不见|早晨|你好哇|" +
			"哈啰你好|雷猴|初次见面|很高兴认识你|幸会|最近好吗|最近怎么样|最近怎样|过得怎么样|吃了吗|nihao|ni hao|hi|hii|hello|helo|hallo|hey|heya|hiya|howdy|yo|" +
			"hi there|hello there|hey there|good morning|good afternoon|good evening|good day|morning|evening|afternoon|greetings|" +
			"whats up|wassup|sup|how are you|how are you doing|how are you today|how r u|hows it going|how do you do|" +
			"nice to meet you|pleased to meet you|are you there|you there|anyone home|long time no see|happy new year",
		IntentThanks: "谢谢|谢谢你|谢谢您|谢谢你们|谢谢哈|谢谢啦|谢啦|谢了|谢过|谢谢了|太谢谢了|太谢谢你了|真是太感谢了|真的谢谢|真的太感谢了|真的非常感谢|太感谢了|太感谢你了|太感谢您了|非常谢谢|十分谢谢|多谢|多谢你|多谢您|感谢|感谢你|感谢您|非常感谢|十分感谢|万分感谢|太感谢了|感激不尽|" +
			"辛苦|辛苦了|辛苦你了|辛苦您了|辛苦啦|麻烦你了|麻烦您了|麻烦了|有劳了|唔该|唔该晒|多谢晒|谢谢帮忙|谢谢你的帮助|谢谢您的帮助|感谢帮助|蟹蟹|3q|thx|tks|tnx|ty|thanku|" +
			"thank you|thank u|thanks|many thanks|thanks a lot|thanks so much|thanks very much|thank you so much|thank you very much|" +
			"thanks a bunch|thanks a million|cheers|much appreciated|i appreciate it|appreciate it|appreciated|really appreciate it|" +
			"thank you for your help|thanks for your help|thanks for the help|thank you for the help|thanks for helping|thank you for helping me|thanks for helping me|🙏|" +
			"帮大忙了|帮了大忙|xiexie|xie xie",
		IntentGoodbye: "再见|再见了|那就这样|那先这样|再会|拜|拜拜|拜拜了|拜了|88|886|88|回见|回头见|下次见|明天见|改天见|改天聊|回聊|下次聊|下次再聊|先这样|就这样|就这样吧|先这样吧|没事了再见|晚安|" +
			"告辞|我走了|我先走了|先走了|我下了|下了|我要走了|后会有期|保重|一路顺风|祝你愉快|祝您生活愉快|祝你生活愉快|慢走|再联系|拜咯|掰掰|bye|bye bye|byebye|bai|goodbye|good bye|" +
			"see you|see ya|see u|see you later|see you soon|see you tomorrow|see you around|talk to you later|ttyl|cya|later|farewell|" +
			"good night|goodnight|have a good day|have a nice day|have a great day|have a good one|have a good night|have a good evening|have a nice evening|take care|until next time|catch you later|so long|im off|i have to go|i gotta go|gotta go|got to go|👋",
		IntentAffirm: "是|是的|是滴|是哒|是啊|是呀|是吧|对|对的|对啊|对呀|对对|对滴|没错|没有错|没问题|好了|好的呢|嗯|嗯嗯|嗯呢|恩|恩恩|好|好的|好滴|好哒|好啊|好呀|好吧|好嘞|好的好的|行|行的|行吧|行啊|" +
			"可以|可以的|可以啊|可以呀|当然|当然可以|当然了|确定|确认|同意|需要|要|要的|要啊|有|有的|正确|明白|明白了|了解|了解了|知道了|懂了|收到|解决了|已解决|问题解决了|搞定了|可以用了|能用了|好使了|有帮助|有用|系|系啊|得|冇问题|" +
			"ok|okay|okey|okk|k|kk|yes|yeah|yep|yup|ya|yea|ye|sure|sure thing|of course|correct|right|thats right|that is right|thats correct|that is correct|thats it|exactly|absolutely|definitely|certainly|" +
			"fine|sounds good|that works|go ahead|do it|please do|i agree|agreed|agree|confirm|confirmed|indeed|true|alright|all right|got it|i see|understood|roger|affirmative|i do|yes i do|it is|it did|it does|that helped|that helps|that solved it|this solved it|it solved it|solved it|that worked|it worked|it works|it works now|that works now|problem solved|it helped|solved|👍|👌|🆗|✅|y|no problem",
		IntentDeny: "不|不是|不是的|不对|不要|不要了|不用|不用了|不用啦|不需要|不需要了|不必|不必了|不行|不可以|不好|不了|没有|没有了|没了|无|否|算了|算了吧|不同意|不确定|不想|不想要|不好意思不用了|别|" +
			"没用|没有用|没帮助|没有帮助|没解决|没有解决|还没解决|还是不行|错|错了|不正确|不客气|唔系|唔使|唔要|冇|" +
			"no|nope|nah|nay|na|no way|not really|not now|not yet|not at all|no thanks|no thank you|never|negative|dont|do not|i dont|no i dont|incorrect|wrong|thats wrong|that is wrong|thats not right|" +
			"not correct|im good|i am good|nothing|nothing else|no need|nevermind|never mind|not helpful|it didnt help|it did not help|didnt help|that didnt help|👎|❌|n|i disagree|disagree",
		IntentHelp: "帮助|帮忙|帮帮我|帮帮忙|帮我|救命|救救我|菜单|主菜单|功能|功能列表|使用说明|怎么用|如何使用|你会什么|你会干什么|你会做什么|你能做什么|你能干什么|你能干嘛|你能帮我什么|你能帮我做什么|你可以做什么|" +
			"你可以干什么|你有什么用|你有什么功能|有什么功能|有哪些功能|你有哪些功能|都有什么功能|能帮我什么|能问什么|可以问什么|我能问什么|我可以问什么|我能问你什么|可以问你什么|你能回答什么|你能帮我吗|能帮我吗|能帮帮我吗|你可以帮我吗|可以帮我吗|我需要帮助|我需要帮忙|需要帮助|需要帮忙|请帮助我|请帮我|提供帮助|求助|" +
			"你是谁|您是谁|你叫什么|你叫什么名字|你是什么|你是机器人|你是机器人吗|您是机器人吗|你是不是机器人|是机器人吗|你是机器人吧|你是真人吗|您是真人吗|你是真人还是机器人|你是人还是机器人|你是人吗|你是ai吗|你是智能客服吗|你是人工智能吗|" +
			"help|help me|i need help|i need some help|need help|can you help|can you help me|could you help me|could you help|will you help me|please help me|help needed|menu|main menu|options|" +
			"what can you do|what can you do for me|what can u do|what do you do|what are you able to do|how can you help|how can you help me|what can you help me with|what can you help with|what can i ask|what can i ask you|what should i ask|what are my options|show me the menu|commands|instructions|how does this work|how do i use this|i need assistance|assist me|need assistance|" +
			"who are you|what are you|whats your name|what is your name|are you a bot|are you a robot|are you a human|are you human|are you a person|are you a real person|are you real|are you a machine|are you ai|are you an ai|is this a bot|is this a robot|am i talking to a bot|am i talking to a robot",
		IntentAbuse: "傻逼|傻b|傻x|煞笔|沙比|大傻逼|你个傻逼|你是傻逼|你是傻逼吗|你傻逼吗|你傻吗|你是不是傻|你是猪吗|猪头|笨蛋|蠢货|你真蠢|你好蠢|你太蠢了|你真笨|你好笨|你太笨了|太笨了|真笨|白痴|你是白痴吗|智障|人工智障|脑残|弱智|废物|垃圾|辣鸡|垃圾客服|垃圾机器人|破机器人|滚|滚蛋|滚开|快滚|给我滚|去死|去死吧|操你妈|操|艹|草泥马|妈的|他妈的|tmd|cnm|nmsl|sb|王八蛋|混蛋|混账|神经病|有病吧|你有病吧|不要脸|你妈的|尼玛|" +
			"fuck|fuck you|fuck off|fuck u|screw you|go to hell|shut up|stupid|stupid bot|you are stupid|youre stupid|you stupid bot|you are so stupid|idiot|you idiot|you are an idiot|youre an idiot|moron|you moron|dumb|dumb bot|you are dumb|youre dumb|useless bot|you are useless|youre useless|you suck|this bot sucks|shit|bullshit|asshole|bastard|bitch|piece of shit|piece of garbage|garbage|trash|what a joke",
		padding: "你这个|你们这个|你这|你个|啊|呀|呢|哦|噢|喔|哈|哈哈|呵呵|嘻嘻|嘿嘿|吧|啦|嘛|嗯|哎|诶|欸|唉|额|呃|那个|那|亲|亲亲|亲爱的|小姐姐|小哥哥|美女|帅哥|老师|朋友|宝|宝宝|各位|大家|客服|小二|掌柜|机器人|小助手|助手|哟|哇|啰|咯|呗|" +
			"请|拜托|麻烦|um|uh|oh|well|ah|hmm|haha|lol|please|pls|plz|plse|friend|buddy|mate|dude|man|sir|madam|maam|miss|guys|all|everyone|team|bot|robot|assistant|there|again|then|now|really|very much|so much|a lot|and|just|thats all|that is all|today|for now|for your time|" +
			"😊|😀|😁|😄|😃|🙂|😂|🤣|😅|☺|❤|😘|😍|🌹|🥰|😉|🤝|✨|🎉|💐",
		leadIn: "请问|请问下|请问一下|请教|请教一下|请教下|请教个问题|问下|问一下|问个问题|问一个问题|想问|想问下|想问一下|我想问|我想问下|我想问一下|我问下|我问一下|想咨询|想咨询下|想咨询一下|我想咨询|我想咨询下|我想咨询一下|我要咨询|我要咨询一下|" +
			"咨询一下|咨询下|咨询个问题|想请问|想请问下|想请问一下|我想请问|我想请问一下|我想请教一下|想请教一下|想了解|想了解下|想了解一下|我想了解|我想了解下|我想了解一下|我想知道|想知道|麻烦问下|麻烦问一下|麻烦请问|麻烦请问一下|麻烦你|麻烦您|麻烦你帮我|麻烦您帮我|麻烦帮我|麻烦帮忙|请你|请您|请帮我|请帮忙|打扰|打扰了|打扰一下|打扰下|" +
			"不好意思|抱歉|劳驾|你能告诉我|能告诉我|能不能告诉我|可以告诉我|你可以告诉我|请告诉我|告诉我|跟我说说|能否告诉我|你知道|你知不知道|我有个问题|我有一个问题|有个问题|有个问题想问|有个问题想问一下|有件事想问|想问问|我想问问|问问|帮我看下|帮我看一下|唔该|我想请教|" +
			"excuse me|sorry|sorry to bother you|can you tell me|could you tell me|could you please tell me|can you please tell me|would you tell me|please tell me|tell me|can you please|could you please|would you please|can you help me|could you help me|i would like to know|id like to know|i want to know|i wanted to know|i need to know|i would like to ask|id like to ask|i want to ask|i wanted to ask|i was wondering|im wondering|i am wondering|just wondering|" +
			"do you know|do you happen to know|let me know|may i ask|can i ask|could i ask|can i ask you|quick question|i have a question|i have a question about|ive a question|i got a question|ive got a question|i have a quick question|just a quick question|question|can you explain|could you explain|please explain|please can you|please could you|please help me|would you mind telling me|i am curious|im curious|any idea|would you know",
	}
}

// weight orders the intents of small talk: in "好的，谢谢，再见" the goodbye counts.
func weight(kind Intent) int {
	switch kind {
	case IntentAbuse:
		return 7
	case IntentGoodbye:
		return 6
	case IntentDeny:
		return 5
	case IntentThanks:
		return 4
	case IntentHelp:
		return 3
	case IntentAffirm:
		return 2
	case IntentGreeting:
		return 1
	default:
		return 0
	}
}

// phraseBook finds the phrases of small talk.
var phraseBook = sync.OnceValue(func() lexicon[Intent] {
	book := lexicon[Intent]{}
	for kind, list := range phrasesOf() {
		book.add(kind, list)
	}
	return book
})

// smallTalk gives the intent of a message that is nothing but small talk, and the phrase that settled it.
func smallTalk(pieces []piece) (Intent, string) {
	if len(pieces) == 0 || len(pieces) > maxSmallTalk {
		return IntentNone, ""
	}
	type cover struct {
		reached bool
		kind    Intent
		phrase  string
	}
	best := make([]cover, len(pieces)+1)
	best[0].reached = true
	for start := range pieces {
		if !best[start].reached {
			continue
		}
		phraseBook().at(pieces[start:], false, func(e entry[Intent]) {
			next, end := best[start], start+len(e.words)
			if weight(e.role) > weight(next.kind) {
				next.reached, next.kind, next.phrase = true, e.role, e.phrase
			}
			if !best[end].reached || weight(next.kind) > weight(best[end].kind) {
				best[end] = next
			}
		})
	}
	last := best[len(pieces)]
	return last.kind, last.phrase
}
