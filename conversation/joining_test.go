package conversation_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

func mailFrom(address, self string, t conversation.Thread) conversation.Incoming {
	t.Self, t.Digest = self, "digest of "+self
	return conversation.Incoming{SourceID: "mail:" + self + address, Address: address, Text: "text of " + self, Subject: "subject of " + self, Thread: &t, Mail: &conversation.Mail{MessageID: self}}
}

func TestAThreadIsJoinedByThoseWhoTakePart(t *testing.T) {
	onBoth(t, func(h house) {
		first := h.record(mailFrom("li@c.example", "a", conversation.Thread{Others: []string{"Wang@c.example"}}))
		answer := h.reply(first.Conversation.ID, conversation.Draft{Sender: conversation.FromAgent, Text: "answer",
			Content: conversation.Content{Mail: &conversation.Mail{Cc: []conversation.MailAddress{{Address: "zhao@c.example"}}}}})
		note := h.reply(first.Conversation.ID, conversation.Draft{Sender: conversation.FromAgent, Text: "among us", Private: true})
		h.change(first.Conversation.ID, func(c *conversation.Conversation) { c.Status = conversation.Resolved })
		h.clock.pass(30 * 24 * time.Hour)
		for i, c := range []struct {
			name, from string
			thread     conversation.Thread
			joins      bool
		}{
			{"the customer, by the answer", "li@c.example", conversation.Thread{Answers: []int64{answer.ID}}, true},
			{"the customer, by the first mail", "li@c.example", conversation.Thread{Refs: []string{"x", "a"}}, true},
			{"one in copy", "wang@c.example", conversation.Thread{Answers: []int64{answer.ID}}, true},
			{"one whom the agent added", "zhao@c.example", conversation.Thread{Refs: []string{"a"}}, true},
			{"a stranger, by the answer", "mallory@evil.example", conversation.Thread{Answers: []int64{answer.ID}}, false},
			{"a stranger, by the first mail", "mallory@evil.example", conversation.Thread{Refs: []string{"a"}}, false},
			{"the customer, by what is private", "li@c.example", conversation.Thread{Answers: []int64{note.ID}}, false},
			{"the customer, by their own row", "li@c.example", conversation.Thread{Answers: []int64{first.Message.ID}}, false},
			{"the customer, by nothing", "li@c.example", conversation.Thread{}, false},
			{"one who is not who they say", "li@c.example", conversation.Thread{Answers: []int64{answer.ID}, Doubtful: true}, false},
			{"a report", "mailer-daemon@mx.example", conversation.Thread{Answers: []int64{answer.ID}, Report: true}, true},
			{"a report of nothing", "mailer-daemon@mx.example", conversation.Thread{Refs: []string{"a"}, Report: true}, false},
		} {
			r := h.record(mailFrom(c.from, fmt.Sprint("m", i), c.thread))
			if (r.Conversation.ID == first.Conversation.ID) != c.joins {
				h.t.Errorf("%s: conversation %d, the thread is %d", c.name, r.Conversation.ID, first.Conversation.ID)
			}
		}
		now := h.get(first.Conversation.ID)
		if now.Status != conversation.Pending || now.ContactID != first.Conversation.ContactID {
			h.t.Errorf("%+v", now)
		}
		if current, err := h.Current(context.Background(), h.DB, now); err != nil || !current {
			h.t.Errorf("an older thread takes no reply: %v", err)
		}
		last, err := h.LastMail(context.Background(), h.DB, now.ID, now.LastSeq+1)
		if err != nil || last.Content.Mail.MessageID != "m10" && last.Content.Mail.MessageID != "m3" {
			h.t.Errorf("%+v %v", last.Content.Mail, err)
		}
	})
}

func TestWhatNoPersonWroteIsNobodysTurn(t *testing.T) {
	onBoth(t, func(h house) {
		in := mailFrom("news@list.example", "n", conversation.Thread{})
		in.Mail.Automatic = conversation.MailList
		c := h.record(in).Conversation
		if c.Status != conversation.Pending || !c.TurnDue.IsZero() || c.Unread != 0 || c.Preview != "text of n" || c.Subject != "subject of n" {
			h.t.Errorf("%+v", c)
		}
		accounts, faults, err := h.Ledger(context.Background(), 0)
		if err != nil || len(faults) != 0 || accounts[0].Unasked != 1 {
			h.t.Errorf("%+v %+v %v", accounts, faults, err)
		}
	})
}

func TestARepeatOfAThreadedMessageAddsNothing(t *testing.T) {
	onBoth(t, func(h house) {
		in := mailFrom("li@c.example", "a", conversation.Thread{})
		first := h.record(in)
		again := h.record(in)
		if !again.Duplicate || again.Message.ID != first.Message.ID {
			h.t.Errorf("%+v", again)
		}
		same := in
		same.SourceID = "mail:other words"
		if other := h.record(same); other.Duplicate || other.Conversation.ID == first.Conversation.ID {
			h.t.Errorf("a reused id: %+v", other)
		}
	})
}

// Files come with their message; the whole as it came goes when its time is over.
func TestFilesArriveAndOriginalsGo(t *testing.T) {
	onBoth(t, func(h house) {
		files := conversation.Files{Folder: h.t.TempDir()}
		in := mailFrom("li@c.example", "a", conversation.Thread{})
		for name, text := range map[string]string{"photo.png": "\x89PNG\r\n\x1a\nphoto", "mail.eml": "From: li@c.example\r\n\r\nwords"} {
			f := conversation.File{Name: name, Body: func() io.Reader { return strings.NewReader(text) }}
			var err error
			if f.Stored, err = files.Put(f.Body(), 1<<20); err != nil {
				h.t.Fatal(err)
			}
			if name == "mail.eml" {
				f.Until = h.DB.Now().Add(time.Hour)
			} else {
				f.ContentID = "photo@c.example"
			}
			in.Files = append(in.Files, f)
		}
		r := h.record(in)
		stored, err := h.Message(context.Background(), h.DB, r.Conversation.ID, r.Message.Seq)
		if err != nil || len(stored.Attachments) != 2 {
			h.t.Fatalf("%+v %v", stored, err)
		}
		for _, a := range stored.Attachments {
			raw := a.ID == stored.Content.Mail.RawID
			if raw != (a.Name == "mail.eml") || raw && a.Type != "message/rfc822" || !raw && stored.Content.Mail.Inline["photo@c.example"] != a.Key {
				h.t.Errorf("%+v of %+v", a, stored.Content.Mail)
			}
		}
		prune := func(want int) {
			h.t.Helper()
			if err := h.PruneOriginals(context.Background(), files); err != nil {
				h.t.Fatal(err)
			}
			stored, err := h.Message(context.Background(), h.DB, r.Conversation.ID, r.Message.Seq)
			if err != nil || len(stored.Attachments) != want {
				h.t.Errorf("%d files, want %d: %v", len(stored.Attachments), want, err)
			}
		}
		prune(2)
		h.clock.pass(2 * time.Hour)
		prune(1)
		if known, err := h.Known(context.Background(), h.DB, r.Conversation.InboxID, in.SourceID); err != nil || !known {
			h.t.Errorf("%v %v", known, err)
		}
		if missing, err := h.MissingFiles(context.Background(), files, 0); err != nil || len(missing) != 0 {
			h.t.Errorf("%+v %v", missing, err)
		}
	})
}

// A listener's cursor is stored while the inbox is its, and not after.
func TestACursorIsItsListeners(t *testing.T) {
	onBoth(t, func(h house) {
		ctx := context.Background()
		if err := h.StartPulling(ctx, h.inbox.ID); err != nil {
			h.t.Fatal(err)
		}
		p, err := h.LoadPull(ctx, h.DB, h.claim(conversation.Pulls())[0])
		if err != nil {
			h.t.Fatal(err)
		}
		h.tx(func(ctx context.Context, tx *db.Tx) error {
			return errors.Join(h.ListenerTells(ctx, tx, p, "the password is wrong"), nil)
		})
		if trouble, err := h.Trouble(ctx, h.DB, h.inbox.ID); err != nil || trouble != "the password is wrong" {
			h.t.Errorf("%q %v", trouble, err)
		}
		h.tx(func(ctx context.Context, tx *db.Tx) error { return h.SaveCursor(ctx, tx, p, "42") })
		if trouble, err := h.Trouble(ctx, h.DB, h.inbox.ID); err != nil || trouble != "" {
			h.t.Errorf("%q %v", trouble, err)
		}
		p.Lease.Token = "another node's"
		err = h.DB.Tx(ctx, func(tx *db.Tx) error { return h.SaveCursor(ctx, tx, p, "43") })
		if !errors.Is(err, db.ErrLeaseLost) {
			h.t.Errorf("%v", err)
		}
	})
}

// What went out unasked counts for its receiver, over all conversations.
func TestWhatWentOutUnaskedIsCounted(t *testing.T) {
	onBoth(t, func(h house) {
		a := h.record(mailFrom("li@c.example", "a", conversation.Thread{})).Conversation
		b := h.record(mailFrom("li@c.example", "b", conversation.Thread{})).Conversation
		h.record(mailFrom("wang@c.example", "c", conversation.Thread{}))
		first := h.reply(a.ID, conversation.Draft{Sender: conversation.FromBot, Text: "1", Explanation: "{}"})
		second := h.reply(b.ID, conversation.Draft{Sender: conversation.FromBot, Text: "2", Explanation: "{}"})
		h.agentSays(b.ID, "by hand")
		now := h.DB.Now()
		for _, c := range []struct {
			message int64
			since   time.Duration
			lately  int
		}{{0, time.Hour, 2}, {first.ID, time.Hour, 0}, {second.ID, time.Hour, 1}, {second.ID, 0, 0}} {
			lately, _, err := h.Unasked(context.Background(), h.DB, a.IdentityID, c.message, now.Add(-c.since), now.Add(-24*time.Hour))
			if err != nil || lately != c.lately {
				h.t.Errorf("%+v: %d %v", c, lately, err)
			}
		}
	})
}

// However many originals there are, none is kept longer than was promised.
func TestAllOriginalsGo(t *testing.T) {
	onBoth(t, func(h house) {
		err := h.DB.Tx(context.Background(), func(tx *db.Tx) error {
			for i := range 1100 {
				if _, err := tx.Exec(context.Background(), "INSERT INTO kept_originals (attachment_id, until) VALUES (?, 1)", 1000+i); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			h.t.Fatal(err)
		}
		var left int
		if err := h.PruneOriginals(context.Background(), conversation.Files{Folder: h.t.TempDir()}); err != nil {
			h.t.Fatal(err)
		}
		if err := h.DB.QueryRow(context.Background(), "SELECT COUNT(*) FROM kept_originals").Scan(&left); err != nil || left != 0 {
			h.t.Errorf("%d are left: %v", left, err)
		}
	})
}

// A sender chooses the names of pictures; one that is called as a field of ours makes no event of the mail.
func TestAPictureIsNoField(t *testing.T) {
	onBoth(t, func(h house) {
		files := conversation.Files{Folder: h.t.TempDir()}
		for _, name := range []string{"automatic", "rating", "consent"} {
			in := mailFrom("li@c.example", name, conversation.Thread{})
			f := conversation.File{Name: "a.png", ContentID: name, Body: func() io.Reader { return strings.NewReader("\x89PNG\r\n\x1a\n") }}
			var err error
			if f.Stored, err = files.Put(f.Body(), 1<<20); err != nil {
				h.t.Fatal(err)
			}
			in.Files = []conversation.File{f}
			r := h.record(in)
			last, err := h.LastMail(context.Background(), h.DB, r.Conversation.ID, r.Message.Seq+1)
			if err != nil || len(last.Attachments) != 1 || len(last.Content.Mail.Inline) != 0 {
				h.t.Errorf("%s: %+v %v", name, last, err)
			}
		}
	})
}
