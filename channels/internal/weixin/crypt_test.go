package weixin

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"strings"
	"testing"
	"time"
)

// The worked example of https://developer.work.weixin.qq.com/document/path/90968.
const (
	exampleToken     = "QDG6eK"
	exampleKey       = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
	exampleID        = "wx5823bf96d3bd56c7"
	exampleSignature = "477715d11cdb4164915debcba66cb864d751f3e6"
	exampleTime      = "1409659813"
	exampleNonce     = "1372623149"
	exampleEncrypt   = "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q=="
)

func TestOfficialExample(t *testing.T) {
	if !Signed(exampleSignature, exampleToken, exampleTime, exampleNonce, exampleEncrypt) {
		t.Error("the signature of the provider's example is refused")
	}
	crypt, err := NewCrypt(exampleKey, exampleID)
	if err != nil {
		t.Fatal(err)
	}
	text, err := crypt.Open(exampleEncrypt)
	if err != nil {
		t.Fatal(err)
	}
	fields, err := ParseXML(text)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"ToUserName": exampleID, "FromUserName": "mycreate", "MsgType": "text", "Content": "hello", "MsgId": "4561255354251345929", "AgentID": "218"} {
		if fields[name] != want {
			t.Errorf("%s is %q, not %q", name, fields[name], want)
		}
	}
}

func TestOfficialURLCheck(t *testing.T) {
	const echo = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
	if !Signed("5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3", exampleToken, "1409659589", "263014780", echo) {
		t.Error("the signature of the provider's URL check is refused")
	}
	crypt, _ := NewCrypt(exampleKey, exampleID)
	if text, err := crypt.Open(echo); err != nil || string(text) != "1616140317555161061" {
		t.Errorf("opened %q, %v", text, err)
	}
}

// officialKey and officialID are those of the provider's sample code for Official Accounts.
const (
	officialKey = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
	officialID  = "wxb11529c136998cb6"
)

func TestOfficialSampleCode(t *testing.T) {
	crypt, err := NewCrypt(officialKey, officialID)
	if err != nil {
		t.Fatal(err)
	}
	const sealed = "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg=="
	text, err := crypt.Open(sealed)
	if err != nil || string(text) != "我是中文abcd123" {
		t.Errorf("opened %q, %v", text, err)
	}
	if again := seal(t, crypt.key, packed("aaaabbbbccccdddd", uint32(len(text)), string(text), officialID, 0)); again != sealed {
		t.Errorf("sealed %s", again)
	}
}

// packed lays a text out as the provider does; pad 0 is the right padding.
func packed(random string, length uint32, text, id string, pad int) []byte {
	b := append([]byte(random), binary.BigEndian.AppendUint32(nil, length)...)
	b = append(append(b, text...), id...)
	n := padTo - len(b)%padTo
	if pad == 0 {
		pad = n
	}
	return append(b, bytes.Repeat([]byte{byte(pad)}, n)...)
}

func seal(t *testing.T, key, plain []byte) string {
	t.Helper()
	block, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	box := make([]byte, len(plain))
	cipher.NewCBCEncrypter(block, key[:aes.BlockSize]).CryptBlocks(box, plain)
	return base64.StdEncoding.EncodeToString(box)
}

func TestSealedComesBack(t *testing.T) {
	crypt, _ := NewCrypt(exampleKey, exampleID)
	for _, text := range []string{"", "x", strings.Repeat("回音", 1000), "<xml></xml>", strings.Repeat("a", 12)} {
		box, err := crypt.Seal([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if back, err := crypt.Open(box); err != nil || string(back) != text {
			t.Errorf("%.20q came back as %.20q, %v", text, back, err)
		}
	}
	var none Crypt
	if _, err := none.Seal([]byte("x")); err == nil {
		t.Error("sealed without a key")
	}
	if _, err := none.Open(exampleEncrypt); err == nil {
		t.Error("opened without a key")
	}
}

func TestHostileBoxes(t *testing.T) {
	crypt, _ := NewCrypt(exampleKey, exampleID)
	other, _ := NewCrypt(officialKey, exampleID)
	random := "0123456789abcdef"
	boxes := map[string]string{
		"nothing":                      "",
		"no base64":                    "你好",
		"base64 with line ends inside": exampleEncrypt[:40] + "\n*" + exampleEncrypt[40:],
		"one block of AES":             base64.StdEncoding.EncodeToString(make([]byte, 16)),
		"no whole block":               base64.StdEncoding.EncodeToString(make([]byte, 33)),
		"zeros":                        base64.StdEncoding.EncodeToString(make([]byte, 64)),
		"another key":                  seal(t, other.key, packed(random, 5, "hello", exampleID, 0)),
		"another id":                   seal(t, crypt.key, packed(random, 5, "hello", "wx0000000000000000", 0)),
		"a longer id":                  seal(t, crypt.key, packed(random, 5, "hello", exampleID+"x", 0)),
		"no id":                        seal(t, crypt.key, packed(random, 5, "hello", "", 0)),
		"length too short":             seal(t, crypt.key, packed(random, 2, "hello", exampleID, 0)),
		"length too long":              seal(t, crypt.key, packed(random, 50, "hello", exampleID, 0)),
		"length giant":                 seal(t, crypt.key, packed(random, 1<<31-1, "hello", exampleID, 0)),
		"length negative":              seal(t, crypt.key, packed(random, 0xffffffff, "hello", exampleID, 0)),
		"padding 0":                    seal(t, crypt.key, append(packed(random, 5, "hello", exampleID, 0)[:63], 0)),
		"padding 33":                   seal(t, crypt.key, packed(random, 5, "hello", exampleID, 33)),
		"padding 255":                  seal(t, crypt.key, packed(random, 5, "hello", exampleID, 255)),
		"all padding":                  seal(t, crypt.key, bytes.Repeat([]byte{32}, 32)),
	}
	for name, box := range boxes {
		if text, err := crypt.Open(box); !errors.Is(err, ErrSealed) || text != nil {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
}

func TestKeys(t *testing.T) {
	for _, key := range []string{"", "short", strings.Repeat("a", 44), strings.Repeat("好", 14) + "x", strings.Repeat("=", 43)} {
		if CheckKey(key) == nil {
			t.Errorf("%q is taken as a key", key)
		}
	}
	if err := CheckKey(exampleKey); err != nil {
		t.Error(err)
	}
}

func TestSignatureAndFreshness(t *testing.T) {
	if Signature("b", "a") != Signature("a", "b") || Signed("", "a") || Signed(strings.Repeat("0", 40), "a") {
		t.Error("signatures are not what they should be")
	}
	now := time.Unix(1409659813, 0)
	for stamp, want := range map[string]bool{"1409659813": true, "1409659514": true, "1409660113": true, "1409659512": false, "1409660114": false,
		"": false, "0": false, "-1409659813": false, "x": false, "1409659813.0": false, "99999999999999999999": false, "9223372036854775807": false} {
		if Fresh(stamp, now) != want {
			t.Errorf("%q fresh: %v", stamp, !want)
		}
	}
	if beyond := time.Date(2040, 1, 1, 0, 0, 0, 0, time.UTC); !Fresh("2208988800", beyond) {
		t.Error("a time after 2038 is refused")
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(exampleEncrypt)
	f.Add("")
	f.Add(base64.StdEncoding.EncodeToString(make([]byte, 64)))
	crypt, _ := NewCrypt(exampleKey, exampleID)
	f.Fuzz(func(t *testing.T, box string) {
		if text, err := crypt.Open(box); err != nil && text != nil {
			t.Errorf("an error and a text: %q", text)
		}
	})
}
