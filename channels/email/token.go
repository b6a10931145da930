package email

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"strconv"
	"strings"
)

// A token names a message of ours and proves by a signature that we made it. It stands in the Message-ID of what we send
// and, where plus addresses work, in the address that replies and bounces go to. It is lower case throughout, because
// addresses lose their case on the way.

// tokenMark begins every token, so that other ids are not taken for one.
const tokenMark = "hy"

// tokenMAC is how many bytes of the signature are kept: 80 bits, and every guess is a mail to be sent.
const tokenMAC = 10

var tokenCode = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

func (a *Adapter) token(inboxID, messageID int64) string {
	return tokenMark + strconv.FormatInt(messageID, 36) + "x" + tokenCode.EncodeToString(a.mac(inboxID, messageID))
}

func (a *Adapter) mac(inboxID, messageID int64) []byte {
	m := hmac.New(sha256.New, a.Key)
	var text [16]byte
	binary.BigEndian.PutUint64(text[:8], uint64(inboxID))
	binary.BigEndian.PutUint64(text[8:], uint64(messageID))
	m.Write([]byte("mail token"))
	m.Write(text[:])
	return m.Sum(nil)[:tokenMAC]
}

// message is the message of ours that a token names; 0 when it is none of the inbox's.
func (a *Adapter) message(inboxID int64, token string) int64 {
	rest, ok := strings.CutPrefix(strings.ToLower(token), tokenMark)
	cut := len(rest) - tokenCode.EncodedLen(tokenMAC) - 1
	if !ok || cut < 1 || rest[cut] != 'x' {
		return 0
	}
	id, err := strconv.ParseInt(rest[:cut], 36, 64)
	if err != nil || id <= 0 || strconv.FormatInt(id, 36) != rest[:cut] {
		return 0
	}
	sum, err := tokenCode.DecodeString(rest[cut+1:])
	if err != nil || !hmac.Equal(sum, a.mac(inboxID, id)) {
		return 0
	}
	return id
}

// messageID is the Message-ID of a message of ours, the same at every try.
func (a *Adapter) messageID(acct account, id int64) string {
	return a.token(acct.inbox.ID, id) + "@" + acct.domain
}

// answered is the message of ours that a Message-ID names; 0 when it is none.
func (a *Adapter) answered(acct account, ref string) int64 {
	local, _, ok := cutAddress(ref)
	if !ok {
		return 0
	}
	return a.message(acct.inbox.ID, local)
}
