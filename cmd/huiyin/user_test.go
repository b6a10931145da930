package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
)

func TestUserCommands(t *testing.T) {
	data := t.TempDir()
	create := []string{"user", "create", "--data", data, "--email", " Mei@Example.com ", "--name", "梅", "--role", "agent", "--password-stdin"}
	if got := must(t, callWith("correct horse battery\nignored\n", create...)); got.out != "1  mei@example.com  agent\n" {
		t.Errorf("%+v", got)
	}
	tests := []struct {
		name, stdin, args string
		code              int
		out, errs         string
	}{
		{"address in use", "correct horse battery", "user create --email MEI@example.com --name M --role agent --password-stdin", 1, "", "email: somebody has this address already"},
		{"short password", "short", "user create --email b@example.com --name M --role agent --password-stdin", 1, "", "password: needs 10 to 200 characters"},
		{"no password", "", "user create --email b@example.com --name M --role agent --password-stdin", 1, "", "password: needs"},
		{"endless password", strings.Repeat("x", 1<<20), "user create --email b@example.com --name M --role agent --password-stdin", 1, "", "password: needs"},
		{"no address", "correct horse battery", "user create --email nobody --name M --role agent --password-stdin", 1, "", "email: "},
		{"list", "", "user list", 0, "1  mei@example.com  agent  梅\n", ""},
		{"list as JSON", "", "user list --json", 0, `[{"id":1,"email":"mei@example.com","name":"梅","role":"agent","active":true}]`, ""},
		{"new password", "another long one\r\n", "user password --email mei@example.com --password-stdin", 0, "mei@example.com has a new password\n", ""},
		{"nobody's password", "another long one", "user password --email b@example.com --password-stdin", 1, "", "nobody has the address b@example.com; see huiyin user list"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := callWith(test.stdin, append(strings.Fields(test.args), "--data", data)...)
			if got.code != test.code || !fits(got.out, test.out) || !fits(got.errs, test.errs) {
				t.Errorf("%+v", got)
			}
		})
	}
	api := apiOver(t, data)
	for password, want := range map[string]int{"another long one": http.StatusOK, "correct horse battery": http.StatusUnauthorized} {
		if got := signIn(t, api, password); got != want {
			t.Errorf("sign in with %q: %d", password, got)
		}
	}
}

func TestKeyCommands(t *testing.T) {
	data := t.TempDir()
	made := decode[shownKey](t, callWith("", "apikey", "create", "--data", data, "--name", "ci", "--scope", "listInboxes", "--scope", "getMe", "--json"))
	if len(made.Scopes) != 2 || !strings.HasPrefix(made.Key, made.Prefix) {
		t.Errorf("%+v", made)
	}
	plain := must(t, callWith("", "apikey", "create", "--data", data, "--name", "all", "--scope", "*"))
	if strings.Count(plain.out, "\n") != 1 || plain.errs != "" {
		t.Errorf("more than the key: %+v", plain)
	}
	list := must(t, callWith("", "apikey", "list", "--data", data))
	if strings.Contains(list.out, made.Key) || strings.Contains(list.out, strings.TrimSpace(plain.out)) || strings.Count(list.out, "\n") != 2 {
		t.Errorf("%+v", list)
	}
	if got := callWith("", "apikey", "create", "--data", data, "--name", "x", "--scope", "everything"); got.code != 1 || !strings.Contains(got.errs, `no operation "everything"`) {
		t.Errorf("%+v", got)
	}
	api := apiOver(t, data)
	for key, want := range map[string]int{made.Key: http.StatusOK, strings.TrimSpace(plain.out): http.StatusOK, "hy_guess": http.StatusUnauthorized} {
		r := httptest.NewRequest(http.MethodGet, "/api/v1/inboxes", nil)
		r.Header.Set("Authorization", "Bearer "+key)
		w := httptest.NewRecorder()
		api.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%s: %d %s", key, w.Code, w.Body)
		}
	}
}

func signIn(t *testing.T, api http.Handler, password string) int {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/api/v1/session", strings.NewReader(`{"email":"mei@example.com","password":"`+password+`"}`))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Huiyin", "1")
	w := httptest.NewRecorder()
	api.ServeHTTP(w, r)
	return w.Code
}

// apiOver is the server's API over a data folder.
func apiOver(t *testing.T, data string) http.Handler {
	t.Helper()
	n, err := serveCmd{where: where{Data: data}, Listen: "127.0.0.1:0", LogLevel: "error"}.build(context.Background(), streams{strings.NewReader(""), t.Output(), t.Output()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = n.close() })
	e := echo.New()
	n.admin.Register(e)
	return e
}
