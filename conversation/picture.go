package conversation

import (
	"context"
	"encoding/binary"
	"fmt"
	"image"
	"io"
	"strings"

	"huiyin/db"
)

// PictureSize is how wide and high a picture is, in pixels; zero where that is not known.
type PictureSize struct{ Width, Height int }

// PictureSizes are the sizes of those of the files that are pictures, by key.
func (s *Store) PictureSizes(ctx context.Context, from db.Querier, keys []string) (map[string]PictureSize, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	args := make([]any, len(keys))
	for i, k := range keys {
		args[i] = k
	}
	rows, err := from.Query(ctx, "SELECT key, width, height FROM attachments WHERE width > 0 AND height > 0 AND key IN (?"+strings.Repeat(", ?", len(keys)-1)+")", args...)
	if err != nil {
		return nil, fmt.Errorf("read sizes of pictures: %w", err)
	}
	defer rows.Close()
	sizes := map[string]PictureSize{}
	for rows.Next() {
		var key string
		var size PictureSize
		if err := rows.Scan(&key, &size.Width, &size.Height); err != nil {
			return nil, fmt.Errorf("read sizes of pictures: %w", err)
		}
		sizes[key] = size
	}
	return sizes, rows.Err()
}

// measure tells the size of a picture by its first bytes.
func measure(file io.ReadSeeker, head []byte) PictureSize {
	if size, ok := webpSize(head); ok {
		return size
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return PictureSize{}
	}
	c, _, err := image.DecodeConfig(file)
	if err != nil {
		return PictureSize{}
	}
	return PictureSize{c.Width, c.Height}
}

// webpSize reads the size of a WebP picture, which Go's own library does not know: of the extended form, the lossless and the
// lossy one. https://developers.google.com/speed/webp/docs/riff_container, RFC 9649.
func webpSize(head []byte) (PictureSize, bool) {
	if len(head) < 30 || string(head[:4]) != "RIFF" || string(head[8:12]) != "WEBP" {
		return PictureSize{}, false
	}
	switch b := head[20:]; string(head[12:16]) {
	case "VP8X":
		return PictureSize{1 + low24(b[4:]), 1 + low24(b[7:])}, true
	case "VP8L":
		bits := binary.LittleEndian.Uint32(b[1:])
		return PictureSize{1 + int(bits&0x3fff), 1 + int(bits>>14&0x3fff)}, b[0] == 0x2f
	case "VP8 ":
		w, h := binary.LittleEndian.Uint16(b[6:])&0x3fff, binary.LittleEndian.Uint16(b[8:])&0x3fff
		return PictureSize{int(w), int(h)}, b[3] == 0x9d && b[4] == 0x01 && b[5] == 0x2a
	}
	return PictureSize{}, false
}

func low24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }
