package webchat

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math/bits"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A proof of work slows down who makes visitors by the thousand: a new visitor's browser looks for a number whose hash
// begins with zeros. What is to be solved is signed by us, so nothing is stored until it is solved; and it is good for
// one visitor, at one inbox, for a short while (after Dwork and Naor, "Pricing via Processing", and Hashcash).

const (
	proofHeader = "Huiyin-Proof"
	proofBits   = 16 // about 65 000 hashes
	proofFor    = 5 * time.Minute
	maxProof    = 300
	maxSpent    = 100_000
)

// spent are the salts whose proofs were taken, each until it would have ended.
type spent struct {
	mu   sync.Mutex
	till map[string]time.Time
}

// prove lets a new visitor in who has done the work, where the inbox asks for it.
func (c *call) prove() error {
	if kind().Value(c.inbox, "proof_of_work") != "true" {
		return nil
	}
	if given := c.r.Header.Get(proofHeader); given != "" && c.proven(given) {
		return nil
	}
	p := refusal(http.StatusPreconditionRequired, "proof", "请稍候，正在验证浏览器。", "One moment: your browser has to prove that it is one.")
	p.More = map[string]any{"challenge": map[string]any{"salt": c.newSalt(), "bits": proofBits}}
	return p
}

// newSalt is "until~random~signature".
func (c *call) newSalt() string {
	body := strconv.FormatInt(c.Now().Add(proofFor).Unix(), 10) + "~" + rand.Text()
	return body + "~" + c.saltSign(body)
}

func (c *call) saltSign(body string) string {
	return base64.RawURLEncoding.EncodeToString(sign(c.Key, fmt.Sprintf("proof:%d:%s", c.inbox.ID, body))[:16])
}

// proven checks "salt.nonce": our salt, not ended, not used, and the hash as asked.
func (c *call) proven(given string) bool {
	salt, _, ok := strings.Cut(given, ".")
	end := strings.LastIndexByte(salt, '~')
	if !ok || end < 0 || len(given) > maxProof || !hmac.Equal([]byte(salt[end+1:]), []byte(c.saltSign(salt[:end]))) {
		return false
	}
	until, err := strconv.ParseInt(salt[:strings.IndexByte(salt, '~')], 10, 64)
	if err != nil || c.Now().Unix() > until || zeroBits(sha256.Sum256([]byte(given))) < proofBits {
		return false
	}
	return c.spent.take(salt, time.Unix(until, 0), c.Now())
}

func zeroBits(sum [sha256.Size]byte) (n int) {
	for _, b := range sum {
		if b != 0 {
			return n + bits.LeadingZeros8(b)
		}
		n += 8
	}
	return n
}

// take notes a salt as used; false when it was, or when so many are that no more can be remembered.
func (s *spent) take(salt string, until, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.till) >= maxSpent {
		for key, end := range s.till {
			if now.After(end) {
				delete(s.till, key)
			}
		}
	}
	if _, used := s.till[salt]; used || len(s.till) >= maxSpent {
		return false
	}
	s.till[salt] = until
	return true
}
