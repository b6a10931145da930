package channels_test

import (
	"maps"
	"strings"
	"testing"

	"huiyin/channels"
	"huiyin/conversation"
)

var kind = channels.Kind{Name: "test", Settings: []channels.Setting{
	{Key: "host", Type: channels.Text, Required: true},
	{Key: "port", Type: channels.Number, Default: "25"},
	{Key: "tls", Type: channels.Boolean},
	{Key: "color", Type: channels.Color},
	{Key: "mode", Type: channels.Select, Options: []channels.Option{{Value: "safe"}, {Value: "plain"}}},
	{Key: "origins", Type: channels.List},
	{Key: "password", Type: channels.Text, Secret: true},
}}

func TestApply(t *testing.T) {
	has := map[string]string{"host": "mail", "password": "hush"}
	for name, test := range map[string]struct {
		changes map[string]string
		want    map[string]string
		refused string
	}{
		"a mask keeps the secret":    {map[string]string{"password": channels.Mask, "port": "465"}, map[string]string{"host": "mail", "password": "hush", "port": "465"}, ""},
		"empty takes away":           {map[string]string{"password": ""}, map[string]string{"host": "mail"}, ""},
		"space is trimmed":           {map[string]string{"host": " other "}, map[string]string{"host": "other", "password": "hush"}, ""},
		"required stays":             {map[string]string{"host": ""}, nil, "settings.host"},
		"unknown key":                {map[string]string{"hots": "x"}, nil, "settings.hots"},
		"not a number":               {map[string]string{"port": "many"}, nil, "settings.port"},
		"a switch that is on":        {map[string]string{"tls": "on"}, map[string]string{"host": "mail", "password": "hush", "tls": "true"}, ""},
		"a switch that is off":       {map[string]string{"tls": "off"}, map[string]string{"host": "mail", "password": "hush", "tls": "false"}, ""},
		"not a boolean":              {map[string]string{"tls": "yes"}, nil, "settings.tls"},
		"not a colour":               {map[string]string{"color": "red;}"}, nil, "settings.color"},
		"not a choice":               {map[string]string{"mode": "open"}, nil, "settings.mode"},
		"too long":                   {map[string]string{"host": strings.Repeat("x", 10_001)}, nil, "settings.host"},
		"choices, colours, booleans": {map[string]string{"mode": "safe", "color": "#1a73e8", "tls": "true"}, map[string]string{"host": "mail", "password": "hush", "mode": "safe", "color": "#1a73e8", "tls": "true"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := kind.Apply(has, test.changes)
			if test.refused != "" {
				if err == nil || !strings.Contains(err.Error(), test.refused) {
					t.Fatalf("error %v, want one about %s", err, test.refused)
				}
				return
			}
			if err != nil || !maps.Equal(got, test.want) {
				t.Fatalf("got %v, %v; want %v", got, err, test.want)
			}
		})
	}
}

func TestApplyJudgesSettingsTogether(t *testing.T) {
	k := kind
	k.Check = func(settings map[string]string) error {
		if settings["tls"] == "true" && settings["port"] == "" {
			return &conversation.FieldError{Field: "settings.port", Message: "is required with tls"}
		}
		return nil
	}
	if _, err := k.Apply(map[string]string{"host": "mail"}, map[string]string{"tls": "true"}); err == nil || !strings.Contains(err.Error(), "settings.port") {
		t.Errorf("without a port: %v", err)
	}
	if _, err := k.Apply(map[string]string{"host": "mail", "port": "465"}, map[string]string{"tls": "true"}); err != nil {
		t.Error(err)
	}
}

func TestMaskedShowsNoSecret(t *testing.T) {
	got := kind.Masked(map[string]string{"host": "mail", "password": "hush", "left_over": "key"})
	want := map[string]string{"host": "mail", "password": channels.Mask, "left_over": channels.Mask}
	if !maps.Equal(got, want) {
		t.Fatalf("got %v", got)
	}
}

func TestValueAndLines(t *testing.T) {
	inbox := conversation.Inbox{Settings: map[string]string{"origins": "https://a.example\r\nhttps://b.example\n"}}
	if got := kind.Value(inbox, "port"); got != "25" {
		t.Errorf("default port %q", got)
	}
	if got := kind.Lines(inbox, "origins"); len(got) != 2 || got[1] != "https://b.example" {
		t.Errorf("lines %q", got)
	}
}

func TestVaultSealsSecretsOnly(t *testing.T) {
	vault, err := channels.NewVault([]byte(strings.Repeat("k", 32)))
	if err != nil {
		t.Fatal(err)
	}
	settings := map[string]string{"host": "mail", "password": "hush"}
	closed, err := vault.Close(kind, conversation.Inbox{ID: 7, Kind: "test", Settings: settings})
	if err != nil || closed.Settings["password"] != "" || closed.Settings["host"] != "mail" || strings.Contains(closed.Sealed, "hush") {
		t.Fatalf("closed %+v, %v", closed, err)
	}
	opened, err := vault.Open(closed)
	if err != nil || !maps.Equal(opened.Settings, settings) {
		t.Fatalf("opened %v, %v", opened.Settings, err)
	}
	other, _ := channels.NewVault([]byte(strings.Repeat("x", 32)))
	if _, err := other.Open(closed); err == nil || !strings.Contains(err.Error(), "another key") {
		t.Fatalf("opened with another key: %v", err)
	}
	closed.Sealed = "damaged"
	if _, err := vault.Open(closed); err == nil {
		t.Fatal("opened damaged secrets")
	}
	if _, err := channels.NewVault(nil); err == nil {
		t.Fatal("made a vault without a key")
	}
}

func TestASecretListIsChangedLineByLine(t *testing.T) {
	k := channels.Kind{Settings: []channels.Setting{{Key: "keys", Type: channels.List, Secret: true}}}
	has := map[string]string{"keys": "old = first secret=\nnew=second secret"}
	shown := k.Masked(has)["keys"]
	if shown != "old="+channels.Mask+"\nnew="+channels.Mask {
		t.Fatalf("shown: %q", shown)
	}
	for name, c := range map[string]struct{ sent, want string }{
		"as shown":         {shown, "old = first secret=\nnew=second secret"},
		"the mask":         {channels.Mask, "old = first secret=\nnew=second secret"},
		"one taken away":   {"new=" + channels.Mask, "new=second secret"},
		"one added":        {shown + "\nthird=t", "old = first secret=\nnew=second secret\nthird=t"},
		"one changed":      {"old=other\r\nnew=" + channels.Mask, "old=other\nnew=second secret"},
		"all taken away":   {"", ""},
		"renamed unproved": {"mine=" + channels.Mask, "refused"},
		"inside a secret":  {"mine=x" + channels.Mask, "refused"},
	} {
		next, err := k.Apply(has, map[string]string{"keys": c.sent})
		if got := next["keys"]; (err != nil) != (c.want == "refused") || err == nil && got != c.want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	if got := k.Masked(map[string]string{"keys": "a secret without a name"})["keys"]; got != channels.Mask {
		t.Errorf("shown: %q", got)
	}
}
