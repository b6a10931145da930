package wecom

import (
	"context"
	"fmt"

	"huiyin/channels"
	"huiyin/conversation"
)

// The states of a conversation at WeCom and what may be done (https://developer.work.weixin.qq.com/document/path/94698):
// messages go out in the first two; from the pool it can only go to a colleague; a colleague's can only be passed on or
// ended; what has ended begins anew by the customer's next message alone. So the hub's conversations stay in the first
// two, and none is moved out of a colleague's hands.
const (
	stateNew    = 0
	stateBot    = 1
	statePooled = 2
	stateHuman  = 3
	stateOver   = 4
)

type serviceState struct {
	State    int    `json:"service_state"`
	Servicer string `json:"servicer_userid"`
}

// reopen looks why WeCom does not allow a message, and moves the conversation to where it does if that may be. nil means
// that the message may be tried once more.
func (a *Adapter) reopen(ctx context.Context, inbox conversation.Inbox, address string) error {
	ask := map[string]any{"open_kfid": a.value(inbox, keyAccount), "external_userid": address}
	var now serviceState
	if err := a.api.Call(ctx, a.account(inbox), "/cgi-bin/kf/service_state/get", ask, &now); err != nil {
		return err
	}
	switch now.State {
	case stateNew:
		return a.move(ctx, inbox, ask)
	case stateBot:
		return nil
	case statePooled:
		return &channels.SendError{Reason: "the customer waits in the queue of the WeCom app; a colleague has to take them there"}
	case stateHuman:
		return &channels.SendError{Reason: fmt.Sprintf("handled in the WeCom app by %s; answer there, or end the conversation there first", orElse(now.Servicer, "a colleague"))}
	default:
		return &channels.SendError{Reason: "the customer has to write first: the conversation has ended in WeCom", Shut: true}
	}
}

// move makes a new conversation the bot's, in which messages go out. Another node may have been first.
func (a *Adapter) move(ctx context.Context, inbox conversation.Inbox, ask map[string]any) error {
	ask["service_state"] = stateBot
	err := a.api.Call(ctx, a.account(inbox), "/cgi-bin/kf/service_state/trans", ask, nil)
	if code(err) == codeNoTrans {
		return nil
	}
	return err
}
