package webchat_test

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// abuse is a request that nobody with good intentions makes, and what it must get. It may change nothing.
type abuse struct {
	name, method, path, body string
	header                   [2]string
	status                   int
}

func TestAbuse(t *testing.T) {
	h := build(t, map[string]string{"origins": "https://shop.example", "identity_secret": secret})
	mine, other := h.visit(), h.visit()
	asked := mine.send("question-1", "mine")
	theirs := other.send("question-2", "theirs")
	upload := other.upload("secret.txt", []byte("theirs"))
	list := requests(asked, theirs, upload)
	list = append(list, strangeTokens(mine, other)...)
	list = append(list, strangeOrigins()...)
	before := ledger(t, h)
	for i, a := range list {
		t.Run(fmt.Sprintf("%d %s", i+1, a.name), func(t *testing.T) {
			h.skew.Add(int64(time.Second)) // so that the limits stay out of it
			c := &client{house: h, inbox: h.inbox.ID, token: mine.token, header: http.Header{}}
			if a.header[0] != "" {
				c.header.Set(a.header[0], a.header[1])
			}
			if a.header[0] == "Authorization" {
				c.token = ""
			}
			status, text := c.try(a.method, a.path, a.body)
			if status != a.status {
				t.Fatalf("status %d, want %d: %.300s", status, a.status, text)
			}
			for _, inside := range []string{"theirs", "secret.txt", "sqlite", "goroutine", ".go:", "SQL"} {
				if strings.Contains(text, inside) {
					t.Fatalf("%q in %.300s", inside, text)
				}
			}
		})
	}
	if after := ledger(t, h); after != before {
		t.Errorf("something was changed: %s, then %s", before, after)
	}
	if len(list) < 100 {
		t.Errorf("%d requests", len(list))
	}
}

// ledger is what a house holds, as one line.
func ledger(t *testing.T, h *house) (line string) {
	t.Helper()
	for _, query := range []string{"SELECT COUNT(*) FROM messages", "SELECT COUNT(*) FROM conversations WHERE contact_read_seq + contact_got_seq = 0", "SELECT COUNT(*) FROM ratings",
		"SELECT COUNT(*) FROM contacts WHERE name = '' AND email = '' AND phone = ''", "SELECT COUNT(*) FROM identities", "SELECT COUNT(*) FROM attachments"} {
		var n int
		if err := h.store.DB.QueryRow(t.Context(), query).Scan(&n); err != nil {
			t.Fatal(err)
		}
		line += jsonInt(int64(n)) + " "
	}
	return line
}

func requests(asked, theirs message, upload file) (list []abuse) {
	get := func(name, path string, status int) {
		list = append(list, abuse{name: name, method: "GET", path: path, status: status})
	}
	post := func(name, path, body string, status int) {
		list = append(list, abuse{name: name, method: "POST", path: path, body: body, status: status})
	}
	place, own := jsonInt(theirs.Conversation), jsonInt(asked.Conversation)
	get("another's conversation", "messages?conversation="+place, 404)
	get("another's conversation backwards", "messages?conversation="+place+"&before="+place+".9", 404)
	get("a conversation that is none", "messages?conversation=99", 404)
	get("a conversation of words", "messages?conversation=mine", 404)
	get("a conversation of SQL", "messages?conversation=1%20OR%201=1", 404)
	get("another's file by its key", "files/"+upload.Key, 404)
	get("another's file, forged sign", "files/"+upload.Key+"?until=9999999999&sign=AAAAAAAAAAAAAAAAAAAAAA", 404)
	get("another's transcript", "transcript/"+place+"?until=9999999999&sign=AAAA", 404)
	get("a transcript of all", "transcript/*", 404)
	post("another's read state", "read", `{"cursor":"`+place+`.1"}`, 404)
	post("another's delivery", "delivered", `{"cursor":"`+place+`.1"}`, 404)
	post("another's rating", "rating", `{"conversation":`+place+`,"score":1}`, 404)
	post("another's verdict", "feedback", `{"conversation":`+place+`,"seq":1,"helpful":false}`, 404)
	post("another's transcript", "transcript", `{"conversation":`+place+`}`, 404)
	post("another's file in a message", "messages", `{"client_id":"abcdefgh","text":"x","attachments":["`+upload.Key+`"]}`, 400)
	post("no conversation's rating", "rating", `{"score":5}`, 404)
	post("a rating below zero", "rating", `{"conversation":`+own+`,"score":-1}`, 400)
	post("a rating of many", "rating", `{"conversation":`+own+`,"score":1e9}`, 400)
	post("a rating while it goes on", "rating", `{"conversation":`+own+`,"score":5}`, 409)
	post("a conversation below zero", "rating", `{"conversation":-1,"score":5}`, 404)
	post("a conversation too large", "rating", `{"conversation":99999999999999999999,"score":5}`, 400)
	for _, cursor := range []string{"", "x", "-1.1", "1.-1", "1", "1.1.1", "1e3.1", " 1.1", "1.1 ", "１.１", "99999999999999999999.1", "0x1.1", "1.+1", "'; DROP TABLE messages; --"} {
		if cursor != "" {
			post("a place like "+cursor, "read", `{"cursor":"`+cursor+`"}`, 400)
			get("a place like "+cursor, "messages?after="+strings.NewReplacer(" ", "%20", ";", "%3B", "+", "%2B").Replace(cursor), 400)
		}
	}
	get("a stream from a place of words", "stream?after=now", 400)
	get("a page before nothing", "conversations?before=-1", 400)
	for name, body := range map[string]string{"an empty body": ``, "a word": `"x"`, "a list": `[]`, "half an object": `{"cursor":`, "two objects": `{}{}`, "a deep list": strings.Repeat("[", 9000),
		"a deep object": strings.Repeat(`{"a":`, 9000), "a number as text": `{"client_id":"abcdefgh","text":7}`, "text as a list": `{"client_id":"abcdefgh","text":["x"]}`,
		"a comment": `/* x */{}`, "a byte order mark": "\ufeff{}", "broken bytes": "{\"client_id\":\"abcdefgh\",\"text\":\"\xff\xfe\",}"} {
		post("a message of "+name, "messages", body, 400)
	}
	for name, id := range map[string]string{"no id": "", "a short id": "abc", "a long id": strings.Repeat("a", 65), "a path": "../../etc/x", "spaces": "abc defgh", "a line end": `abcdefgh\n`, "Chinese": "消息编号消息编号",
		"a zero": `abcdefgh\u0000`, "a star": "********"} {
		post("a message with "+name, "messages", `{"client_id":"`+id+`","text":"x"}`, 400)
	}
	post("a message of 4001", "messages", `{"client_id":"abcdefgh","text":"`+strings.Repeat("x", 4001)+`"}`, 400)
	post("a message of a zero", "messages", `{"client_id":"abcdefgh","text":"a\u0000b"}`, 400)
	post("a giant message", "messages", `{"client_id":"abcdefgh","text":"`+strings.Repeat("x", 1<<20)+`"}`, 413)
	post("six files", "messages", `{"client_id":"abcdefgh","attachments":["1","2","3","4","5","6"]}`, 400)
	post("a long language", "messages", `{"client_id":"abcdefgh","text":"x","language":"`+strings.Repeat("e", 36)+`"}`, 400)
	post("a long address", "messages", `{"client_id":"abcdefgh","text":"x","page":{"url":"`+strings.Repeat("u", 1001)+`"}}`, 400)
	post("an upload without a form", "files", `{}`, 400)
	post("a human with a number", "human", `{"language":7}`, 400)
	post("typing of a giant", "rating", strings.Repeat(" ", 1<<17)+`{}`, 413)
	for _, path := range []string{"nothing", "", "messages/1", "files", "files/", "files/%2e%2e%2fsecret.key", "transcript/", "articles/", "articles/1%00", "stream/x"} {
		get("no such path "+path, path, 404)
	}
	for _, method := range []string{"PUT", "PATCH", "DELETE", "TRACE"} {
		list = append(list, abuse{name: "the method " + method, method: method, path: "messages", body: `{}`, status: 405})
	}
	return list
}

func strangeTokens(mine, other *client) (list []abuse) {
	body, signature, _ := strings.Cut(mine.token, ".")
	_, theirSignature, _ := strings.Cut(other.token, ".")
	for name, token := range map[string]string{"no token": "", "words": "let me in", "the body alone": body, "the signature alone": "." + signature, "another's signature": body + "." + theirSignature,
		"a changed letter": flip(mine.token), "a signature cut off": mine.token[:len(mine.token)-2], "a longer signature": mine.token + "AAAA", "twice": mine.token + "." + mine.token,
		"an identity token": signedAs("u1", nil), "giant": strings.Repeat("a", 6000) + "." + signature, "dots": "...", "an address": "visitor:x", "broken bytes": "\xff\xfe." + signature} {
		list = append(list, abuse{name: "a token of " + name, method: "GET", path: "messages", header: [2]string{"Authorization", "Bearer " + token}, status: 401},
			abuse{name: "a message with a token of " + name, method: "POST", path: "messages", body: `{"client_id":"abcdefgh","text":"x"}`, header: [2]string{"Authorization", "Bearer " + token}, status: 401})
	}
	return append(list, abuse{name: "a token as a password", method: "GET", path: "messages", header: [2]string{"Authorization", "Basic " + mine.token}, status: 401})
}

func strangeOrigins() (list []abuse) {
	for _, origin := range []string{"https://evil.example", "http://shop.example", "https://shop.example:444", "https://shop.example.evil.example", "https://evilshop.example", "null", "file://", "https://shop.example@evil.example",
		"javascript:alert(1)", "%%%", "https://SHOP.example.", "chrome-extension://abc"} {
		list = append(list, abuse{name: "from " + origin, method: "GET", path: "messages", header: [2]string{"Origin", origin}, status: 403},
			abuse{name: "a session from " + origin, method: "POST", path: "session", body: `{}`, header: [2]string{"Origin", origin}, status: 403})
	}
	return append(list, abuse{name: "across sites without a name", method: "GET", path: "messages", header: [2]string{"Sec-Fetch-Site", "cross-site"}, status: 403})
}

// TestAbusiveFrames speaks bytes over a visitor's stream.
func TestAbusiveFrames(t *testing.T) {
	h := build(t, nil)
	other := h.visit()
	theirs := other.send("question-1", "theirs")
	masked := func(first byte, text string) string {
		head := []byte{first, 0x80 | byte(len(text))}
		if len(text) > 125 {
			head = binary.BigEndian.AppendUint16([]byte{first, 0xfe}, uint16(len(text)))
		}
		return string(head) + "\x00\x00\x00\x00" + text
	}
	for name, test := range map[string]struct {
		bytes string
		code  uint16
	}{
		"broken text":                 {masked(0x81, "\xff\xfe"), 1007},
		"half a letter":               {masked(0x81, "\xe6\x82"), 1007},
		"bytes":                       {masked(0x82, "x"), 1003},
		"a giant frame":               {"\x81\xff\x00\x00\x00\xff\xff\xff\xff\xff\x00\x00\x00\x00", 1009},
		"a frame of 513":              {masked(0x81, strings.Repeat("x", 513)), 1009},
		"parts that grow":             {strings.Repeat(masked(0x01, ""), 1) + strings.Repeat(masked(0x00, strings.Repeat("x", 100)), 6), 1009},
		"not masked":                  {"\x81\x01x", 1002},
		"a reserved bit":              {masked(0xc1, "x"), 1002},
		"a reserved opcode":           {masked(0x83, "x"), 1002},
		"a close of one byte":         {masked(0x88, "x"), 1002},
		"a close code of nobody":      {masked(0x88, "\x03\xed"), 1002},
		"HTTP":                        {"GET / HTTP/1.1\r\n\r\n", 1002},
		"zeros":                       {strings.Repeat("\x00", 64), 1002},
		"ones":                        {strings.Repeat("\xff", 64), 1002},
		"a thousand pings":            {strings.Repeat(masked(0x89, ""), 1000), 1008},
		"a thousand words":            {strings.Repeat(masked(0x81, `{"type":"typing"}`), 1000), 1008},
		"a thousand places of others": {strings.Repeat(masked(0x81, `{"type":"read","cursor":"`+theirs.Cursor+`"}`), 1000), 1008},
	} {
		t.Run(name, func(t *testing.T) {
			c := h.visit()
			conn, from := c.raw()
			go func() { _, _ = io.WriteString(conn, test.bytes) }()
			if code := closeCodeOf(from); code != test.code {
				t.Fatalf("closed with %d, want %d", code, test.code)
			}
		})
	}
	if at, err := h.store.Get(t.Context(), h.store.DB, theirs.Conversation); err != nil || at.ContactReadSeq != 0 {
		t.Errorf("%+v %v", at, err)
	}
}

// raw opens a stream as bytes over TCP.
func (c *client) raw() (net.Conn, *bufio.Reader) {
	c.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(c.server.URL, "http://"))
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	_, err = fmt.Fprintf(conn, "GET /chat/%d/stream HTTP/1.1\r\nHost: hub\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"+
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: huiyin.v1, token.%s\r\n\r\n", c.inbox, c.token)
	from := bufio.NewReader(conn)
	answer, errAnswer := http.ReadResponse(from, nil)
	if err != nil || errAnswer != nil || answer.StatusCode != http.StatusSwitchingProtocols {
		c.t.Fatalf("%v %v %+v", err, errAnswer, answer)
	}
	return conn, from
}

// closeCodeOf reads to the end and tells the code of the close frame; 0 when there was none.
func closeCodeOf(from *bufio.Reader) (code uint16) {
	for {
		head := make([]byte, 2)
		if _, err := io.ReadFull(from, head); err != nil {
			return code
		}
		n := int(head[1])
		if n == 126 {
			more := make([]byte, 2)
			_, _ = io.ReadFull(from, more)
			n = int(binary.BigEndian.Uint16(more))
		}
		text := make([]byte, n)
		if _, err := io.ReadFull(from, text); err != nil {
			return code
		}
		if head[0] == 0x88 && n >= 2 {
			code = binary.BigEndian.Uint16(text)
		}
	}
}
