package handoff_test

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"huiyin/db"
	"huiyin/handoff"
)

func dataURL(kind string, data []byte) string {
	return "data:image/" + kind + ";base64," + base64.StdEncoding.EncodeToString(data)
}

func drawn(t *testing.T, side int, kind string) []byte {
	t.Helper()
	var b bytes.Buffer
	picture := image.NewGray(image.Rect(0, 0, side, side))
	var err error
	switch kind {
	case "png":
		err = png.Encode(&b, picture)
	case "jpeg":
		err = jpeg.Encode(&b, picture, nil)
	case "gif":
		err = gif.Encode(&b, picture, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestParsePicture(t *testing.T) {
	small := drawn(t, 64, "png")
	for name, c := range map[string]struct {
		url string
		ok  bool
	}{
		"PNG":                     {dataURL("png", small), true},
		"JPEG":                    {dataURL("jpeg", drawn(t, 512, "jpeg")), true},
		"none":                    {"", true},
		"another form":            {dataURL("gif", drawn(t, 64, "gif")), false},
		"a form that it is not":   {dataURL("jpeg", small), false},
		"SVG":                     {"data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString([]byte("<svg onload=x>")), false},
		"a page":                  {"data:text/html;base64," + base64.StdEncoding.EncodeToString([]byte("<script>")), false},
		"an address":              {"https://evil.example/x.png", false},
		"not base64":              {"data:image/png;base64,***", false},
		"half a picture's header": {dataURL("png", small[:12]), false},
		"too many pixels":         {dataURL("png", drawn(t, 513, "png")), false},
		"too many bytes":          {dataURL("png", append(small, make([]byte, 49<<10)...)), false},
		"long nonsense":           {strings.Repeat("a", 1<<20), false},
	} {
		if _, err := handoff.ParsePicture(c.url); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPicturesOfAgents(t *testing.T) {
	onBoth(t, func(h *room) {
		ctx, agent := h.ctx, h.anna
		set := func(url string) {
			t.Helper()
			p, err := handoff.ParsePicture(url)
			if err == nil {
				err = h.DB.Tx(ctx, func(tx *db.Tx) error { return h.SetPicture(ctx, tx, agent.ID, p) })
			}
			if err != nil {
				h.Fatal(err)
			}
		}
		get := func() (string, string) {
			t.Helper()
			p, err := h.Picture(ctx, h.DB, agent.ID)
			mark, err1 := h.PictureMark(ctx, h.DB, agent.ID)
			if err != nil || err1 != nil || mark != p.Mark {
				t.Fatal(p, mark, err, err1)
			}
			return p.URL(), mark
		}
		first, second := dataURL("png", drawn(t, 10, "png")), dataURL("jpeg", drawn(t, 20, "jpeg"))
		if url, mark := get(); url != "" || mark != "" {
			t.Fatal(url, mark)
		}
		set(first)
		url, mark := get()
		if url != first || mark == "" {
			t.Fatal(url, mark)
		}
		set(second)
		if url, next := get(); url != second || next == mark {
			t.Fatal(url, next)
		}
		set("")
		if url, _ := get(); url != "" {
			t.Fatal(url)
		}
	})
}
