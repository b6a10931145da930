package sms

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"huiyin/channels"
)

// acsCall is what a call to Alibaba Cloud is signed with.
type acsCall struct {
	action, version, id, secret, nonce string
	at                                 time.Time
}

// signACS3 signs a request without a body by ACS3-HMAC-SHA256:
// https://help.aliyun.com/document_detail/2712195.html
func signACS3(r *http.Request, c acsCall) {
	hash := sum256(nil)
	headers := map[string]string{"host": r.URL.Host, "x-acs-action": c.action, "x-acs-version": c.version, "x-acs-signature-nonce": c.nonce,
		"x-acs-date": c.at.UTC().Format("2006-01-02T15:04:05Z"), "x-acs-content-sha256": hash}
	var names []string
	for name := range headers {
		names = append(names, name)
	}
	slices.Sort(names)
	var canonical strings.Builder
	for _, name := range names {
		canonical.WriteString(name + ":" + strings.TrimSpace(headers[name]) + "\n")
		if name != "host" {
			r.Header.Set(name, headers[name])
		}
	}
	path := r.URL.EscapedPath()
	if path == "" {
		path = "/"
	}
	signed := strings.Join(names, ";")
	request := strings.Join([]string{r.Method, path, r.URL.RawQuery, canonical.String(), signed, hash}, "\n")
	signature := hex.EncodeToString(mac256([]byte(c.secret), "ACS3-HMAC-SHA256\n"+sum256([]byte(request))))
	r.Header.Set("Authorization", "ACS3-HMAC-SHA256 Credential="+c.id+",SignedHeaders="+signed+",Signature="+signature)
}

// acsQuery is a query in the one form that can be signed: sorted, by RFC 3986.
func acsQuery(query url.Values) string {
	return strings.NewReplacer("+", "%20", "*", "%2A", "%7E", "~").Replace(query.Encode())
}

// signTC3 signs a JSON request by TC3-HMAC-SHA256: https://cloud.tencent.com/document/api/382/52072
func signTC3(r *http.Request, id, secret, service, action string, payload []byte, at time.Time) {
	const kind = "application/json; charset=utf-8"
	r.Header.Set("Content-Type", kind)
	stamp, day := strconv.FormatInt(at.Unix(), 10), at.UTC().Format("2006-01-02")
	headers := fmt.Sprintf("content-type:%s\nhost:%s\nx-tc-action:%s\n", kind, r.URL.Host, strings.ToLower(action))
	const signed = "content-type;host;x-tc-action"
	request := strings.Join([]string{http.MethodPost, "/", "", headers, signed, sum256(payload)}, "\n")
	scope := day + "/" + service + "/tc3_request"
	text := strings.Join([]string{"TC3-HMAC-SHA256", stamp, scope, sum256([]byte(request))}, "\n")
	key := mac256(mac256(mac256([]byte("TC3"+secret), day), service), "tc3_request")
	r.Header.Set("X-TC-Action", action)
	r.Header.Set("X-TC-Timestamp", stamp)
	r.Header.Set("Authorization", "TC3-HMAC-SHA256 Credential="+id+"/"+scope+", SignedHeaders="+signed+", Signature="+hex.EncodeToString(mac256(key, text)))
}

func mac256(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

func sum256(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// fingerprint is the source id of a text whose provider gives none.
func fingerprint(parts ...string) string { return sum256([]byte(strings.Join(parts, "\x00")))[:32] }

func jsonAck(v any) channels.Ack {
	body, err := json.Marshal(v)
	if err != nil {
		return channels.Ack{}
	}
	return channels.Ack{ContentType: "application/json; charset=utf-8", Body: body}
}
