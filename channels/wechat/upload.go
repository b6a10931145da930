package wechat

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"mime/multipart"
	"net/textproto"
	"net/url"
	"strings"

	"huiyin/channels"
	"huiyin/conversation"
)

// sendFile uploads a file and sends it. Only the last step tells the customer something.
func (a *Adapter) sendFile(ctx context.Context, acc account, out channels.Outgoing, p part) error {
	data, err := read(out, p.file)
	if err != nil {
		return err
	}
	id, err := a.upload(ctx, acc, p.kind, fileName(p.file), p.file.Type, data)
	if err != nil {
		return err
	}
	content := map[string]any{"media_id": id}
	if p.kind == "video" {
		cover, err := cover()
		if err != nil {
			return err
		}
		thumb, err := a.upload(ctx, acc, "thumb", "cover.jpg", "image/jpeg", cover)
		if err != nil {
			return err
		}
		content["thumb_media_id"], content["title"], content["description"] = thumb, clean(p.file.Name), ""
	}
	return a.custom(ctx, acc, out.Address, p.kind, content)
}

// read reads an attachment whole, as it may have to be uploaded twice.
func read(out channels.Outgoing, file conversation.Attachment) ([]byte, error) {
	if out.Open == nil {
		return nil, &channels.SendError{Reason: "the file cannot be read"}
	}
	r, err := out.Open(file)
	if err != nil {
		return nil, &channels.SendError{Reason: "the file cannot be read", Retry: true, Err: err}
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, maxVideo+1))
	if err != nil || len(data) > maxVideo {
		return nil, &channels.SendError{Reason: "the file cannot be read", Retry: err != nil, Err: err}
	}
	return data, nil
}

// upload gives WeChat a file, which it keeps for three days.
// https://developers.weixin.qq.com/doc/service/api/material/temporary/api_uploadtempmedia
func (a *Adapter) upload(ctx context.Context, acc account, kind, name, contentType string, data []byte) (string, error) {
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	field, err := form.CreatePart(textproto.MIMEHeader{"Content-Type": {contentType},
		"Content-Disposition": {fmt.Sprintf(`form-data; name="media"; filename="%s"`, name)}})
	if err == nil {
		_, err = field.Write(data)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		return "", fmt.Errorf("write upload: %w", err)
	}
	var answer struct {
		ID    string `json:"media_id"`
		Thumb string `json:"thumb_media_id"` // so named for thumbs
	}
	err = a.do(ctx, acc, call{method: "POST", path: "/cgi-bin/media/upload", query: url.Values{"type": {kind}}, body: b.Bytes(),
		contentType: form.FormDataContentType()}, &answer)
	if err != nil {
		return "", notSent(err)
	}
	if answer.ID == "" {
		answer.ID = answer.Thumb
	}
	if answer.ID == "" {
		return "", &failure{err: errors.New("WeChat gave the file no id")}
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
func cover() ([]byte, error) {
	const wide, high = 320, 180
	picture := image.NewGray(image.Rect(0, 0, wide, high))
	for i := range picture.Pix {
		picture.Pix[i] = color.Gray{Y: 64}.Y
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture, nil); err != nil {
		return nil, fmt.Errorf("draw cover: %w", err)
	}
	return b.Bytes(), nil
}
