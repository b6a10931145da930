package hub_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
)

// Whoever asks to be left alone is for that long, whatever was asked of it: to take a message, to give a file, to tell what came in.
func TestAWaitThatIsAskedForIsKept(t *testing.T) {
	busy := channels.Told(errors.New("status 503"), http.Header{"Retry-After": {"1800"}}, time.Now())
	onBoth(t, func(h *house) {
		h.metered(true, nil)
		h.meter.refuse = []error{busy}
		h.meter.files = map[string]string{"a": "busy"}
		h.meter.deaf = busy
		start := h.DB.Now()
		h.start()
		in := message("1", "li", "网速太慢")
		in.Media = []conversation.Media{{Ref: "a", Kind: "file", Name: "a.txt"}}
		h.writes(in)
		for name, query := range map[string]string{
			"a message": "SELECT COALESCE(MAX(due_at), 0) FROM messages WHERE delivery = 'queued' AND attempts > 0 AND lease_token = ''",
			"a file":    "SELECT COALESCE(MAX(due_at), 0) FROM media WHERE attempts > 0 AND lease_token = ''",
			"asking":    "SELECT COALESCE(MAX(due_at), 0) FROM pulls WHERE failure <> '' AND lease_token = ''",
		} {
			var due int64
			h.eventually(name+" failed", func() bool {
				return h.DB.QueryRow(context.Background(), query).Scan(&due) == nil && due > 0
			})
			if wait := db.Time(due).Sub(start); wait < 30*time.Minute-time.Second || wait > 40*time.Minute {
				h.t.Errorf("%s is tried again in %v", name, wait)
			}
		}
	})
}
