package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"html"
	"net/http"
	"strconv"
	"strings"

	"huiyin/conversation"
)

// ratingPath is where a customer rates by a link. To look at the page changes nothing, since mail scanners and previews open
// every link; only its button does.
const ratingPath = "/rate/"

const (
	ratingSeal = 16      // bytes of the signature
	maxRating  = 8 << 10 // bytes of a form
)

const ratingPage = `<!doctype html><html lang="{lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">
<title>{title}</title><style>body{font:16px/1.7 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;max-width:32rem;margin:0 auto;padding:2rem 1rem;color:#1f2329}
h1{font-size:1.3rem;line-height:1.4}fieldset{border:0;padding:0;margin:0 0 1.5rem}legend{font-weight:600;padding:0;margin-bottom:.5rem}
label{display:flex;gap:.6rem;align-items:center;padding:.5rem .8rem;border:1px solid #d0d4da;border-radius:8px;margin-bottom:.4rem;cursor:pointer}
label:focus-within{outline:2px solid #3b5bdb;outline-offset:1px}textarea{width:100%;box-sizing:border-box;font:inherit;min-height:6rem;padding:.6rem;border:1px solid #d0d4da;border-radius:8px;background:none;color:inherit}
button{font:inherit;font-weight:600;color:#fff;background:#3b5bdb;border:0;border-radius:8px;padding:.7rem 1.6rem;cursor:pointer}
@media(prefers-color-scheme:dark){body{background:#17181a;color:#e8eaed}label,textarea{border-color:#44484f}}</style>
<main><h1>{title}</h1>{body}</main></html>
`

// ratingWords are the page's words in one language.
type ratingWords struct {
	lang, title, reasons, comment, send, thanks, over, choose string
	five                                                      []string
	good, bad                                                 string
	why                                                       []string
}

func ratingWordsFor(language string) ratingWords {
	if strings.HasPrefix(language, "en") {
		return ratingWords{lang: "en", title: "How was our service?", reasons: "What was it about? (optional)", comment: "Anything to add? (optional)", send: "Send", choose: "Your rating",
			thanks: "Thank you. Your rating has been received.", over: "This rating has been given already, or its time is over. Thank you.",
			five: []string{"Very poor", "Poor", "Average", "Good", "Excellent"}, good: "Good", bad: "Not good", why: []string{"Speed", "Friendliness", "Knowledge", "Outcome"}}
	}
	return ratingWords{lang: "zh-CN", title: "您对本次服务满意吗？", reasons: "主要原因（选填）", comment: "补充说明（选填）", send: "提交评价", choose: "您的评价",
		thanks: "感谢您的评价，我们已经收到。", over: "这次评价已经提交过，或已过期。感谢您的支持。",
		five: []string{"非常不满意", "不满意", "一般", "满意", "非常满意"}, good: "满意", bad: "不满意", why: []string{"响应速度", "服务态度", "专业程度", "处理结果"}}
}

// ratingURL is the link by which the customer of a conversation rates it.
func (n *node) ratingURL(conversationID int64) string {
	return n.publicURL + ratingPath + n.ratingToken(conversationID)
}

func (n *node) ratingToken(conversationID int64) string {
	id := binary.AppendUvarint(nil, uint64(conversationID))
	return base64.RawURLEncoding.EncodeToString(append(n.ratingSeal(id), id...))
}

func (n *node) ratingSeal(id []byte) []byte {
	mac := hmac.New(sha256.New, n.vault.Key("rating link"))
	mac.Write(id)
	return mac.Sum(nil)[:ratingSeal]
}

// ratingOf is the conversation that a token is for.
func (n *node) ratingOf(token string) (int64, bool) {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil || len(raw) <= ratingSeal {
		return 0, false
	}
	id, size := binary.Uvarint(raw[ratingSeal:])
	if size != len(raw)-ratingSeal || id > 1<<62 || !hmac.Equal(raw[:ratingSeal], n.ratingSeal(raw[ratingSeal:])) {
		return 0, false
	}
	return int64(id), true
}

// serveRating shows the page of a link, and takes what is sent from it.
func (n *node) serveRating(w http.ResponseWriter, r *http.Request) {
	id, ok := n.ratingOf(strings.TrimPrefix(r.URL.Path, ratingPath))
	if !ok {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Referrer-Policy", "no-referrer")
	text, err := n.ratingText(r.Context(), w, r, id)
	if errors.Is(err, conversation.ErrNotFound) {
		http.NotFound(w, r)
		return
	}
	if err != nil {
		n.log.Error("rating page failed", "conversation", id, "error", err)
		http.Error(w, "please try again in a moment", http.StatusServiceUnavailable)
		return
	}
	page(w, text)
}

func (n *node) ratingText(ctx context.Context, w http.ResponseWriter, r *http.Request, id int64) (string, error) {
	scale, language, err := n.hub.RatingAsked(ctx, id)
	words := ratingWordsFor(language)
	if errors.Is(err, conversation.ErrNotNow) {
		return words.said(words.over), nil
	}
	if err != nil || r.Method != http.MethodPost {
		return words.form(scale), err
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxRating)
	score, err := strconv.Atoi(r.PostFormValue("score"))
	if err != nil || score < 1 || score > len(words.five) {
		return words.form(scale), nil
	}
	var field *conversation.FieldError
	err = n.hub.RateByLink(ctx, id, conversation.Rating{Score: score, Comment: strings.TrimSpace(r.PostFormValue("comment")), Reason: words.reasonOf(r.PostForm["why"])})
	switch {
	case errors.Is(err, conversation.ErrNotNow):
		return words.said(words.over), nil
	case errors.As(err, &field):
		return words.form(scale), nil
	}
	return words.said(words.thanks), err
}

// reasonOf keeps of the reasons sent those that the page offers.
func (w ratingWords) reasonOf(sent []string) string {
	var kept []string
	for _, s := range sent {
		if i, err := strconv.Atoi(s); err == nil && i >= 0 && i < len(w.why) && len(kept) < len(w.why) {
			kept = append(kept, w.why[i])
		}
	}
	return strings.Join(kept, ", ")
}

func (w ratingWords) fill(body string) string {
	return strings.NewReplacer("{lang}", w.lang, "{title}", html.EscapeString(w.title), "{body}", body).Replace(ratingPage)
}

func (w ratingWords) said(text string) string {
	return w.fill(`<p role="status">` + html.EscapeString(text) + `</p>`)
}

func (w ratingWords) form(scale conversation.Scale) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<form method="post"><fieldset><legend>%s</legend>`, w.choose)
	option := func(score int, label string) {
		fmt.Fprintf(&b, `<label><input type="radio" name="score" value="%d" required>%s</label>`, score, label)
	}
	if scale == conversation.ScaleTwo {
		option(len(w.five), w.good)
		option(1, w.bad)
	} else {
		for i := len(w.five); i > 0; i-- {
			option(i, w.five[i-1])
		}
	}
	fmt.Fprintf(&b, `</fieldset><fieldset><legend>%s</legend>`, w.reasons)
	for i, why := range w.why {
		fmt.Fprintf(&b, `<label><input type="checkbox" name="why" value="%d">%s</label>`, i, why)
	}
	fmt.Fprintf(&b, `</fieldset><fieldset><legend><span id="c">%s</span></legend><textarea name="comment" maxlength="2000" aria-labelledby="c"></textarea></fieldset><button>%s</button></form>`, w.comment, w.send)
	return w.fill(b.String())
}
