package main

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"huiyin/channels"
	"huiyin/channels/simulator"
)

// platform is the simulated provider with a customer service account and an Official Account, and inboxes for them.
func platform(t *testing.T) (w where, kf, official string) {
	t.Helper()
	const key = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
	sim := simulator.New(simulator.Options{})
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	sim.At(server.URL)
	for _, c := range []simulator.Config{
		{Kind: simulator.CustomerService, Name: "kf", AppID: "ww5823bf96d3bd56c7", Secret: "secret-of-kf", Token: "QDG6eK", AESKey: key, Original: "wk0123456789"},
		{Kind: simulator.OfficialAccount, Name: "oa", AppID: "wx5823bf96d3bd56c7", Secret: "secret-of-oa", Token: "QDG6eK", AESKey: key, Original: "gh_0123456789ab"},
	} {
		if _, err := sim.Add(c); err != nil {
			t.Fatal(err)
		}
	}
	w = where{Data: t.TempDir()}
	made := func(args ...string) string {
		all := append([]string{"inbox", "create", "--json", "--name", "x", "--set", "api_base=" + server.URL, "--set", "token=QDG6eK", "--set", "aes_key=" + key}, args...)
		return strconv.FormatInt(decode[shownInbox](t, callWith("", w.on(all...)...)).ID, 10)
	}
	kf = made("--kind", "wecom_kf", "--set", "corp_id=ww5823bf96d3bd56c7", "--set", "secret=secret-of-kf", "--set", "open_kfid=wk0123456789")
	official = made("--kind", "wechat", "--set", "app_id=wx5823bf96d3bd56c7", "--set", "app_secret=secret-of-oa")
	return w, kf, official
}

func TestInboxCheckCommand(t *testing.T) {
	w, kf, _ := platform(t)
	if got := must(t, callWith("", w.on("inbox", "check", kf)...)); got.out != "inbox "+kf+" works\n" {
		t.Errorf("%+v", got)
	}
	must(t, callWith("", w.on("inbox", "set", kf, "--set", "open_kfid=wkOther")...))
	if got := callWith("", w.on("inbox", "check", kf, "--json")...); got.code != 1 || got.out != "" || !strings.Contains(got.errs, "has no customer service account wkOther") {
		t.Errorf("%+v", got)
	}
}

func TestInboxCodeCommand(t *testing.T) {
	w, kf, _ := platform(t)
	made := decode[shownCode](t, callWith("", w.on("inbox", "code", kf, "--scene", "shop", "--json")...))
	if !strings.HasPrefix(made.Content, "http") || made.Until != nil {
		t.Errorf("%+v", made)
	}
	if got := must(t, callWith("", w.on("inbox", "code", kf, "--scene", "门店")...)); !strings.Contains(got.out, "scene_param=%E9%97%A8%E5%BA%97") {
		t.Errorf("%+v", got)
	}
	if got := callWith("", w.on("inbox", "code", kf, "--scene", "x", "--days", "400")...); got.code != 2 {
		t.Errorf("%+v", got)
	}
}

func TestInboxMenuCommand(t *testing.T) {
	w, kf, official := platform(t)
	all, err := spoken(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range all {
		if _, ok := a.(channels.Menus); a.Kind().Name == "wechat" && !ok {
			official = "" // this build's Official Accounts have no menu; what follows needs one
		}
	}
	if got := callWith("", w.on("inbox", "menu", kf)...); got.code != 1 || !strings.Contains(got.errs, "shows no menu") {
		t.Errorf("%+v", got)
	}
	file := filepath.Join(t.TempDir(), "menu.json")
	if err := os.WriteFile(file, []byte(`{"items":[{"label":"帮助","items":[{"label":"退货","ask":"怎么退货"},{"label":"官网","url":"https://x.cn"}]}]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if official != "" {
		if got := must(t, callWith("", w.on("inbox", "menu", official)...)); got.out != "no menu\n" {
			t.Errorf("%+v", got)
		}
		want := "帮助\n  退货  asks 怎么退货\n  官网  https://x.cn\n"
		if got := must(t, callWith("", w.on("inbox", "menu", official, "--publish", file)...)); got.out != want {
			t.Errorf("%+v", got)
		}
		if got := decode[menuFile](t, callWith("", w.on("inbox", "menu", official, "--json")...)); len(got.Items) != 1 || len(got.Items[0].Items) != 2 {
			t.Errorf("%+v", got)
		}
	}
	if err := os.WriteFile(file, []byte(`{"entries":[]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := callWith("", w.on("inbox", "menu", kf, "--publish", file)...); got.code != 1 || !strings.Contains(got.errs, "is no menu") {
		t.Errorf("%+v", got)
	}
}

func TestInboxQuestionsRefused(t *testing.T) {
	w := where{Data: t.TempDir()}
	must(t, callWith("", w.on("inbox", "create", "--kind", "webchat", "--name", "Web")...))
	for _, c := range []struct{ args, errs string }{
		{"inbox check 1", "nothing to try out"}, {"inbox menu 1", "shows no menu"}, {"inbox code 1 --scene x", "makes no codes"},
		{"inbox check 9", "there is no inbox 9 in service"}, {"inbox menu 1 --publish /none", "no such file"},
	} {
		got := callWith("", w.on(strings.Fields(c.args)...)...)
		if got.code != 1 || got.out != "" || !strings.Contains(got.errs, c.errs) || strings.Count(got.errs, "\n") != 1 {
			t.Errorf("%s: %+v", c.args, got)
		}
	}
}
