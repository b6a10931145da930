package main

import (
	"testing"
	"time"

	"huiyin/channels/simulator"
)

// A provider that is busy, down or answers nonsense loses nothing and doubles nothing: what is sent is on the phone once,
// and where nobody can know it says so.
func TestAProviderThatFailsLosesNothing(t *testing.T) {
	t.Parallel()
	onPhones(t, simulator.OfficialAccount, func(t *testing.T, b *wechatBase) {
		p := b.account.Phone("li")
		b.do(p, simulator.Act{Do: "follow"})
		b.says(p, "转人工")
		for _, c := range []struct {
			text   string
			before func()
			state  string // how it must end; "" where it cannot be known
		}{
			{"all is well", func() {}, "sent"},
			{"the token has expired", b.account.ExpireTokens, "sent"},
			{"the token is another one", b.account.RevokeTokens, "sent"},
			{"busy", b.fault(simulator.Fault{Do: "code", Code: -1}), "sent"},
			{"the connection is refused", b.fault(simulator.Fault{Do: "drop"}), ""},
			{"a gateway answers", b.fault(simulator.Fault{Do: "status", Code: 502}), ""},
			{"a page answers", b.fault(simulator.Fault{Do: "html"}), ""},
			{"half an answer", b.fault(simulator.Fault{Do: "half"}), ""},
			{"taken, and the connection is cut", b.fault(simulator.Fault{Do: "cut"}), ""},
		} {
			b.says(p, "继续") // opens the allowance anew
			c.before()
			b.replies(c.text)
			var state, reason string
			b.eventually(c.text+" has ended", func() bool {
				for _, m := range b.messages() {
					if m.Text == c.text {
						state, reason = m.Delivery, m.Reason
					}
				}
				return state == "sent" || state == "uncertain" || state == "failed"
			})
			shown := times(p, c.text)
			if c.state != "" && state != c.state || shown > 1 || state == "sent" && shown != 1 || state != "sent" && reason == "" {
				t.Errorf("%s: %s (%s), shown %d times", c.text, state, reason, shown)
			}
			b.account.Mend()
		}
	})
}

// fault breaks the next sending once.
func (b *wechatBase) fault(f simulator.Fault) func() {
	f.Path, f.Times = "/custom/send", 1
	return func() { b.account.Break(f) }
}

// While WeChat cannot be reached at all, what is to be said waits; when it is back it goes out in order.
func TestWeChatIsAwayForAWhile(t *testing.T) {
	t.Parallel()
	onPhones(t, simulator.CustomerService, func(t *testing.T, b *wechatBase) {
		p := b.account.Phone("wang")
		b.says(p, "转人工")
		b.eventually("the bot has spoken", func() bool { return len(p.Said()) > 0 })
		b.account.Break(simulator.Fault{Do: "code", Code: -1, Path: "/send_msg"})
		b.replies("第一句", "第二句")
		time.Sleep(time.Second)
		if times(p, "第一句") != 0 {
			t.Fatal("it was broken")
		}
		b.account.Mend()
		b.reads(p, "第二句")
		if times(p, "第一句") != 1 || times(p, "第二句") != 1 {
			t.Errorf("%q", p.Said())
		}
	})
}
