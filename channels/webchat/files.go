package webchat

import (
	"bufio"
	"crypto/hmac"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// owner is under which name the visitor's uploads stand until a message takes them.
func (c *call) owner() string {
	return "webchat:" + strconv.FormatInt(c.inbox.ID, 10) + ":" + c.visitor.Address
}

// owned tells whether an upload is the visitor's, also one of before they were identified.
func (c *call) owned(f conversation.Attachment) bool {
	if f.Owner == c.owner() {
		return true
	}
	before := call{inbox: c.inbox, visitor: visitor{Address: c.visitor.Before}}
	return c.visitor.Before != "" && f.Owner == before.owner()
}

// postFile takes a file that a later message may carry.
func postFile(c *call) error {
	part, err := c.filePart()
	if err != nil {
		return err
	}
	body := bufio.NewReaderSize(part, head)
	first, err := body.Peek(head)
	if err != nil && !errors.Is(err, io.EOF) {
		return uploadError(err)
	}
	kind := sniff(first, part.FileName())
	if kind == "" || len(first) == 0 {
		return refusal(http.StatusUnsupportedMediaType, "file_type", "不支持这种文件。", "Files of this type are not taken.")
	}
	stored, err := c.Files.Put(body, maxFile)
	if err != nil {
		return uploadError(err)
	}
	stored.Type = kind
	var file conversation.Attachment
	err = c.Conversations.DB.Tx(c.ctx(), func(tx *db.Tx) (err error) {
		file, err = c.Conversations.AddAttachment(c.ctx(), tx, c.owner(), nameFor(kind, part.FileName()), stored)
		return err
	})
	if err != nil {
		return err
	}
	return c.write(http.StatusCreated, c.showFile(c.inbox.ID, file))
}

// formRoom is what a form may have around its file.
const formRoom = 64 << 10

func (c *call) filePart() (*multipart.Part, error) {
	c.r.Body = http.MaxBytesReader(c.w, c.r.Body, maxFile+formRoom)
	form, err := c.r.MultipartReader()
	if err != nil {
		return nil, badRequest("bad_form", "请求格式不正确。", "Send the file as multipart/form-data in the field file.")
	}
	for {
		part, err := form.NextPart()
		if err != nil {
			return nil, badRequest("bad_form", "没有收到文件。", "The form has no field file.")
		}
		if part.FormName() == "file" {
			return part, nil
		}
	}
}

// uploadError tells a file that is too large or was cut off from a disk that is full.
func uploadError(err error) error {
	var large *http.MaxBytesError
	if errors.Is(err, conversation.ErrTooLarge) || errors.As(err, &large) {
		return refusal(http.StatusRequestEntityTooLarge, "too_large", "文件不能超过 20 MB。", "A file may have 20 MB.")
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return badRequest("cut_off", "上传中断，请重试。", "The upload was cut off.")
	}
	return fmt.Errorf("upload: %w", err)
}

// ownFiles finds the uploads that a message carries; those of others are as if they were not there.
func (c *call) ownFiles(keys []string) ([]int64, error) {
	var ids []int64
	for _, key := range keys {
		f, err := c.Conversations.AttachmentByKey(c.ctx(), c.Conversations.DB, key)
		if errors.Is(err, conversation.ErrNotFound) || err == nil && !c.owned(f) {
			return nil, badRequest("attachment", "文件已失效，请重新上传。", "A file is unknown; upload it again.")
		}
		if err != nil {
			return nil, err
		}
		ids = append(ids, f.ID)
	}
	return ids, nil
}

// urlLife is how long a file's address works, and urlStep how often it changes: pictures stay in the cache meanwhile.
const (
	urlLife = 24 * time.Hour
	urlStep = time.Hour
)

// fileURL is an address that works by itself for a while, so that pictures need no header.
func (a *Adapter) fileURL(inboxID int64, key string) string {
	until := a.Now().Add(urlLife).Truncate(urlStep).Unix()
	return fmt.Sprintf("/chat/%d/files/%s?until=%d&sign=%s", inboxID, key, until, a.fileSign(inboxID, key, until))
}

func (a *Adapter) fileSign(inboxID int64, key string, until int64) string {
	return base64.RawURLEncoding.EncodeToString(sign(a.Key, fmt.Sprintf("file:%d:%s:%d", inboxID, key, until))[:16])
}

func (a *Adapter) signed(inboxID int64, r *http.Request) bool {
	until, err := strconv.ParseInt(r.URL.Query().Get("until"), 10, 64)
	if err != nil || a.Now().Unix() > until {
		return false
	}
	return hmac.Equal([]byte(r.URL.Query().Get("sign")), []byte(a.fileSign(inboxID, r.PathValue("key"), until)))
}

// getFile serves a file to whom its address was given, or to the visitor in whose conversation it stands.
func getFile(c *call) error {
	given := c.signed(c.inbox.ID, c.r)
	if !given {
		if err := c.enter(); err != nil {
			return err
		}
	}
	if elsewhere := c.filesElsewhere(); elsewhere != "" && given {
		c.w.Header().Set("Location", elsewhere+c.r.URL.RequestURI())
		c.w.WriteHeader(http.StatusTemporaryRedirect)
		return nil
	}
	f, err := c.Conversations.AttachmentByKey(c.ctx(), c.Conversations.DB, c.r.PathValue("key"))
	if err != nil {
		return err
	}
	if !given && !c.mayRead(f) {
		return notFound()
	}
	body, err := c.Files.Open(f.SHA256)
	if err != nil {
		return err
	}
	defer body.Close()
	describe(c.w.Header(), f)
	http.ServeContent(c.w, c.r, "", time.Time{}, body)
	return nil
}

// filesElsewhere is the origin that files are opened from, unless the request came to it.
func (c *call) filesElsewhere() string {
	origin := strings.TrimSuffix(kind().Value(c.inbox, "files_origin"), "/")
	if _, host, ok := strings.Cut(origin, "://"); !ok || strings.EqualFold(host, c.r.Host) {
		return ""
	}
	return origin
}

func (c *call) mayRead(f conversation.Attachment) bool {
	if !c.known {
		return false
	}
	if f.ConversationID == 0 {
		return c.owned(f)
	}
	public, err := c.Conversations.PublicFile(c.ctx(), c.Conversations.DB, f)
	return err == nil && public && c.owns(c.ctx(), f.ConversationID) == nil
}
