package wecom

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"huiyin/channels"
	"huiyin/channels/internal/weixin"
	"huiyin/conversation"
)

// The limits of sync_msg (https://developer.work.weixin.qq.com/document/path/94699): cursors have at most 64 bytes, a page
// at most 1000 messages, and nothing older than three days is kept, so a stop of that length is caught up.
const (
	pullLimit = 1000
	maxCursor = 64
)

type pullRequest struct {
	Cursor  string `json:"cursor,omitempty"`
	Token   string `json:"token,omitempty"`
	Limit   int    `json:"limit"`
	Voice   int    `json:"voice_format"` // 0: AMR
	Account string `json:"open_kfid"`
}

type pullAnswer struct {
	Next string            `json:"next_cursor"`
	More int               `json:"has_more"`
	List []json.RawMessage `json:"msg_list"`
}

// Poll asks for the next page. The token that a callback rang with lifts the rate limit and lives ten minutes; one that
// is refused is left out. has_more alone tells whether there is another page: an empty page may have one behind it.
func (a *Adapter) Poll(ctx context.Context, inbox conversation.Inbox, at channels.Pull) (channels.Pulled, error) {
	ask := pullRequest{Cursor: at.Cursor, Token: at.Hint, Limit: pullLimit, Account: a.value(inbox, keyAccount)}
	to := a.account(inbox)
	var got pullAnswer
	err := a.api.Call(ctx, to, "/cgi-bin/kf/sync_msg", ask, &got)
	if code(err) == codeBadToken && ask.Token != "" {
		ask.Token = ""
		err = a.api.Call(ctx, to, "/cgi-bin/kf/sync_msg", ask, &got)
	}
	if err != nil {
		return channels.Pulled{}, fmt.Errorf("%s: %w", a.explain(err), err)
	}
	if got.Next == "" {
		got.Next = at.Cursor
	}
	if len(got.Next) > maxCursor {
		return channels.Pulled{}, fmt.Errorf("%w: a cursor of %d bytes", weixin.ErrGarbled, len(got.Next))
	}
	p := channels.Pulled{Cursor: got.Next, More: got.More != 0}
	for _, raw := range got.List {
		a.translate(inbox, raw, &p.Received)
	}
	a.introduce(ctx, to, p.Messages)
	return p, nil
}

// Where a message comes from.
const (
	originCustomer = 3
	originSystem   = 4
	originServicer = 5 // a colleague, in the WeCom app
)

// message is what sync_msg brings; each type fills its own part.
type message struct {
	ID       string `json:"msgid"`
	Account  string `json:"open_kfid"`
	Customer string `json:"external_userid"`
	Time     int64  `json:"send_time"`
	Origin   int    `json:"origin"`
	Servicer string `json:"servicer_userid"`
	Type     string `json:"msgtype"`
	content
	Event event `json:"event"`
}

// translate adds what one entry means. An entry that cannot be read must not stop those behind it: it is shown as an
// unknown message where its sender can be told, and is left out where not.
func (a *Adapter) translate(inbox conversation.Inbox, raw json.RawMessage, to *channels.Received) {
	var m message
	if err := json.Unmarshal(raw, &m); err != nil {
		var told *json.UnmarshalTypeError
		if !errors.As(err, &told) || m.Customer == "" {
			return
		}
		m.Type, m.Origin = "", originCustomer
	}
	if m.ID == "" {
		sum := sha256.Sum256(raw)
		m.ID = "h" + hex.EncodeToString(sum[:])
	}
	if m.Type == "event" {
		a.event(inbox, m, to)
		return
	}
	if m.Customer == "" || (m.Account != "" && m.Account != a.value(inbox, keyAccount)) {
		return
	}
	if m.Origin == originServicer {
		to.Messages = append(to.Messages, m.servicer())
		return
	}
	in := m.incoming()
	in.Grant = a.quotas(inbox).Grant(grantMessage)
	to.Messages = append(to.Messages, in)
}
