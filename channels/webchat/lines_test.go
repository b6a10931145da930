package webchat

import (
	"strings"
	"testing"
	"time"

	"huiyin/conversation"
)

func TestLinesOfSettings(t *testing.T) {
	for _, c := range []struct {
		setting, value, wrong string
	}{
		{"pre_chat_fields", "name*\nemail\n\nphone*", ""},
		{"pre_chat_fields", "order_no* | text | 订单号 | Order number", ""},
		{"pre_chat_fields", "kind | select | 类别 | Kind | a, b", ""},
		{"pre_chat_fields", "kind | select | 类别 | Kind", "options"},
		{"pre_chat_fields", "kind | text | 类别 | Kind | a", "options"},
		{"pre_chat_fields", "Order No", "no name of a field"},
		{"pre_chat_fields", "page_url", "no name of a field"},
		{"pre_chat_fields", "x | number", "no kind"},
		{"pre_chat_fields", "email | text", "no kind"},
		{"pre_chat_fields", "name\nname*", "twice"},
		{"pre_chat_fields", "a\nb\nc\nd\ne\nf\ng\nh\ni", "at most 8"},
		{"pre_chat_fields", "a | text | 一 | one | x | y", "too much"},
		{"greetings", "page=/prices* page=/buy delay=10 lang=zh-TW visitors=returning | 您好", ""},
		{"greetings", "| Hello", ""},
		{"greetings", "Hello", "a bar"},
		{"greetings", "delay=10 |  ", "a bar"},
		{"greetings", "delay=-1 | x", "no condition"},
		{"greetings", "delay=1e9 | x", "no condition"},
		{"greetings", "page=https://x | x", "no condition"},
		{"greetings", "lang=fr | x", "no condition"},
		{"greetings", "visitors=some | x", "no condition"},
		{"greetings", "moon=full | x", "no condition"},
		{"greetings", strings.Repeat("| x\n", 21), "20 lines"},
		{"hours", "mon-fri 09:00-12:00 13:00-18:00\nsat 10:00-24:00", ""},
		{"hours", "MON 9:00-12:00", ""},
		{"hours", "mon", "write days"},
		{"hours", "fri-mon 18:00-02:00", ""},
		{"hours", "someday 09:00-18:00", "write days"},
		{"hours", "mon 09:00-12:00 11:00-18:00", "overlap"},
		{"hours", "mon 09:00-24:01", "no time"},
		{"hours", "mon 09:60-10:00", "no time"},
		{"hours", "mon 9-18", "no time"},
		{"hours", "mon 09:00", "no time"},
		{"hours", strings.Repeat("mon 09:00-10:00\n", 15), "14 lines"},
		{"time_zone", "Europe/London", ""},
		{"time_zone", "Nowhere/City", "no time zone"},
		{"time_zone", "../../etc/passwd", "no time zone"},
		{"time_zone", "Local", "no time zone"},
		{"variables", "--hy-radius: 8px;\n--hy-font: \"PingFang SC\", sans-serif", ""},
		{"variables", "--hy-shadow: 0 2px 8px rgba(0,0,0,.2)", ""},
		{"variables", "color: red", "no line"},
		{"variables", "--hy-x: red; background: blue", "no line"},
		{"variables", "--hy-x: url(https://evil.example/a.png)", "no line"},
		{"variables", "--hy-x: URL(a)", "no line"},
		{"variables", "--hy-x: }body{", "no line"},
		{"variables", "--hy-x: \\75rl(a)", "no line"},
		{"variables", "--hy-x: image-set(\"a\" 1x)", "no line"},
		{"variables", "--hy-x:", "no line"},
		{"identity_keys", "k1=0123456789abcdef\nk2 = fedcba9876543210=", ""},
		{"identity_keys", "0123456789abcdef", "name=secret"},
		{"identity_keys", "k 1=0123456789abcdef", "name=secret"},
		{"identity_keys", "k1=short", "at least 16"},
		{"identity_keys", "k1=0123456789abcdef\nk1=fedcba9876543210", "twice"},
		{"files_origin", "https://files.example.com", ""},
		{"files_origin", "files.example.com", "is not a site"},
		{"files_origin", "https://files.example.com/x", "is not a site"},
		{"origins", "https://*.example.com\nhttp://localhost:3000\nhttps://[::1]:8080", ""},
		{"origins", "https://a.example;script-src *", "is not a site"},
		{"origins", "https://*.*.example.com", "is not a site"},
		{"leave_message", "email", ""},
		{"leave_message", "pigeon", "knows email"},
		{"launcher_text", strings.Repeat("x", 61), "60 characters"},
		{"consent_text", strings.Repeat("字", 1001), "1000 characters"},
		{"proof_of_work", "yes", "true"},
		{"storage", "forever", "one of the choices"},
	} {
		_, err := kind().Apply(nil, map[string]string{c.setting: c.value})
		if (err == nil) != (c.wrong == "") || err != nil && !strings.Contains(err.Error(), c.wrong) {
			t.Errorf("%s %.60q: error %v, want one with %q", c.setting, c.value, err, c.wrong)
		}
	}
}

func TestOpeningHours(t *testing.T) {
	inbox := conversation.Inbox{Settings: map[string]string{"hours": "mon-fri 09:00-12:00 13:00-18:00\nsun 22:00-24:00", "time_zone": "Asia/Shanghai"}}
	for at, want := range map[string]struct {
		open  bool
		opens string
	}{
		"2026-11-20T01:00:00Z": {true, ""},                      // Friday 09:00
		"2026-11-20T00:59:59Z": {false, "2026-11-20T01:00:00Z"}, // a second before
		"2026-11-20T04:30:00Z": {false, "2026-11-20T05:00:00Z"}, // at lunch
		"2026-11-20T10:00:00Z": {false, "2026-11-22T14:00:00Z"}, // Friday 18:00: Sunday is next
		"2026-11-22T15:59:00Z": {true, ""},                      // Sunday 23:59
		"2026-11-22T16:00:00Z": {false, "2026-11-23T01:00:00Z"}, // Monday 00:00
	} {
		now, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		got := hoursOf(inbox, now, true)
		opens := ""
		if got.OpensAt != nil {
			opens = got.OpensAt.UTC().Format(time.RFC3339)
		}
		if got.Open != want.open || opens != want.opens || !strings.HasPrefix(got.Text, "周一至周五 09:00–12:00 13:00–18:00，周日 22:00–24:00 (UTC+08:00)") {
			t.Errorf("%s: %+v opens %s", at, got, opens)
		}
	}
	// The night in which clocks go forward has no half past two: what opens then, opens when the clock is past it.
	spring := conversation.Inbox{Settings: map[string]string{"hours": "sun 02:30-06:00", "time_zone": "Europe/Berlin"}}
	if got := hoursOf(spring, time.Date(2026, 3, 28, 12, 0, 0, 0, time.UTC), false); got.OpensAt == nil || got.OpensAt.UTC().Hour() != 1 {
		t.Errorf("%+v", got)
	}
	for _, none := range []map[string]string{nil, {"hours": "mon 09:00-10:00", "time_zone": "Nowhere"}, {"hours": "nonsense"}} {
		if got := hoursOf(conversation.Inbox{Settings: none}, time.Now(), true); got != nil {
			t.Errorf("%v: %+v", none, got)
		}
	}
}

func FuzzLinesOfSettings(f *testing.F) {
	for _, seed := range []string{"order_no* | text | 订单号 | Order number", "page=/a* delay=1 | x", "--hy-radius: 8px", "k1=0123456789abcdef"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if form, err := parseForm(lines(text)); err == nil {
			for _, field := range form {
				if !fieldKey.MatchString(field.Key) || field.Kind == "" || (field.Kind == "select") != (len(field.Options) > 0) {
					t.Fatalf("%+v", field)
				}
			}
		}
		if list, err := parseGreetings(lines(text)); err == nil && len(list) > 0 && (list[0].Text == "" || list[0].Delay < 0) {
			t.Fatalf("%+v", list)
		}
		if found, err := parseVariables(lines(text)); err == nil {
			for name, value := range found {
				if strings.ContainsAny(name+value, ";{}\\<>") || strings.Contains(strings.ToLower(value), "url") {
					t.Fatalf("%q: %q", name, value)
				}
			}
		}
		if keys, err := parseKeys(text); err == nil {
			for _, k := range keys {
				if k.name == "" || len(k.secret) < minSecret {
					t.Fatalf("%+v", k)
				}
			}
		}
	})
}

// FuzzIdentityTokens changes tokens: none but the right one is believed.
func FuzzIdentityTokens(f *testing.F) {
	keys := []identityKey{{"k1", "a secret of the test, long"}, {"", "another secret of the test"}}
	now := time.Unix(1_800_000_000, 0)
	const good = "eyJhbGciOiJIUzI1NiIsImtpZCI6ImsxIn0.eyJzdWIiOiJ1MSIsImF1ZCI6IjEiLCJleHAiOjE4MDAwMDAwNjB9."
	f.Add(good)
	f.Add("eyJhbGciOiJub25lIn0.e30.")
	f.Add("..")
	f.Fuzz(func(t *testing.T, token string) {
		if a, err := readIdentity(token, keys, 1, now); err == nil {
			t.Fatalf("%q is believed to be %+v", token, a)
		}
	})
}
