package simulator

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
)

// raw seals bytes as they are, to see what opening makes of them.
func raw(s sealer, plain []byte) string {
	block, _ := aes.NewCipher(s.key)
	sealed := make([]byte, len(plain))
	cipher.NewCBCEncrypter(block, s.key[:aes.BlockSize]).CryptBlocks(sealed, plain)
	return base64.StdEncoding.EncodeToString(sealed)
}

func TestWhatIsNotOpened(t *testing.T) {
	s, _ := newSealer("t", testKey, "wx1")
	filled := func(end ...byte) []byte {
		block := bytes.Repeat([]byte{'x'}, 32)
		return append(block[:32-len(end)], end...)
	}
	giant := append(append(bytes.Repeat([]byte{'r'}, 16), 0xff, 0xff, 0xff, 0xff), bytes.Repeat([]byte{12}, 12)...)
	for label, sealed := range map[string]string{
		"no base64":          "*",
		"nothing":            "",
		"half a block":       base64.StdEncoding.EncodeToString([]byte("short")),
		"padding of nothing": raw(s, filled(0)),
		"padding too large":  raw(s, filled(33)),
		"only padding":       raw(s, bytes.Repeat([]byte{32}, 32)),
		"a giant length":     raw(s, giant),
	} {
		if text, err := s.open(sealed); err == nil {
			t.Errorf("%s: opened as %q", label, text)
		}
	}
}

// Every kind of message may be a passive reply, if what it shows is known.
func TestPassiveRepliesOfEachKind(t *testing.T) {
	s := official(t, Safe)
	p := s.follower("li")
	media := map[string]string{"image": s.upload("image", "a.png", "a picture"), "voice": s.upload("voice", "a.mp3", "a voice"), "video": s.upload("video", "a.mp4", "a film")}
	for kind, inner := range map[string]string{
		"image": "<Image><MediaId>" + media["image"] + "</MediaId></Image>",
		"voice": "<Voice><MediaId>" + media["voice"] + "</MediaId></Voice>",
		"video": "<Video><MediaId>" + media["video"] + "</MediaId><Title>film</Title></Video>",
	} {
		s.answers(func(int, hookCall) (int, string) {
			return http.StatusOK, s.reply(p, "<MsgType>"+kind+"</MsgType>"+inner)
		})
		if d := s.do(p, Act{Do: "text", Text: kind}); d.Answer != Passive {
			t.Errorf("%s: %+v", kind, d)
		}
		if line := last(t, p); line.Kind != kind || line.Media != media[kind] {
			t.Errorf("%s: %+v", kind, line)
		}
	}
	s.answers(func(int, hookCall) (int, string) { return http.StatusOK, s.reply(p, textReply) })
	if d := s.do(s.account.Phone("li"), Act{Do: "scan", Key: "door"}); d.Answer != Passive {
		t.Errorf("an event is answered too: %+v", d)
	}
}

// Forge says what WeChat never would, properly sealed.
func TestForgedCallbacks(t *testing.T) {
	s := official(t, Safe)
	p := s.account.Phone("li")
	d := p.Forge(t.Context(), [][2]string{{"ToUserName", "gh_else"}, {"MsgType", "text"}, {"Content", "]]><x/>"}})
	if d.Answer != Success {
		t.Fatalf("%+v", d)
	}
	inner, err := s.account.seal.open(s.event(t).get("Encrypt"))
	if err != nil {
		t.Fatal(err)
	}
	if root, err := readXML(inner); err != nil || root.get("ToUserName") != "gh_else" || root.get("Content") != "]]><x/>" {
		t.Errorf("%s, %v", inner, err)
	}
}

func TestWhatXMLIsNot(t *testing.T) {
	for label, text := range map[string]string{
		"nothing": "", "another root": "<html></html>", "half": "<xml><a>", "crossed": "<xml><a></b></xml>", "two": "<xml></xml><xml></xml>",
		"words after": "<xml></xml>x", "broken after": "<xml></xml><", "deep": "<xml>" + strings.Repeat("<a>", maxDepth+1) + strings.Repeat("</a>", maxDepth+1) + "</xml>",
		"an entity": "<!DOCTYPE xml [<!ENTITY a 'b'>]><xml><c>&a;</c></xml>",
	} {
		if _, err := readXML([]byte(text)); err == nil {
			t.Errorf("%s was read", label)
		}
	}
}

func TestAwait(t *testing.T) {
	s := official(t, Plain)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := s.sim.Await(ctx, func() bool { return false }); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	p := s.account.Phone("li")
	go s.account.Twice(true)
	if err := s.sim.Await(t.Context(), func() bool { return s.sim.Look("li").Accounts[0].Twice }); err != nil || len(p.Screen()) != 0 {
		t.Error(err)
	}
}

// An account without a callback URL, or with one that is nowhere, is told so and not left hanging.
func TestCallbacksThatCannotBeBrought(t *testing.T) {
	s := official(t, Plain)
	p := s.follower("li")
	s.account.Configure(func(c *Config) { c.Callbacks = nil })
	if d := s.do(p, Act{Do: "text", Text: "x"}); d.Answer != None || d.Attempts != 1 || d.Error == "" {
		t.Errorf("%+v", d)
	}
	s.account.Configure(func(c *Config) { c.Callbacks = []string{"http://127.0.0.1:1/"} })
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if d, err := p.Do(ctx, Act{Do: "text", Text: "x"}); err != nil || d.Answer != None {
		t.Errorf("%+v, %v", d, err)
	}
	if _, err := s.account.Phone("new").Repeat(t.Context()); !errors.Is(err, ErrImpossible) {
		t.Errorf("nothing to repeat: %v", err)
	}
	if _, err := s.sim.Add(Config{Kind: OfficialAccount, Mode: Safe, AESKey: "short"}); err == nil {
		t.Error("a key that is none")
	}
}

func TestThingsThatAreNotThere(t *testing.T) {
	s := official(t, Plain)
	if r, err := http.Get(s.api + "/picture/nothing"); err != nil || r.StatusCode != http.StatusNotFound {
		t.Errorf("%v, %v", r, err)
	}
	if answer := s.raw(http.MethodGet, "/cgi-bin/showqrcode?ticket=x", ""); errcodeOf(answer) != 40070 {
		t.Errorf("%v", answer)
	}
	s.account.Publish([]Button{{Type: "click", Name: "a", Key: "A"}})
	s.wants("/cgi-bin/menu/get", "", 0)
	k := kf(t)
	for path, body := range map[string]string{
		"/cgi-bin/kf/service_state/get": `{"open_kfid":"x"}`, "/cgi-bin/kf/add_contact_way": `{"open_kfid":"x"}`,
	} {
		k.wants(path, body, 95000)
		k.wants(path, `{`, 40058)
	}
	k.wants("/cgi-bin/kf/customer/batchget", `{`, 40058)
	m := mini(t)
	for _, path := range []string{"/cgi-bin/menu/create", "/cgi-bin/qrcode/create"} {
		m.wants(path, `{}`, 48001)
	}
}

// Cards and files name what they are made of; a Mini Program's card is its own.
func TestCards(t *testing.T) {
	m := mini(t)
	p := m.follower("li")
	picture := m.upload("image", "a.png", "a picture")
	m.wants(sendPath, message(p, "miniprogrampage", `{"title":"t","pagepath":"pages/order","thumb_media_id":"`+picture+`"}`), 0)
	if line := last(t, p); line.App != "wx5823bf96d3bd56c7" || line.Page != "pages/order" {
		t.Errorf("%+v", line)
	}
	m.wants(sendPath, message(p, "miniprogrampage", `{"title":"t","thumb_media_id":"`+picture+`"}`), 44004)
	k := kf(t)
	q := k.follower("wang")
	thumb := k.upload("image", "a.png", "a picture")
	k.wants(kfSendPath, message(q, "miniprogram", `{"title":"t","appid":"wx1","pagepath":"p","thumb_media_id":"`+thumb+`"}`), 0)
	k.wants(kfSendPath, message(q, "miniprogram", `{"title":"t","pagepath":"p","thumb_media_id":"`+thumb+`"}`), 44004)
	k.sim.Later(mediaLives + time.Hour)
	k.token = ""
	k.do(q, Act{Do: "text", Text: "again"})
	k.wants(kfSendPath, message(q, "image", `{"media_id":"`+thumb+`"}`), 40007)
}
