package wecom

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"huiyin/channels"
	"huiyin/channels/internal/weixin"
)

// The codes that change what is done; all are in https://developer.work.weixin.qq.com/document/path/90313.
const (
	codeBusy      = -1
	codeBadToken  = 95007 // the token of a callback is over
	codeSpent     = 95001 // more messages than allowed
	codeLate      = 95002 // more than 48 hours after the customer's message
	codeOver      = 95013 // the conversation has ended
	codeNoTrans   = 95016 // no such change of state
	codeState     = 95018 // messages are not allowed in this state
	codeParameter = 40058
)

// verdict is what a code means for a message: words for the agent, and whether to try again.
type verdict struct {
	words string
	retry bool
	after time.Duration
	shut  bool
}

// verdicts are the codes with a meaning of their own.
func verdicts() map[int]verdict {
	const again = time.Minute
	access := verdict{words: "WeCom refuses the inbox's access; check its corp id and secret", retry: true, after: again}
	setting := verdict{words: "WeCom does not know the customer service account; check the inbox's open_kfid"}
	rights := verdict{words: "the app may not use this customer service account; in WeCom let the account be managed by the API and add the app to those that may call it"}
	file := verdict{words: "WeCom does not take this file: its type or size is not allowed"}
	return map[int]verdict{
		codeBusy: {words: "WeCom is busy", retry: true, after: 5 * time.Second},
		6000:     {words: "WeCom is busy", retry: true, after: 5 * time.Second},
		45009:    {words: "WeCom's call limit is reached", retry: true, after: again},
		45033:    {words: "WeCom takes no more calls at the same time", retry: true, after: 5 * time.Second},
		40001:    access, 40013: access, 40014: access, 41001: access, 41002: access, 41004: access, 42001: access,
		60020: {words: "this server's public address is not among the trusted IPs of the WeCom app", retry: true, after: again},
		48002: rights, 95011: rights, 95012: rights, 95017: rights, 60011: rights,
		95000: setting, 95004: setting,
		40004: file, 40006: file, 40007: file, 40009: file, 40010: file, 40011: file, 45001: file,
		40096: {words: "WeCom does not know this customer"}, 40003: {words: "WeCom does not know this customer"},
		40201:         {words: "WeCom has closed this customer service account; ask WeCom's support"},
		45002:         {words: "the message is too long for WeCom"},
		codeSpent:     {words: "the customer has to write first: WeCom allows no more messages after their last one", shut: true},
		codeLate:      {words: "the customer has to write first: their last message is more than 48 hours ago", shut: true},
		codeOver:      {words: "the customer has to write first: the conversation has ended in WeCom", shut: true},
		codeState:     {words: "WeCom does not allow a message in the conversation's present state"},
		41096:         {words: "WeCom does not allow a welcome for this customer now"},
		95015:         {words: "a welcome is set in WeCom's own console, which goes before ours"},
		40008:         {words: "WeCom does not know this kind of message"},
		codeParameter: {words: "WeCom does not take this message"},
	}
}

// code is the provider's code of an error; 0 when it has none.
func code(err error) int {
	var refused *weixin.Refusal
	if errors.As(err, &refused) {
		return refused.Code
	}
	return 0
}

// explain says in words what an error means.
func (a *Adapter) explain(err error) string {
	var refused *weixin.Refusal
	switch {
	case errors.As(err, &refused):
		if v, ok := verdicts()[refused.Code]; ok {
			return v.words
		}
		return fmt.Sprintf("WeCom refused it (errcode %d)", refused.Code)
	case channels.Wait(err) > 0:
		return "WeCom is busy"
	case errors.Is(err, weixin.ErrGarbled):
		return "WeCom's answer cannot be read; is something between here and WeCom?"
	default:
		return "WeCom could not be reached"
	}
}

// sendError says what to do about an error of sending; taken are the parts that are out. What has no code was not
// answered, and may be repeated under the same message ids.
func (a *Adapter) sendError(err error, taken int) error {
	var known *channels.SendError
	if errors.As(err, &known) {
		known.Taken = taken
		return known
	}
	e := &channels.SendError{Reason: a.explain(err), Taken: taken, Err: err, Retry: true, After: channels.Wait(err)}
	var refused *weixin.Refusal
	if errors.As(err, &refused) {
		v := verdicts()[refused.Code]
		e.Retry, e.After, e.Shut = v.retry, v.after, v.shut
	}
	return e
}

// repeated tells whether a refusal says that the message id is taken: the message arrived in an earlier attempt
// (https://developer.work.weixin.qq.com/document/path/96427 says that a repeat is refused, and not by which code).
func repeated(err error) bool {
	var refused *weixin.Refusal
	if !errors.As(err, &refused) || refused.Code == codeBusy {
		return false
	}
	text := strings.ToLower(refused.Message)
	if !strings.Contains(text, "msgid") && !strings.Contains(text, "msg_id") {
		return false
	}
	for _, word := range []string{"exist", "dup", "repeat", "used", "unique", "重复", "已存在"} {
		if strings.Contains(text, word) {
			return true
		}
	}
	return false
}
