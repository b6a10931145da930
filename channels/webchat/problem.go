package webchat

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
)

// storeAgainAfter is when to try again what could not be stored.
const storeAgainAfter = 5 * time.Second

// problem is a refusal in words for the visitor (RFC 9457).
type problem struct {
	Status int
	Code   string // stable, for programs
	Words  channels.Words
	After  time.Duration
	More   map[string]any // beside the members that every problem has
}

// Error is the problem in English.
func (p *problem) Error() string { return p.Words.En }

func refusal(status int, code, zh, en string) *problem {
	return &problem{Status: status, Code: code, Words: channels.Words{Zh: zh, En: en}}
}

func badRequest(code, zh, en string) *problem { return refusal(http.StatusBadRequest, code, zh, en) }

func tooMany(after time.Duration) *problem {
	p := refusal(http.StatusTooManyRequests, "too_many", "操作太频繁，请稍后再试。", "Too many requests. Please wait a moment.")
	p.After = after
	return p
}

func unauthorized() *problem {
	return refusal(http.StatusUnauthorized, "unknown_visitor", "会话已失效，请重新打开窗口。", "This session is not known; start a new one.")
}

func unavailable() *problem {
	p := refusal(http.StatusServiceUnavailable, "unavailable", "暂时无法保存，您的消息没有丢，稍后会自动重发。", "Nothing can be stored at the moment. Keep the message and send it again shortly.")
	p.After = storeAgainAfter
	return p
}

func notFound() *problem {
	return refusal(http.StatusNotFound, "not_found", "没有找到。", "There is nothing here.")
}

func tooLarge() *problem {
	return refusal(http.StatusRequestEntityTooLarge, "too_large", "内容太大。", "The request is too large.")
}

// refuse answers with an error; what is ours to mend is logged and told without details.
func (a *Adapter) refuse(w http.ResponseWriter, r *http.Request, err error) {
	p := problemOf(err)
	if p == nil || p.Status == http.StatusServiceUnavailable {
		if r.Context().Err() != nil {
			return
		}
		a.Log.Error("web chat request failed", "path", r.URL.Path, "error", err)
	}
	if p == nil {
		p = refusal(http.StatusInternalServerError, "internal", "服务器出错了，请稍后再试。", "Something went wrong here. Please try again.")
	}
	if p.After > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int((p.After+time.Second-1)/time.Second)))
	}
	words := p.Words.En
	if prefersChinese(r.Header.Get("Accept-Language")) {
		words = p.Words.Zh
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	body := map[string]any{"type": "about:blank", "title": http.StatusText(p.Status), "status": p.Status, "code": p.Code, "detail": words}
	maps.Copy(body, p.More)
	_ = json.NewEncoder(w).Encode(body)
}

func problemOf(err error) *problem {
	var p *problem
	var field *conversation.FieldError
	var body *http.MaxBytesError
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &field):
		return badRequest("invalid", "内容不正确："+field.Field, field.Error())
	case errors.As(err, &body), errors.Is(err, conversation.ErrTooLarge):
		return tooLarge()
	case errors.Is(err, conversation.ErrNotFound):
		return notFound()
	case errors.Is(err, channels.ErrTooOften):
		return refusal(http.StatusTooManyRequests, "too_often", "刚刚发送过了，请稍后再试。", "It was sent a moment ago. Please try again later.")
	case errors.Is(err, conversation.ErrUnavailable):
		return unavailable()
	}
	return nil
}

// prefersChinese reads the first language of an Accept-Language header or a language tag.
func prefersChinese(header string) bool {
	first, _, _ := strings.Cut(header, ",")
	return strings.HasPrefix(strings.ToLower(strings.TrimSpace(first)), "zh")
}
