package wechat

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"huiyin/channels"
	"huiyin/channels/internal/weixin"
	"huiyin/conversation"
)

// maxFile bounds a customer's file. WeChat's clients send pictures and videos of up to 25 MB.
const maxFile = 32 << 20

// Fetch downloads a file that a customer sent, which WeChat keeps for three days. A video comes as the address that it
// is to be had at. Voice stays AMR.
// https://developers.weixin.qq.com/doc/service/api/material/temporary/api_getmedia
func (a *Adapter) Fetch(ctx context.Context, inbox conversation.Inbox, m conversation.Media) (channels.File, error) {
	acc, err := a.account(inbox)
	if err != nil {
		return channels.File{}, &channels.SendError{Reason: "the inbox's settings are not complete", Retry: true, Err: err}
	}
	file, err := a.api.Download(ctx, a.remote(acc), "/cgi-bin/media/get", url.Values{"media_id": {m.Ref}})
	if errors.Is(err, weixin.ErrGarbled) && m.Kind == "video" {
		file, err = a.video(ctx, acc, m)
	}
	if err != nil {
		return channels.File{}, fetchError(err)
	}
	return bounded(file, m)
}

// video asks once more for what was no file: the address of a video.
func (a *Adapter) video(ctx context.Context, acc account, m conversation.Media) (channels.File, error) {
	var answer struct {
		Address string `json:"video_url"`
	}
	if err := a.api.Get(ctx, a.remote(acc), "/cgi-bin/media/get", url.Values{"media_id": {m.Ref}}, &answer); err != nil {
		return channels.File{}, err
	}
	if !acc.trusts(answer.Address) {
		return channels.File{}, fmt.Errorf("%w: a video at an address that is not WeChat's", weixin.ErrGarbled)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, answer.Address, nil)
	if err != nil {
		return channels.File{}, weixin.Hush(err)
	}
	response, err := a.api.HTTP.Do(r)
	if err != nil {
		return channels.File{}, weixin.Hush(err)
	}
	if response.StatusCode != http.StatusOK {
		_ = response.Body.Close()
		return channels.File{}, channels.Told(fmt.Errorf("%w: HTTP status %d", weixin.ErrGarbled, response.StatusCode), response.Header, time.Now())
	}
	kind, _, _ := strings.Cut(response.Header.Get("Content-Type"), ";")
	return channels.File{Type: kind, Body: response.Body}, nil
}

// trusts tells whether a file may be fetched from an address: Tencent's hosts, or the host that the inbox calls anyway.
func (acc account) trusts(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
		return false
	}
	if base, err := url.Parse(acc.base); err == nil && u.Host == base.Host {
		return true
	}
	host := strings.ToLower(u.Hostname())
	return strings.HasSuffix(host, ".qq.com") || strings.HasSuffix(host, ".qpic.cn")
}

// bounded gives a file that ends with an error where it is too large, and refuses an error that was announced as a file.
func bounded(file channels.File, m conversation.Media) (channels.File, error) {
	r := bufio.NewReader(file.Body)
	if head, _ := r.Peek(512); len(head) > 0 && head[0] == '{' && m.Kind != "file" {
		defer file.Body.Close()
		text, _ := io.ReadAll(io.LimitReader(r, 64<<10)) // what is cut off here is no error of WeChat's
		var refused weixin.Refusal
		if err := json.Unmarshal(text, &refused); err == nil && refused.Code != 0 {
			return channels.File{}, fetchError(&refused)
		}
		return channels.File{}, fetchError(fmt.Errorf("%w: no file", weixin.ErrGarbled))
	}
	file.Body = &limited{Reader: r, closer: file.Body, left: maxFile}
	return file, nil
}

type limited struct {
	io.Reader
	closer io.Closer
	left   int64
}

// Read reads on, up to the limit and one byte more.
func (l *limited) Read(p []byte) (int, error) {
	n, err := l.Reader.Read(p)
	if l.left -= int64(n); l.left < 0 {
		return 0, conversation.ErrTooLarge
	}
	return n, err
}

// Close ends the download.
func (l *limited) Close() error { return l.closer.Close() }

// fetchError says whether a file may still be had. Fetching twice harms nobody.
func fetchError(err error) error {
	var refused *weixin.Refusal
	if !errors.As(err, &refused) {
		return &channels.SendError{Reason: "WeChat could not be reached", Retry: true, After: channels.Wait(err), Err: err}
	}
	if refused.Code == 40007 {
		return &channels.SendError{Reason: "WeChat no longer has the file: it keeps files for three days", Err: err}
	}
	return refusalError(refused)
}
