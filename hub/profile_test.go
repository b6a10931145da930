package hub_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"huiyin/conversation"
)

// Profile tells of strangers only.
func (m *meter) Profile(_ context.Context, _ conversation.Inbox, address string) (conversation.Profile, error) {
	if address != "stranger" {
		return conversation.Profile{}, errors.New("not told")
	}
	return conversation.Profile{Attributes: map[string]string{"unionid": "u1"}}, nil
}

func TestProfileIsLearntOnce(t *testing.T) {
	onBoth(t, func(h *house) {
		h.metered(false, nil)
		h.start()
		r := h.writes(conversation.Incoming{SourceID: "1", Address: "stranger", Text: "hi"})
		h.writes(conversation.Incoming{SourceID: "2", Address: "stranger", Text: "again"})
		h.writes(conversation.Incoming{SourceID: "3", Address: "known", Text: "hi"})
		h.eventually("the contact's unionid", func() bool {
			c, err := h.Conversations.Contact(t.Context(), h.DB, r.Conversation.ContactID)
			return err == nil && c.Attributes["unionid"] == "u1"
		})
	})
}

func TestRefusedCallbacksAreInTheLogOnceAMinute(t *testing.T) {
	h := build(t, t.TempDir()+"/huiyin.db")
	var log bytes.Buffer
	h.Log = slog.New(slog.NewTextHandler(&log, nil))
	for range 50 {
		h.ServeHook(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/hooks/1", strings.NewReader("{}")), "1")
	}
	if n := strings.Count(log.String(), "callbacks refused"); n != 1 || !strings.Contains(log.String(), "not signed by the provider") {
		t.Errorf("%d lines:\n%s", n, log.String())
	}
}
