package nlu

import "testing"

func TestAnalyzeSmallTalk(t *testing.T) {
	cases := []struct {
		text string
		want Intent
	}{
		{"你好", IntentGreeting},
		{"您好！", IntentGreeting},
		{"你好啊", IntentGreeting},
		{"你好，在吗？", IntentGreeting},
		{"在吗", IntentGreeting},
		{"亲，在不在", IntentGreeting},
		{"早上好", IntentGreeting},
		{"嗨嗨嗨", IntentGreeting},
		{"nihao", IntentGreeting},
		{"Hi", IntentGreeting},
		{"hellooo there!", IntentGreeting},
		{"Good morning everyone", IntentGreeting},
		{"hi, how are you?", IntentGreeting},

		{"谢谢", IntentThanks},
		{"謝謝您！", IntentThanks},
		{"好的，谢谢", IntentThanks},
		{"非常感谢🙏", IntentThanks},
		{"唔該晒", IntentThanks},
		{"thx", IntentThanks},
		{"Thanks a lot!!", IntentThanks},
		{"ok thank you so much", IntentThanks},
		{"🙏", IntentThanks},

		{"再见", IntentGoodbye},
		{"拜拜", IntentGoodbye},
		{"谢谢，再见", IntentGoodbye},
		{"好的，先这样，88", IntentGoodbye},
		{"bye", IntentGoodbye},
		{"thanks, bye!", IntentGoodbye},
		{"Have a nice day", IntentGoodbye},

		{"你是机器人吗", IntentHelp},
		{"你好，你是谁？", IntentHelp},
		{"你是真人还是机器人", IntentHelp},
		{"Are you a bot?", IntentHelp},
		{"who are you", IntentHelp},

		{"是的", IntentAffirm},
		{"好", IntentAffirm},
		{"嗯嗯", IntentAffirm},
		{"可以", IntentAffirm},
		{"对对对", IntentAffirm},
		{"👍", IntentAffirm},
		{"yes please", IntentAffirm},
		{"OK", IntentAffirm},
		{"sure", IntentAffirm},
		{"that's right", IntentAffirm},

		{"不是", IntentDeny},
		{"不用了", IntentDeny},
		{"不用了，谢谢", IntentDeny},
		{"没有", IntentDeny},
		{"no", IntentDeny},
		{"no thanks", IntentDeny},
		{"not really", IntentDeny},
		{"👎", IntentDeny},

		{"帮助", IntentHelp},
		{"你能做什么？", IntentHelp},
		{"你好，你会什么", IntentHelp},
		{"help", IntentHelp},
		{"What can you do?", IntentHelp},
		{"hi, can you help me?", IntentHelp},

		{"你好，我的宽带断了", IntentNone},
		{"你好贵啊", IntentNone},
		{"谢谢你帮我查一下话费", IntentNone},
		{"再见的英文怎么说", IntentNone},
		{"好的套餐有哪些", IntentNone},
		{"可以退款吗", IntentNone},
		{"不是我的订单", IntentNone},
		{"不能上网", IntentNone},
		{"hi, my card is lost", IntentNone},
		{"thank you letter template", IntentNone},
		{"no signal", IntentNone},
		{"yes bank account", IntentNone},
		{"help me reset my password", IntentNone},
		{"你真是太贵了", IntentNone},
		{"亲", IntentNone},
		{"please", IntentNone},
		{"请问", IntentNone},
		{"...", IntentWordless},
		{"", IntentNone},
	}
	for _, c := range cases {
		t.Run(c.text, func(t *testing.T) {
			a := Analyze(c.text)
			if a.Intent != c.want {
				t.Errorf("intent %q (%s), want %q", a.Intent, a.IntentRule, c.want)
			}
			if (a.Intent == IntentNone) != (a.IntentRule == "") {
				t.Errorf("intent %q with rule %q", a.Intent, a.IntentRule)
			}
		})
	}
}

func TestAnalyzeQuery(t *testing.T) {
	cases := []struct{ text, want string }{
		{"你好，请问怎么退款？", "怎么退款?"},
		{"您好！我想咨询一下，宽带怎么移机", "宽带怎么移机"},
		{"亲，在吗？话费怎么查", "话费怎么查"},
		{"你好在吗 请问一下话费怎么查，谢谢", "话费怎么查"},
		{"请问怎么退款，谢谢！", "怎么退款"},
		{"不好意思打扰一下，发票怎么开", "发票怎么开"},
		{"請問一下怎麼開發票", "怎么开发票"},
		{"怎么退款", "怎么退款"},
		{"你好贵啊", "你好贵啊"},
		{"早餐几点", "早餐几点"},
		{"你好", "你好"},
		{"谢谢", "谢谢"},
		{"你好，谢谢", "你好,谢谢"},
		{"请问", "请问"},
		{"hi, could you tell me how to pay?", "how to pay?"},
		{"Hello there! I would like to know if I can cancel my order please", "if i can cancel my order"},
		{"good morning, excuse me, where is my refund? thanks", "where is my refund?"},
		{"can you please change my address", "change my address"},
		{"thank you letter template", "thank you letter template"},
		{"question mark key broken", "question mark key broken"},
		{"history of my orders", "history of my orders"},
		{"refund", "refund"},
		{"hello", "hello"},
		{"？？？", "?"},
		{"", ""},
	}
	for _, c := range cases {
		t.Run(c.text, func(t *testing.T) {
			if got := Analyze(c.text).Query; got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestPhrasesAreNormal(t *testing.T) {
	for start, entries := range phraseBook() {
		for _, e := range entries {
			if Normalize(e.phrase) != e.phrase {
				t.Errorf("phrase %q of %q is not in normal form (%q)", e.phrase, e.role, Normalize(e.phrase))
			}
			if len(e.words) > maxPhrase || start != e.words[0] {
				t.Errorf("phrase %q has %d pieces", e.phrase, len(e.words))
			}
		}
	}
}

func TestAnalyzeAbuseAndWordless(t *testing.T) {
	for _, c := range []struct {
		text string
		want Intent
	}{
		{"傻逼", IntentAbuse},
		{"你是傻逼吗？", IntentAbuse},
		{"垃圾！", IntentAbuse},
		{"滚蛋吧你个傻逼", IntentAbuse},
		{"Fuck you!!", IntentAbuse},
		{"you stupid bot", IntentAbuse},
		{"垃圾短信怎么屏蔽", IntentNone},
		{"垃圾分类怎么分", IntentNone},
		{"how do I stop stupid pop-ups", IntentNone},
		{"😀😀", IntentWordless},
		{"🐱", IntentWordless},
		{"？？？", IntentWordless},
		{"……", IntentWordless},
		{"👍", IntentAffirm},
		{"😀 怎么开发票", IntentNone},
		{"12", IntentNone},
		{"", IntentNone},
	} {
		if got := Analyze(c.text); got.Intent != c.want {
			t.Errorf("%q: %q (%s), want %q", c.text, got.Intent, got.IntentRule, c.want)
		}
	}
}
