package handoff_test

import (
	"strings"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/handoff"
)

// talk makes messages: who says what, with what explanation.
func talk(lines ...[3]string) []conversation.Message {
	var list []conversation.Message
	for i, l := range lines {
		m := conversation.Message{Seq: int64(i + 1), Sender: conversation.Sender(l[0]), Text: l[1], Explanation: l[2], CreatedAt: time.Unix(int64(i), 0)}
		if l[0] == "system" {
			m.Text, m.Content.Activity = "", l[1]
		}
		list = append(list, m)
	}
	return list
}

func TestCard(t *testing.T) {
	answered := `{"asked":"宽带断了","language":"zh","mood":"neutral","rule":"sure","hits":[{"article":4,"question":"宽带断了怎么办","confidence":0.9},{"article":5,"question":"路由器","confidence":0.2},{"article":6,"question":"月费","confidence":0.01}],"decision":{"act":"answer","article":4}}`
	asked := `{"asked":"还是不行","language":"zh","mood":"angry","rule":"nothing near","hits":[],"decision":{"act":"ask"}}`
	handed := `{"asked":"人工","language":"zh","mood":"angry","rule":"the customer asks for a person","hits":[],"decision":{"act":"handoff","reason":"asked"}}`
	messages := talk([3]string{"contact", "上次的事情"}, [3]string{"system", "resolved"}, [3]string{"contact", "你好"}, [3]string{"bot", "您好", `{"mood":"neutral","decision":{"act":"smalltalk"}}`},
		[3]string{"contact", "我家宽带断了三天了"}, [3]string{"bot", "重启", answered}, [3]string{"contact", "我家宽带断了三天了"}, [3]string{"contact", "还是不行，请派人来看看"},
		[3]string{"bot", "请换个说法", asked}, [3]string{"contact", "人工"}, [3]string{"bot", "", handed}, [3]string{"bot", "broken", "{"})
	vacation := conversation.Message{Seq: 13, Sender: conversation.FromContact, Text: "我在休假，回来后回复", CreatedAt: time.Unix(13, 0)}
	vacation.Content.Mail = &conversation.Mail{Automatic: conversation.MailAutoReply}
	messages = append(messages, vacation)
	no := false
	messages[5].Helpful = &no
	messages[4].Content.Entities = []conversation.Entity{{Kind: "phone", Text: "138****8000", Hidden: true}}
	messages[6].Content.Entities = messages[4].Content.Entities
	k := handoff.MakeCard(&conversation.Conversation{HandoffReason: "asked"}, messages)
	var wants []string
	for _, w := range k.Wants {
		wants = append(wants, w.Text)
	}
	if got := strings.Join(wants, "|"); got != "我家宽带断了三天了|还是不行，请派人来看看" {
		t.Errorf("wants %q", got)
	}
	if len(k.Topics) != 2 || k.Topics[0].ArticleID != 4 || k.Topics[1].ArticleID != 5 {
		t.Errorf("topics %+v", k.Topics)
	}
	if len(k.Tried) != 2 || k.Tried[0].Act != "answer" || *k.Tried[0].Helpful || k.Tried[0].Articles[0].ArticleID != 4 || k.Tried[1].Act != "ask" {
		t.Errorf("tried %+v", k.Tried)
	}
	if k.Rule != "the customer asks for a person" || k.Missed != 1 || k.Language != "zh" || len(k.Entities) != 1 || !k.Since.Equal(time.Unix(2, 0)) {
		t.Errorf("%+v", k)
	}
	if len(k.Moods) != 2 || k.Moods[0].Mood != "neutral" || k.Moods[1] != (handoff.Mood{Seq: 9, Mood: "angry"}) {
		t.Errorf("moods %+v", k.Moods)
	}
}

func TestCardOfLittle(t *testing.T) {
	for name, c := range map[string]struct {
		messages []conversation.Message
		want     string
	}{
		"nothing said":        {nil, ""},
		"a greeting only":     {talk([3]string{"contact", "hi"}), "hi"},
		"resolved at the end": {talk([3]string{"contact", "thank you very much"}, [3]string{"system", "resolved"}), "thank you very much"},
	} {
		k := handoff.MakeCard(&conversation.Conversation{}, c.messages)
		got := ""
		for _, w := range k.Wants {
			got += w.Text
		}
		if got != c.want || len(k.Tried) != 0 {
			t.Errorf("%s: %+v", name, k)
		}
	}
}

func TestCannedRepliesThatFit(t *testing.T) {
	replies := []handoff.CannedReply{{ID: 1, Title: "宽带断了", Language: "zh"}, {ID: 2, Title: "开发票"}, {ID: 3, Title: "Refund not received", Language: "en"}, {ID: 4, Title: "宽带月费"}}
	for _, c := range []struct {
		said, language string
		want           []int64
	}{
		{"我家宽带又断了", "zh", []int64{1, 4}},
		{"怎么开发票", "zh", []int64{2}},
		{"my refund was not received", "en", []int64{3}},
		{"my refund was not received", "zh", nil},
		{"hello", "", nil},
		{"", "", nil},
	} {
		var got []int64
		for _, r := range handoff.Fitting(replies, []string{c.said}, c.language, 3) {
			got = append(got, r.ID)
		}
		if len(got) != len(c.want) || len(got) > 0 && got[0] != c.want[0] {
			t.Errorf("%q: %v, want %v", c.said, got, c.want)
		}
	}
}
