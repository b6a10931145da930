package nlu

import (
	"slices"
	"strings"
	"testing"
)

func TestAnalyzeMood(t *testing.T) {
	cases := []struct {
		text string
		want Mood
	}{
		{"怎么开发票", MoodNeutral},
		{"how do I pay", MoodNeutral},
		{"", MoodNeutral},
		{"怎么开发票！！！", MoodNeutral},
		{"你们服务真好，很满意", MoodPleased},
		{"不错，点赞", MoodPleased},
		{"great service, I love it", MoodPleased},
		{"太慢了吧", MoodDispleased},
		{"我对你们的服务不满意", MoodDispleased},
		{"服务不好用", MoodDispleased},
		{"I'm not happy with this", MoodDispleased},
		{"this is not helpful", MoodDispleased},
		{"still waiting", MoodDispleased},
		{"垃圾公司", MoodAngry},
		{"什么破网，天天断", MoodAngry},
		{"氣死我了", MoodAngry},
		{"你们这群骗子", MoodAngry},
		{"服务太差！！！", MoodAngry},
		{"等了好久，没人理，态度差", MoodAngry},
		{"this is ridiculous", MoodAngry},
		{"WORST COMPANY EVER", MoodAngry},
		{"TERRIBLE SERVICE FIX IT NOW", MoodAngry},
		{"terrible service!!!", MoodAngry},
		{"what the hell is going on", MoodAngry},
		{"😡", MoodAngry},
		{"垃圾短信怎么屏蔽", MoodNeutral},
		{"垃圾分类怎么做", MoodNeutral},
		{"我没有生气", MoodNeutral},
		{"not bad", MoodNeutral},
		{"I am not angry", MoodNeutral},
		{"操作步骤是什么", MoodNeutral},
		{"麻烦帮我查一下", MoodNeutral},
		{"我妈的卡怎么挂失", MoodNeutral},
	}
	for _, c := range cases {
		t.Run(c.text, func(t *testing.T) {
			a := Analyze(c.text)
			if a.Mood != c.want {
				t.Errorf("mood %q (%v), want %q", a.Mood, a.Signals, c.want)
			}
			if (a.Mood != MoodNeutral) && len(a.Signals) == 0 {
				t.Error("a mood without a signal")
			}
		})
	}
}

func TestAnalyzeComplaint(t *testing.T) {
	cases := []struct {
		text      string
		intent    Intent
		complaint bool
	}{
		{"我要投诉", IntentComplaint, true},
		{"我要投訴你們", IntentComplaint, true},
		{"再这样我打12315了", IntentComplaint, true},
		{"我要向工信部反映", IntentComplaint, true},
		{"我会去消协告你们", IntentComplaint, true},
		{"发微博曝光你们", IntentComplaint, true},
		{"你们就是骗子", IntentComplaint, true},
		{"乱扣费，气死我了", IntentComplaint, true},
		{"你们必须给个说法", IntentComplaint, true},
		{"我要投诉，投诉电话是多少", IntentComplaint, true},
		{"I want to make a complaint", IntentComplaint, true},
		{"this is a scam", IntentComplaint, true},
		{"you will hear from my lawyer", IntentComplaint, true},
		{"I will report you to trading standards", IntentComplaint, true},
		{"it is a scam, ridiculous", IntentComplaint, true},

		{"投诉电话是多少", IntentNone, true},
		{"怎么投诉", IntentNone, true},
		{"在哪里可以投诉", IntentNone, true},
		{"投诉处理要多久", IntentNone, true},
		{"how do I file a complaint", IntentNone, true},
		{"where can I complain?", IntentNone, true},
		{"what is the status of my complaint", IntentNone, true},
		{"complaints department phone", IntentNone, true},

		{"我不投诉", IntentNone, false},
		{"我不是要投诉，只是问问", IntentNone, false},
		{"I don't want to complain", IntentNone, false},
		{"举报电话是多少", IntentNone, false},
		{"律师费能报销吗", IntentNone, false},
		{"how do I block scam calls", IntentNone, false},
		{"does my plan include a lawyer", IntentNone, false},
		{"怎么退款", IntentNone, false},

		{"我要投诉你们让经理来", IntentHuman, true},
		{"我要投诉，转人工", IntentHuman, true},
	}
	for _, c := range cases {
		t.Run(c.text, func(t *testing.T) {
			a := Analyze(c.text)
			if a.Intent != c.intent || a.Complaint != c.complaint {
				t.Errorf("intent %q (%s), complaint %v %v, want %q, %v", a.Intent, a.IntentRule, a.Complaint, a.Signals, c.intent, c.complaint)
			}
		})
	}
}

func TestComplaintQuestionIsCalm(t *testing.T) {
	for _, text := range []string{"投诉电话是多少", "how do I file a complaint"} {
		if a := Analyze(text); a.Mood != MoodNeutral {
			t.Errorf("%q: mood %q, want neutral", text, a.Mood)
		}
	}
}

func TestAnalyzeUrgency(t *testing.T) {
	cases := []struct {
		text string
		want int
	}{
		{"怎么开发票", 0},
		{"不急", 0},
		{"我不着急", 0},
		{"紧急联系人怎么改", 0},
		{"no rush", 0},
		{"尽快处理", 1},
		{"please answer soon", 1},
		{"很急，马上要用", 2},
		{"急急急", 2},
		{"urgent, I need it asap", 2},
		{"我的卡被盗刷了", 3},
		{"家里漏电", 3},
		{"my card was stolen", 3},
		{"my account got hacked, hurry", 3},
	}
	for _, c := range cases {
		t.Run(c.text, func(t *testing.T) {
			if a := Analyze(c.text); a.Urgency != c.want {
				t.Errorf("urgency %d (%v), want %d", a.Urgency, a.Signals, c.want)
			}
		})
	}
}

func TestSignalsAreNamedOnce(t *testing.T) {
	a := Analyze("垃圾，垃圾，太慢了，急")
	if want := []string{"垃圾", "太慢了", "急"}; !slices.Equal(a.Signals, want) {
		t.Errorf("signals %v, want %v", a.Signals, want)
	}
}

func TestSignalPhrasesAreNormal(t *testing.T) {
	for _, entries := range signalBook() {
		for _, e := range entries {
			if Normalize(e.phrase) != e.phrase || strings.TrimSpace(e.phrase) == "" {
				t.Errorf("phrase %q is not in normal form (%q)", e.phrase, Normalize(e.phrase))
			}
		}
	}
}
