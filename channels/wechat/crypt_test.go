package wechat

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"huiyin/channels/internal/weixin"
)

// The vectors of WeChat's own samples of WXBizMsgCrypt (Java, Python, C++) and of its guide to message push.
const (
	sampleCipher = "hyzAe4OzmOMbd6TvGdIOO6uBmdJoD0Fk53REIHvxYtJlE2B655HuD0m8KUePWB3+LrPXo87wzQ1QLvbeUgmBM4x6F8PGHQHFVAFmOD2LdJF9FrXpbUAh0B5GIItb52sn896wVsMSHGuPE328HnRGBcrS7C41IzDWyWNlZkyyXwon8T332jisa+h6tEDYsVticbSnyU8dKOIbgU6ux5VTjg3yt+WGzjlpKn6NPhRjpA912xMezR4kw6KWwMrCVKSVCZciVGCgavjIQ6X8tCOp3yZbGpy0VxpAe+77TszTfRd5RJSVO/HTnifJpXgCSUdUue1v6h0EIBYYI1BD1DlD+C0CR8e6OewpusjZ4uBl9FyJvnhvQl+q5rv1ixrcpCumEPo5MJSgM9ehVsNPfUM669WuMyVWQLCzpu9GhglF2PE="
	samplePlain  = "<xml><ToUserName><![CDATA[gh_10f6c3c3ac5a]]></ToUserName>\n<FromUserName><![CDATA[oyORnuP8q7ou2gfYjqLzSIWZf0rs]]></FromUserName>\n<CreateTime>1409735668</CreateTime>\n<MsgType><![CDATA[text]]></MsgType>\n<Content><![CDATA[abcdteT]]></Content>\n<MsgId>6054768590064713728</MsgId>\n</xml>"
	cppCipher    = "mfBCs65c67CeJw22u4VT2TD73q5H06+ocrAIxswCaeZ/d/Lw0msSZFHY0teqgSYiI1zR2gD2DKrB3TIrmX/liNSDrGqS8jSI/WPeKB5VPr7Ezr7gomZAyGCwJSgT1TRFWPfONGJMxuj2nk4faTuspAuVIFQ6SHwZuJBZC7mcJp7Cgr9cUhATQWDbOPaE7ukZBTV2YqyzH+UI2AK+J1S47cE79k1RX8t0hcTz/O0hlK8DGXKnvYv88qKQcI7z4iaajqHfRVZKBNyOODabs+It+ZfM3dWTeFcPgDbGtIEnpt/EDtuuA/zMvtkaKdHdswPnVZQ+xdwbYr3ldGvfT8HlEYEgkgKaThxTFobVlwzu2ZkXCjicbP3xdr15Iq48ObgzPpqYuZ3IEoyggZDKClquk0u0orMck4GTF/XyE8yGzc4="
	guideCipher  = "hE8R6mGXHkJJjU72KxzKUd1GEkKJaEZq7vRL8XgK3o+00k8JGq6+pZJUIlTSyhsX+bxIBQ72g3GyvDdIZcr6+3HAZbSvPT9t/o11MI7d6WELwqrGd7jMnV0zv3Zc9Nq7"
)

func TestSamplesOpen(t *testing.T) {
	for name, c := range map[string]struct{ app, key, sealed, want string }{
		"text of the Java sample": {testApp, testKey, "jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg==", "我是中文abcd123"},
		"reply of the guide":      {"wx134c8103faa5a59e", strings.Repeat("A", 43), guideCipher, `<xml><demo_resp>[CDATA[good luck]]</demo_resp></xml>`},
		"Python sample":           {"wx2c2769f8efd9abc2", testKey, sampleCipher, samplePlain},
	} {
		crypt, err := weixin.NewCrypt(c.key, c.app)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := crypt.Open(c.sealed); err != nil || string(got) != c.want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestSamplesSignatures(t *testing.T) {
	for name, c := range map[string]struct {
		want  string
		parts []string
	}{
		"sample":     {"5d197aaffba7e9b25a30732f161a50dee96bd5fa", []string{"spamtest", "1409735669", "1320562132", sampleCipher}},
		"C++ sample": {"003fee52ecc56afb46c00b5c7721be87860ce785", []string{"spamtest", "1410349438", "298025754", cppCipher}},
		"reply":      {"03e0812039325c2712ef5f0f980fd14c70d6e307", []string{"AAAAA", "1713424427", "415670741", guideCipher}},
		"in clear":   {"16120ec1b8dbb870f510d87ce6bc2463eae6ca1a", []string{"spamtest", "1409735669", "1320562132"}},
	} {
		if got := weixin.Signature(c.parts...); got != c.want {
			t.Errorf("%s: %s", name, got)
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

// FuzzCallback sends any body as an encrypted push whose signature fits.
func FuzzCallback(f *testing.F) {
	for _, seed := range []string{sampleCipher, "", "!", "AAAAAAAAAAAAAAAAAAAAAA=="} {
		f.Add(seed)
	}
	a, in := New(testOptions()), inbox()
	f.Fuzz(func(t *testing.T, sealed string) {
		l := newLetter("<xml><Encrypt><![CDATA["+sealed+"]]></Encrypt></xml>", false)
		at := strconv.FormatInt(l.at.Unix(), 10)
		l.query = url.Values{"encrypt_type": {"aes"}, "msg_signature": {sha(l.token, at, l.nonce, sealed)}}
		if got, err := a.Receive(in, l.request()); err == nil || len(got.Messages) > 0 {
			t.Errorf("taken: %+v", got)
		}
	})
}
