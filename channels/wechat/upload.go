package wechat

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"net/url"
	"strings"

	"huiyin/channels"
	"huiyin/channels/internal/weixin"
	"huiyin/conversation"
)

// sendFile uploads a file and sends it. Only the last step tells the customer something.
func (a *Adapter) sendFile(ctx context.Context, acc account, out channels.Outgoing, p part) error {
	id, err := a.uploadFile(ctx, acc, out, p.kind, p.file)
	if err != nil {
		return err
	}
	content := map[string]any{"media_id": id}
	if p.kind == "video" {
		thumb, err := a.upload(ctx, acc, "thumb", weixin.Upload{Name: "cover.jpg", Type: "image/jpeg", Open: cover})
		if err != nil {
			return err
		}
		content["thumb_media_id"], content["title"], content["description"] = thumb, weixin.Clean(p.file.Name), ""
	}
	return a.custom(ctx, acc, out.Address, p.kind, content)
}

func (a *Adapter) uploadFile(ctx context.Context, acc account, out channels.Outgoing, kind string, file conversation.Attachment) (string, error) {
	if out.Open == nil {
		return "", &channels.SendError{Reason: "the file cannot be read"}
	}
	return a.upload(ctx, acc, kind, weixin.Upload{Name: fileName(file), Type: file.Type,
		Open: func() (io.ReadCloser, error) { return out.Open(file) }})
}

// upload gives WeChat a file, which it keeps for three days.
// https://developers.weixin.qq.com/doc/service/api/material/temporary/api_uploadtempmedia
func (a *Adapter) upload(ctx context.Context, acc account, kind string, file weixin.Upload) (string, error) {
	var answer struct {
		ID    string `json:"media_id"`
		Thumb string `json:"thumb_media_id"` // so named for thumbs
	}
	if err := a.api.Upload(ctx, a.remote(acc), "/cgi-bin/media/upload", url.Values{"type": {kind}}, file, &answer); err != nil {
		return "", early(err)
	}
	if answer.ID == "" {
		answer.ID = answer.Thumb
	}
	if answer.ID == "" {
		return "", early(fmt.Errorf("%w: no media id", weixin.ErrGarbled))
	}
	return answer.ID, nil
}

// fileName is a name that a form's header takes and by whose ending WeChat tells the type.
func fileName(file conversation.Attachment) string {
	kind, _, _ := strings.Cut(file.Type, ";")
	ending := map[string]string{"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "audio/mpeg": ".mp3", "video/mp4": ".mp4"}[kind]
	if ending == "" {
		ending = ".amr"
	}
	return "file" + ending
}

// cover is the picture that a video shows before it plays, which WeChat wants and nobody gives us: plain grey.
func cover() (io.ReadCloser, error) {
	const wide, high = 320, 180
	picture := image.NewGray(image.Rect(0, 0, wide, high))
	for i := range picture.Pix {
		picture.Pix[i] = color.Gray{Y: 64}.Y
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture, nil); err != nil {
		return nil, fmt.Errorf("draw cover: %w", err)
	}
	return io.NopCloser(&b), nil
}
