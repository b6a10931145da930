package hub_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/hub"
	"huiyin/knowledge"
)

const secretAnswer = "内部：先退一半。"

// secrets are an internal article, one that is over and one that is yet to come, and one with variants.
const secrets = `{"key":"refund-internal","question":{"zh":"怎么申请退款"},"similar":{"zh":["退款流程"]},"answer":{"zh":"` + secretAnswer + `"},"audience":"internal","status":"published"}
{"key":"sale-old","question":{"zh":"双十一有什么活动"},"answer":{"zh":"去年的活动。"},"valid_until":"2020-01-01T00:00:00Z","status":"published"}
{"key":"sale-next","question":{"zh":"春节有什么活动"},"answer":{"zh":"明年的活动。"},"valid_from":"2099-01-01T00:00:00Z","status":"published"}
{"key":"gift","question":{"zh":"会员礼品怎么领"},"answer":{"zh":"到店领。"},"variants":[{"tier":"vip","answer":{"zh":"专人送上门。"}},{"channel":"wire","answer":{"zh":"在线领。"}}],"status":"published"}`

func (h *house) idOf(key string) int64 {
	h.t.Helper()
	a, err := knowledge.ByKey(context.Background(), h.DB, key)
	if err != nil {
		h.t.Fatal(err)
	}
	return a.ID
}

// Law 8: an internal article never reaches a customer, on no road.
func TestInternalArticlesReachNoCustomer(t *testing.T) {
	onBoth(t, func(h *house) {
		ctx := context.Background()
		h.start()
		h.learns(secrets)
		internal := h.idOf("refund-internal")
		h.talks("怎么申请退款", "退款流程", "退款？双十一有什么活动？")
		h.desk(func(ctx context.Context, tx *db.Tx) error {
			return h.offers(ctx, tx, fmt.Sprint("article:", internal), "article:3")
		})
		h.talks("1")
		for _, m := range h.messages(1) {
			if strings.Contains(m.Text, secretAnswer) || m.Content.ArticleID == internal || strings.Contains(m.Explanation, secretAnswer) || strings.Contains(m.Explanation, `"refund-internal"`) {
				h.t.Errorf("it reached the customer: %+v", m)
			}
			for _, c := range m.Content.Choices {
				if m.Sender == conversation.FromBot && strings.HasPrefix(m.Explanation, `{"question`) && c.Value == fmt.Sprint("article:", internal) {
					h.t.Errorf("it was offered: %+v", m)
				}
			}
		}
		customer, err := h.Try(ctx, "怎么申请退款", hub.Asker{})
		if err != nil || strings.Contains(fmt.Sprintf("%+v", customer), secretAnswer) {
			h.t.Errorf("tried as a customer: %+v, %v", customer, err)
		}
		agent, err := h.Try(ctx, "怎么申请退款", hub.Asker{Internal: true})
		if err != nil || len(agent.Hits) == 0 || !agent.Hits[0].Internal || agent.Hits[0].Answer != secretAnswer {
			h.t.Errorf("an agent's suggestion: %+v, %v", agent, err)
		}
	})
}

func TestAnswersByTimeChannelAndTier(t *testing.T) {
	onBoth(t, func(h *house) {
		ctx := context.Background()
		h.learns2(secrets)
		try := func(text string, a hub.Asker) string {
			tried, err := h.Try(ctx, text, a)
			if err != nil {
				h.t.Fatal(err)
			}
			return tried.Text
		}
		at := func(year int) time.Time { return time.Date(year, 6, 1, 0, 0, 0, 0, time.UTC) }
		for _, c := range []struct {
			text  string
			asker hub.Asker
			want  string
		}{
			{"双十一有什么活动", hub.Asker{At: at(2019)}, "去年的活动。"},
			{"双十一有什么活动", hub.Asker{At: at(2026)}, ""},
			{"春节有什么活动", hub.Asker{At: at(2100)}, "明年的活动。"},
			{"春节有什么活动", hub.Asker{}, ""},
			{"会员礼品怎么领", hub.Asker{}, "到店领。"},
			{"会员礼品怎么领", hub.Asker{Channel: "wire"}, "在线领。"},
			{"会员礼品怎么领", hub.Asker{Channel: "wire", Tier: "VIP"}, "专人送上门。"},
		} {
			if got := try(c.text, c.asker); got != c.want && (c.want != "" || strings.HasSuffix(got, "活动。")) {
				h.t.Errorf("%s for %+v: %q, want %q", c.text, c.asker, got, c.want)
			}
		}
		h.start()
		h.talks("会员礼品怎么领")
		if m, e := h.last(1); m.Text != "在线领。" || e.Channel != "wire" || e.Tier != "" {
			h.t.Errorf("%q %+v", m.Text, e.Channel)
		}
		h.desk(func(ctx context.Context, tx *db.Tx) error {
			contact, err := h.Conversations.Contact(ctx, tx, 1)
			if err != nil {
				return err
			}
			contact.Attributes = map[string]string{"tier": "VIP"}
			return h.Conversations.SaveContact(ctx, tx, contact)
		})
		h.talks("会员礼品怎么领")
		if m, e := h.last(1); m.Text != "专人送上门。" || e.Tier != "VIP" {
			h.t.Errorf("%q %+v", m.Text, e.Tier)
		}
	})
}

// learns2 adds articles before the hub runs.
func (h *house) learns2(articles string) {
	h.t.Helper()
	ctx := context.Background()
	if _, err := knowledge.Import(ctx, h.DB, knowledge.Author{Name: "test"}, knowledge.JSONL, strings.NewReader(articles)); err != nil {
		h.t.Fatal(err)
	}
	if err := h.Knowledge.Refresh(ctx); err != nil {
		h.t.Fatal(err)
	}
}

const oneTongue = `{"key":"cancel","question":{"zh":"怎么取消宽带套餐"},"similar":{"zh":["取消宽带套餐"]},"answer":{"zh":"在营业厅办理。"},"status":"published"}
{"key":"password","question":{"zh":"怎么重置密码"},"similar":{"zh":["重置密码"]},"answer":{"zh":"在登录页重置。","en":"Reset it on the sign-in page."},"status":"published"}
{"key":"luggage","question":{"en":"What is the luggage limit?"},"similar":{"en":["luggage limit"]},"answer":{"en":"Two pieces of 23 kg."},"status":"published"}`

func TestAQuestionInTheOtherLanguage(t *testing.T) {
	h := build(t, t.TempDir()+"/huiyin.db")
	h.learns2(oneTongue)
	for _, c := range []struct {
		text     string
		act      hub.Act
		says     []string // all in what the bot says or offers
		other    string
		explains bool
	}{
		{"How do I reset my password?", hub.ActAnswer, []string{"Reset it on the sign-in page."}, "", true},
		{"How do I cancel my broadband plan?", hub.ActAnswer, []string{"exists in Chinese only", "在营业厅办理。"}, "zh", true},
		{"行李限额", hub.ActAnswer, []string{"只有英文", "Two pieces"}, "en", true},
		{"Why is the moon green tonight?", hub.ActAsk, []string{"Sorry"}, "", false},
	} {
		tried, err := h.Try(context.Background(), c.text, hub.Asker{})
		if err != nil {
			t.Fatal(err)
		}
		if tried.Decision.Act != c.act || tried.Explanation.OtherLanguage != c.other || (tried.Explanation.Context != nil) != c.explains {
			t.Errorf("%s: %v, %q, %+v, hits %d", c.text, tried.Decision.Act, tried.Explanation.OtherLanguage, tried.Explanation.Context, len(tried.Hits))
		}
		for _, want := range c.says {
			if !strings.Contains(tried.Text, want) {
				t.Errorf("%s: %q does not say %q", c.text, tried.Text, want)
			}
		}
	}
	h.start()
	h.talks("How do I cancel my broadband plan?")
	m, _ := h.last(1)
	if len(m.Content.Choices) != 1 || m.Content.Choices[0].Value != "human" || m.Content.Choices[0].Label != "Talk to a person" {
		t.Errorf("%+v", m.Content)
	}
	if r := h.replays(m.Explanation); len(r.Changes) != 0 || r.Text != m.Text {
		t.Errorf("%+v, %q", r.Changes, r.Text)
	}
}

// Who asked in English and presses the button of an article in Chinese is told so in English.
func TestAButtonInTheOtherLanguage(t *testing.T) {
	h := build(t, t.TempDir()+"/huiyin.db")
	h.learns2(oneTongue)
	id := h.idOf("cancel")
	h.start()
	h.talks("Could somebody perhaps cancel broadband plan subscriptions")
	h.desk(func(ctx context.Context, tx *db.Tx) error {
		c, err := h.Conversations.Load(ctx, tx, 1)
		if err != nil {
			return err
		}
		_, err = h.Conversations.Reply(ctx, tx, c, conversation.Draft{Sender: conversation.FromBot, Text: "which?",
			Explanation: `{"question":"cancel plan","language":"en","decision":{"act":"clarify"}}`,
			Content:     conversation.Content{Choices: []conversation.Choice{{Label: "怎么取消宽带套餐", Value: fmt.Sprint("article:", id)}, {Label: "None", Value: "none"}}}})
		return err
	})
	h.talks("怎么取消宽带套餐")
	if m, e := h.last(1); e.OtherLanguage != "zh" || !strings.HasPrefix(m.Text, "Sorry, this answer exists in Chinese only") {
		t.Fatalf("%q, %+v", m.Text, e.OtherLanguage)
	} else if r := h.replays(m.Explanation); r.Text != m.Text || len(r.Changes) != 0 {
		t.Fatalf("replayed: %q, %+v", r.Text, r.Changes)
	}
}
