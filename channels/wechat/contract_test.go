package wechat

import (
	"net/http"
	"testing"

	"huiyin/channels"
	"huiyin/channels/channeltest"
)

func TestContract(t *testing.T) {
	for name, a := range map[string]channels.Adapter{"official": New(testOptions()), "mini": NewMini(testOptions())} {
		for _, mode := range []string{modePlain, modeCompatible, modeSafe} {
			t.Run(name+" "+mode, func(t *testing.T) {
				p := newPlatform(t)
				channeltest.Run(t, channeltest.Fixture{Adapter: a, Inbox: inbox(keyBase, p.URL, keyMode, mode), Address: testOpenID,
					Arrived: func() int { return len(p.heard("/cgi-bin/message/custom/send")) },
					Callback: func() *http.Request {
						return newLetter(textPush("你好"), mode != modePlain).request()
					}})
			})
		}
	}
}
