package conversation

import (
	"bytes"
	"testing"
)

func webp(kind string, body ...byte) string {
	return "RIFF\x00\x00\x00\x00WEBP" + kind + "\x00\x00\x00\x00" + string(body) + "padding padding"
}

func TestPicturesAreMeasured(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		want PictureSize
	}{
		"extended":      {webp("VP8X", 0, 0, 0, 0, 0x1f, 3, 0, 0x57, 2, 0), PictureSize{800, 600}},
		"lossless":      {webp("VP8L", 0x2f, 0x1f, 0xc3, 0x95, 0), PictureSize{800, 600}},
		"lossy":         {webp("VP8 ", 0x30, 1, 0, 0x9d, 1, 0x2a, 0x20, 3, 0x58, 2), PictureSize{800, 600}},
		"broken":        {webp("VP8 ", 0x30, 1, 0, 0, 0, 0, 0x20, 3, 0x58, 2), PictureSize{}},
		"other":         {webp("ICCP"), PictureSize{}},
		"cut off":       {"RIFF\x00\x00\x00\x00WEBPVP8X", PictureSize{}},
		"no picture":    {"text", PictureSize{}},
		"a GIF":         {"GIF89a\x20\x03\x58\x02\x00\x00\x00", PictureSize{800, 600}},
		"a GIF cut off": {"GIF89a\x20", PictureSize{}},
	} {
		if got := measure(bytes.NewReader([]byte(c.file)), []byte(c.file)); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func FuzzWebPSize(f *testing.F) {
	f.Add([]byte(webp("VP8X", 0, 0, 0, 0, 0x1f, 3, 0, 0x57, 2, 0)))
	f.Add([]byte("RIFF"))
	f.Fuzz(func(t *testing.T, head []byte) {
		if s, ok := webpSize(head); ok && (s.Width < 0 || s.Height < 0 || s.Width > 1<<24 || s.Height > 1<<24) {
			t.Errorf("%v", s)
		}
	})
}
