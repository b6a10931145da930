package main

import (
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"huiyin/channels/simulator"
	"huiyin/db/pgtest"
)

const invoiceAnswer = "在「我的账单」里点「开票」。"

func TestAnOfficialAccountAnswersInTheCallback(t *testing.T) {
	t.Parallel()
	onPhones(t, simulator.OfficialAccount, func(t *testing.T, b *wechatBase) {
		if err := b.account.Verify(t.Context()); err != nil {
			t.Fatal(err)
		}
		p := b.account.Phone("li")
		if d := b.do(p, simulator.Act{Do: "follow", Scene: "store-7"}); d.Answer != simulator.Passive {
			t.Errorf("the greeting: %+v", d)
		}
		for _, mode := range []simulator.Mode{simulator.Safe, simulator.Compatible, simulator.Plain} {
			b.account.Configure(func(c *simulator.Config) { c.Mode = mode })
			b.call("inbox", "set", "1", "--set", "mode="+string(mode))
			time.Sleep(1100 * time.Millisecond) // settings are kept for a second
			before := len(p.Said())
			if d := b.says(p, "怎么开电子发票？"); d.Answer != simulator.Passive || d.Attempts != 1 {
				t.Errorf("%s: %+v", mode, d)
			}
			if said := p.Said()[before:]; len(said) != 1 || !strings.Contains(said[0], invoiceAnswer) {
				t.Errorf("%s: %q", mode, said)
			}
		}
		if a := p.Allowances(); a[len(a)-1].Left != 5 {
			t.Errorf("a passive answer costs nothing: %+v", a)
		}
		if all := b.messages(); !all[len(all)-1].Passive || !strings.Contains(all[0].Activity, "subscribed") {
			t.Errorf("%+v", all)
		}
	}, "greeting=欢迎")
}

// WeChat brings a callback twice, and again later: it is one message with one answer.
func TestRepeatedCallbacksAreOneMessage(t *testing.T) {
	t.Parallel()
	onPhones(t, simulator.OfficialAccount, func(t *testing.T, b *wechatBase) {
		p := b.account.Phone("li")
		b.do(p, simulator.Act{Do: "follow"})
		b.account.Twice(true)
		b.says(p, "怎么开电子发票？")
		if _, err := p.Repeat(t.Context()); err != nil {
			t.Fatal(err)
		}
		b.account.Twice(false)
		time.Sleep(500 * time.Millisecond)
		if n := times(p, invoiceAnswer); n != 1 || b.count("contact") != 1 || b.count("bot") != 1 {
			t.Errorf("answered %d times: %q, %+v", n, p.Said(), b.messages())
		}
	})
}

// The first node hangs with the message in hand, and with two of its repeats; the third reaches the second node: one
// message, one answer, also when the first goes on.
func TestThreeRepeatsOnTwoNodes(t *testing.T) {
	t.Parallel()
	database := pgtest.URL(t)
	b := newWeChat(t, database, simulator.OfficialAccount, 8*time.Second) // within which the node that hears it says at least that it has it
	second := secondNode(b.server)
	p := b.account.Phone("li")
	b.do(p, simulator.Act{Do: "follow"})
	b.account.Configure(func(c *simulator.Config) {
		c.Callbacks = []string{b.hook(b.server), b.hook(b.server), b.hook(b.server), b.hook(second)}
	})
	if err := b.process.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	d := b.says(p, "怎么开电子发票？")
	if err := b.process.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	if d.Answer != simulator.Passive && d.Answer != simulator.Success || d.Attempts != 4 {
		t.Errorf("%+v", d)
	}
	b.reads(p, invoiceAnswer)
	time.Sleep(time.Second) // the first node reads what it had not
	if n := times(p, invoiceAnswer); n != 1 || b.count("contact") != 1 || b.count("bot") != 1 {
		t.Errorf("answered %d times: %q", n, p.Said())
	}
}

// An answer that is late for the callback is a customer service message, once, also when WeChat repeats the callback.
func TestALateAnswerIsACustomerServiceMessage(t *testing.T) {
	t.Parallel()
	onPhones(t, simulator.OfficialAccount, func(t *testing.T, b *wechatBase) {
		p := b.account.Phone("li")
		b.do(p, simulator.Act{Do: "follow"})
		if d := b.says(p, "怎么开电子发票？"); d.Answer != simulator.Success {
			t.Errorf("%+v", d)
		}
		b.reads(p, invoiceAnswer)
		for range 3 {
			if d, err := p.Repeat(t.Context()); err != nil || d.Answer != simulator.Success {
				t.Errorf("%+v, %v", d, err)
			}
		}
		if n := times(p, invoiceAnswer); n != 1 || p.Screen()[len(p.Screen())-1].How != "custom" {
			t.Errorf("%d times, %+v", n, p.Screen())
		}
	}, "passive_reply=false")
}

// Five replies and no more: the others wait for the customer's next message and say so.
func TestTheBudgetIsKeptAndShown(t *testing.T) {
	t.Parallel()
	onPhones(t, simulator.MiniProgram, func(t *testing.T, b *wechatBase) {
		p := b.account.Phone("li")
		b.do(p, simulator.Act{Do: "enter", Scene: "order=7"})
		b.says(p, "转人工")
		b.eventually("the bot has handed over", func() bool { return b.conversation().Status == "open" })
		b.eventually("its words are out", func() bool { return len(p.Said()) > 0 })
		spent := len(p.Said())
		b.replies("一", "二", "三", "四", "五", "六", "七")
		b.reads(p, "二")
		b.eventually("the budget is spent", func() bool { c := b.conversation(); return c.Budget != nil && c.Budget.Left == 0 })
		held := func() (n int) {
			for _, m := range b.messages() {
				if m.Delivery == "held" {
					n++
				}
			}
			return n
		}
		b.eventually("the rest is held", func() bool { return held() > 0 })
		refused := 0
		for _, e := range b.sim.Exchanges(0) {
			if e.Code == 45047 || e.Code == 45015 {
				refused++
			}
		}
		if shown := len(p.Said()); refused != 0 || shown > spent+7-held()+1 {
			t.Errorf("%d refused, %d shown, %d held", refused, shown, held())
		}
		b.says(p, "还在吗")
		b.reads(p, "七")
		b.eventually("nothing is held", func() bool { return held() == 0 })
		for _, text := range []string{"一", "二", "三", "四", "五", "六", "七"} {
			if n := times(p, text); n != 1 {
				t.Errorf("%s is shown %d times", text, n)
			}
		}
	})
}

// When WeChat's clock says that the window is shut, whatever was counted, the reply goes as a notice.
func TestAShutWindowBecomesANotice(t *testing.T) {
	t.Parallel()
	onPhones(t, simulator.OfficialAccount, func(t *testing.T, b *wechatBase) {
		p := b.account.Phone("li")
		b.do(p, simulator.Act{Do: "follow"})
		b.says(p, "转人工")
		b.sim.Later(49 * time.Hour)
		b.replies("您的工单已处理完毕。")
		b.eventually("a notice", func() bool {
			screen := p.Screen()
			last := screen[len(screen)-1]
			return last.Kind == "notice" && strings.Contains(last.Rows[0][1], "工单")
		})
	}, "when_spent=notice", "notice_template=T1")
}

func TestFilesBothWays(t *testing.T) {
	t.Parallel()
	onPhones(t, simulator.OfficialAccount, func(t *testing.T, b *wechatBase) {
		p := b.account.Phone("li")
		b.do(p, simulator.Act{Do: "follow"})
		picture := "\x89PNG\r\n\x1a\n" + strings.Repeat("a picture", 20)
		b.do(p, simulator.Act{Do: "image", Name: "modem.png", Type: "image/png", Content: []byte(picture)})
		var url string
		b.eventually("the picture is here", func() bool {
			for _, m := range b.messages() {
				if len(m.Attachments) == 1 {
					url = m.Attachments[0].URL
				}
			}
			return url != ""
		})
		response, err := b.desk.Get(b.url() + url)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != http.StatusOK || response.ContentLength != int64(len(picture)) {
			t.Errorf("%d, %d bytes", response.StatusCode, response.ContentLength)
		}
		key := b.upload("router.png", picture)
		b.api(http.MethodPost, "/conversations/1/messages", map[string]any{"text": "看这张", "attachments": []string{key}}, nil)
		b.reads(p, "看这张")
		b.eventually("the phone shows the picture", func() bool {
			for _, line := range p.Screen() {
				if line.From == simulator.Business && line.Kind == "image" {
					return true
				}
			}
			return false
		})
	})
}
