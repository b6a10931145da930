package weixin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"huiyin/channels"
)

// tokens keeps one token, as the shared store does.
func tokens() channels.Tokens {
	var kept string
	return func(ctx context.Context, _, refused string, fetch channels.FetchToken) (string, error) {
		if kept != "" && kept != refused {
			return kept, nil
		}
		var err error
		kept, _, err = fetch(ctx)
		return kept, err
	}
}

// counted gives token1, token2 and so on.
func counted() channels.FetchToken {
	n := 0
	return func(context.Context) (string, time.Duration, error) {
		n++
		return fmt.Sprintf("token%d", n), time.Hour, nil
	}
}

func provider(t *testing.T, answer http.HandlerFunc) (*API, Account) {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	return &API{HTTP: server.Client(), Tokens: tokens()}, Account{Base: server.URL + "/", Key: "k", Fetch: counted()}
}

func TestCall(t *testing.T) {
	api, to := provider(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if got := strings.TrimSpace(string(body)); got != `{"text":"a<b>&你好"}` || r.URL.Path != "/cgi-bin/x" || r.URL.Query().Get("access_token") != "token1" {
			t.Errorf("%s %s", r.URL, got)
		}
		fmt.Fprint(w, `{"errcode":0,"errmsg":"ok","msgid":"m1"}`)
	})
	var out struct {
		MsgID string `json:"msgid"`
	}
	if err := api.Call(t.Context(), to, "/cgi-bin/x", map[string]string{"text": "a<b>&你好"}, &out); err != nil || out.MsgID != "m1" {
		t.Errorf("%+v, %v", out, err)
	}
}

func TestTokenIsRenewedOnce(t *testing.T) {
	for _, code := range []int{40001, 40014, 42001} {
		asked := 0
		api, to := provider(t, func(w http.ResponseWriter, r *http.Request) {
			asked++
			if r.URL.Query().Get("access_token") == "token1" {
				fmt.Fprintf(w, `{"errcode":%d,"errmsg":"old"}`, code)
				return
			}
			fmt.Fprint(w, `{"errcode":0}`)
		})
		if err := api.Get(t.Context(), to, "/x", nil, nil); err != nil || asked != 2 {
			t.Errorf("%d: asked %d times, %v", code, asked, err)
		}
	}
	asked := 0
	api, to := provider(t, func(w http.ResponseWriter, _ *http.Request) {
		asked++
		fmt.Fprint(w, `{"errcode":42001}`)
	})
	var refused *Refusal
	if err := api.Call(t.Context(), to, "/x", nil, nil); !errors.As(err, &refused) || asked != 2 {
		t.Errorf("asked %d times, %v", asked, err)
	}
}

func TestBadAnswers(t *testing.T) {
	answers := map[string]http.HandlerFunc{
		"HTML":          func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "<html>login</html>") },
		"nothing":       func(http.ResponseWriter, *http.Request) {},
		"half":          func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"errcode":0,"msg`) },
		"a list":        func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `[]`) },
		"a bad gateway": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) },
		"a wrong type":  func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"errcode":0,"msgid":{}}`) },
		"a broken body": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			fmt.Fprint(w, `{"errcode":0`)
		},
	}
	for name, answer := range answers {
		api, to := provider(t, answer)
		var out struct {
			MsgID string `json:"msgid"`
		}
		if err := api.Call(t.Context(), to, "/x", nil, &out); !errors.Is(err, ErrGarbled) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNoSecretInErrors(t *testing.T) {
	api, to := provider(t, func(http.ResponseWriter, *http.Request) {})
	to.Base = "http://127.0.0.1:1"
	for name, call := range map[string]func() error{
		"call":     func() error { return api.Call(t.Context(), to, "/x", nil, nil) },
		"get":      func() error { return api.Get(t.Context(), to, "/x", nil, nil) },
		"download": func() error { _, err := api.Download(t.Context(), to, "/x", nil); return err },
	} {
		if err := call(); err == nil || strings.Contains(err.Error(), "token1") {
			t.Errorf("%s: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := api.Call(ctx, to, "/x", nil, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestUploadAndDownload(t *testing.T) {
	api, to := provider(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/up":
			file, header, err := r.FormFile("media")
			if err != nil {
				t.Error(err)
				return
			}
			body, _ := io.ReadAll(file)
			fmt.Fprintf(w, `{"errcode":0,"media_id":"%s/%s/%s/%s"}`, r.URL.Query().Get("type"), header.Filename, header.Header.Get("Content-Type"), body)
		case "/down":
			w.Header().Set("Content-Type", "image/png")
			w.Header().Set("Content-Disposition", `attachment; filename="图.png"`)
			fmt.Fprint(w, "bytes")
		case "/text":
			w.Header().Set("Content-Type", "text/plain")
			w.Header().Set("Content-Disposition", `attachment; filename="a.txt"`)
			fmt.Fprint(w, "{}")
		default:
			w.Header().Set("Content-Type", "application/json; charset=UTF-8")
			fmt.Fprint(w, `{"errcode":40007,"errmsg":"invalid media_id"}`)
		}
	})
	var out struct {
		Media string `json:"media_id"`
	}
	file := Upload{Name: "a\"b.png", Type: "image/png", Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("xyz")), nil }}
	if err := api.Upload(t.Context(), to, "/up", map[string][]string{"type": {"image"}}, file, &out); err != nil || out.Media != "image/a_b.png/image/png/xyz" {
		t.Errorf("%q, %v", out.Media, err)
	}
	for path, want := range map[string]string{"/down": "image/png 图.png bytes", "/text": "text/plain a.txt {}"} {
		got, err := api.Download(t.Context(), to, path, nil)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(got.Body)
		_ = got.Body.Close()
		if told := got.Type + " " + got.Name + " " + string(body); told != want {
			t.Errorf("%s: %s", path, told)
		}
	}
	var refused *Refusal
	if _, err := api.Download(t.Context(), to, "/gone", nil); !errors.As(err, &refused) || refused.Code != 40007 {
		t.Errorf("gone: %v", err)
	}
	file.Open = func() (io.ReadCloser, error) { return nil, errors.New("no such file") }
	if err := api.Upload(t.Context(), to, "/up", nil, file, nil); err == nil {
		t.Error("a file that cannot be opened was uploaded")
	}
}
