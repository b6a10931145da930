package weixin

import (
	"crypto/aes"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/silenceper/wechat/v2/util"
)

// Crypt encrypts and decrypts callbacks: AES-256-CBC with PKCS#7 to 32 bytes over 16 random bytes, the length, the
// message and the id of its receiver (https://developer.work.weixin.qq.com/document/path/90968). The cipher is the
// library's; what it lets pass is checked here.
type Crypt struct {
	key []byte
	id  string
}

// keyLength is that of an EncodingAESKey: 32 bytes in base64 without its padding.
const keyLength = 43

// padTo is the block of PKCS#7, twice that of AES.
const padTo = 2 * aes.BlockSize

// ErrSealed refuses a text that cannot be decrypted with this key or is meant for somebody else. It does not say why,
// so that it helps nobody to guess.
var ErrSealed = errors.New("the encrypted part cannot be read")

// NewCrypt makes a crypt from the EncodingAESKey and the id (app id or corp id) of an account.
func NewCrypt(aesKey, id string) (Crypt, error) {
	if len(aesKey) != keyLength {
		return Crypt{}, fmt.Errorf("must have %d characters", keyLength)
	}
	key, err := base64.StdEncoding.DecodeString(aesKey + "=")
	if err != nil || len(key) != 2*aes.BlockSize {
		return Crypt{}, errors.New("must be the EncodingAESKey as the platform shows it")
	}
	return Crypt{key: key, id: id}, nil
}

// CheckKey is NewCrypt as the check of a setting.
func CheckKey(aesKey string) error {
	_, err := NewCrypt(aesKey, "")
	return err
}

// Open decrypts a callback's Encrypt or echostr and checks that it is meant for our id.
func (c Crypt) Open(encrypted string) ([]byte, error) {
	box, err := base64.StdEncoding.Strict().DecodeString(encrypted)
	if err != nil || len(box) == 0 || len(box)%padTo != 0 || len(c.key) != 2*aes.BlockSize {
		return nil, ErrSealed
	}
	_, text, id, err := util.AESDecryptMsg(box, c.key)
	if err != nil || subtle.ConstantTimeCompare(id, []byte(c.id)) != 1 {
		return nil, ErrSealed
	}
	return text, nil
}

// Seal encrypts a text as the provider would, for the answer in a callback's response.
func (c Crypt) Seal(text []byte) (string, error) {
	if len(c.key) != 2*aes.BlockSize {
		return "", ErrSealed
	}
	random := make([]byte, aes.BlockSize)
	if _, err := rand.Read(random); err != nil {
		return "", fmt.Errorf("encrypt answer: %w", err)
	}
	return base64.StdEncoding.EncodeToString(util.AESEncryptMsg(random, text, c.id, c.key)), nil
}
