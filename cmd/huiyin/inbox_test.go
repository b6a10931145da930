package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"huiyin/db"
)

func TestInboxCommands(t *testing.T) {
	w := where{Data: t.TempDir()}
	made := decode[shownInbox](t, callWith("", w.on("inbox", "create", "--kind", "webchat", "--name", " Web ", "--public-url", "https://help.example.com/",
		"--set", "origins=https://a.example", "--set", "origins=https://b.example", "--set", "identity_secret=0123456789abcdef", "--set", "greeting=a=b;c,d", "--json")...))
	want := shownInbox{ID: 1, Kind: "webchat", Name: "Web", Bot: true, Embed: `<script src="https://help.example.com/widget.js" data-inbox="1" async></script>`,
		Settings: map[string]string{"origins": "https://a.example\nhttps://b.example", "identity_secret": "••••••••", "greeting": "a=b;c,d"}}
	same(t, made, want)
	plain := must(t, callWith("", w.on("inbox", "create", "--kind", "webchat", "--name", "Second", "--no-bot")...))
	if plain.out != "inbox 2\nembed <script src=\"http://localhost:8080/widget.js\" data-inbox=\"2\" async></script>\n" {
		t.Errorf("%q", plain.out)
	}
	changed := decode[shownInbox](t, callWith("", w.on("inbox", "set", "1", "--set", "origins=", "--set", "theme=dark", "--json")...))
	same(t, changed.Settings, map[string]string{"identity_secret": "••••••••", "greeting": "a=b;c,d", "theme": "dark"})
	list := decode[[]shownInbox](t, callWith("", w.on("inbox", "list", "--json")...))
	if len(list) != 2 || list[0].Settings["theme"] != "dark" || list[1].Bot {
		t.Errorf("%+v", list)
	}
	if text := must(t, callWith("", w.on("inbox", "list")...)).out; text != "1  webchat  Web\n2  webchat  Second\n" {
		t.Errorf("%q", text)
	}
	if raw, err := os.ReadFile(filepath.Join(w.Data, "huiyin.db-wal")); err == nil && strings.Contains(string(raw), "0123456789abcdef") {
		t.Error("the secret stands in the database in the open")
	}
}

func same(t *testing.T, got, want any) {
	t.Helper()
	g, errG := json.Marshal(got)
	w, errW := json.Marshal(want)
	if errG != nil || errW != nil || string(g) != string(w) {
		t.Errorf("\n got %s\nwant %s", g, w)
	}
}

func TestInboxCommandsRefuse(t *testing.T) {
	w := where{Data: t.TempDir()}
	must(t, callWith("", w.on("inbox", "create", "--kind", "webchat", "--name", "Web")...))
	tests := []struct {
		args []string
		code int
		errs string
	}{
		{[]string{"inbox", "create", "--kind", "webchat", "--name", "W", "--set", "origns=x"}, 1, "settings.origns: there is no such setting; known are origins,"},
		{[]string{"inbox", "create", "--kind", "webchat", "--name", "W", "--set", "identity_secret=short"}, 1, "settings.identity_secret: must have at least 16 characters"},
		{[]string{"inbox", "create", "--kind", "webchat", "--name", "W", "--set", "color=red"}, 1, "settings.color: must be a colour such as #1a73e8"},
		{[]string{"inbox", "create", "--kind", "webchat", "--name", "W", "--set", "theme"}, 2, `--set takes KEY=VALUE, not "theme"`},
		{[]string{"inbox", "create", "--kind", "webchat", "--name", "W", "--set", "=x"}, 2, `--set takes KEY=VALUE, not "=x"`},
		{[]string{"inbox", "create", "--kind", "webchat", "--name", "W", "--set", "theme=dark", "--set", "theme=light"}, 2, "--set theme is given twice"},
		{[]string{"inbox", "create", "--kind", "webchat", "--name", " "}, 1, "name: give the inbox a name"},
		{[]string{"inbox", "create", "--kind", "webchat", "--name", "W", "--team", "7"}, 1, "team: there is no team 7"},
		{[]string{"inbox", "create", "--kind", "telex", "--name", "W"}, 2, "known are webchat"},
		{[]string{"inbox", "set", "9", "--set", "theme=dark"}, 1, "there is no inbox 9 in service; see huiyin inbox list"},
		{[]string{"inbox", "set", "1", "--set", "theme=blue"}, 1, "settings.theme: must be one of the choices"},
		{[]string{"ledger", "check", "--inbox", "9"}, 1, "there is no inbox 9"},
	}
	for _, test := range tests {
		got := callWith("", w.on(test.args...)...)
		if got.code != test.code || got.out != "" || !strings.Contains(got.errs, test.errs) || strings.Count(got.errs, "\n") != 1 {
			t.Errorf("%q: %+v", test.args, got)
		}
	}
	if list := decode[[]shownInbox](t, callWith("", w.on("inbox", "list", "--json")...)); len(list) != 1 || len(list[0].Settings) != 0 {
		t.Errorf("something was saved: %+v", list)
	}
}

func TestInboxKinds(t *testing.T) {
	t.Chdir(t.TempDir())
	kinds := decode[[]shownKind](t, callWith("", "inbox", "kinds", "--json"))
	text := must(t, callWith("", "inbox", "kinds")).out
	for _, k := range kinds {
		if k.Kind == "" || k.Title == "" || len(k.Settings) == 0 || !strings.Contains(text, k.Kind+"  "+k.Title) {
			t.Errorf("%+v", k)
		}
		for _, s := range k.Settings {
			if s.Key == "" || s.Type == "" || s.Label == "" || !strings.Contains(text, "  "+s.Key+" ") {
				t.Errorf("%s: %+v", k.Kind, s)
			}
		}
	}
	if !strings.Contains(text, "identity_secret    Identity secret (text, secret)") || !strings.Contains(text, `(auto|light|dark, default "auto")`) {
		t.Error(text)
	}
	if left, err := os.ReadDir("."); err != nil || len(left) != 0 {
		t.Errorf("listing kinds touched data: %v %v", left, err)
	}
}

func TestLedgerCommand(t *testing.T) {
	w := installation(t)
	sound := must(t, callWith("", w.on("ledger", "check")...))
	if !strings.HasSuffix(sound.out, "balances\n") || !strings.Contains(sound.out, "received 60: answered 0, handed off 0, by agents 0, waiting 60,") {
		t.Errorf("%s", sound.out)
	}
	damage(t, w, "UPDATE conversations SET last_seq = 99 WHERE id = 3", "UPDATE attachments SET size = 1 WHERE id = 2",
		"INSERT INTO assignments (conversation_id, agent_id, claimed_at, lease_until) VALUES (4, 1, 0, 0)")
	got := callWith("", w.on("ledger", "check")...)
	if got.code != exitFailed || strings.Count(got.out, "FAULT ") != 3 || !strings.Contains(got.errs, "does not balance: 3 faults") {
		t.Errorf("%+v", got)
	}
	for _, row := range []string{"FAULT conversation 3: ", "FAULT attachment 2: ", "FAULT assignment 1: "} {
		if !strings.Contains(got.out, row) {
			t.Errorf("no %q in %s", row, got.out)
		}
	}
	got = callWith("", w.on("ledger", "check", "--json")...)
	var l ledger
	if err := json.Unmarshal([]byte(got.out), &l); err != nil || got.code != exitFailed || l.Balances || len(l.Faults) != 3 {
		t.Errorf("%v %+v", err, got)
	}
}

func TestCommandsDoNotCallAnEmptyFolderSound(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, line := range []string{"ledger check", "backup b.zip", "user list", "apikey list", "inbox list", "inbox set 1 --set a=b"} {
		got := callWith("", append(strings.Fields(line), "--data", "dta")...)
		if got.code != exitFailed || !strings.Contains(got.errs, "there is no data in the folder dta; name the right one with --data") {
			t.Errorf("%s: %+v", line, got)
		}
	}
	if exists("dta") {
		t.Error("a mistyped folder was made")
	}
}

// damage runs SQL on data at rest.
func damage(t *testing.T, w where, statements ...string) {
	t.Helper()
	err := w.with(func(ctx context.Context, p *parts) error {
		return p.db.Tx(ctx, func(tx *db.Tx) error {
			for _, s := range statements {
				if _, err := tx.Exec(ctx, s); err != nil {
					return err
				}
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}
