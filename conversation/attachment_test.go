package conversation_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

func picture2x3(t *testing.T) string {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 2, 3))); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestAttachmentsAreStoredOnceAndTakenOnce(t *testing.T) {
	onBoth(t, func(h house) {
		ctx := context.Background()
		files := conversation.Files{Folder: filepath.Join(h.t.TempDir(), "files")}
		add := func(content string) (a conversation.Attachment) {
			stored, err := files.Put(strings.NewReader(content), 1000)
			if err != nil {
				h.t.Fatal(err)
			}
			h.tx(func(ctx context.Context, tx *db.Tx) (err error) {
				a, err = h.AddAttachment(ctx, tx, "visitor:a", "../../etc/pass\u202ewd\x00.png", stored)
				return err
			})
			return a
		}
		bits := picture2x3(h.t)
		picture, loose := add(bits), add("plain text")
		if picture.Type != "image/png" || picture.Width != 2 || picture.Height != 3 || picture.Name != "passwd.png" || picture.Key == "" {
			h.t.Fatalf("%+v", picture)
		}
		sizes, err := h.PictureSizes(ctx, h.DB, []string{picture.Key, loose.Key, "unknown"})
		if err != nil || len(sizes) != 1 || sizes[picture.Key] != (conversation.PictureSize{Width: 2, Height: 3}) {
			h.t.Errorf("sizes: %v, %v", sizes, err)
		}
		if none, err := h.PictureSizes(ctx, h.DB, nil); err != nil || len(none) != 0 {
			h.t.Errorf("no sizes: %v, %v", none, err)
		}
		r := h.record(conversation.Incoming{Address: "a", Attachments: []int64{picture.ID}})
		if len(r.Message.Attachments) != 1 || r.Conversation.Preview != "📎" {
			h.t.Fatalf("%+v", r)
		}
		if _, err := h.Record(ctx, h.inbox, conversation.Incoming{Address: "b", Attachments: []int64{picture.ID}}); err == nil {
			h.t.Fatal("a file was sent twice")
		}
		h.pass(time.Hour)
		old, again := add("once more"), time.Now().Add(-time.Hour)
		for _, a := range []conversation.Attachment{picture, loose, old} {
			if err := os.Chtimes(filepath.Join(files.Folder, a.SHA256[:2], a.SHA256[2:4], a.SHA256), again, again); err != nil {
				h.t.Fatal(err)
			}
		}
		h.pass(time.Hour)
		if _, err := files.Put(strings.NewReader("once more"), 1000); err != nil {
			h.t.Fatal(err)
		}
		if err := h.PruneAttachments(ctx, files, h.now()); err != nil {
			h.t.Fatal(err)
		}
		if reused, err := files.Open(old.SHA256); err != nil {
			h.t.Fatalf("the bytes of an upload under way are gone: %v", err)
		} else {
			_ = reused.Close()
		}
		if _, err := files.Open(loose.SHA256); !errors.Is(err, conversation.ErrNotFound) {
			h.t.Fatalf("the loose file is kept: %v", err)
		}
		kept, err := files.Open(picture.SHA256)
		if err != nil {
			h.t.Fatal(err)
		}
		defer kept.Close()
		if content, err := io.ReadAll(kept); err != nil || !bytes.Equal(content, []byte(bits)) {
			h.t.Fatalf("%q, %v", content, err)
		}
	})
}

func TestPutRefusesWhatIsTooLarge(t *testing.T) {
	folder := t.TempDir()
	files := conversation.Files{Folder: folder}
	if _, err := files.Put(strings.NewReader("12345"), 4); !errors.Is(err, conversation.ErrTooLarge) {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(folder); err != nil || len(left) != 0 {
		t.Fatalf("left behind: %v, %v", left, err)
	}
	for _, name := range []string{"", "../secret", strings.Repeat("/", 64)} {
		if _, err := files.Open(name); !errors.Is(err, conversation.ErrNotFound) {
			t.Fatalf("opened %q: %v", name, err)
		}
	}
}
