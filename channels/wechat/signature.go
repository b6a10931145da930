package wechat

import (
	"crypto/subtle"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/silenceper/wechat/v2/util"

	"huiyin/channels"
)

// freshFor is how far a request's time may be from ours: WeChat repeats within half a minute, clocks may be off by some.
const freshFor = 10 * time.Minute

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

// fresh tells whether a request was made about now, so that an old one that somebody overheard is worth nothing.
func (s stamp) fresh(now time.Time) error {
	seconds, err := strconv.ParseInt(s.timestamp, 10, 64)
	if err != nil || len(s.timestamp) > 11 || s.timestamp[0] < '0' || s.timestamp[0] > '9' {
		return fmt.Errorf("no timestamp: %w", channels.ErrUnauthorized)
	}
	if age := now.Sub(time.Unix(seconds, 0)); age > freshFor || age < -freshFor {
		return fmt.Errorf("the request is from another time (%s off); check this server's clock: %w", age.Round(time.Second), channels.ErrUnauthorized)
	}
	return nil
}

// signed tells in constant time whether a signature is that of the parts: SHA-1 over them, sorted.
func signed(signature string, parts ...string) error {
	if subtle.ConstantTimeCompare([]byte(util.Signature(parts...)), []byte(signature)) != 1 {
		return channels.ErrUnauthorized
	}
	return nil
}
