package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"huiyin/channels/simulator"
	"huiyin/db/pgtest"
)

// What needs the whole program and the clouds that carry texts: each test runs on both databases, over HTTP.

const textSecret = "0123456789abcdef"

// cloudInbox is how an inbox of a kind is set up, and the account with its provider.
func cloudInbox(kind simulator.Kind, api string) (simulator.Config, []string) {
	c := simulator.Config{Kind: kind, Name: "texts", AppID: "AC0123456789", Secret: "a secret of the account", Original: "+15550001", Sign: "星桥通信",
		Templates: map[string]string{"SMS_1": "${content}"}, Repeats: []time.Duration{50 * time.Millisecond, 200 * time.Millisecond, time.Second}}
	set := []string{"api_base=" + api, "number_rate=1000/1s"}
	template := []string{"sign_name=" + c.Sign, "template_id=SMS_1", "callback_secret=" + textSecret}
	switch kind {
	case simulator.Aliyun:
		set = append(append(set, "access_key_id="+c.AppID, "access_key_secret="+c.Secret), template...)
	case simulator.Tencent:
		c.Templates = map[string]string{"SMS_1": "{1}"}
		set = append(append(set, "secret_id="+c.AppID, "secret_key="+c.Secret, "sdk_app_id="+c.Original), template...)
	default:
		set = append(set, "account_sid="+c.AppID, "auth_token="+c.Secret, "from="+c.Original, "sign_name="+c.Sign)
	}
	return c, set
}

// newTexts starts a server with an inbox of a cloud's.
func newTexts(t *testing.T, database string, kind simulator.Kind, settings ...string) *wechatBase {
	t.Helper()
	b := &wechatBase{server: newServer(t, database)}
	b.sim = simulator.New(simulator.Options{})
	provider := httptest.NewServer(b.sim)
	t.Cleanup(provider.Close)
	b.provider = provider.URL
	c, set := cloudInbox(kind, provider.URL)
	args := []string{"inbox", "create", "--kind", string(kind), "--name", "Texts", "--json"}
	for _, s := range append(set, settings...) {
		args = append(args, "--set", s)
	}
	b.call("article", "import", writeFile(t, "articles.jsonl", smallKB))
	b.inbox = decode[shownInbox](t, callWith("", b.on(args...)...)).ID
	c.Callbacks = []string{b.hook(b.server)}
	if kind != simulator.Twilio {
		c.Callbacks[0] += "?secret=" + textSecret
	}
	var err error
	if b.account, err = b.sim.Add(c); err != nil {
		t.Fatal(err)
	}
	b.signIn()
	b.eventually("the server knows its articles", func() bool {
		var tried struct{ Decision string }
		b.api(http.MethodPost, "/answers/try", map[string]string{"text": "怎么开电子发票？"}, &tried)
		return tried.Decision == "answer"
	})
	return b
}

// onClouds runs a test with an inbox of each cloud, and with the one that gives our id back in no receipt on PostgreSQL too.
func onClouds(t *testing.T, test func(t *testing.T, b *wechatBase), settings ...string) {
	for _, kind := range []simulator.Kind{simulator.Aliyun, simulator.Tencent, simulator.Twilio} {
		t.Run("SQLite "+string(kind), func(t *testing.T) {
			t.Parallel()
			test(t, newTexts(t, "", kind, settings...))
		})
	}
	t.Run("PostgreSQL "+string(simulator.Twilio), func(t *testing.T) {
		t.Parallel()
		test(t, newTexts(t, pgtest.URL(t), simulator.Twilio, settings...))
	})
}

// delivery is what became of a message of ours, and why.
func (b *wechatBase) delivery(text string) (state, reason string) {
	b.Helper()
	for _, m := range b.messages() {
		if m.Sender != "contact" && strings.Contains(m.Text, text) {
			state, reason = m.Delivery, m.Reason
		}
	}
	return state, reason
}

func (b *wechatBase) becomes(text, want string) {
	b.Helper()
	b.eventually(fmt.Sprintf("%q is %s", text, want), func() bool { state, _ := b.delivery(text); return state == want })
}

// A text is answered by a short text under the signature; the receipt says that it arrived, or that it did not.
func TestTextsAreAnsweredAndReceiptsSettle(t *testing.T) {
	t.Parallel()
	onClouds(t, func(t *testing.T, b *wechatBase) {
		p := b.account.Phone("8613800000001")
		if d := b.says(p, "怎么开电子发票？"); d.Answer != simulator.Success {
			t.Fatalf("%+v", d)
		}
		b.reads(p, "【星桥通信】")
		b.reads(p, "开票")
		b.becomes("开票", "delivered")
		if line := p.Screen()[1]; line.Parts > 2 {
			t.Errorf("%d parts: %s", line.Parts, line.Text)
		}
		b.says(p, "转人工")
		b.eventually("the bot has spoken", func() bool { return len(p.Said()) > 1 })
		b.replies("您好")
		b.becomes("您好", "delivered")
		p.Away(1)
		b.replies("您的手机关机了")
		b.becomes("您的手机关机了", "failed")
		if _, reason := b.delivery("您的手机关机了"); reason == "" {
			t.Error("no reason")
		}
		b.replies("现在开机了")
		b.becomes("现在开机了", "delivered")
		if times(p, "现在开机了") != 1 || times(p, "您的手机关机了") != 0 {
			t.Errorf("%q", p.Said())
		}
	})
}

// Who opts out is told so once, and gets nothing more from the bot or an agent until they opt in.
func TestOptOutsAreHonoured(t *testing.T) {
	t.Parallel()
	onClouds(t, func(t *testing.T, b *wechatBase) {
		p := b.account.Phone("8613800000001")
		b.says(p, "转人工")
		b.eventually("the bot has spoken", func() bool { return len(p.Said()) > 0 })
		before := len(p.Said())
		b.says(p, " ｔｄ ！")
		b.reads(p, "您已退订")
		b.says(p, "T")
		b.says(p, "怎么开电子发票？")
		b.replies("请再听我说一句")
		b.becomes("请再听我说一句", "failed")
		if _, reason := b.delivery("请再听我说一句"); reason != "the customer has opted out of messages on this channel" {
			t.Error(reason)
		}
		if said := p.Said(); len(said) != before+1 || times(p, "您已退订") != 1 {
			t.Errorf("%q", said)
		}
		b.says(p, "恢复订阅")
		b.reads(p, "您已恢复")
		b.replies("欢迎回来")
		b.becomes("欢迎回来", "delivered")
		kinds := []string{}
		for _, m := range b.messages() {
			if strings.HasPrefix(m.Activity, "opted_") {
				kinds = append(kinds, m.Activity)
			}
		}
		if strings.Join(kinds, " ") != "opted_out opted_in" || times(p, "请再听我说一句") != 0 {
			t.Errorf("%q, %q", kinds, p.Said())
		}
	})
}

// Callbacks that come twice, or again, are one message and one answer.
func TestTextsThatComeTwice(t *testing.T) {
	t.Parallel()
	onClouds(t, func(t *testing.T, b *wechatBase) {
		b.account.Twice(true)
		p := b.account.Phone("8613800000001")
		b.says(p, "怎么开电子发票？")
		b.reads(p, "开票")
		b.becomes("开票", "delivered")
		if _, err := p.Repeat(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(300 * time.Millisecond)
		if b.count("contact") != 1 || times(p, "开票") != 1 {
			t.Errorf("%d questions, %q", b.count("contact"), p.Said())
		}
	})
}

// A cloud that is busy, down or answers nonsense loses nothing and doubles nothing.
func TestACloudThatFailsLosesNothing(t *testing.T) {
	t.Parallel()
	busy := map[simulator.Kind]simulator.Fault{simulator.Aliyun: {Do: "code", Text: "Throttling.User", Code: 400}, simulator.Tencent: {Do: "code", Text: "RequestLimitExceeded"},
		simulator.Twilio: {Do: "code", Code: 429, Text: "20429"}}
	onClouds(t, func(t *testing.T, b *wechatBase) {
		p := b.account.Phone("8613800000001")
		b.says(p, "转人工")
		b.eventually("the bot has spoken", func() bool { return len(p.Said()) > 0 })
		for _, c := range []struct {
			text  string
			fault simulator.Fault
			state string // how it must end; "" where it cannot be known
		}{
			{"超出频率", busy[b.account.Config().Kind], "delivered"},
			{"网关说不", simulator.Fault{Do: "status", Code: 502}, "delivered"},
			{"没有听到", simulator.Fault{Do: "drop"}, ""},
			{"返回网页", simulator.Fault{Do: "html"}, ""},
			{"只有一半", simulator.Fault{Do: "half"}, ""},
			{"收下后断线", simulator.Fault{Do: "cut"}, ""},
			{"很慢很慢", simulator.Fault{Do: "slow", Wait: time.Second}, "delivered"},
		} {
			c.fault.Times = 1
			b.account.Break(c.fault)
			b.replies(c.text)
			var state, reason string
			b.eventually(c.text+" has ended", func() bool {
				state, reason = b.delivery(c.text)
				return state == "delivered" || state == "uncertain" || state == "failed"
			})
			time.Sleep(100 * time.Millisecond) // a receipt may still settle it
			state, reason = b.delivery(c.text)
			shown := times(p, c.text)
			if c.state != "" && state != c.state || shown > 1 || state == "delivered" && shown != 1 || state != "delivered" && reason == "" {
				t.Errorf("%s: %s (%s), shown %d times", c.text, state, reason, shown)
			}
			b.account.Mend()
		}
	})
}

// A callback that is forged or changed under way is turned away and stores nothing.
func TestForgedTextsAreTurnedAway(t *testing.T) {
	t.Parallel()
	onClouds(t, func(t *testing.T, b *wechatBase) {
		p := b.account.Phone("8613800000001")
		right := b.account.Config()
		for name, change := range map[string]func(*simulator.Config){
			"no secret": func(c *simulator.Config) { c.Callbacks = []string{b.hook(b.server)}; c.Secret = "x" },
			"another secret": func(c *simulator.Config) {
				c.Callbacks = []string{b.hook(b.server) + "?secret=fedcba9876543210"}
				c.Secret = "y"
			},
			"another inbox": func(c *simulator.Config) { c.Callbacks = []string{b.url() + "/hooks/999?secret=" + textSecret} },
		} {
			b.account.Configure(change)
			b.account.Configure(func(c *simulator.Config) { c.Repeats = []time.Duration{} })
			if d := b.says(p, name); d.Answer != simulator.Wrong {
				t.Errorf("%s: %+v", name, d)
			}
			b.account.Configure(func(c *simulator.Config) { *c = right })
		}
		if all := b.conversations(); len(all) != 0 {
			t.Errorf("%+v", all)
		}
	})
}
