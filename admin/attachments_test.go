package admin_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

// upload sends a file by a form.
func (c *caller) upload(path, name string, content []byte) *answer {
	c.h.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	c.h.must(form.WriteField("before", "the file"))
	part, err := form.CreateFormFile("file", name)
	c.h.must(err)
	_, err = part.Write(content)
	c.h.must(err)
	c.h.must(form.Close())
	return c.with("Content-Type", form.FormDataContentType()).send("POST", path, "", body.Bytes())
}

func picture() []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 3, 2)))
	return b.Bytes()
}

func TestAttachments(t *testing.T) {
	onBoth(t, func(t *testing.T, h *house) {
		me, other := h.as(handoff.AgentRole), h.as(handoff.Lead)
		var a struct{ Key, URL, Type string }
		me.upload("/attachments", `..\..\bill "1".png`, picture()).want(http.StatusCreated).has(`"width":3`, `"height":2`, `"type":"image/png"`).into(&a)
		got := me.do("GET", a.URL, nil).want(http.StatusOK)
		if !bytes.Equal(got.text, picture()) || !strings.HasPrefix(got.Header.Get("Content-Disposition"), "inline") ||
			!strings.HasPrefix(got.Header.Get("Content-Security-Policy"), "sandbox") || got.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Fatalf("%v", got.Header)
		}
		other.do("GET", a.URL, nil).fails(http.StatusNotFound, "not_found")
		c := h.queued("a", "human")
		path := fmt.Sprintf("/conversations/%d/messages", c.ID)
		other.do("POST", path, map[string]any{"text": "yours", "attachments": []string{a.Key}}).fails(http.StatusUnprocessableEntity, "invalid")
		me.do("POST", path, map[string]any{"text": "", "attachments": []string{a.Key}}).want(http.StatusCreated).has(a.Key)
		me.do("POST", path, map[string]any{"text": "again", "attachments": []string{a.Key}}).fails(http.StatusUnprocessableEntity, "invalid")
		other.do("GET", a.URL, nil).want(http.StatusOK)
		h.as(handoff.Editor).do("GET", a.URL, nil).fails(http.StatusNotFound, "not_found")
		me.do("GET", "/attachments/NOSUCH", nil).fails(http.StatusNotFound, "not_found")
	})
}

func TestAttachmentsCannotBecomePages(t *testing.T) {
	h := open(t)
	me := h.as(handoff.AgentRole)
	for name, content := range map[string]string{"x.png": "<html><script>alert(1)</script>", "x.svg": `<svg xmlns="http://www.w3.org/2000/svg"/>`, "x.bin": "\x00\x01\x02"} {
		var a struct{ URL string }
		me.upload("/attachments", name, []byte(content)).want(http.StatusCreated).into(&a)
		got := me.do("GET", a.URL, nil).want(http.StatusOK)
		if !strings.HasPrefix(got.Header.Get("Content-Disposition"), "attachment") {
			t.Errorf("%s is shown in place: %v", name, got.Header)
		}
	}
}

func TestUploadsAreBounded(t *testing.T) {
	h := open(t)
	me := h.as(handoff.AgentRole)
	me.upload("/attachments", "big.bin", make([]byte, 20<<20+1)).fails(http.StatusRequestEntityTooLarge, "too_large")
	me.upload("/attachments", "huge.bin", make([]byte, 22<<20)).fails(http.StatusRequestEntityTooLarge, "too_large")
	me.upload("/attachments", "nothing.txt", nil).fails(http.StatusUnprocessableEntity, "invalid")
	me.upload("/attachments", "just.bin", make([]byte, 20<<20)).want(http.StatusCreated)
}

func TestAttachmentsOfAnotherTeamAreNotFound(t *testing.T) {
	h := open(t)
	_, theirs := h.teams()
	stored, err := h.options.Files.Put(strings.NewReader("secret"), 100)
	h.must(err)
	var a conversation.Attachment
	h.tx(func(tx *db.Tx) error {
		ctx := context.Background()
		if a, err = h.store.AddAttachment(ctx, tx, "visitor:x", "s.txt", stored); err != nil {
			return err
		}
		c, err := h.store.Load(ctx, tx, theirs.ID)
		if err != nil {
			return err
		}
		_, err = h.store.Reply(ctx, tx, c, conversation.Draft{Sender: conversation.FromBot, Attachments: []int64{a.ID}})
		return err
	})
	h.as(handoff.AgentRole).do("GET", "/attachments/"+a.Key, nil).fails(http.StatusNotFound, "not_found")
	h.as(handoff.Owner).do("GET", "/attachments/"+a.Key, nil).want(http.StatusOK).has("secret")
}
