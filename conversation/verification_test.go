package conversation_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

func (h house) sendCode(id int64, address, code string) (v conversation.Verification, err error) {
	err = h.DB.Tx(context.Background(), func(tx *db.Tx) (err error) {
		v, err = h.BeginVerification(context.Background(), tx, conversation.Verification{ConversationID: id, InboxID: h.inbox.ID, Address: address, AgentID: 7}, code)
		return err
	})
	return v, err
}

func (h house) stateOf(id int64) string {
	h.t.Helper()
	list, err := h.Verifications(context.Background(), h.DB, id, h.now())
	if err != nil || len(list) == 0 {
		h.t.Fatal(list, err)
	}
	return list[0].State
}

func TestACodeTypedBackMergesOnlyWhoeverHasIt(t *testing.T) {
	onBoth(t, func(h house) {
		h.CodeKey = []byte("key")
		known := h.record(conversation.Incoming{Address: "8613800138000", Text: "earlier", Profile: conversation.Profile{Name: "王丽", Verified: true}}).Conversation
		visitor := h.record(conversation.Incoming{Address: "visitor", Text: "it is me"}).Conversation
		if _, err := h.sendCode(visitor.ID, "8613800138000", "012345"); err != nil {
			h.t.Fatal(err)
		}
		h.record(conversation.Incoming{Address: "visitor", Text: "999999"})
		if h.contact(visitor.ContactID).RootID != 0 || h.stateOf(visitor.ID) != conversation.CodeOpen {
			h.t.Fatal("a wrong code did something")
		}
		h.record(conversation.Incoming{Address: "somebody else", Text: "012345"})
		if h.stateOf(visitor.ID) != conversation.CodeOpen {
			h.t.Fatal("the code worked in another conversation")
		}
		h.record(conversation.Incoming{Address: "visitor", Text: " 012345 "})
		if got := h.get(visitor.ID); got.ContactID != known.ContactID || h.stateOf(visitor.ID) != conversation.CodeProved {
			h.t.Fatalf("contact %d, %s", got.ContactID, h.stateOf(visitor.ID))
		}
		merges, err := h.MergesOf(context.Background(), h.DB, known.ContactID)
		if err != nil || len(merges) != 1 || merges[0].Evidence != conversation.ByCode || merges[0].Detail != "8613800138000" {
			h.t.Fatalf("%+v %v", merges, err)
		}
		h.must(h.unmerge(merges[0].ID))
		if c := h.contact(visitor.ContactID); h.get(visitor.ID).ContactID != visitor.ContactID || !c.PhoneVerified || c.Phone != "+8613800138000" {
			h.t.Fatalf("%+v", c)
		}
		h.lawful()
	})
}

func TestACodeToANewAddressMakesItTheirs(t *testing.T) {
	onBoth(t, func(h house) {
		ctx := context.Background()
		h.CodeKey = []byte("key")
		c := h.record(conversation.Incoming{Address: "visitor", Text: "hi"}).Conversation
		if _, err := h.sendCode(c.ID, "li@example.com", "000001"); err != nil {
			h.t.Fatal(err)
		}
		h.record(conversation.Incoming{Address: "visitor", Text: "000001"})
		i, err := h.IdentityAt(ctx, h.DB, h.inbox.ID, "li@example.com")
		if err != nil || i.ContactID != c.ContactID || !i.Verified {
			h.t.Fatalf("%+v %v", i, err)
		}
		if got := h.contact(c.ContactID); got.Email != "li@example.com" || !got.EmailVerified {
			h.t.Fatalf("%+v", got)
		}
		next := h.record(conversation.Incoming{Address: "li@example.com", Text: "from my mail"}).Conversation
		if next.ContactID != c.ContactID {
			h.t.Fatal("the mail is somebody else's")
		}
		h.lawful()
	})
}

func TestCodesRunOutAndAreFew(t *testing.T) {
	onBoth(t, func(h house) {
		h.CodeKey = []byte("key")
		c := h.record(conversation.Incoming{Address: "visitor", Text: "hi"}).Conversation
		typed := func(code string) (proved bool) {
			h.tx(func(ctx context.Context, tx *db.Tx) error {
				loaded, err := h.Load(ctx, tx, c.ID)
				if err != nil {
					return err
				}
				v, err := h.Typed(ctx, tx, loaded, code)
				proved = v != nil
				return err
			})
			return proved
		}
		send := func(code string) {
			if _, err := h.sendCode(c.ID, "li@example.com", code); err != nil {
				h.t.Fatal(err)
			}
		}
		send("000001")
		h.pass(11 * time.Minute)
		if typed("000001") || h.stateOf(c.ID) != conversation.CodeExpired {
			h.t.Fatal("a code that ran out worked")
		}
		send("000002")
		for i := range 5 {
			typed(fmt.Sprint(i))
		}
		if typed("000002") || h.stateOf(c.ID) != conversation.CodeFailed {
			h.t.Fatal("the sixth try worked")
		}
		send("000003")
		if _, err := h.sendCode(c.ID, "li@example.com", "000004"); !errors.Is(err, conversation.ErrTooManyCodes) {
			h.t.Fatalf("a fourth code within the hour: %v", err)
		}
		h.pass(time.Hour)
		send("000005")
		if !typed("000005") {
			h.t.Fatal("the right code did not work")
		}
		if typed("000005") {
			h.t.Fatal("a code worked twice")
		}
	})
}

func TestMasked(t *testing.T) {
	for address, want := range map[string]string{"8613800138000": "86138****8000", "li@example.com": "l***@example.com", "l@example.com": "***@example.com", "123": "****"} {
		if got := conversation.Masked(address); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}
