package webchat_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

var png, _ = base64.StdEncoding.DecodeString("iVBORw0KGgoAAAANSUhEUgAAAAIAAAADCAYAAAC56t6BAAAAEUlEQVR4nGP4z8DwHx9mwCcJABR9Af8gV+oqAAAAAElFTkSuQmCC")

// form makes an upload.
func form(t testing.TB, field, name string, content []byte) (io.Reader, string) {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile(field, name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return &body, w.FormDataContentType()
}

func (c *client) tryUpload(field, name string, content []byte) (status int, text string) {
	c.t.Helper()
	body, kind := form(c.t, field, name, content)
	answer := c.do("POST", "files", body, kind)
	defer answer.Body.Close()
	all, err := io.ReadAll(answer.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer.StatusCode, string(all)
}

func (c *client) upload(name string, content []byte) (f file) {
	c.t.Helper()
	status, text := c.tryUpload("file", name, content)
	if status != http.StatusCreated {
		c.t.Fatalf("upload %s: status %d: %s", name, status, text)
	}
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		c.t.Fatal(err)
	}
	return f
}

func TestUploads(t *testing.T) {
	h := build(t, nil)
	zip := []byte("PK\x03\x04rest of the archive")
	for name, test := range map[string]struct {
		file    string
		content []byte
		status  int
		kind    string
	}{
		"a picture":                 {"光猫.png", png, 201, "image/png"},
		"a picture by another name": {"page.html", png, 201, `"name":"page.html.png","type":"image/png"`},
		"a text that would run":     {"bill.hta", []byte("alert(1)"), 201, `"name":"bill.hta.txt","type":"text/plain"`},
		"another":                   {"BILL.BAT", []byte("@echo off"), 201, `"name":"BILL.BAT.txt"`},
		"one with a dot behind":     {"bill.cmd.", []byte("@echo off"), 201, `"name":"bill.cmd..txt"`},
		"an app":                    {"bill.apk", zip, 201, `"name":"bill.apk.zip"`},
		"a document with macros":    {"bill.docm", zip, 201, `"name":"bill.docm.zip"`},
		"a log":                     {"Modem.LOG", []byte("LOS red"), 201, `"name":"Modem.LOG","type":"text/plain"`},
		"a table in capitals":       {"A.XLSX", zip, 201, `"name":"A.XLSX"`},
		"a pdf":                     {"a.pdf", []byte("%PDF-1.7 rest"), 201, "application/pdf"},
		"text":                      {"a.txt", []byte("光猫红灯"), 201, "text/plain"},
		"a table":                   {"a.csv", []byte("a,b\n1,2"), 201, "text/csv"},
		"an archive":                {"a.zip", zip, 201, "application/zip"},
		"a document":                {"a.docx", zip, 201, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
		"an old document":           {"a.doc", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest"), 201, "application/msword"},
		"sound":                     {"a.wav", []byte("RIFF\x00\x00\x00\x00WAVEfmt "), 201, "audio/wave"},
		"nothing":                   {"a.txt", nil, 415, ""},
		"a page":                    {"a.txt", []byte("<!DOCTYPE html><script>alert(1)</script>"), 415, ""},
		"a page after space":        {"a.txt", []byte("\ufeff \n <script>alert(1)</script>"), 415, ""},
		"a drawing":                 {"a.png", []byte(`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`), 415, ""},
		"a drawing in xml":          {"a.txt", []byte(`<?xml version="1.0"?><svg/>`), 415, ""},
		"a script":                  {"a.js", []byte("alert(1)"), 415, ""},
		"a program":                 {"a.png", []byte("MZ\x90\x00\x03\x00\x00\x00"), 415, ""},
		"an installer":              {"a.msi", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest"), 415, ""},
	} {
		t.Run(name, func(t *testing.T) {
			c := h.visit()
			status, text := c.tryUpload("file", test.file, test.content)
			if status != test.status || !strings.Contains(text, test.kind) {
				t.Fatalf("status %d, want %d %s: %s", status, test.status, test.kind, text)
			}
		})
	}
	c := h.visit()
	if status, text := c.tryUpload("document", "a.png", png); status != http.StatusBadRequest {
		t.Errorf("a form without file: status %d: %s", status, text)
	}
	if status, text := c.tryUpload("file", "a.txt", bytes.Repeat([]byte("a"), 21<<20)); status != http.StatusRequestEntityTooLarge {
		t.Errorf("a large file: status %d: %s", status, text)
	}
	if f := c.upload("../../etc/光猫.png", png); f.Name != "光猫.png" || f.Width != 2 || f.Height != 3 {
		t.Errorf("file %+v", f)
	}
}

func TestWhoMaySeeAFile(t *testing.T) {
	h := build(t, nil)
	mine, stranger := h.visit(), h.visit()
	f := mine.upload("bill.png", png)
	bare := "files/" + f.Key
	nobody := &client{house: h, inbox: h.inbox.ID}
	see := func(name string, c *client, path string, want int) {
		t.Helper()
		if status, _ := c.try("GET", path, ""); status != want {
			t.Errorf("%s: status %d, want %d", name, status, want)
		}
	}
	see("the visitor, before it is sent", mine, bare, 200)
	see("a stranger, before it is sent", stranger, bare, 404)
	mine.must(http.StatusCreated, "POST", "messages", `{"client_id":"with-a-file","attachments":["`+f.Key+`"]}`, nil)
	see("the visitor", mine, bare, 200)
	see("a stranger", stranger, bare, 404)
	see("nobody", nobody, bare, 404)
	see("the address by itself", nobody, f.URL, 200)
	see("a changed signature", nobody, strings.Replace(f.URL, "sign=", "sign=A", 1), 404)
	see("a later end", nobody, strings.Replace(f.URL, "until=", "until=9", 1), 404)
	see("another file with that signature", nobody, strings.Replace(f.URL, f.Key, "OTHERKEY", 1), 404)
	see("another inbox", nobody, strings.Replace(f.URL, "/chat/1/", "/chat/2/", 1), 404)
	secret := h.noteWithFile(mine)
	see("the file of a note", mine, "files/"+secret, 404)
	h.skew.Store(int64(25 * time.Hour))
	see("the address a day later", nobody, f.URL, 404)
	stranger.must(http.StatusBadRequest, "POST", "messages", `{"client_id":"not-my-file","attachments":["`+f.Key+`"]}`, nil)
	mine.must(http.StatusBadRequest, "POST", "messages", `{"client_id":"sent-again-1","attachments":["`+f.Key+`"]}`, nil)
}

// noteWithFile writes a private note with a file in the visitor's conversation and returns the file's key.
func (h *house) noteWithFile(c *client) string {
	h.t.Helper()
	var list struct {
		Messages []struct{ Conversation int64 }
	}
	c.must(http.StatusOK, "GET", "messages", "", &list)
	stored, err := h.adapter().Files.Put(bytes.NewReader(png), 1000) // the visitor's own picture: its bytes are there
	if err != nil {
		h.t.Fatal(err)
	}
	var a conversation.Attachment
	err = h.store.DB.Tx(context.Background(), func(tx *db.Tx) (err error) {
		a, err = h.store.AddAttachment(context.Background(), tx, "agent:7", "note.txt", stored)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	h.say(list.Messages[0].Conversation, conversation.Draft{Sender: conversation.FromAgent, AgentID: 7, Text: "see file", Private: true, Attachments: []int64{a.ID}})
	return a.Key
}

func TestFilesRunNothing(t *testing.T) {
	c := build(t, nil).visit()
	for name, inline := range map[string]bool{"a.png": true, "notes.txt": false} {
		content := png
		if !inline {
			content = []byte("hello")
		}
		f := c.upload(name, content)
		answer := c.do("GET", f.URL, nil, "")
		got, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		h := answer.Header
		if err != nil || !bytes.Equal(got, content) || h.Get("X-Content-Type-Options") != "nosniff" ||
			!strings.Contains(h.Get("Content-Security-Policy"), "sandbox") || strings.HasPrefix(h.Get("Content-Disposition"), "inline") != inline {
			t.Errorf("%s: %v %v", name, h, err)
		}
	}
}

func TestWidgetFiles(t *testing.T) {
	h := build(t, nil)
	for _, path := range []string{"/chat/assets/", "/chat/assets/none.js", "/chat/assets/..%2fwidget.go", "/chat/assets/.keep"} {
		c := &client{house: h}
		c.must(http.StatusNotFound, "GET", path, "", nil)
	}
}
