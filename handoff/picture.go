package handoff

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"image"
	_ "image/jpeg" // the two forms of an agent's picture
	_ "image/png"
	"strings"

	"huiyin/conversation"
	"huiyin/db"
)

// The limits of an agent's picture: it is a face beside a line of text.
const (
	maxPicture     = 48 << 10 // bytes
	maxPictureSide = 512      // pixels
)

// Picture is an agent's face, which customers see. Mark changes with it; a Picture without Data is none.
type Picture struct {
	Mark, Type string
	Data       []byte
}

// ParsePicture reads a data URL with a PNG or JPEG; "" is no picture.
func ParsePicture(url string) (Picture, error) {
	if url == "" {
		return Picture{}, nil
	}
	head, text, ok := strings.Cut(url, ";base64,")
	kind := strings.TrimPrefix(head, "data:image/")
	if !ok || (kind != "png" && kind != "jpeg") || len(text) > base64.StdEncoding.EncodedLen(maxPicture) {
		return Picture{}, badPicture()
	}
	data, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return Picture{}, badPicture()
	}
	size, form, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || form != kind || size.Width > maxPictureSide || size.Height > maxPictureSide {
		return Picture{}, badPicture()
	}
	sum := sha256.Sum256(data)
	return Picture{Mark: hex.EncodeToString(sum[:8]), Type: "image/" + kind, Data: data}, nil
}

func badPicture() error {
	return &conversation.FieldError{Field: "picture", Message: fmt.Sprintf("must be a PNG or JPEG of at most %d KB and %d pixels a side", maxPicture>>10, maxPictureSide)}
}

// URL is the picture as a data URL; "" without one.
func (p Picture) URL() string {
	if len(p.Data) == 0 {
		return ""
	}
	return "data:" + p.Type + ";base64," + base64.StdEncoding.EncodeToString(p.Data)
}

// SetPicture gives an agent a picture, or takes it away.
func (d *Desk) SetPicture(ctx context.Context, tx *db.Tx, agentID int64, p Picture) error {
	query, args := "DELETE FROM agent_pictures WHERE agent_id = ?", []any{agentID}
	if len(p.Data) > 0 {
		query = `INSERT INTO agent_pictures (agent_id, mark, type, data, updated_at) VALUES (?, ?, ?, ?, ?)
 ON CONFLICT (agent_id) DO UPDATE SET mark = excluded.mark, type = excluded.type, data = excluded.data, updated_at = excluded.updated_at`
		args = append(args, p.Mark, p.Type, base64.StdEncoding.EncodeToString(p.Data), db.Millis(tx.Now))
	}
	if _, err := tx.Exec(ctx, query, args...); err != nil {
		return fmt.Errorf("set picture of agent %d: %w", agentID, err)
	}
	return nil
}

// Picture reads an agent's picture.
func (d *Desk) Picture(ctx context.Context, from db.Querier, agentID int64) (p Picture, err error) {
	var text string
	err = from.QueryRow(ctx, "SELECT mark, type, data FROM agent_pictures WHERE agent_id = ?", agentID).Scan(&p.Mark, &p.Type, &text)
	if db.NoRows(err) {
		return Picture{}, nil
	}
	if err == nil {
		p.Data, err = base64.StdEncoding.DecodeString(text)
	}
	if err != nil {
		return Picture{}, fmt.Errorf("read picture of agent %d: %w", agentID, err)
	}
	return p, nil
}

// PictureMark tells which picture an agent has; "" without one.
func (d *Desk) PictureMark(ctx context.Context, from db.Querier, agentID int64) (mark string, err error) {
	err = from.QueryRow(ctx, "SELECT mark FROM agent_pictures WHERE agent_id = ?", agentID).Scan(&mark)
	if db.NoRows(err) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("read picture of agent %d: %w", agentID, err)
	}
	return mark, nil
}
