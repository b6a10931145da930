package wechat

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"huiyin/channels"
	"huiyin/conversation"
)

const mediaGet = "/cgi-bin/media/get"

func file(kind, name, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", kind)
		if name != "" {
			w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
		}
		_, _ = io.WriteString(w, body)
	}
}

func TestFetch(t *testing.T) {
	for name, c := range map[string]struct {
		kind     string
		answer   http.HandlerFunc
		fileType string
		fileName string
	}{
		"picture":          {"image", file("image/jpeg", "M1.jpg", "bytes"), "image/jpeg", "M1.jpg"},
		"voice stays AMR":  {"voice", file("audio/amr", "M1.amr", "bytes"), "audio/amr", "M1.amr"},
		"nameless":         {"image", file("image/png", "", "bytes"), "image/png", ""},
		"video as a file":  {"video", file("video/mp4", "M1.mp4", "bytes"), "video/mp4", "M1.mp4"},
		"of no known kind": {"image", file("", "M1", "bytes"), "text/plain", "M1"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPlatform(t)
			p.on(mediaGet, c.answer)
			f, err := New(testOptions()).Fetch(t.Context(), inbox(keyBase, p.URL), conversation.Media{Ref: "M1", Kind: c.kind})
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(f.Body)
			if err != nil || string(body) != "bytes" || f.Body.Close() != nil || f.Name != c.fileName || c.fileType != "text/plain" && f.Type != c.fileType {
				t.Errorf("%q %+v, %v", body, f, err)
			}
			if asked := p.heard(mediaGet)[0]; asked.query.Get("media_id") != "M1" || asked.token != "TOKEN_1" {
				t.Errorf("%v", asked.query)
			}
		})
	}
}

func TestFetchVideo(t *testing.T) {
	p := newPlatform(t)
	in := inbox(keyBase, p.URL)
	p.on(mediaGet, say(`{"video_url":"`+p.URL+`/video.mp4"}`))
	p.on("/video.mp4", file("video/mp4", "", "film"))
	f, err := New(testOptions()).Fetch(t.Context(), in, conversation.Media{Ref: "V", Kind: "video"})
	if err != nil {
		t.Fatal(err)
	}
	if body, err := io.ReadAll(f.Body); err != nil || string(body) != "film" || f.Type != "video/mp4" {
		t.Errorf("%q %+v %v", body, f, err)
	}
	for _, address := range []string{"http://127.0.0.1:1/x", "http://169.254.169.254/latest", "file:///etc/passwd", "http://evil.example/?x=.qq.com", "http://user@vweixinp.tc.qq.com@evil.example/", ""} {
		p.on(mediaGet, say(`{"video_url":"`+address+`"}`))
		if _, err := New(testOptions()).Fetch(t.Context(), in, conversation.Media{Ref: "V", Kind: "video"}); err == nil {
			t.Errorf("%q was fetched", address)
		}
	}
	if acc := (account{base: defaultBase}); !acc.trusts("http://vweixinp.tc.qq.com/1007/x.mp4") || acc.trusts("http://aqq.com/") {
		t.Error("whom a video may come from")
	}
}

func TestFetchErrors(t *testing.T) {
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		retry  bool
		reason string
	}{
		"gone":               {say(`{"errcode":40007,"errmsg":"invalid media_id"}`), false, "three days"},
		"gone, as a file":    {file("image/jpeg", "", `{"errcode":40007,"errmsg":"invalid media_id"}`), false, "three days"},
		"not allowed":        {say(`{"errcode":48001}`), false, "48001"},
		"busy":               {say(`{"errcode":-1}`), true, "busy"},
		"HTML":               {file("text/html", "", "<html>"), true, "reached"},
		"down":               {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(502) }, true, "reached"},
		"JSON and no answer": {file("image/jpeg", "", "{"), true, "reached"},
	} {
		p := newPlatform(t)
		p.on(mediaGet, c.answer)
		_, err := New(testOptions()).Fetch(t.Context(), inbox(keyBase, p.URL), conversation.Media{Ref: "M", Kind: "image"})
		var got *channels.SendError
		if !errors.As(err, &got) || got.Retry != c.retry || !strings.Contains(got.Reason, c.reason) {
			t.Errorf("%s: %+v", name, err)
		}
	}
}

func TestFetchedFilesHaveAnEnd(t *testing.T) {
	l := &limited{Reader: strings.NewReader("12345"), closer: io.NopCloser(nil), left: 4}
	if _, err := io.ReadAll(l); !errors.Is(err, conversation.ErrTooLarge) {
		t.Error(err)
	}
	l = &limited{Reader: strings.NewReader("1234"), closer: io.NopCloser(nil), left: 4}
	if got, err := io.ReadAll(l); err != nil || string(got) != "1234" {
		t.Error(string(got), err)
	}
}
