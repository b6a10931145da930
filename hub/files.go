package hub

import (
	"context"
	"errors"
	"slices"
	"sync"

	"huiyin/conversation"
)

const (
	putSlots = 8        // files written at once for one message or batch
	maxFile  = 64 << 20 // bytes of a file that comes with a message
)

// putAll writes the files of messages to disk, before their rows. What is known already is left alone.
func (h *Hub) putAll(ctx context.Context, inbox conversation.Inbox, messages []conversation.Incoming) error {
	var all sync.WaitGroup
	slots, failed := make(chan struct{}, putSlots), make(chan error, 1)
	for i := range messages {
		m := &messages[i]
		if len(m.Files) == 0 {
			continue
		}
		known, err := h.Conversations.Known(ctx, h.DB, inbox.ID, m.SourceID)
		if err != nil {
			return err
		}
		if known {
			m.Files = nil
			continue
		}
		if h.tellsNumbers(*m) {
			m.Files = slices.DeleteFunc(slices.Clone(m.Files), func(f conversation.File) bool { return !f.Until.IsZero() })
		}
		for n := range m.Files {
			slots <- struct{}{}
			all.Go(func() {
				defer func() { <-slots }()
				if err := h.put(&m.Files[n]); err != nil {
					select {
					case failed <- err:
					default:
					}
				}
			})
		}
	}
	all.Wait()
	select {
	case err := <-failed:
		return err
	default:
	}
	for i := range messages {
		messages[i].Files = stored(messages[i].Files)
	}
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

func stored(files []conversation.File) []conversation.File {
	kept := files[:0]
	for _, f := range files {
		if f.Stored.SHA256 != "" {
			kept = append(kept, f)
		}
	}
	return kept
}
