package wecom

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"huiyin/channels"
	"huiyin/conversation"
)

func TestFetch(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "gettoken"):
			_, _ = io.WriteString(w, `{"errcode":0,"access_token":"t","expires_in":7200}`)
		case r.URL.Query().Get("media_id") == "M1":
			w.Header().Set("Content-Type", "audio/amr")
			w.Header().Set("Content-Disposition", `attachment; filename="v.amr"`)
			_, _ = io.WriteString(w, "#!AMR")
		case r.URL.Query().Get("media_id") == "busy":
			_, _ = io.WriteString(w, `{"errcode":-1,"errmsg":"busy"}`)
		default:
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"errcode":40007,"errmsg":"invalid media_id"}`)
		}
	}))
	defer server.Close()
	a, inbox := newAdapter(), inboxAt(server.URL)
	got, err := a.Fetch(t.Context(), inbox, conversation.Media{Ref: "M1"})
	if err != nil || got.Name != "v.amr" || got.Type != "audio/amr" {
		t.Fatalf("%+v, %v", got, err)
	}
	body, _ := io.ReadAll(got.Body)
	_ = got.Body.Close()
	if string(body) != "#!AMR" {
		t.Errorf("%q", body)
	}
	var refused *channels.SendError
	if _, err := a.Fetch(t.Context(), inbox, conversation.Media{Ref: "gone"}); !errors.As(err, &refused) || refused.Retry || !strings.Contains(refused.Reason, "any more") {
		t.Errorf("gone: %v", err)
	}
	if _, err := a.Fetch(t.Context(), inbox, conversation.Media{Ref: "busy"}); !errors.As(err, &refused) || !refused.Retry {
		t.Errorf("busy: %v", err)
	}
}

func TestCodes(t *testing.T) {
	const link = "https://work.weixin.qq.com/kf/kfcbf8f8d07ac7215f"
	for name, c := range map[string]struct{ scene, answer, asked, want string }{
		"a word":        {"store_1", link + "?enc_scene=E", "store_1", link + "?enc_scene=E"},
		"Chinese":       {"门店", link + "?enc_scene=E", plainScene, link + "?enc_scene=E&scene_param=%E9%97%A8%E5%BA%97"},
		"long":          {strings.Repeat("a", 40), link, plainScene, link + "?scene_param=" + strings.Repeat("a", 40)},
		"no scene":      {" ", link, plainScene, link},
		"with an equal": {"a=1&b", link + "?enc_scene=E", plainScene, link + "?enc_scene=E&scene_param=a%3D1%26b"},
	} {
		f := newFake(t, map[string][]string{"kf/add_contact_way": {`{"errcode":0,"url":"` + c.answer + `"}`}})
		got, err := newAdapter().Code(t.Context(), inboxAt(f.URL), c.scene, 0)
		if err != nil || got.Content != c.want || got.Picture != "" || !got.Until.IsZero() || f.asked("kf/add_contact_way")[0].body["scene"] != c.asked {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	f := newFake(t, map[string][]string{"kf/add_contact_way": {`{"errcode":0,"url":""}`}})
	if _, err := newAdapter().Code(t.Context(), inboxAt(f.URL), "x", 0); err == nil {
		t.Error("a code without a link")
	}
	var field *conversation.FieldError
	if _, err := newAdapter().Code(t.Context(), inboxAt(f.URL), strings.Repeat("店", 20), 0); !errors.As(err, &field) {
		t.Errorf("too long: %v", err)
	}
	f = newFake(t, map[string][]string{"kf/add_contact_way": {`{"errcode":48002,"errmsg":"no"}`}})
	if _, err := newAdapter().Code(t.Context(), inboxAt(f.URL), "x", 0); err == nil || !strings.Contains(err.Error(), "may not use") {
		t.Errorf("refused: %v", err)
	}
}

func TestCheck(t *testing.T) {
	other := `{"open_kfid":"wkOther","name":"x"}`
	full := `{"errcode":0,"account_list":[` + strings.Repeat(other+",", 99) + other + `]}`
	for name, c := range map[string]struct {
		pages []string
		words string
	}{
		"fine":            {[]string{`{"errcode":0,"account_list":[{"open_kfid":"` + testAccount + `","name":"客服","manage_privilege":true}]}`}, ""},
		"an older answer": {[]string{`{"errcode":0,"account_list":[{"open_kfid":"` + testAccount + `"}]}`}, ""},
		"second page":     {[]string{full, `{"errcode":0,"account_list":[{"open_kfid":"` + testAccount + `"}]}`}, ""},
		"not managed":     {[]string{`{"errcode":0,"account_list":[{"open_kfid":"` + testAccount + `","manage_privilege":false}]}`}, "not manage"},
		"another's":       {[]string{`{"errcode":0,"account_list":[` + other + `]}`}, "has no customer service account"},
		"refused":         {[]string{`{"errcode":60020,"errmsg":"ip"}`}, "trusted IPs"},
		"HTML":            {[]string{"<html>"}, "cannot be read"},
		"for ever":        {[]string{full}, "has no customer service account"},
	} {
		f := newFake(t, map[string][]string{"kf/account/list": c.pages})
		err := newAdapter().Check(t.Context(), inboxAt(f.URL))
		if (err == nil) != (c.words == "") || (err != nil && !strings.Contains(err.Error(), c.words)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	f := newFake(t, map[string][]string{"gettoken": {`{"errcode":40013,"errmsg":"invalid corpid"}`}})
	if err := newAdapter().Check(t.Context(), inboxAt(f.URL)); err == nil || !strings.Contains(err.Error(), "corp id and secret") {
		t.Errorf("a wrong corp id: %v", err)
	}
}

func TestSettings(t *testing.T) {
	k := newAdapter().Kind()
	good := inboxAt("https://qyapi.weixin.qq.com").Settings
	if _, err := k.Apply(nil, good); err != nil {
		t.Error(err)
	}
	for key, values := range map[string][]string{
		keyCorpID: {"", "x", "ww 1", "ww<1>2"}, keySecret: {"", "short", "with a space in it"}, keyToken: {"", "with-dash", strings.Repeat("a", 33)}, keyAESKey: {"", "short", strings.Repeat("?", 43)},
		keyAccount: {"", "w", "wk 1"}, keyBase: {"qyapi.weixin.qq.com", "ftp://x", "https://", "https://x/?a=1", "https://u:p@x"}, keyQuotas: {"message", "menu=3/1m", "message=5/never"},
		keyWelcome: {strings.Repeat("好", 400)}, keyMenu: {strings.Repeat("x\n", 11), strings.Repeat("好", 43)}, channels.SettingWhenSpent: {"notice", "x"}, channels.SettingReserve: {"yes"},
	} {
		for _, value := range values {
			if _, err := k.Apply(good, map[string]string{key: value}); err == nil {
				t.Errorf("%s: %q is taken", key, value)
			}
		}
	}
	if q := newAdapter().quotas(inboxAt("", keyQuotas, "message=20/72h")); q[grantMessage].Sends != 20 {
		t.Errorf("%v", q)
	}
	if q := newAdapter().quotas(inboxAt("", keyQuotas, "broken")); q[grantMessage].Sends != 5 {
		t.Errorf("%v", q)
	}
}
