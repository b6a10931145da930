package letter

import (
	"strings"
	"testing"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
)

var every = Style{Signature: map[string]string{"zh": "星桥客服\n400-000", "en": "Starbridge support"}, Greets: true, Discloses: true, Quotes: true, Numbers: true}

func article(id int64) string { return "/a/" + string(rune('0'+id)) }

func bot(text string, c conversation.Content) conversation.Message {
	return conversation.Message{ConversationID: 42, Sender: conversation.FromBot, Text: text, Content: c}
}

func mailFrom(name, text string) *conversation.Message {
	return &conversation.Message{Sender: conversation.FromContact, Text: text, CreatedAt: time.Date(2026, 7, 18, 10, 0, 0, 0, time.UTC),
		Content: conversation.Content{Mail: &conversation.Mail{From: []conversation.MailAddress{{Name: name, Address: "ann@mail.example"}}, Quoted: "earlier words"}}}
}

func TestWrite(t *testing.T) {
	answer := conversation.Content{Markdown: true, Rateable: true, ArticleID: 1, Further: []conversation.Choice{{Label: "发票多久到", Value: "article:2"}}}
	for name, c := range map[string]struct {
		l        Letter
		has, not []string // "html:" before what the HTML has
	}{
		"an answer": {Letter{Message: bot("先**登录**，见[这里](/help)。", answer), Name: "安安"},
			[]string{"安安，您好：", "先登录，见这里 (https://h.example/help)。", "发票多久到\n  https://h.example/a/2", "没有解决", "智能助手", "-- \n星桥客服\n400-000",
				"html:<strong>登录</strong>", `html:href="https://h.example/help"`, `html:<a href="https://h.example/a/2">发票多久到</a>`}, nil},
		"in English": {Letter{Message: bot("Sign in first.", conversation.Content{Rateable: true}), Name: "Ann"},
			[]string{"Dear Ann,", "not solved", "automated assistant", "Starbridge support"}, []string{"您"}},
		"nobody's name": {Letter{Message: bot("好", conversation.Content{})}, []string{"您好："}, []string{"，您好", "没有解决"}},
		"choices": {Letter{Message: bot("您想问的是下面哪一个？", conversation.Content{Choices: []conversation.Choice{{Label: "退货", Value: "article:3"}, {Label: "都不是", Value: "none"}}})},
			[]string{"1. 退货\n   https://h.example/a/3\n2. 都不是", "回复编号", "html:<ol><li><a href=\"https://h.example/a/3\">退货</a></li><li>都不是</li></ol>"}, nil},
		"a receipt with a time": {Letter{Message: conversation.Message{ConversationID: 42, Sender: conversation.FromSystem, Text: "正在转接",
			Content: conversation.Content{Activity: "queued", ActivityData: map[string]string{"wait": "5", "staffed": "true", "place": "3"}}}},
			[]string{"受理编号：#42", "您排在第 3 位", "约 5 分钟", "直接回复本邮件"}, []string{"正在转接", "智能助手"}},
		"a receipt in hours": {Letter{Message: conversation.Message{ConversationID: 42, Sender: conversation.FromSystem, Text: "waiting",
			Content: conversation.Content{Activity: "queued", ActivityData: map[string]string{"wait": "130"}}}}, []string{"#42", "about 3 hours"}, nil},
		"a receipt at night": {Letter{Message: conversation.Message{ConversationID: 42, Sender: conversation.FromSystem, Text: "明早九点上班",
			Content: conversation.Content{Activity: "queued"}}}, []string{"明早九点上班"}, nil},
		"a receipt by day": {Letter{Message: conversation.Message{ConversationID: 42, Sender: conversation.FromSystem, Text: "马上",
			Content: conversation.Content{Activity: "queued", ActivityData: map[string]string{"staffed": "true"}}}}, []string{"尽快回复"}, []string{"马上"}},
		"an agent's": {Letter{Message: conversation.Message{Sender: conversation.FromAgent, Text: "已为您<处理>\n请查收"}, Agent: "李娜", Name: "安安"},
			[]string{"已为您<处理>\n请查收", "-- \n李娜\n星桥客服", "html:已为您&lt;处理&gt;<br>"}, []string{"您好：", "智能助手"}},
		"with the history": {Letter{Message: bot("好", conversation.Content{}), Name: "安安", Answers: mailFrom("安安", "你们好\n第二行")},
			[]string{"安安 <ann@mail.example> 于2026年7月18日 10:00写道：\n\n> 你们好\n> 第二行\n> \n> earlier words", "html:<blockquote>"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			c.l.Article, c.l.Base, c.l.Style = article, "https://h.example", every
			got := Write(c.l)
			for _, want := range c.has {
				in := got.Text
				if rest, rich := strings.CutPrefix(want, "html:"); rich {
					in, want = strings.ReplaceAll(strings.ReplaceAll(got.HTML, ` class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex"`, ""), ` rel="nofollow noreferrer noopener" target="_blank"`, ""), rest
				}
				if !strings.Contains(in, want) {
					t.Errorf("it lacks %q:\n%s", want, in)
				}
			}
			for _, no := range c.not {
				if strings.Contains(got.Text, no) {
					t.Errorf("it has %q:\n%s", no, got.Text)
				}
			}
		})
	}
}

func TestHistoryIsCleanAndBounded(t *testing.T) {
	m := mailFrom("Ann", "hi")
	m.HTML = `<p onclick="x()">hi<script>alert(1)</script></p>`
	got := Write(Letter{Message: bot("ok", conversation.Content{}), Answers: m, Style: every})
	if strings.Contains(got.HTML, "script") || strings.Contains(got.HTML, "onclick") {
		t.Errorf("got %s", got.HTML)
	}
	m.Text = strings.Repeat("x", maxQuoted+1)
	if got := Write(Letter{Message: bot("ok", conversation.Content{}), Answers: m, Style: every}); len(got.Text) > 1000 {
		t.Errorf("a history of %d bytes", len(got.Text))
	}
	if got := Write(Letter{Message: bot("ok", conversation.Content{}), Answers: mailFrom("Ann", "hi")}); strings.Contains(got.Text, "wrote") {
		t.Errorf("quoted against the setting: %s", got.Text)
	}
}

func TestPerson(t *testing.T) {
	for given, want := range map[string]string{"Ann": "Ann", " Ann\r\n B ": "Ann B", "ann@mail.example": "", strings.Repeat("x", 41): "", "": ""} {
		if got := Person(mailFrom(given, "")); got != want {
			t.Errorf("Person(%q) = %q", given, got)
		}
	}
	if Person(nil) != "" || Person(&conversation.Message{}) != "" {
		t.Error("a name of nobody")
	}
}

func TestStyleOf(t *testing.T) {
	kind := channels.Kind{Settings: Settings()}
	s := StyleOf(kind, conversation.Inbox{Settings: map[string]string{"signature": "星桥", "letter_quotes": "false"}})
	if !s.Greets || !s.Discloses || s.Quotes || !s.Numbers || s.Signature["zh"] != "星桥" {
		t.Errorf("got %+v", s)
	}
}

func TestAChatGoesOn(t *testing.T) {
	at := time.Date(2026, 7, 18, 10, 0, 0, 0, time.UTC)
	said := []conversation.Message{
		{Sender: conversation.FromContact, Text: "我的<问题>", CreatedAt: at},
		{Sender: conversation.FromBot, Text: "请**重启**", Content: conversation.Content{Markdown: true}, CreatedAt: at, Attachments: []conversation.Attachment{{Name: "图.png"}}}}
	got := Write(Letter{Message: conversation.Message{Sender: conversation.FromAgent, Text: "处理好了", Content: conversation.Content{Recap: &conversation.Recap{After: 1}}}, Recap: said, Style: every})
	for _, want := range []string{"您已离开在线咨询", "您 · 2026-07-18 10:00\n我的<问题>", "智能助手 · 2026-07-18 10:00\n请重启\n[图.png]", "处理好了", "直接回复本邮件，对话会继续"} {
		if !strings.Contains(got.Text, want) {
			t.Errorf("it lacks %q:\n%s", want, got.Text)
		}
	}
	if !strings.Contains(got.HTML, "我的&lt;问题&gt;") || !strings.Contains(got.HTML, "<strong>重启</strong>") {
		t.Errorf("got %s", got.HTML)
	}
	record := conversation.Message{Sender: conversation.FromSystem, Text: "The record was sent to a@b.example", Content: conversation.Content{Recap: &conversation.Recap{Whole: true}}}
	if got := Write(Letter{Message: record, Recap: said, Style: every}); strings.Contains(got.Text, "a@b.example") || !strings.Contains(got.Text, "as you asked") {
		t.Errorf("got %s", got.Text)
	}
	for m, want := range map[*conversation.Message]string{&record: "The record of your chat: Star", {Text: "好"}: "您的咨询有了回复： Star"} {
		if got := Subject(*m, "Star"); got != want {
			t.Errorf("subject %q", got)
		}
	}
}
