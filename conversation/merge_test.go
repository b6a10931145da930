package conversation_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

func (h house) contact(id int64) conversation.Contact {
	h.t.Helper()
	c, err := h.Contact(context.Background(), h.DB, id)
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

func (h house) merge(into, from int64, e conversation.Evidence, why string) (m conversation.Merge, err error) {
	err = h.DB.Tx(context.Background(), func(tx *db.Tx) (err error) {
		m, err = h.MergeContacts(context.Background(), tx, conversation.Merge{IntoID: into, FromID: from, Evidence: e, Detail: why, AgentID: 7})
		return err
	})
	return m, err
}

func (h house) unmerge(id int64) error {
	return h.DB.Tx(context.Background(), func(tx *db.Tx) error {
		_, err := h.Unmerge(context.Background(), tx, id, 8, "two people")
		return err
	})
}

func TestMergeOnEvidenceOnly(t *testing.T) {
	onBoth(t, func(h house) {
		who := func(address string, p conversation.Profile) int64 {
			return h.record(conversation.Incoming{Address: address, Text: "hi", Profile: p}).Conversation.ContactID
		}
		wechat := who("o1", conversation.Profile{Person: "weixin:u1", Verified: true})
		kf := who("o2", conversation.Profile{Person: "weixin:u1"})
		token := who("user:1", conversation.Profile{Phone: "138 0013 8000", Verified: true})
		text := who("8613800138000", conversation.Profile{Phone: "+8613800138000", Verified: true})
		claims := who("visitor", conversation.Profile{Phone: "13800138000", Email: "a@example.com"})
		mail := who("a@example.com", conversation.Profile{Email: "A@example.com", Verified: true})
		stranger := who("x", conversation.Profile{})
		for _, c := range []struct {
			name       string
			into, from int64
			evidence   conversation.Evidence
			want       error
		}{
			{"a phone that one side only claims", token, claims, conversation.SamePhone, conversation.ErrNoEvidence},
			{"a mail that one side only claims", mail, claims, conversation.SameEmail, conversation.ErrNoEvidence},
			{"nothing in common", wechat, stranger, conversation.SamePerson, conversation.ErrNoEvidence},
			{"a code that nobody sent", token, text, conversation.ByCode, conversation.ErrNoEvidence},
			{"evidence of another kind", wechat, kf, conversation.SamePhone, conversation.ErrNoEvidence},
			{"the provider names the same person", wechat, kf, conversation.SamePerson, nil},
			{"two proven phones", token, text, conversation.SamePhone, nil},
		} {
			if _, err := h.merge(c.into, c.from, c.evidence, ""); !errors.Is(err, c.want) {
				h.t.Errorf("%s: %v", c.name, err)
			}
		}
		if _, err := h.merge(stranger, mail, conversation.ByHand, " "); err == nil {
			h.t.Error("merged by hand without a reason")
		}
		if _, err := h.merge(stranger, stranger, conversation.ByHand, "why"); err == nil {
			h.t.Error("merged with itself")
		}
		if _, err := h.merge(stranger, kf, conversation.ByHand, "why"); !errors.Is(err, conversation.ErrMerged) {
			h.t.Errorf("merged what is merged: %v", err)
		}
		h.lawful()
	})
}

func TestMatchesAreShownWithTheirEvidence(t *testing.T) {
	onBoth(t, func(h house) {
		ctx := context.Background()
		token := h.record(conversation.Incoming{Address: "user:1", Text: "hi", Profile: conversation.Profile{Phone: "+8613800138000", Email: "a@example.com", Verified: true}})
		text := h.record(conversation.Incoming{Address: "8613800138000", Text: "hi", Profile: conversation.Profile{Verified: true}})
		claims := h.record(conversation.Incoming{Address: "visitor", Text: "hi", Profile: conversation.Profile{Email: "a@example.com"}})
		h.record(conversation.Incoming{Address: "other", Text: "hi", Profile: conversation.Profile{Phone: "13900000000"}})
		got, err := h.Matches(ctx, h.DB, token.Conversation.ContactID)
		want := []conversation.Match{{ContactID: text.Conversation.ContactID, Evidence: conversation.SamePhone, Detail: "13800138000", Proven: true},
			{ContactID: claims.Conversation.ContactID, Evidence: conversation.SameEmail, Detail: "a@example.com"}}
		if err != nil || !reflect.DeepEqual(got, want) {
			h.t.Fatalf("%+v %v", got, err)
		}
		if _, err := h.merge(token.Conversation.ContactID, text.Conversation.ContactID, conversation.SamePhone, ""); err != nil {
			h.t.Fatal(err)
		}
		if got, err := h.Matches(ctx, h.DB, claims.Conversation.ContactID); err != nil || len(got) != 1 || got[0].ContactID != token.Conversation.ContactID {
			h.t.Fatalf("%+v %v", got, err)
		}
	})
}

func TestMergedFieldsAreShownAndGivenBack(t *testing.T) {
	onBoth(t, func(h house) {
		ctx := context.Background()
		a := h.record(conversation.Incoming{Address: "a", Text: "hi", Profile: conversation.Profile{Name: "王丽", Attributes: map[string]string{"tier": "gold"}}}).Conversation
		b := h.record(conversation.Incoming{Address: "b", Text: "hi", Profile: conversation.Profile{Name: "lily", Phone: "123", Attributes: map[string]string{"tier": "none", "city": "上海"}}}).Conversation
		before := []conversation.Contact{h.contact(a.ContactID), h.contact(b.ContactID)}
		m, err := h.merge(a.ContactID, b.ContactID, conversation.ByHand, "same person")
		if err != nil {
			h.t.Fatal(err)
		}
		c := h.contact(a.ContactID)
		if c.Name != "王丽" || c.Phone != "123" || !maps.Equal(c.Attributes, map[string]string{"tier": "gold", "city": "上海"}) {
			h.t.Fatalf("%+v", c)
		}
		if root, err := h.Root(ctx, h.DB, b.ContactID); err != nil || root != a.ContactID {
			h.t.Fatal(root, err)
		}
		save := func(change func(*conversation.Contact)) error {
			return h.DB.Tx(ctx, func(tx *db.Tx) error {
				c, err := h.LoadContact(ctx, tx, a.ContactID)
				if err != nil {
					return err
				}
				change(&c)
				return h.SaveContact(ctx, tx, c)
			})
		}
		var field *conversation.FieldError
		if err := save(func(c *conversation.Contact) { c.Phone = "" }); !errors.As(err, &field) {
			h.t.Fatalf("a field of the merged contact was emptied: %v", err)
		}
		if err := save(func(c *conversation.Contact) { c.Email, c.Attributes["plan"] = "l@example.com", "5G" }); err != nil {
			h.t.Fatal(err)
		}
		h.must(h.Learn(ctx, h.inbox.ID, "b", conversation.Profile{Email: "b@example.com", Attributes: map[string]string{"page": "/b"}}))
		h.must(h.unmerge(m.ID))
		one, two := h.contact(a.ContactID), h.contact(b.ContactID)
		if one.Email != "l@example.com" || one.Phone != before[0].Phone || !maps.Equal(one.Attributes, map[string]string{"tier": "gold", "plan": "5G"}) {
			h.t.Fatalf("%+v", one)
		}
		if two.Email != "b@example.com" || two.Name != before[1].Name || two.Attributes["page"] != "/b" || two.Attributes["plan"] != "" {
			h.t.Fatalf("%+v", two)
		}
		if err := h.unmerge(m.ID); !errors.Is(err, conversation.ErrNotMerged) {
			h.t.Fatal(err)
		}
	})
}

func (h house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// world is what random merges are compared with: who each address belongs to, were nothing ever merged, and the merges
// that hold.
type world struct {
	home     map[string]int64             // by address
	spoken   map[int64]string             // address by conversation
	said     map[int64]int                // messages by conversation
	notes    map[int64]int64              // home by note
	above    map[int64]int64              // by merged contact
	holds    map[int64]conversation.Merge // by merge
	contacts []int64
}

func (w *world) root(id int64) int64 {
	for w.above[id] != 0 {
		id = w.above[id]
	}
	return id
}

// TestRandomMergesLoseNothing merges, takes back, writes and notes at random, and finds every message, address,
// conversation and note exactly once, with whom it belongs to.
func TestRandomMergesLoseNothing(t *testing.T) {
	onBoth(t, func(h house) {
		for seed := range uint64(4) {
			w := &world{map[string]int64{}, map[int64]string{}, map[int64]int{}, map[int64]int64{}, map[int64]int64{}, map[int64]conversation.Merge{}, nil}
			r := rand.New(rand.NewPCG(seed, 9))
			for step := range 60 {
				h.step(w, r, fmt.Sprintf("s%d-%d", seed, r.IntN(8)), step)
			}
			h.compare(w)
			for len(w.holds) > 0 {
				h.undoAny(w, r)
			}
			h.compare(w)
		}
		h.lawful()
	})
}

func (h house) step(w *world, r *rand.Rand, address string, step int) {
	h.t.Helper()
	switch pick := r.IntN(10); {
	case pick < 4 || len(w.contacts) < 2:
		c := h.record(conversation.Incoming{Address: address, Text: fmt.Sprint("message ", step)}).Conversation
		if _, known := w.home[address]; !known {
			w.home[address] = c.ContactID
			w.contacts = append(w.contacts, c.ContactID)
		}
		w.spoken[c.ID] = address
		w.said[c.ID]++
		if r.IntN(3) == 0 {
			h.change(c.ID, func(c *conversation.Conversation) { c.Status = conversation.Resolved })
			h.pass(reopen)
		}
	case pick < 7:
		into, from := w.root(w.contacts[r.IntN(len(w.contacts))]), w.root(w.contacts[r.IntN(len(w.contacts))])
		if into == from {
			return
		}
		m, err := h.merge(into, from, conversation.ByHand, "same")
		h.must(err)
		w.above[from], w.holds[m.ID] = into, m
	case pick < 9:
		h.undoAny(w, r)
	default:
		home := w.contacts[r.IntN(len(w.contacts))]
		h.tx(func(ctx context.Context, tx *db.Tx) error {
			n, err := h.AddNote(ctx, tx, home, 7, fmt.Sprint("note ", step))
			w.notes[n.ID] = home
			return err
		})
	}
}

const reopen = 25 * time.Hour

func (h house) undoAny(w *world, r *rand.Rand) {
	h.t.Helper()
	ids := slices.Sorted(maps.Keys(w.holds))
	if len(ids) == 0 {
		return
	}
	m := w.holds[ids[r.IntN(len(ids))]]
	h.must(h.unmerge(m.ID))
	delete(w.above, m.FromID)
	delete(w.holds, m.ID)
}

func (h house) compare(w *world) {
	h.t.Helper()
	ctx := context.Background()
	for address, home := range w.home {
		i, err := h.IdentityAt(ctx, h.DB, h.inbox.ID, address)
		if err != nil || i.ContactID != w.root(home) || i.HomeID != home {
			h.t.Fatalf("%s belongs to %d, home %d; want %d, %d (%v)", address, i.ContactID, i.HomeID, w.root(home), home, err)
		}
	}
	seen := map[int64]bool{}
	notes := map[int64]bool{}
	for _, root := range w.contacts {
		if w.root(root) != root {
			continue
		}
		list, err := h.OfContact(ctx, h.DB, root, conversation.Scope{All: true}, 0, 1000)
		h.must(err)
		for _, c := range list {
			if seen[c.ID] || w.root(w.home[w.spoken[c.ID]]) != root {
				h.t.Fatalf("conversation %d of %s is with %d", c.ID, w.spoken[c.ID], root)
			}
			seen[c.ID] = true
			messages, err := h.Messages(ctx, h.DB, c.ID, conversation.Page{Limit: 100})
			if h.must(err); len(messages) != w.said[c.ID] {
				h.t.Fatalf("conversation %d has %d messages, want %d", c.ID, len(messages), w.said[c.ID])
			}
		}
		found, err := h.Notes(ctx, h.DB, root)
		h.must(err)
		for _, n := range found {
			if notes[n.ID] || w.root(w.notes[n.ID]) != root {
				h.t.Fatalf("note %d is with %d", n.ID, root)
			}
			notes[n.ID] = true
		}
	}
	if len(seen) != len(w.said) || len(notes) != len(w.notes) {
		h.t.Fatalf("%d of %d conversations, %d of %d notes", len(seen), len(w.said), len(notes), len(w.notes))
	}
}
