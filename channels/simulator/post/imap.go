package post

import (
	"bytes"
	"io"
	"log"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// store is an account's mailboxes, read over IMAP.
type store struct {
	account Account
	// epoch is added to the UIDVALIDITY of the mailboxes, which begin anew with each start: their UIDs do too.
	// https://www.rfc-editor.org/rfc/rfc9051#section-2.3.1.1
	epoch uint32

	mu    sync.Mutex
	user  *imapmemserver.User
	bytes int
	came  int // mails ever put into the inbox
}

// folders are those that a provider's mailbox has.
var folders = [...]string{"INBOX", "Sent", "Junk", "Trash"}

func newStore(a Account, epoch uint32) *store {
	s := &store{account: a, epoch: epoch, user: imapmemserver.NewUser(a.Address, a.Password)}
	for _, name := range folders {
		_ = s.user.Create(name, nil)
	}
	return s
}

// put adds a mail to the inbox. When the room is used up the inbox is begun anew, and fresh is true: who reads it must be cut off.
func (s *store) put(raw []byte, room int) (fresh bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.bytes+len(raw) > room {
		if err := s.user.Delete(folders[0]); err != nil {
			return false, err
		}
		if err := s.user.Create(folders[0], nil); err != nil {
			return false, err
		}
		s.bytes, fresh = 0, true
	}
	s.bytes += len(raw)
	s.came++
	_, err = s.user.Append(folders[0], literal{bytes.NewReader(raw), int64(len(raw))}, &imap.AppendOptions{})
	return fresh, err
}

// Renew begins an account's inbox anew with what it holds lost and a new UIDVALIDITY, as a provider does after a repair.
func (p *Office) Renew(address string) error {
	s := p.store(address)
	if s == nil {
		return errUnknown
	}
	s.mu.Lock()
	err := s.user.Delete(folders[0])
	if err == nil {
		err = s.user.Create(folders[0], nil)
	}
	s.bytes = 0
	s.mu.Unlock()
	p.doors[0].cut()
	return err
}

// Came counts the mails that were put into an account's inbox.
func (p *Office) Came(address string) int {
	s := p.store(address)
	if s == nil {
		return 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.came
}

type literal struct {
	io.Reader
	size int64
}

// Size is how much there is to read.
func (l literal) Size() int64 { return l.size }

func (p *Office) newIMAP() *imapserver.Server {
	return imapserver.New(&imapserver.Options{
		NewSession: func(*imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
			return &session{office: p}, nil, nil
		},
		Caps:         imap.CapSet{imap.CapIMAP4rev1: {}, imap.CapIdle: {}, imap.CapUIDPlus: {}, imap.CapMove: {}, imap.CapNamespace: {}},
		InsecureAuth: true, // of this machine only
		Logger:       log.New(io.Discard, "", 0),
	})
}

// session is one connection to the mailboxes of an account.
type session struct {
	*imapmemserver.UserSession
	office *Office
	store  *store
}

var _ imapserver.SessionIMAP4rev2 = (*session)(nil)

// Login opens an account's mailboxes.
func (s *session) Login(username, password string) error {
	found := s.office.store(username)
	if found == nil {
		return imapserver.ErrAuthFailed
	}
	if err := found.user.Login(found.account.Address, password); err != nil {
		return err
	}
	s.store, s.UserSession = found, imapmemserver.NewUserSession(found.user)
	return nil
}

// Close ends the connection.
func (s *session) Close() error { return s.UserSession.Close() }

// lookEvery is how often an idling connection looks for news.
const lookEvery = 50 * time.Millisecond

// Idle tells news until stop. The sessions' own Idle is only told of what comes after it has begun to listen, and the
// client reads the "+" before that: https://www.rfc-editor.org/rfc/rfc2177#section-3 lets it count on all that follows.
func (s *session) Idle(w *imapserver.UpdateWriter, stop <-chan struct{}) error {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		select {
		case <-stop:
			return nil
		case <-look.C:
			if err := s.Poll(w, true); err != nil {
				return err
			}
		}
	}
}

// Select opens a mailbox.
func (s *session) Select(name string, o *imap.SelectOptions) (*imap.SelectData, error) {
	found, err := s.UserSession.Select(name, o)
	if err == nil {
		found.UIDValidity += s.store.epoch
	}
	return found, err
}

// Status looks at a mailbox.
func (s *session) Status(name string, o *imap.StatusOptions) (*imap.StatusData, error) {
	found, err := s.UserSession.Status(name, o)
	if err == nil && found.UIDValidity != 0 {
		found.UIDValidity += s.store.epoch
	}
	return found, err
}

// Append puts a mail into a mailbox.
func (s *session) Append(name string, r imap.LiteralReader, o *imap.AppendOptions) (*imap.AppendData, error) {
	found, err := s.UserSession.Append(name, r, o)
	if err == nil {
		found.UIDValidity += s.store.epoch
	}
	return found, err
}

// Copy copies mails into a mailbox.
func (s *session) Copy(n imap.NumSet, name string) (*imap.CopyData, error) {
	found, err := s.UserSession.Copy(n, name)
	if err == nil {
		found.UIDValidity += s.store.epoch
	}
	return found, err
}
