package simulator

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

const sendPath = "/cgi-bin/message/custom/send"

// message is a custom message of any kind.
func message(p *Phone, kind, content string) string {
	return fmt.Sprintf(`{"touser":%q,"open_kfid":%q,"msgtype":%q,%q:%s}`, p.OpenID(), p.account.config.Original, kind, kind, content)
}

func TestWhatACustomMessageMayBe(t *testing.T) {
	s := official(t, Plain)
	p := s.follower("li")
	picture := s.upload("image", "a.png", strings.Repeat("x", 100))
	voice := s.upload("voice", "a.mp3", strings.Repeat("x", 100))
	for label, c := range map[string]struct {
		body string
		code int64
	}{
		"text":                   {message(p, "text", `{"content":"您好 <a href=\"https://x\">x</a>"}`), 0},
		"escaped letters":        {message(p, "text", `{"content":"\u60a8"}`), 40033},
		"escaped brackets":       {message(p, "text", `{"content":"\u003ca"}`), 40033},
		"escaped control":        {message(p, "text", `{"content":"a\u0009b"}`), 0},
		"a backslash and a u":    {message(p, "text", `{"content":"C:\\users"}`), 0},
		"2048 bytes":             {message(p, "text", `{"content":"`+strings.Repeat("a", 2048)+`"}`), 0},
		"2049 bytes":             {message(p, "text", `{"content":"`+strings.Repeat("回", 683)+`"}`), 45002},
		"empty":                  {message(p, "text", `{"content":""}`), 44004},
		"no content":             {fmt.Sprintf(`{"touser":%q,"msgtype":"text"}`, p.OpenID()), 44004},
		"half":                   {`{"touser":`, 47001},
		"nobody":                 {`{"touser":"oNobody","msgtype":"text","text":{"content":"x"}}`, 40003},
		"unknown kind":           {message(p, "dance", `{}`), 40008},
		"a Mini Program's link":  {message(p, "link", `{"title":"t","url":"u"}`), 40008},
		"image":                  {message(p, "image", `{"media_id":"`+picture+`"}`), 0},
		"image that is a voice":  {message(p, "image", `{"media_id":"`+voice+`"}`), 40007},
		"unknown image":          {message(p, "image", `{"media_id":"nothing"}`), 40007},
		"voice":                  {message(p, "voice", `{"media_id":"`+voice+`"}`), 0},
		"an article":             {message(p, "news", `{"articles":[{"title":"t","url":"https://x","picurl":"https://p"}]}`), 0},
		"two articles":           {message(p, "news", `{"articles":[{"title":"t","url":"u"},{"title":"t","url":"u"}]}`), 45008},
		"an article without URL": {message(p, "news", `{"articles":[{"title":"t"}]}`), 44004},
		"card":                   {message(p, "miniprogrampage", `{"title":"t","appid":"wx1","pagepath":"p","thumb_media_id":"`+picture+`"}`), 0},
		"card without picture":   {message(p, "miniprogrampage", `{"title":"t","appid":"wx1","pagepath":"p"}`), 40007},
		"menu":                   {message(p, "msgmenu", `{"head_content":"?","list":[{"id":"1","content":"是"},{"id":2,"content":"否"}],"tail_content":"!"}`), 0},
		"menu of nothing":        {message(p, "msgmenu", `{"head_content":"?","list":[]}`), 47001},
	} {
		t.Run(label, func(t *testing.T) {
			s.do(p, Act{Do: "text", Text: "again"})
			before := len(p.Screen())
			s.wants(sendPath, c.body, c.code)
			if shown := len(p.Screen()) > before; shown != (c.code == 0) {
				t.Errorf("shown: %v", shown)
			}
		})
	}
}

func TestAMenuMessageIsPressed(t *testing.T) {
	s := official(t, Plain)
	p := s.follower("li")
	s.wants(sendPath, message(p, "msgmenu", `{"head_content":"?","list":[{"id":"yes","content":"是"}]}`), 0)
	menu := last(t, p)
	s.answers(func(int, hookCall) (int, string) { return 200, "success" })
	s.do(p, Act{Do: "choose", Line: menu.N, Key: "yes"})
	root, err := readXML([]byte(s.calls()[0].body))
	if err != nil || root.get("Content") != "是" || root.get("bizmsgmenuid") != "yes" {
		t.Errorf("%s", s.calls()[0].body)
	}
	if _, err := p.Start(Act{Do: "choose", Line: menu.N, Key: "no"}); err == nil {
		t.Error("pressed what is not there")
	}
}

func TestQuotasOfAnOfficialAccount(t *testing.T) {
	s := official(t, Plain)
	p := s.account.Phone("li")
	s.wants(sendPath, say(p, "early"), 45015)
	s.do(p, Act{Do: "follow"})
	s.sim.Later(61 * time.Second)
	s.wants(sendPath, say(p, "a minute is over"), 45015)
	s.do(p, Act{Do: "text", Text: "hello"})
	for range 5 {
		s.wants(sendPath, say(p, "one of five"), 0)
	}
	s.wants(sendPath, say(p, "the sixth"), 45047)
	s.sim.Later(48 * time.Hour)
	s.token = ""
	s.wants(sendPath, say(p, "two days on"), 45015)
	s.do(p, Act{Do: "text", Text: "hello again"})
	s.do(p, Act{Do: "scan", Key: "door"})
	if a := p.Allowances(); len(a) != 2 || a[0].Name != "scan" || a[0].Left != 3 || a[1].Left != 5 {
		t.Errorf("%+v", a)
	}
	for range 3 + 5 {
		s.wants(sendPath, say(p, "of both"), 0)
	}
	s.wants(sendPath, say(p, "none is left"), 45047)
	s.do(p, Act{Do: "unfollow"})
	s.wants(sendPath, say(p, "gone"), 45015)
	if _, err := p.Start(Act{Do: "text", Text: "x"}); err == nil {
		t.Error("who does not follow cannot write")
	}
}

func TestQuotasOfAMiniProgram(t *testing.T) {
	s := mini(t)
	p := s.account.Phone("li")
	s.do(p, Act{Do: "enter", Scene: "page=order"})
	s.wants(sendPath, message(p, "news", `{"articles":[]}`), 40008)
	for range 2 {
		s.wants(sendPath, say(p, "welcome"), 0)
	}
	s.wants(sendPath, say(p, "third"), 45047)
	s.do(p, Act{Do: "text", Text: "hello"})
	for range 5 {
		s.wants(sendPath, message(p, "link", `{"title":"t","description":"d","url":"https://x","thumb_url":"https://p"}`), 0)
	}
	s.wants(sendPath, say(p, "sixth"), 45047)
}

func TestTyping(t *testing.T) {
	s := official(t, Plain)
	p := s.follower("li")
	typing := func(path, command string) string { return path + "|" + command }
	for _, c := range []struct {
		call string
		code int64
	}{
		{typing("/cgi-bin/message/custom/typing", "Dance"), 45072},
		{typing("/cgi-bin/message/custom/typing", "Typing"), 0},
		{typing("/cgi-bin/message/custom/typing", "Typing"), 45081},
		{typing("/cgi-bin/message/custom/typing", "CancelTyping"), 0},
		{typing("/cgi-bin/message/custom/typing", "Typing"), 0},
		{typing("/cgi-bin/message/custom/business/typing", "Typing"), 48001},
	} {
		path, command, _ := strings.Cut(c.call, "|")
		s.wants(path, fmt.Sprintf(`{"touser":%q,"command":%q}`, p.OpenID(), command), c.code)
	}
	if !p.Typing() {
		t.Error("nothing is shown")
	}
	s.wants(sendPath, say(p, "done"), 0)
	if p.Typing() {
		t.Error("a message ends it")
	}
	s.sim.Later(31 * time.Second)
	s.wants("/cgi-bin/message/custom/typing", fmt.Sprintf(`{"touser":%q,"command":"Typing"}`, p.OpenID()), 45080)
	m := mini(t)
	q := m.follower("li")
	m.wants("/cgi-bin/message/custom/business/typing", fmt.Sprintf(`{"touser":%q,"command":"Typing"}`, q.OpenID()), 0)
}

func TestNotices(t *testing.T) {
	s := official(t, Plain)
	p := s.account.Phone("li")
	const path = "/cgi-bin/message/template/send"
	body := func(template, data string) string {
		return fmt.Sprintf(`{"touser":%q,"template_id":%q,"url":"https://x","data":%s}`, p.OpenID(), template, data)
	}
	full := `{"no":{"value":"A1"},"state":{"value":3}}`
	s.wants(path, body("T1", full), 43004)
	s.do(p, Act{Do: "follow"})
	s.wants(path, body("T2", full), 40037)
	s.wants(path, body("T1", `{"no":{"value":"A1"}}`), 47003)
	if a := s.wants(path, body("T1", full), 0); a["msgid"] == nil {
		t.Errorf("%v", a)
	}
	line := last(t, p)
	if line.Title != "工单进度" || len(line.Rows) != 2 || line.Rows[0] != [2]string{"单号", "A1"} || line.Rows[1][1] != "3" {
		t.Errorf("%+v", line)
	}
	m := mini(t)
	q := m.account.Phone("li")
	once := fmt.Sprintf(`{"touser":%q,"template_id":"T1","page":"p","data":{"thing1":{"value":"x"}}}`, q.OpenID())
	m.wants("/cgi-bin/message/subscribe/send", once, 43101)
	m.do(q, Act{Do: "allow", Key: "T1"})
	m.wants("/cgi-bin/message/subscribe/send", once, 0)
	m.wants("/cgi-bin/message/subscribe/send", once, 43101)
	m.wants("/cgi-bin/message/subscribe/bizsend", once, 48001)
	m.wants(path, once, 48001)
}
