package admin_test

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/png"
	"net/http"
	"testing"

	"huiyin/handoff"
)

func TestOnesOwnPicture(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		me := h.as(handoff.AgentRole)
		var b bytes.Buffer
		h.must(png.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8))))
		url := "data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes())
		me.do("PATCH", "/me", map[string]any{"picture": url}).want(http.StatusOK).has(url)
		me.do("GET", "/me", nil).want(http.StatusOK).has(url)
		me.do("PATCH", "/me", map[string]any{"picture": "data:image/svg+xml;base64,PHN2Zz4="}).want(http.StatusUnprocessableEntity).has("picture")
		me.do("GET", "/me", nil).want(http.StatusOK).has(url)
		var other struct{ Picture string }
		h.as(handoff.Lead).do("GET", "/me", nil).want(http.StatusOK).into(&other)
		if other.Picture != "" {
			t.Fatal("somebody else's picture")
		}
		me.do("PATCH", "/me", map[string]any{"picture": ""}).want(http.StatusOK)
		me.do("GET", "/me", nil).want(http.StatusOK).into(&other)
		if other.Picture != "" {
			t.Fatal("it is still there")
		}
	})
}
