package wechat

import (
	"fmt"
	"net/http"
	"net/url"
	"time"

	"huiyin/channels"
	"huiyin/channels/internal/weixin"
)

// stamp is what WeChat writes into the address of each request.
// https://developers.weixin.qq.com/doc/service/guide/dev/push/
type stamp struct {
	signature, message, timestamp, nonce, encryption, echo string
}

// readStamp refuses addresses in which one word is said twice, as two readers may then hear two things.
func readStamp(r *http.Request) (stamp, error) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return stamp{}, fmt.Errorf("read address: %w", channels.ErrUnauthorized)
	}
	var s stamp
	for name, into := range map[string]*string{"signature": &s.signature, "msg_signature": &s.message, "timestamp": &s.timestamp,
		"nonce": &s.nonce, "encrypt_type": &s.encryption, "echostr": &s.echo} {
		if len(query[name]) > 1 {
			return stamp{}, fmt.Errorf("%s is there twice: %w", name, channels.ErrUnauthorized)
		}
		*into = query.Get(name)
	}
	if len(s.nonce) == 0 || len(s.nonce) > 128 {
		return stamp{}, fmt.Errorf("no nonce: %w", channels.ErrUnauthorized)
	}
	return s, nil
}

// check wants a signature over the address and parts besides, and a request of these minutes: an old one that somebody
// overheard is worth nothing.
func (s stamp) check(signature, token string, now time.Time, parts ...string) error {
	if !weixin.Signed(signature, append(parts, token, s.timestamp, s.nonce)...) {
		return channels.ErrUnauthorized
	}
	if !weixin.Fresh(s.timestamp, now) {
		return fmt.Errorf("the request is from another time; check this server's clock: %w", channels.ErrUnauthorized)
	}
	return nil
}
