package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"huiyin/channels/simulator"
)

func TestCustomerServiceAnswers(t *testing.T) {
	t.Parallel()
	onPhones(t, simulator.CustomerService, func(t *testing.T, b *wechatBase) {
		if err := b.account.Verify(t.Context()); err != nil {
			t.Fatal(err)
		}
		p := b.account.Phone("wang")
		p.Call("王芳", "zh_CN")
		b.do(p, simulator.Act{Do: "enter", Scene: "website"})
		b.reads(p, "您好")
		screen := p.Screen()
		menu := screen[len(screen)-1]
		if menu.How != "event" || len(menu.Choices) == 0 {
			t.Fatalf("the welcome: %+v", menu)
		}
		b.do(p, simulator.Act{Do: "choose", Line: menu.N, Key: menu.Choices[0].ID})
		b.reads(p, invoiceAnswer)
		if state, _ := p.State(); state > 1 {
			t.Errorf("the session is no longer ours: %d", state)
		}
		if n := times(p, invoiceAnswer); n != 1 || p.Allowances()[0].Left != 4 {
			t.Errorf("%d times, %+v", n, p.Allowances())
		}
	}, "welcome=您好，请问有什么可以帮您？", "welcome_menu=怎么开电子发票？")
}

// While the server is away customers write; the bells are lost. After the start everything is caught up, once.
func TestTheGapIsCaughtUp(t *testing.T) {
	t.Parallel()
	onPhones(t, simulator.CustomerService, func(t *testing.T, b *wechatBase) {
		p := b.account.Phone("wang")
		b.says(p, "怎么开电子发票？")
		b.reads(p, invoiceAnswer)
		b.kill()
		b.account.Configure(func(c *simulator.Config) { c.Callbacks = []string{"http://127.0.0.1:1/gone"} })
		var written []string
		for n := range 5 {
			text := fmt.Sprintf("第 %d 句 ticket-%d", n+1, n+1)
			written = append(written, text)
			if _, err := p.Start(simulator.Act{Do: "text", Text: text}); err != nil {
				t.Fatal(err)
			}
		}
		b.account.EmptyPages(2)
		b.start()
		b.eventually("the gap is caught up", func() bool { return b.count("contact") == 6 })
		b.account.Configure(func(c *simulator.Config) { c.Callbacks = []string{b.hook(b.server)} })
		b.account.Twice(true)
		b.says(p, "还在吗")
		b.eventually("the bell works again", func() bool { return b.count("contact") >= 7 })
		time.Sleep(300 * time.Millisecond)
		var got []string
		for _, m := range b.messages() {
			if m.Sender == "contact" && m.Activity == "" && strings.Contains(m.Text, "ticket") {
				got = append(got, m.Text)
			}
		}
		if !slices.Equal(got, written) || b.count("contact") != 7 {
			t.Errorf("%q, %d", got, b.count("contact"))
		}
	})
}

// Somebody takes the customer over in the WeCom app: it is seen, the bot keeps silent, and what they write is kept.
func TestTakenOverInWeCom(t *testing.T) {
	t.Parallel()
	onPhones(t, simulator.CustomerService, func(t *testing.T, b *wechatBase) {
		p := b.account.Phone("wang")
		b.says(p, "怎么开电子发票？")
		b.reads(p, invoiceAnswer)
		if _, err := p.TakeOver(t.Context(), "LiNa"); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Speak(t.Context(), "我是李娜，我来处理"); err != nil {
			t.Fatal(err)
		}
		b.eventually("the desk shows who has it and what they wrote", func() bool {
			var taken, words bool
			for _, m := range b.messages() {
				taken = taken || m.Activity == "wecom_taken" && m.Data["by"] == "LiNa"
				words = words || strings.Contains(m.Text+m.Data["text"], "我是李娜")
			}
			return taken && words
		})
		said := len(p.Said())
		b.says(p, "怎么开电子发票？")
		b.eventually("the message is here", func() bool { return b.count("contact") == 2 })
		time.Sleep(700 * time.Millisecond)
		if more := p.Said()[said:]; len(more) != 0 {
			t.Errorf("the bot speaks while somebody has the customer in WeCom: %q", more)
		}
	})
}

// A message that the customer refuses, told by an event later, is shown as failed.
func TestARefusedMessageIsShownAsFailed(t *testing.T) {
	t.Parallel()
	onPhones(t, simulator.CustomerService, func(t *testing.T, b *wechatBase) {
		p := b.account.Phone("wang")
		b.says(p, "转人工")
		b.eventually("the bot has spoken", func() bool { return len(p.Said()) > 0 })
		p.Refuse(1)
		b.replies("请稍等")
		b.eventually("it has failed, with a reason", func() bool {
			all := b.messages()
			last := all[len(all)-1]
			for _, m := range all {
				if m.Text == "请稍等" {
					last = m
				}
			}
			return last.Delivery == "failed" && last.Reason != ""
		})
	})
}
