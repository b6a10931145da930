package simulator

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// reply is a passive reply with a text, sealed when the mode asks.
func (s *shop) reply(p *Phone, inner string) string {
	c := s.account.Config()
	text := fmt.Sprintf("<xml><ToUserName>%s</ToUserName><FromUserName>%s</FromUserName><CreateTime>1</CreateTime>%s</xml>", p.OpenID(), c.Original, inner)
	if c.Mode == Plain {
		return text
	}
	return s.sealed(text)
}

func (s *shop) sealed(text string) string {
	sealed, err := s.account.seal.shut([]byte(text), []byte("0123456789abcdef"))
	if err != nil {
		s.t.Fatal(err)
	}
	return fmt.Sprintf("<xml><Encrypt>%s</Encrypt><MsgSignature>%s</MsgSignature><TimeStamp>1</TimeStamp><Nonce>n</Nonce></xml>", sealed, s.account.seal.sign("1", "n", sealed))
}

const textReply = "<MsgType>text</MsgType><Content><![CDATA[您好]]></Content>"

func TestCallbacksInEachMode(t *testing.T) {
	for _, mode := range []Mode{Plain, Compatible, Safe} {
		t.Run(string(mode), func(t *testing.T) {
			s := official(t, mode)
			p := s.account.Phone("li")
			s.do(p, Act{Do: "follow", Scene: "door"})
			s.answers(func(int, hookCall) (int, string) { return http.StatusOK, s.reply(p, textReply) })
			if d := s.do(p, Act{Do: "text", Text: "a ]]> b"}); d.Answer != Passive || d.Attempts != 1 {
				t.Errorf("%+v", d)
			}
			if line := last(t, p); line.From != Business || line.Text != "您好" || line.How != "passive" {
				t.Errorf("%+v", line)
			}
			h := s.calls()[0]
			seal := s.account.seal
			if h.query.Get("signature") != seal.sign(h.query.Get("timestamp"), h.query.Get("nonce")) || h.query.Get("openid") != p.OpenID() {
				t.Errorf("query %v", h.query)
			}
			root, err := readXML([]byte(h.body))
			if err != nil {
				t.Fatal(err)
			}
			if mode != Plain {
				if h.query.Get("msg_signature") != seal.sign(h.query.Get("timestamp"), h.query.Get("nonce"), root.get("Encrypt")) {
					t.Errorf("msg_signature %v", h.query)
				}
				inner, err := seal.open(root.get("Encrypt"))
				if err != nil {
					t.Fatal(err)
				}
				if _, bare := root.below["Content"]; bare != (mode == Compatible) {
					t.Errorf("bare content: %v", bare)
				}
				if root, err = readXML(inner); err != nil {
					t.Fatal(err)
				}
			}
			if root.get("Content") != "a ]]> b" || root.get("MsgType") != "text" || root.get("MsgId") == "" || root.get("FromUserName") != p.OpenID() {
				t.Errorf("%s", h.body)
			}
		})
	}
}

// What a customer sees of answers that are no answers.
func TestWrongAnswers(t *testing.T) {
	s := official(t, Safe)
	p := s.follower("li")
	other := s.account.Phone("wang")
	for label, c := range map[string]struct {
		answer   string
		attempts int
		want     Answer
	}{
		"success":            {"success", 1, Success},
		"nothing":            {"", 1, Success},
		"blank":              {" \n", 1, Success},
		"JSON":               {`{"errcode":0}`, 1, Wrong},
		"HTML":               {"<html></html>", 1, Wrong},
		"half":               {"<xml><Encrypt>abc", 1, Wrong},
		"two":                {s.reply(p, textReply) + "<xml></xml>", 1, Wrong},
		"bare in safe mode":  {"<xml><ToUserName>x</ToUserName></xml>", 1, Wrong},
		"nothing, sealed":    {s.sealed(""), 1, Wrong},
		"signed by another":  {strings.Replace(s.reply(p, textReply), "<Nonce>n", "<Nonce>m", 1), 1, Wrong},
		"to another":         {s.reply(other, textReply), 1, Wrong},
		"no time":            {s.sealed("<xml><ToUserName>" + p.OpenID() + "</ToUserName><FromUserName>gh_0123456789ab</FromUserName></xml>"), 1, Wrong},
		"empty text":         {s.reply(p, "<MsgType>text</MsgType><Content></Content>"), 1, Wrong},
		"long text":          {s.reply(p, "<MsgType>text</MsgType><Content>"+strings.Repeat("回", 700)+"</Content>"), 1, Wrong},
		"unknown picture":    {s.reply(p, "<MsgType>image</MsgType><Image><MediaId>m</MediaId></Image>"), 1, Wrong},
		"unknown kind":       {s.reply(p, "<MsgType>dance</MsgType>"), 1, Wrong},
		"two articles":       {s.reply(p, "<MsgType>news</MsgType><ArticleCount>2</ArticleCount><Articles><item/><item/></Articles>"), 1, Wrong},
		"an article":         {s.reply(p, "<MsgType>news</MsgType><ArticleCount>1</ArticleCount><Articles><item><Title>t</Title></item></Articles>"), 1, Passive},
		"from somebody else": {s.sealed("<xml><ToUserName>" + p.OpenID() + "</ToUserName><FromUserName>x</FromUserName><CreateTime>1</CreateTime>" + textReply + "</xml>"), 1, Wrong},
	} {
		s.answers(func(int, hookCall) (int, string) { return http.StatusOK, c.answer })
		d := s.do(p, Act{Do: "text", Text: label})
		if d.Answer != c.want || d.Attempts != c.attempts {
			t.Errorf("%s: %+v", label, d)
		}
		if broken := last(t, p).Kind == "out_of_order"; broken != (c.want == Wrong) {
			t.Errorf("%s: the customer sees %+v", label, last(t, p))
		}
	}
}

func TestRepeatsUntilAnswered(t *testing.T) {
	s := official(t, Plain)
	p := s.follower("li")
	s.answers(func(n int, _ hookCall) (int, string) {
		switch n {
		case 0:
			return http.StatusInternalServerError, "success"
		case 1:
			time.Sleep(200 * time.Millisecond) // too late
		}
		return http.StatusOK, s.reply(p, textReply)
	})
	started := time.Now()
	if d := s.do(p, Act{Do: "text", Text: "hello"}); d.Answer != Passive || d.Attempts != 3 {
		t.Errorf("%+v", d)
	}
	if waited := time.Since(started); waited < 250*time.Millisecond {
		t.Errorf("three attempts within %s", waited)
	}
	calls := s.calls()
	if len(calls) != 3 || calls[0].body != calls[1].body || calls[0].body != calls[2].body {
		t.Errorf("%d calls", len(calls))
	}
	if said := p.Said(); len(said) != 1 {
		t.Errorf("%q", said)
	}
	s.answers(func(int, hookCall) (int, string) { return http.StatusBadGateway, "" })
	if d := s.do(p, Act{Do: "text", Text: "again"}); d.Answer != None || d.Attempts != 4 || last(t, p).Kind != "out_of_order" {
		t.Errorf("%+v", d)
	}
}

func TestTwiceAndAgain(t *testing.T) {
	s := official(t, Plain)
	p := s.follower("li")
	s.answers(func(int, hookCall) (int, string) { return http.StatusOK, "success" })
	s.account.Twice(true)
	s.do(p, Act{Do: "text", Text: "hello"})
	if _, err := p.Repeat(context.Background()); err != nil {
		t.Fatal(err)
	}
	calls := s.calls()
	if len(calls) != 4 || calls[0].body != calls[3].body {
		t.Errorf("%d calls", len(calls))
	}
}

func TestVerifiesTheURL(t *testing.T) {
	for label, make := range map[string]func(*testing.T) *shop{"official": func(t *testing.T) *shop { return official(t, Safe) }, "kf": kf} {
		s := make(t)
		s.answers(func(_ int, h hookCall) (int, string) {
			echo := h.query.Get("echostr")
			if signature := h.query.Get("msg_signature"); signature != "" {
				plain, err := s.account.seal.open(echo)
				if err != nil || signature != s.account.seal.sign(h.query.Get("timestamp"), h.query.Get("nonce"), echo) {
					return http.StatusUnauthorized, ""
				}
				echo = string(plain)
			}
			return http.StatusOK, echo
		})
		if err := s.account.Verify(context.Background()); err != nil {
			t.Errorf("%s: %v", label, err)
		}
		s.answers(func(int, hookCall) (int, string) { return http.StatusOK, "success" })
		if err := s.account.Verify(context.Background()); err == nil {
			t.Errorf("%s: success is no echo", label)
		}
	}
}

func FuzzReadXML(f *testing.F) {
	f.Add([]byte("<xml><a>1</a></xml>"))
	f.Add([]byte("<!DOCTYPE x [<!ENTITY a 'b'>]><xml>&a;</xml>"))
	f.Fuzz(func(_ *testing.T, raw []byte) { _, _ = readXML(raw) })
}
