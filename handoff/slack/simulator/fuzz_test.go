package simulator_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"huiyin/handoff/slack/simulator"
)

// FuzzCalls: whatever is sent as a call is answered with JSON and breaks nothing.
func FuzzCalls(f *testing.F) {
	f.Add("chat.postMessage", "application/json", `{"channel":"C1","blocks":[{"type":"section","text":{"type":"mrkdwn","text":"x"}}]}`)
	f.Add("views.open", "application/x-www-form-urlencoded", "trigger_id=1&view=%7B%22type%22%3A%22modal%22%7D")
	f.Add("files.completeUploadExternal", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"files\"\r\n\r\n[{}]\r\n--x--")
	f.Fuzz(func(t *testing.T, name, kind, body string) {
		w := simulator.New(simulator.Options{NoLimit: true, Client: &http.Client{}}, simulator.App{BotToken: botToken, AppToken: appToken, Socket: true})
		defer w.Stop()
		r := httptest.NewRequest(http.MethodPost, "/api/x", strings.NewReader(body))
		r.URL.Path = "/api/" + name
		r.Header.Set("Content-Type", kind)
		r.Header.Set("Authorization", "Bearer "+botToken)
		answer := httptest.NewRecorder()
		w.ServeHTTP(answer, r)
		if !strings.HasPrefix(answer.Body.String(), "{") {
			t.Fatalf("%s answered %q", name, answer.Body.String())
		}
	})
}
