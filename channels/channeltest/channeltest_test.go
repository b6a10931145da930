package channeltest_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"huiyin/channels"
	"huiyin/channels/channeltest"
	"huiyin/conversation"
)

// post is a small real channel: JSON callbacks with a secret, messages kept by id.
type post struct {
	mu      sync.Mutex
	arrived map[int64]string
}

func (p *post) Kind() channels.Kind {
	return channels.Kind{Name: "post", Title: channels.Words{Zh: "邮筒", En: "Post"}, Settings: []channels.Setting{
		{Key: "secret", Type: channels.Text, Required: true, Secret: true, Label: channels.Words{Zh: "密钥", En: "Secret"}, Help: channels.Words{Zh: "双方约定", En: "Agreed by both"}},
		{Key: "mode", Type: channels.Select, Default: "fast", Options: []channels.Option{{Value: "fast", Label: channels.Words{Zh: "快", En: "fast"}}},
			Label: channels.Words{Zh: "方式", En: "Mode"}, Help: channels.Words{Zh: "怎么寄", En: "How"}},
	}}
}

func (p *post) Idempotent() bool { return true }

func (p *post) Send(ctx context.Context, _ conversation.Inbox, out channels.Outgoing) (channels.Accepted, error) {
	if err := ctx.Err(); err != nil {
		return channels.Accepted{}, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.arrived[out.ID] = out.Message.Text
	return channels.Accepted{}, nil
}

func (p *post) Receive(inbox conversation.Inbox, r *http.Request) (channels.Received, error) {
	if r.Header.Get("Authorization") != inbox.Settings["secret"] {
		return channels.Received{}, channels.ErrUnauthorized
	}
	var m struct{ ID, From, Text string }
	if err := json.NewDecoder(r.Body).Decode(&m); err != nil {
		return channels.Received{}, err
	}
	return channels.Received{Messages: []conversation.Incoming{{SourceID: m.ID, Address: m.From, Text: m.Text}}}, nil
}

func TestASoundAdapterPasses(t *testing.T) {
	p := &post{arrived: map[int64]string{}}
	channeltest.Run(t, channeltest.Fixture{
		Adapter: p, Address: "li", Inbox: conversation.Inbox{ID: 1, Kind: "post", Settings: map[string]string{"secret": "hush"}},
		Arrived: func() int { p.mu.Lock(); defer p.mu.Unlock(); return len(p.arrived) },
		Callback: func() *http.Request {
			r := httptest.NewRequest(http.MethodPost, "/hooks/1", strings.NewReader(`{"ID":"1","From":"li","Text":"hi"}`))
			r.Header.Set("Authorization", "hush")
			return r
		},
	})
}
