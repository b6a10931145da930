package simulator

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// sealer signs and encrypts for one account.
// https://developer.work.weixin.qq.com/document/path/90968
type sealer struct {
	token string
	key   []byte
	owner string // app id or corp id
}

// sealBlock is the block size to which a sealed text is padded, twice that of AES.
const sealBlock = 32

func newSealer(token, aesKey, owner string) (sealer, error) {
	s := sealer{token: token, owner: owner}
	key, err := base64.StdEncoding.DecodeString(aesKey + "=")
	if err != nil || len(key) != 32 {
		return s, errors.New("the EncodingAESKey must have 43 characters of base64")
	}
	s.key = key
	return s, nil
}

// sign is the SHA-1 of the sorted parts, in hex; with a sealed text it is the msg_signature.
func (s sealer) sign(timestamp, nonce string, sealed ...string) string {
	parts := append([]string{s.token, timestamp, nonce}, sealed...)
	slices.Sort(parts)
	sum := sha1.Sum([]byte(strings.Join(parts, "")))
	return hex.EncodeToString(sum[:])
}

// shut encrypts: 16 random bytes, the length, the text and the owner's id, padded.
func (s sealer) shut(text, random []byte) (string, error) {
	block, err := aes.NewCipher(s.key)
	if err != nil {
		return "", err
	}
	plain := make([]byte, 0, 20+len(text)+len(s.owner)+sealBlock)
	plain = append(plain, random[:16]...)
	plain = binary.BigEndian.AppendUint32(plain, uint32(len(text)))
	plain = append(append(plain, text...), s.owner...)
	pad := sealBlock - len(plain)%sealBlock
	plain = append(plain, bytes.Repeat([]byte{byte(pad)}, pad)...)
	cipher.NewCBCEncrypter(block, s.key[:aes.BlockSize]).CryptBlocks(plain, plain)
	return base64.StdEncoding.EncodeToString(plain), nil
}

// open decrypts and checks what shut made.
func (s sealer) open(sealed string) ([]byte, error) {
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(sealed))
	if err != nil {
		return nil, fmt.Errorf("the sealed text is no base64: %w", err)
	}
	block, err := aes.NewCipher(s.key)
	if err != nil {
		return nil, err
	}
	if len(raw) == 0 || len(raw)%aes.BlockSize != 0 {
		return nil, fmt.Errorf("the sealed text has %d bytes, not whole blocks", len(raw))
	}
	cipher.NewCBCDecrypter(block, s.key[:aes.BlockSize]).CryptBlocks(raw, raw)
	pad := int(raw[len(raw)-1])
	if pad < 1 || pad > sealBlock || pad > len(raw) {
		return nil, fmt.Errorf("the padding says %d", pad)
	}
	raw = raw[:len(raw)-pad]
	if len(raw) < 20 {
		return nil, errors.New("the sealed text is too short")
	}
	length := int64(binary.BigEndian.Uint32(raw[16:20]))
	if length > int64(len(raw)-20) {
		return nil, fmt.Errorf("the length says %d of %d bytes", length, len(raw)-20)
	}
	text, owner := raw[20:20+length], string(raw[20+length:])
	if owner != s.owner {
		return nil, fmt.Errorf("it was sealed for %q", owner)
	}
	return text, nil
}

// encode writes bytes as letters and digits that fit everywhere.
func encode(raw []byte) string {
	return strings.NewReplacer("-", "A", "_", "B").Replace(base64.RawURLEncoding.EncodeToString(raw))
}
