package hub

import (
	"context"
	"errors"
	"io"
	"sync"

	"huiyin/channels"
	"huiyin/conversation"
)

const (
	putSlots = 8        // messages of a batch whose files are written at once
	maxFile  = 64 << 20 // bytes of a file that comes with a message
)

// putAll looks at messages and writes their files to disk, before their rows. What is known already is left alone.
func (h *Hub) putAll(ctx context.Context, inbox conversation.Inbox, messages []conversation.Incoming) error {
	var all sync.WaitGroup
	slots, failed := make(chan struct{}, putSlots), make([]error, len(messages))
	for i := range messages {
		if len(messages[i].Files) == 0 {
			continue
		}
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			failed[i] = h.putFiles(ctx, inbox, &messages[i])
		})
	}
	all.Wait()
	return errors.Join(failed...)
}

func (h *Hub) putFiles(ctx context.Context, inbox conversation.Inbox, m *conversation.Incoming) error {
	known, err := h.Conversations.Known(ctx, h.DB, inbox.ID, m.SourceID)
	if err != nil {
		return err
	}
	if known {
		m.Files = nil
		return nil
	}
	if err := h.Conversations.Look(m); err != nil {
		return err
	}
	kept := m.Files[:0:0]
	for _, f := range m.Files {
		if m.Sealed != "" && !f.Until.IsZero() { // as it came it tells what is hidden
			continue
		}
		if err := h.put(&f); err != nil {
			return err
		}
		if f.Stored.SHA256 != "" {
			kept = append(kept, f)
		}
	}
	m.Files = kept
	return nil
}

// put writes one file; one that is too large is left out, for the message came whole to its own limit.
func (h *Hub) put(f *conversation.File) error {
	stored, err := h.Files.Put(f.Body(), maxFile)
	if errors.Is(err, conversation.ErrTooLarge) {
		return nil
	}
	f.Stored = stored
	return err
}

// openFile opens a file that goes out. A store that is away is not the provider's fault, and nothing has been handed over.
func (h *Hub) openFile(a conversation.Attachment) (io.ReadCloser, error) {
	file, err := h.Files.Open(a.SHA256)
	if errors.Is(err, conversation.ErrUnavailable) {
		return nil, &channels.SendError{Reason: "its file cannot be read at the moment", Retry: true, Err: err}
	}
	return file, err
}
