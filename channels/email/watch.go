package email

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"sync"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
)

const (
	againFirst = 500 * time.Millisecond
	againMost  = time.Minute
	tellEvery  = 5 * time.Second
)

// Listen takes mail in: from the inbox's folders, or at its own door. A connection that breaks is made again; what is wrong is told
// meanwhile.
func (a *Adapter) Listen(ctx context.Context, inbox conversation.Inbox, at channels.Pull, accept channels.Accept) error {
	acct := read(a.kind, inbox)
	ctx, end := context.WithCancel(ctx)
	var all sync.WaitGroup
	defer all.Wait()
	defer end()
	all.Go(func() { a.tell(ctx, inbox.ID, accept) })
	if acct.listen != "" {
		return a.keepDoor(ctx, acct, accept)
	}
	saved, err := readCursor(at.Cursor)
	if err != nil {
		return err
	}
	p := &places{at: saved, accept: accept}
	for _, folder := range acct.folders {
		all.Go(func() { a.follow(ctx, acct, folder, p) })
	}
	<-ctx.Done()
	return nil
}

// keepDoor takes mail in over SMTP until ctx ends.
func (a *Adapter) keepDoor(ctx context.Context, acct account, accept channels.Accept) error {
	at, leave, err := a.doors.stand(a, acct, accept)
	if err != nil {
		return err
	}
	defer leave()
	a.troubles.set(acct.inbox.ID, roadIn, "")
	select {
	case <-ctx.Done():
		return nil
	case <-at.failed:
		return fmt.Errorf("take mail in at %s: %w", acct.listen, at.err)
	}
}

// tell passes on what is wrong with an inbox when it changes.
func (a *Adapter) tell(ctx context.Context, inbox int64, accept channels.Accept) {
	tick := time.NewTicker(tellEvery)
	defer tick.Stop()
	for told := "?"; ; {
		if now := a.troubles.of(inbox); now != told && accept(ctx, channels.Received{Trouble: &now}) == nil {
			told = now
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// follow keeps a folder's connection until ctx ends.
func (a *Adapter) follow(ctx context.Context, acct account, folder string, p *places) {
	for failed := 0; ctx.Err() == nil; failed++ {
		begun, before := time.Now(), p.of(folder)
		err := a.session(ctx, acct, folder, p)
		if ctx.Err() != nil {
			return
		}
		if time.Since(begun) > againMost || p.of(folder) != before {
			failed = 0
		}
		if failed > 0 || saidNo(err) { // one cut is nothing to tell
			a.troubles.set(acct.inbox.ID, roadIn, whyNot(err))
		}
		a.Log.Warn("mail is not read; trying again", "inbox", acct.inbox.ID, "folder", folder, "error", err)
		pause(ctx, channels.Wait(err), min(againFirst<<min(failed, 8), againMost))
	}
}

// pause waits about d, and not less than least: not all who were cut off come back at once.
func pause(ctx context.Context, least, d time.Duration) {
	late := time.NewTimer(max(least, d/2) + rand.N(d/2+1))
	defer late.Stop()
	select {
	case <-ctx.Done():
	case <-late.C:
	}
}

// place is how far a folder has been read: RFC 9051 section 2.3.1.1.
type place struct {
	Validity uint32 `json:"v"`
	UID      uint32 `json:"u"`           // all up to it are taken in
	Scanning bool   `json:"s,omitempty"` // the mails that were there at first are not all looked at
}

// places are the places of an inbox's folders. Each is stored with the mails that brought it there.
type places struct {
	mu     sync.Mutex
	at     map[string]place
	accept channels.Accept
}

func readCursor(text string) (map[string]place, error) {
	at := map[string]place{}
	if text == "" {
		return at, nil
	}
	if err := json.Unmarshal([]byte(text), &at); err != nil {
		return nil, fmt.Errorf("read how far the folders were read: %w", err)
	}
	if at == nil {
		return nil, fmt.Errorf("read how far the folders were read: there is nothing in %q", text)
	}
	return at, nil
}

func (p *places) of(folder string) place {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.at[folder]
}

// save makes mails durable together with the place that they lead to.
func (p *places) save(ctx context.Context, folder string, to place, got channels.Received) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	next := maps.Clone(p.at)
	next[folder] = to
	text, err := json.Marshal(next)
	if err != nil {
		return fmt.Errorf("write how far the folders were read: %w", err)
	}
	got.Cursor = string(text)
	if err := p.accept(ctx, got); err != nil {
		return err
	}
	p.at = next
	return nil
}
