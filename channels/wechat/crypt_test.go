package wechat

import (
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/silenceper/wechat/v2/util"
)

// The vectors of WeChat's own samples of WXBizMsgCrypt (Java, Python, C++) and of its guide to message push.
const (
	sampleCipher = "hyzAe4OzmOMbd6TvGdIOO6uBmdJoD0Fk53REIHvxYtJlE2B655HuD0m8KUePWB3+LrPXo87wzQ1QLvbeUgmBM4x6F8PGHQHFVAFmOD2LdJF9FrXpbUAh0B5GIItb52sn896wVsMSHGuPE328HnRGBcrS7C41IzDWyWNlZkyyXwon8T332jisa+h6tEDYsVticbSnyU8dKOIbgU6ux5VTjg3yt+WGzjlpKn6NPhRjpA912xMezR4kw6KWwMrCVKSVCZciVGCgavjIQ6X8tCOp3yZbGpy0VxpAe+77TszTfRd5RJSVO/HTnifJpXgCSUdUue1v6h0EIBYYI1BD1DlD+C0CR8e6OewpusjZ4uBl9FyJvnhvQl+q5rv1ixrcpCumEPo5MJSgM9ehVsNPfUM669WuMyVWQLCzpu9GhglF2PE="
	samplePlain  = "<xml><ToUserName><![CDATA[gh_10f6c3c3ac5a]]></ToUserName>\n<FromUserName><![CDATA[oyORnuP8q7ou2gfYjqLzSIWZf0rs]]></FromUserName>\n<CreateTime>1409735668</CreateTime>\n<MsgType><![CDATA[text]]></MsgType>\n<Content><![CDATA[abcdteT]]></Content>\n<MsgId>6054768590064713728</MsgId>\n</xml>"
	cppCipher    = "mfBCs65c67CeJw22u4VT2TD73q5H06+ocrAIxswCaeZ/d/Lw0msSZFHY0teqgSYiI1zR2gD2DKrB3TIrmX/liNSDrGqS8jSI/WPeKB5VPr7Ezr7gomZAyGCwJSgT1TRFWPfONGJMxuj2nk4faTuspAuVIFQ6SHwZuJBZC7mcJp7Cgr9cUhATQWDbOPaE7ukZBTV2YqyzH+UI2AK+J1S47cE79k1RX8t0hcTz/O0hlK8DGXKnvYv88qKQcI7z4iaajqHfRVZKBNyOODabs+It+ZfM3dWTeFcPgDbGtIEnpt/EDtuuA/zMvtkaKdHdswPnVZQ+xdwbYr3ldGvfT8HlEYEgkgKaThxTFobVlwzu2ZkXCjicbP3xdr15Iq48ObgzPpqYuZ3IEoyggZDKClquk0u0orMck4GTF/XyE8yGzc4="
	guideCipher  = "hE8R6mGXHkJJjU72KxzKUd1GEkKJaEZq7vRL8XgK3o+00k8JGq6+pZJUIlTSyhsX+bxIBQ72g3GyvDdIZcr6+3HAZbSvPT9t/o11MI7d6WELwqrGd7jMnV0zv3Zc9Nq7"
)

func sampleAccount(t *testing.T, app, key string) account {
	t.Helper()
	decoded, err := aesKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return account{appID: app, key: decoded}
}

func TestEncryptIsWeChats(t *testing.T) {
	zeros := strings.Repeat("A", 43)
	for name, c := range map[string]struct{ app, key, salt, text, want string }{
		"text of the Java sample": {testApp, testKey, "aaaabbbbccccdddd", "我是中文abcd123", "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg=="},
		"reply of the guide":      {"wx134c8103faa5a59e", zeros, "999951349e8ee746", `<xml><demo_resp>[CDATA[good luck]]</demo_resp></xml>`, guideCipher},
	} {
		t.Run(name, func(t *testing.T) {
			acc := sampleAccount(t, c.app, c.key)
			got, err := acc.encrypt(strings.NewReader(c.salt), []byte(c.text))
			if err != nil || got != c.want {
				t.Fatalf("%s, %v", got, err)
			}
			back, err := acc.decrypt(got)
			if err != nil || string(back) != c.text {
				t.Fatalf("opened again: %s, %v", back, err)
			}
		})
	}
}

func TestDecryptIsWeChats(t *testing.T) {
	acc := sampleAccount(t, "wx2c2769f8efd9abc2", testKey)
	got, err := acc.decrypt(sampleCipher)
	if err != nil || string(got) != samplePlain {
		t.Errorf("sample: %q, %v", got, err)
	}
	if got, err = acc.decrypt(cppCipher); err != nil || !strings.HasPrefix(string(got), "<xml><ToUserName><![CDATA[gh_10f6c3c3ac5a]]></ToUserName>") {
		t.Errorf("C++ sample: %q, %v", got, err)
	}
	echo := sampleAccount(t, "wx5823bf96d3bd56c7", "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C")
	if got, err = echo.decrypt("P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="); err != nil || string(got) != "1616140317555161061" {
		t.Errorf("echo: %q, %v", got, err)
	}
}

func TestSignaturesAreWeChats(t *testing.T) {
	for name, c := range map[string]struct {
		want  string
		parts []string
	}{
		"sample":       {"5d197aaffba7e9b25a30732f161a50dee96bd5fa", []string{"spamtest", "1409735669", "1320562132", sampleCipher}},
		"C++ sample":   {"003fee52ecc56afb46c00b5c7721be87860ce785", []string{"spamtest", "1410349438", "298025754", cppCipher}},
		"reply":        {"03e0812039325c2712ef5f0f980fd14c70d6e307", []string{"AAAAA", "1713424427", "415670741", guideCipher}},
		"in clear":     {"16120ec1b8dbb870f510d87ce6bc2463eae6ca1a", []string{"spamtest", "1409735669", "1320562132"}},
		"a whole echo": {"5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3", []string{"QDG6eK", "1409659589", "263014780", "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="}},
	} {
		if err := signed(c.want, c.parts...); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := signed(strings.ToUpper(c.want), c.parts...); err == nil {
			t.Errorf("%s: another signature fits too", name)
		}
	}
}

// TestSampleOverHTTP takes the sample as it came to a server, clear fields beside the ciphertext and all.
func TestSampleOverHTTP(t *testing.T) {
	o := testOptions()
	o.Now = func() time.Time { return time.Unix(1409735669, 0) }
	a := New(o)
	query := url.Values{"msg_signature": {"5d197aaffba7e9b25a30732f161a50dee96bd5fa"}, "timestamp": {"1409735669"}, "nonce": {"1320562132"}, "encrypt_type": {"aes"}}
	body := strings.Replace(samplePlain, "\n</xml>", "<Encrypt><![CDATA["+sampleCipher+"]]></Encrypt></xml>", 1)
	r := httptest.NewRequest(http.MethodPost, "/hooks/7?"+query.Encode(), strings.NewReader(body))
	got, err := a.Receive(inbox(keyToken, "spamtest", keyAppID, "wx2c2769f8efd9abc2", keyMode, modeCompatible), r)
	if err != nil || len(got.Messages) != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	if m := got.Messages[0]; m.Text != "abcdteT" || m.SourceID != "6054768590064713728" || m.Address != testOpenID || m.SentAt.Unix() != 1409735668 {
		t.Errorf("%+v", m)
	}
}

// FuzzDecrypt wants an end for any ciphertext, and what was opened to close to a text that opens to the same.
func FuzzDecrypt(f *testing.F) {
	for _, seed := range []string{sampleCipher, cppCipher, "", "!", "AAAAAAAAAAAAAAAAAAAAAA==", base64.StdEncoding.EncodeToString(make([]byte, 64))} {
		f.Add(seed)
	}
	key, err := aesKey(testKey)
	if err != nil {
		f.Fatal(err)
	}
	acc := account{appID: "wx2c2769f8efd9abc2", key: key}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := acc.decrypt(text)
		if err != nil {
			return
		}
		again, err := acc.encrypt(strings.NewReader("aaaabbbbccccdddd"), got)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := acc.decrypt(again); err != nil || string(back) != string(got) {
			t.Fatalf("%q, %v", back, err)
		}
	})
}

// FuzzPlaintext feeds the decryption what an attacker with the key, or a fault, could write inside.
func FuzzPlaintext(f *testing.F) {
	f.Add([]byte("aaaabbbbccccdddd\x00\x00\x00\x01xwx2c2769f8efd9abc2"))
	f.Add([]byte("aaaabbbbccccdddd\xff\xff\xff\xffx"))
	key, err := aesKey(testKey)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, plain []byte) {
		l := letter{key: testKey, pad: func([]byte) []byte { return append(plain, make([]byte, (32-len(plain)%32)%32)...) }}
		sealed, err := base64.StdEncoding.DecodeString(l.seal())
		if err != nil {
			t.Fatal(err)
		}
		_, message, id, err := util.AESDecryptMsg(sealed, key)
		if err == nil && len(message)+len(id) > len(plain) {
			t.Fatalf("more came out than was in: %d + %d of %d", len(message), len(id), len(plain))
		}
	})
}
