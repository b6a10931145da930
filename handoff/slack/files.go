package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/slack-go/slack"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff/mirror"
)

// maxFile is the largest file that goes to a customer; what the console takes.
const maxFile = 20 << 20

// share uploads the files of a message that are not in the thread yet.
func (t *thread) share(ctx context.Context, m conversation.Message, post mirror.Post) error {
	var was shown
	if err := json.Unmarshal([]byte(post.Shown), &was); err != nil {
		return fmt.Errorf("state of a message in a thread: %w", err)
	}
	for was.Files < len(m.Attachments) {
		if err := t.upload(ctx, m.Attachments[was.Files]); err != nil {
			return err
		}
		was.Files++
		note, err := json.Marshal(was)
		if err != nil {
			return err
		}
		post.Shown = string(note)
		if err := t.place.Posted(ctx, post); err != nil {
			return err
		}
	}
	return nil
}

func (t *thread) upload(ctx context.Context, a conversation.Attachment) error {
	file, err := t.Files.Open(a.SHA256)
	if errors.Is(err, conversation.ErrNotFound) || a.Size == 0 {
		return nil // it was removed by retention, or Slack would refuse it
	}
	if err != nil {
		return err
	}
	defer file.Close()
	channel, root := parseRef(t.place.Ref)
	if err := t.pace.wait(ctx, channel, postEach, postBurst); err != nil {
		return err
	}
	_, err = t.UploadFileContext(ctx, slack.UploadFileParameters{Reader: file, FileSize: int(a.Size), Filename: a.Name, Title: a.Name, Channel: channel, ThreadTimestamp: root})
	return err
}

// sharedFile is a file of a message in Slack.
type sharedFile struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	URL  string `json:"url_private_download"`
	Size int64  `json:"size"`
}

// fetch takes files out of Slack and keeps them as the agent's, not yet sent.
func (c *client) fetch(ctx context.Context, b *Board, owner string, files []sharedFile) (ids []int64, err error) {
	for _, f := range files {
		stored, err := c.download(ctx, b.Files, f)
		if err != nil {
			return nil, &fileError{f.Name, err}
		}
		err = b.DB.Tx(ctx, func(tx *db.Tx) error {
			a, err := b.Conversations.AddAttachment(ctx, tx, owner, f.Name, stored)
			ids = append(ids, a.ID)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// fileError is a file that could not be fetched.
type fileError struct {
	name string
	err  error
}

func (e *fileError) Error() string { return e.name + ": " + e.err.Error() }
func (e *fileError) Unwrap() error { return e.err }

func (c *client) download(ctx context.Context, files conversation.Files, f sharedFile) (conversation.Stored, error) {
	if f.Size > maxFile {
		return conversation.Stored{}, conversation.ErrTooLarge
	}
	if !c.own(f.URL) {
		return conversation.Stored{}, errors.New("the file is not in Slack")
	}
	read, write := io.Pipe()
	go func() { write.CloseWithError(c.GetFileContext(ctx, f.URL, write)) }()
	stored, err := files.Put(read, maxFile)
	_ = read.CloseWithError(io.ErrClosedPipe) // so that a download that is too large ends
	if err == nil && stored.Size != f.Size {
		return stored, fmt.Errorf("%d of %d bytes came; the app may lack the permission files:read", stored.Size, f.Size)
	}
	return stored, err
}
