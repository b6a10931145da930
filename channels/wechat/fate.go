package wechat

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"huiyin/channels"
	"huiyin/channels/internal/weixin"
)

// fate is what an errcode means for a message.
type fate struct {
	words string
	retry bool
	after time.Duration
	shut  bool // nothing more may be sent now, whatever was counted
}

// fateOf knows the codes that sending meets.
// https://developers.weixin.qq.com/doc/oplatform/developers/errCode/errCode.html
func fateOf(code int) (fate, bool) {
	for _, known := range [...]func(int) (fate, bool){windowFate, passingFate, accountFate, contentFate, noticeFate} {
		if f, ok := known(code); ok {
			return f, true
		}
	}
	return fate{}, false
}

// windowFate: whether the customer may be written to now.
func windowFate(code int) (fate, bool) {
	switch code {
	case 45015:
		return fate{words: "the time in which this customer may be answered is over, or they have unfollowed", shut: true}, true
	case 45047:
		return fate{words: "WeChat allows no more messages until the customer writes again", shut: true}, true
	case 40003, 40031:
		return fate{words: "WeChat does not know this customer; does the inbox belong to another account?"}, true
	case 43004, 50005:
		return fate{words: "the customer does not follow the account"}, true
	case 43019:
		return fate{words: "the customer is on the account's blacklist"}, true
	case 50002, 50008:
		return fate{words: "WeChat has restricted this customer"}, true
	}
	return fate{}, false
}

// passingFate: what passes by itself, or is mended in WeChat's console while the message waits.
func passingFate(code int) (fate, bool) {
	switch code {
	case -1, 40010029, 61451:
		return fate{words: "WeChat is busy", retry: true}, true
	case 45009:
		return fate{words: "the account's calls for today are used up", retry: true, after: 30 * time.Minute}, true
	case 45011:
		return fate{words: "the account calls WeChat too often; it is tried again in a minute", retry: true, after: time.Minute}, true
	case 40001, 40014, 42001, 42007, 41001:
		return fate{words: "WeChat does not accept the access token", retry: true, after: time.Minute}, true
	case 40164, 61004, 89503, 89506:
		return fate{words: "this server's address is not on the account's IP whitelist", retry: true, after: 2 * time.Minute}, true
	case 40125, 41004:
		return fate{words: "the AppSecret of this inbox is wrong or was reset", retry: true, after: 2 * time.Minute}, true
	case 40013, 41002:
		return fate{words: "the AppID of this inbox is wrong", retry: true, after: 2 * time.Minute}, true
	case 40243:
		return fate{words: "the AppSecret is frozen; thaw it in WeChat's console", retry: true, after: 2 * time.Minute}, true
	}
	return fate{}, false
}

// accountFate: what the account may not do.
func accountFate(code int) (fate, bool) {
	switch code {
	case 48001, 48002, 50001, 61007:
		return fate{words: "the account is not authorised for customer service messages; it may have to be verified"}, true
	case 48004:
		return fate{words: "WeChat has blocked this interface for the account"}, true
	case codeAccountType:
		return fate{words: "this kind of account cannot do that"}, true
	}
	return fate{}, false
}

// codeAccountType is the answer of test and unverified accounts to menu messages among others.
const codeAccountType = 40200

// contentFate: what WeChat does not take.
func contentFate(code int) (fate, bool) {
	switch code {
	case 45002, 45001, 45157:
		return fate{words: "the message is too long or too large for WeChat"}, true
	case 40033, 44004, 47001, 40035:
		return fate{words: "WeChat does not take this content"}, true
	case 40004, 40005, 40006, 40009, 40010, 40011, 40012, 40137, 41005, 44001:
		return fate{words: "WeChat does not take this file: wrong kind or too large"}, true
	case 40007, 40118:
		return fate{words: "WeChat no longer has the file", retry: true}, true
	case 40008, 45162, 40119:
		return fate{words: "this account does not take this kind of message"}, true
	case 87014, 45166:
		return fate{words: "WeChat's content check refuses the message"}, true
	}
	return fate{}, false
}

// noticeFate: template and subscribe messages.
func noticeFate(code int) (fate, bool) {
	switch code {
	case 43101, 43107:
		return fate{words: "the customer has not subscribed to this notice, or its subscription is used up"}, true
	case 40037, 43116:
		return fate{words: "the notice's template is not this account's"}, true
	case 47003, 41030, 41028, 41029:
		return fate{words: "the fields or the page of the notice do not fit its template"}, true
	case 43108, 45168, 45169:
		return fate{words: "WeChat does not deliver this notice now"}, true
	}
	return fate{}, false
}

// sendError says what becomes of a message: refused for good or for now, not handed over, or nobody knows.
func sendError(err error) *channels.SendError {
	var known *channels.SendError
	var refused *weixin.Refusal
	var missed *unsent
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &refused):
		return refusalError(refused)
	case !errors.As(err, &missed):
		return &channels.SendError{Reason: "WeChat gave no clear answer; it may or may not have arrived", Uncertain: true, Err: err}
	case missed.status != 0 && missed.status != http.StatusServiceUnavailable && missed.status != http.StatusTooManyRequests:
		return &channels.SendError{Reason: fmt.Sprintf("the API address of this inbox is not WeChat's (HTTP status %d)", missed.status), Retry: true, After: max(time.Minute, channels.Wait(err)), Err: err}
	}
	return &channels.SendError{Reason: "WeChat could not be reached", Retry: true, After: channels.Wait(err), Err: err}
}

func refusalError(r *weixin.Refusal) *channels.SendError {
	f, known := fateOf(r.Code)
	reason := fmt.Sprintf("%s (errcode %d)", f.words, r.Code)
	if !known {
		reason = fmt.Sprintf("WeChat refused it (errcode %d: %.100s)", r.Code, r.Message)
	}
	return &channels.SendError{Reason: reason, Retry: f.retry, After: f.after, Shut: f.shut, Err: r}
}
