package webchat_test

import "testing"

// PostgreSQL takes no zero byte in a text: whoever sends one is told so, in every field.
func TestAZeroByteInAnyField(t *testing.T) {
	onBoth(t, map[string]string{"leave_message": "email\nsms", "pre_chat": "optional", "pre_chat_fields": "name\nplace"}, func(t *testing.T, h *house) {
		c := h.visit()
		c.send("question-1", "hello")
		for name, test := range map[string]struct{ path, body string }{
			"choice":           {"messages", `{"client_id":"zero-byte-1","text":"x","choice":"a\u0000b"}`},
			"language":         {"messages", `{"client_id":"zero-byte-2","text":"x","language":"e\u0000n"}`},
			"address of page":  {"messages", `{"client_id":"zero-byte-3","text":"x","page":{"url":"https://a/\u0000"}}`},
			"title of page":    {"messages", `{"client_id":"zero-byte-4","text":"x","page":{"url":"https://a/","title":"a\u0000b"}}`},
			"file":             {"messages", `{"client_id":"zero-byte-5","text":"x","attachments":["a\u0000b"]}`},
			"person":           {"human", `{"language":"e\u0000n"}`},
			"reply-to":         {"reply-to", `{"channel":"email","address":"a@b.example","name":"a\u0000b","consent":true,"language":"e\u0000n","client_id":"zero-byte-6"}`},
			"reply-to message": {"reply-to", `{"channel":"email","address":"a@b.example","text":"a","consent":true,"language":"e\u0000n","client_id":"zero-byte-7"}`},
			"transcript":       {"transcript", `{"language":"e\u0000n"}`},
			"profile":          {"session", `{"token":"` + c.token + `","language":"e\u0000n","profile":{"name":"a\u0000b","fields":{"place":"a\u0000b"}}}`},
			"session":          {"session", `{"token":"a\u0000b","language":"e\u0000n"}`},
			"identity":         {"session", `{"identity":{"id":"a\u0000b","hash":"\u0000"}}`},
			"rating":           {"rating", `{"conversation":1,"score":5,"comment":"a\u0000b","reason":"a\u0000b"}`},
			"feedback":         {"feedback", `{"conversation":1,"seq":1,"helpful":true,"reason":"a\u0000b"}`},
		} {
			if status, text := c.try("POST", test.path, test.body); status >= 500 {
				t.Errorf("%s: status %d: %s", name, status, text)
			}
		}
		for _, path := range []string{"articles/7?lang=%00", "messages?after=%00", "files/%00", "files/%FF", "conversations?before=%00", "look?lang=%00", "transcript/1?lang=%00&sign=%00&until=1"} {
			if status, text := c.try("GET", path, ""); status >= 500 {
				t.Errorf("%s: status %d: %s", path, status, text)
			}
		}
	})
}
