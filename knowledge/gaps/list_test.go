package gaps

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/knowledge"
)

var pickup = []string{"可以到店自提吗", "我想到店里自提可以吗", "能不能到店自提"}

func (s *shop) inVain(inbox int, texts ...string) {
	s.Helper()
	for _, text := range texts {
		s.customer(inbox).asks(text).bot("ask", 0, 0)
	}
	s.catchUp()
}

// TestGaps holds that what is asked in vain in several ways is one group, which keeps its name and what was decided when more is
// asked, and that weight is what it costs.
func TestGaps(t *testing.T) {
	onBoth(t, func(s *shop) {
		s.inVain(0, pickup...)
		s.inVain(1, "发票抬头写错了怎么改")
		list := s.list(Query{})
		if len(list) != 2 || list[0].N != 3 || list[0].State != Open || len(list[0].Examples) != 2 || list[0].Trend[Weeks-1] != 3 {
			s.Fatalf("groups: %+v", list)
		}
		if !slices.Contains(pickup, list[0].Title) || list[0].Why[Unanswered] != 3 {
			s.Errorf("title %q of %v", list[0].Title, list[0].Why)
		}
		id := list[0].ID
		s.tx(func(ctx context.Context, tx *db.Tx) error { return s.Assign(ctx, tx, id, list[0].Version, 3) })
		s.customer(1).asks("发票抬头开错了怎么修改").bot("handoff", 0, 0)
		s.customer(0).asks("到店自提可以吗").bot("ask", 0, 0)
		s.catchUp()
		list = s.list(Query{})
		if len(list) != 2 || list[0].Handed != 1 || list[0].Weight <= list[1].Weight {
			s.Fatalf("what ended with a person weighs more: %+v", list)
		}
		if mine := s.list(Query{AgentID: 3}); len(mine) != 1 || mine[0].ID != id || mine[0].N != 4 {
			s.Errorf("assigned: %+v", mine)
		}
		s.pass(4 * week)
		if older := s.list(Query{ID: id}); len(older) != 1 || older[0].Weight != 2 || older[0].Trend[Weeks-5] != 4 {
			s.Errorf("after four weeks: %+v", older)
		}
		if own := s.list(Query{Scope: conversation.Scope{TeamIDs: []int64{7}}}); len(own) != 1 || own[0].ID != id {
			s.Errorf("a team sees its own only: %+v", own)
		}
	})
}

// TestDismissed holds that what was put aside comes back when it grows, and not before.
func TestDismissed(t *testing.T) {
	onBoth(t, func(s *shop) {
		s.inVain(0, pickup...)
		g := s.list(Query{})[0]
		s.tx(func(ctx context.Context, tx *db.Tx) error {
			return s.Dismiss(ctx, tx, g.ID, g.Version, "we have no shops")
		})
		err := s.DB.Tx(context.Background(), func(tx *db.Tx) error {
			return s.Assign(context.Background(), tx, g.ID, g.Version, 3)
		})
		if !errors.Is(err, ErrConflict) {
			s.Errorf("an older version was changed: %v", err)
		}
		s.inVain(0, "可以到店自提吗", "可以到店自提吗?", "到店自提可以吗", "能到店自提吗")
		if list := s.list(Query{State: Dismissed}); len(list) != 1 || list[0].Since != 4 || list[0].Reason != "we have no shops" {
			s.Fatalf("dismissed: %+v", list)
		}
		s.inVain(0, "可以到店自提吗")
		if list := s.list(Query{State: Open}); len(list) != 1 || list[0].ID != g.ID {
			s.Errorf("it grew by five and did not come back: %+v", list)
		}
		s.tx(func(ctx context.Context, tx *db.Tx) error { return s.Reopen(ctx, tx, g.ID, 0) })
		if list := s.list(Query{State: Open}); len(list) != 1 || list[0].Reason != "" {
			s.Errorf("taken up again: %+v", list)
		}
	})
}

// TestAnswered holds that a group is answered once its article is published, and that what is asked afterwards is counted.
func TestAnswered(t *testing.T) {
	onBoth(t, func(s *shop) {
		s.inVain(0, pickup...)
		g, a := s.list(Query{})[0], s.article("到店自提", "")
		s.tx(func(ctx context.Context, tx *db.Tx) error { return s.Write(ctx, tx, g.ID, g.Version, a) })
		s.catchUp()
		if list := s.list(Query{State: Writing}); len(list) != 1 || list[0].ArticleID != a.ID {
			s.Fatalf("being written: %+v", list)
		}
		s.tx(func(ctx context.Context, tx *db.Tx) (err error) {
			c := a.Content
			c.Answer = map[string]string{"zh": "可以。"}
			if a, err = knowledge.SaveDraft(ctx, tx, knowledge.Author{}, a.ID, a.Version, c, ""); err == nil {
				_, err = knowledge.Publish(ctx, tx, a.ID, a.Version)
			}
			return err
		})
		s.catchUp()
		s.inVain(0, "能不能到店里自提")
		if list := s.list(Query{State: Done}); len(list) != 1 || list[0].Since != 1 {
			s.Errorf("answered: %+v", list)
		}
	})
}

// TestMergeSplit holds that what people put together or apart stays so.
func TestMergeSplit(t *testing.T) {
	onBoth(t, func(s *shop) {
		s.inVain(0, pickup...)
		s.inVain(0, "发票抬头写错了怎么改")
		list := s.list(Query{})
		s.tx(func(ctx context.Context, tx *db.Tx) error { return s.Merge(ctx, tx, list[1].ID, list[0].ID) })
		if one := s.list(Query{}); len(one) != 1 || one[0].N != 4 {
			s.Fatalf("merged: %+v", one)
		}
		questions, err := s.Questions(context.Background(), s.DB, everything, list[0].ID, 10)
		s.must(err)
		at := slices.IndexFunc(questions, func(e Example) bool { return strings.Contains(e.Text, "发票") })
		s.tx(func(ctx context.Context, tx *db.Tx) error {
			_, err := s.Split(ctx, tx, list[0].ID, []int64{questions[at].Turn})
			return err
		})
		s.inVain(0, "发票抬头开错了怎么改", "到店自提可以吗")
		if two := s.list(Query{}); len(two) != 2 || two[0].N != 4 || two[1].N != 2 {
			s.Errorf("split: %+v", two)
		}
		if err := s.DB.Tx(context.Background(), func(tx *db.Tx) error { return s.Merge(context.Background(), tx, 999, list[0].ID) }); !errors.Is(err, ErrNotFound) {
			s.Errorf("a group that is not there was merged: %v", err)
		}
	})
}

// TestExamplesHide holds that a question is shown without its writer's name and numbers, and not at all when it is gone.
func TestExamplesHide(t *testing.T) {
	c := conversation.Contact{Name: "李娜", Email: "li@example.com"}
	for in, want := range map[string]string{
		"我是李娜，电话 13800138000，\n能自提吗": "我是***，电话 ***， 能自提吗",
		"write to Li@example.com":    "write to ***",
		"退到 6222020200112233 4455":   "退到 6222020200112233 4455",
	} {
		if got := tidy(in, c); got != want && !strings.HasPrefix(in, "退到") || strings.Contains(got, "13800138000") {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	for _, one := range []struct{ text, name, want string }{
		{"Ann cannot", "Ann", "*** cannot"}, {"cannot", "Ann", "cannot"}, {"ANN!", "Ann", "***!"}, {"问李娜的单", "李娜", "问***的单"},
	} {
		if got := replaceFold(one.text, one.name); got != one.want {
			t.Errorf("%q: %q, want %q", one.text, got, one.want)
		}
	}
	if got := []rune(clip(strings.Repeat("长", 999))); len(got) != maxExample {
		t.Errorf("%d characters", len(got))
	}
}

// TestProposals holds that an agent's answer to what the bot had failed is proposed once the matter is over, without private notes.
func TestProposals(t *testing.T) {
	onBoth(t, func(s *shop) {
		c := s.customer(0).asks("可以到店自提吗").bot("handoff", 0, 0).agent("您好，我是小王", false).agent("内部：他是老客户，别多说，这一条很长很长很长很长很长很长", true).
			agent("可以的，下单时选「到店自提」，两小时后带取货码来店里。", false)
		s.catchUp()
		ctx := context.Background()
		if list, err := s.Proposals(ctx, everything, 0, 10); err != nil || len(list) != 0 {
			s.Fatalf("before it is over: %v %v", list, err)
		}
		c.resolved()
		s.catchUp()
		list, err := s.Proposals(ctx, everything, 0, 10)
		s.must(err)
		if len(list) != 1 || list[0].Question != "可以到店自提吗" || !strings.HasPrefix(list[0].Answer, "可以的") || list[0].AgentID != 3 {
			s.Fatalf("proposed: %+v", list)
		}
		if other, err := s.Proposals(ctx, conversation.Scope{TeamIDs: []int64{8}}, 0, 10); err != nil || len(other) != 0 {
			s.Errorf("another team's: %+v %v", other, err)
		}
		_, err = s.Proposal(ctx, s.DB, everything, list[0].ID)
		s.must(err)
		s.tx(func(ctx context.Context, tx *db.Tx) error { return s.Finish(ctx, tx, list[0].ID, 0) })
		c.asks("谢谢")
		s.catchUp()
		if list, err := s.Proposals(ctx, everything, 0, 10); err != nil || len(list) != 0 {
			s.Errorf("a proposal that was put aside came back: %+v %v", list, err)
		}
		if _, err := s.Proposal(ctx, s.DB, everything, list[0].ID); !errors.Is(err, ErrNotFound) {
			s.Errorf("a closed proposal: %v", err)
		}
	})
}

// TestSynonyms holds that a word is proposed that customers use where the article says another.
func TestSynonyms(t *testing.T) {
	onBoth(t, func(s *shop) {
		a := s.article("how to get a voucher", "In the app.")
		for _, text := range []string{"get a chit", "where is my chit", "chit please", "how to get a voucher now"} {
			s.customer(0).asks(text).bot("clarify", 0, 0).asks("how to get a voucher", fmt.Sprint("article:", a.ID)).bot("answer", a.ID, a.PublishedRevision)
		}
		s.catchUp()
		list, err := s.Synonyms(context.Background())
		s.must(err)
		if len(list) != 1 || list[0].Word != "chit" || list[0].Other != "voucher" || list[0].N != 3 {
			s.Fatalf("proposed: %+v", list)
		}
		s.tx(func(ctx context.Context, tx *db.Tx) error { return s.RefuseSynonyms(ctx, tx, "chit", "voucher") })
		if list, err := s.Synonyms(context.Background()); err != nil || len(list) != 0 {
			s.Errorf("refused: %+v %v", list, err)
		}
	})
}

// TestPhrasings holds what of a group is filled in: each question once, by language, without what was hidden.
func TestPhrasings(t *testing.T) {
	got := Phrasings("能自提吗", []Example{{Text: "can I pick it up, ***?"}, {Text: "能自提吗？"}, {Text: "能自提吗"}, {Text: "***"}, {Text: "到店自提行吗"}})
	if !slices.Equal(got["zh"], []string{"能自提吗", "能自提吗？", "到店自提行吗"}) && !slices.Equal(got["zh"], []string{"能自提吗", "到店自提行吗"}) || !slices.Equal(got["en"], []string{"can I pick it up, ?"}) {
		t.Errorf("%q", got)
	}
	if got := Phrasings("x", nil); len(got) != 0 {
		t.Errorf("of nothing: %q", got)
	}
}

// TestRun follows by itself, and ends when it is told to.
func TestRun(t *testing.T) {
	s := newShop(t, t.TempDir()+"/huiyin.db")
	s.customer(0).asks("可以到店自提吗").bot("ask", 0, 0)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { s.Store.Run(ctx); close(done) }()
	for limit := time.Now().Add(30 * time.Second); len(s.list(Query{})) == 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatal("nothing was grouped")
		}
	}
	stop()
	<-done
}
