// Package weixin is what WeChat's and WeCom's adapters share of their provider: the signature and the encryption of
// callbacks, a reader for their XML, and calls to the API with its tokens, error codes and files. Both halves of
// Tencent's platform use the same of each. It knows no message type and decides nothing.
package weixin

import (
	"crypto/sha1"
	"crypto/subtle"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"
)

// fresh is how far the clock of a callback may stand from ours. The provider repeats a callback within seconds
// (https://developer.work.weixin.qq.com/document/path/90930: three tries of five seconds).
const fresh = 5 * time.Minute

// Signature signs the parts of a callback, in any order, with the token among them: the SHA-1 of the sorted parts
// (https://developer.work.weixin.qq.com/document/path/90968).
func Signature(parts ...string) string {
	sorted := slices.Sorted(slices.Values(parts))
	sum := sha1.Sum([]byte(strings.Join(sorted, "")))
	return hex.EncodeToString(sum[:])
}

// Signed tells in constant time whether a signature is that of the parts.
func Signed(signature string, parts ...string) bool {
	return subtle.ConstantTimeCompare([]byte(signature), []byte(Signature(parts...))) == 1
}

// Fresh tells whether a callback's timestamp, in seconds, is of these minutes: what is older is a replay.
func Fresh(timestamp string, now time.Time) bool {
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || seconds <= 0 || len(timestamp) > 12 {
		return false
	}
	return now.Sub(time.Unix(seconds, 0)).Abs() <= fresh
}
