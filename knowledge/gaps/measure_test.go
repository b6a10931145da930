package gaps

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"huiyin/conversation"
	"huiyin/db"
)

// told writes what came of a conversation's turns.
func (s *shop) told(id int64) string {
	s.Helper()
	list, err := readTurns(context.Background(), s.DB, "conversation_id = ? ORDER BY message_id", id)
	s.must(err)
	var words []string
	for _, t := range list {
		w := string(t.act)
		for _, more := range []string{t.verdict, string(t.vain)} {
			if more != "" {
				w += "/" + more
			}
		}
		if t.handed {
			w += "!"
		}
		words = append(words, w)
	}
	return strings.Join(words, " ")
}

// TestMeasure holds what is taken for answered, right, wrong and asked in vain.
func TestMeasure(t *testing.T) {
	onBoth(t, func(s *shop) {
		a := s.article("怎么开发票", "在 App 里开。")
		cases := []struct {
			name string
			c    *customer
			want string
		}{
			{"an answer that nobody judged", s.customer(0).asks("开发票").bot("answer", a.ID, 1), "answered"},
			{"one that helped", s.customer(0).asks("开发票").bot("answer", a.ID, 1).helped(true), "answered/right"},
			{"one that did not", s.customer(0).asks("开发票").bot("answer", a.ID, 1).helped(false), "answered/wrong/unhelpful"},
			{"an agent's word counts more than the customer's", s.customer(0).asks("开发票").bot("answer", a.ID, 1).helped(true).wrong(), "answered/wrong/marked"},
			{"not understood", s.customer(0).asks("能自提吗").bot("ask", 0, 0), "asked/unanswered"},
			{"given to a person", s.customer(0).asks("能自提吗").bot("ask", 0, 0).asks("自提").bot("handoff", 0, 0), "asked/unanswered! handed_off/unanswered!"},
			{"a choice that led to an answer", s.customer(0).asks("发票").bot("clarify", 0, 0).asks("怎么开发票", fmt.Sprint("article:", a.ID)).bot("answer", a.ID, 1), "clarified answered"},
			{"a choice that led to nothing", s.customer(0).asks("发票").bot("clarify", 0, 0).asks("都不是", "none").bot("ask", 0, 0), "clarified/unclear asked"},
			{"said in other words", s.customer(0).asks("发票").bot("clarify", 0, 0).asks("怎么开发票").bot("answer", a.ID, 1), "clarified answered"},
			{"small talk", s.customer(0).asks("你好").bot("smalltalk", 0, 0), ""},
			{"a new matter begins anew", s.customer(0).asks("发票").bot("clarify", 0, 0).resolved().asks("开发票").bot("answer", a.ID, 1), "clarified/unclear answered"},
		}
		s.catchUp()
		for _, c := range cases {
			if got := s.told(c.c.id); got != c.want {
				s.Errorf("%s: %q, want %q", c.name, got, c.want)
			}
		}
		chosen, err := s.choices(context.Background())
		s.must(err)
		if len(chosen) != 1 || chosen[0].article != a.ID {
			s.Errorf("chosen: %+v", chosen)
		}
	})
}

// TestRatedWhole holds that a rating of the whole conversation is for the last answer, when the bot alone had it.
func TestRatedWhole(t *testing.T) {
	onBoth(t, func(s *shop) {
		rate := func(c *customer, score int) *customer {
			s.tx(func(ctx context.Context, tx *db.Tx) error {
				of, err := s.Conversations.Load(ctx, tx, c.id)
				if err != nil {
					return err
				}
				return s.Conversations.Rate(ctx, tx, of, conversation.Rating{Score: score})
			})
			return c
		}
		good := rate(s.customer(0).asks("开发票").bot("answer", 1, 1).resolved(), 5)
		bad := rate(s.customer(0).asks("开发票").bot("answer", 1, 1).resolved(), 1)
		person := rate(s.customer(0).asks("开发票").bot("answer", 1, 1).asks("人工").bot("handoff", 0, 0).resolved(), 1)
		s.catchUp()
		for _, c := range []struct {
			of   *customer
			want string
		}{{good, "answered/right"}, {bad, "answered/wrong/unhelpful"}, {person, "answered! handed_off/unanswered!"}} {
			if got := s.told(c.of.id); got != c.want {
				s.Errorf("%q, want %q", got, c.want)
			}
		}
	})
}

// TestDaysAreTheTurns changes what was said at random, follows it in steps, and then counts the rows one by one: the sums by day must
// say the same, and so must those that are measured anew.
func TestDaysAreTheTurns(t *testing.T) {
	onBoth(t, func(s *shop) {
		chance := rand.New(rand.NewPCG(1, 2))
		var all []*customer
		for range 60 {
			c := s.customer(chance.IntN(2)).asks("开发票")
			all = append(all, c)
			switch chance.IntN(4) {
			case 0:
				c.bot("ask", 0, 0)
			case 1:
				c.bot("clarify", 0, 0)
			default:
				c.bot("answer", 1+int64(chance.IntN(3)), 1+int64(chance.IntN(2)))
			}
			if some := all[chance.IntN(len(all))]; some.last.Explanation != "" && strings.Contains(some.last.Explanation, `"answer"`) {
				some.helped(chance.IntN(2) == 0)
				if chance.IntN(4) == 0 {
					some.wrong()
				}
			}
			if chance.IntN(5) == 0 {
				s.catchUp()
			}
			s.pass(5 * 3600e9)
		}
		s.catchUp()
		followed := s.counted()
		if naive := s.naive(); !maps.Equal(followed, naive) {
			s.Errorf("kept %v\ncounted %v", followed, naive)
		}
		s.must(s.Rebuild(context.Background()))
		s.catchUp()
		if again := s.counted(); !maps.Equal(followed, again) {
			s.Errorf("kept %v\nanew %v", followed, again)
		}
	})
}

func (s *shop) counted() map[string]int64 {
	s.Helper()
	found := map[string]int64{}
	s.must(s.each(context.Background(), Span{From: 20260101, To: 20301231, Scope: everything}, func(p place, n int64) {
		found[fmt.Sprint(p.day, p.kind, p.inbox, p.article, p.revision)] += n
	}))
	return found
}

// naive counts the messages themselves.
func (s *shop) naive() map[string]int64 {
	s.Helper()
	ctx, found := context.Background(), map[string]int64{}
	ids, err := s.Conversations.IDsAfter(ctx, s.DB, 0, 1000)
	s.must(err)
	s.must(s.Conversations.EachTalk(ctx, s.DB, ids, func(talk conversation.Talk, all iter.Seq[conversation.Said]) {
		for said := range all {
			kind, article, revision := "", int64(0), int64(0)
			switch {
			case strings.Contains(said.Explanation, `"ask"`):
				kind = "asked"
			case strings.Contains(said.Explanation, `"clarify"`):
				kind = "clarified"
			case strings.Contains(said.Explanation, `"answer"`):
				kind = "answered"
				_, err := fmt.Sscanf(said.Explanation[strings.Index(said.Explanation, `"article":`):], `"article":%d,"reason":"","revision":%d`, &article, &revision)
				s.must(err)
			default:
				continue
			}
			key := func(kind string) string {
				return fmt.Sprint(dayOf(said.At), Kind(kind), talk.InboxID, article, revision)
			}
			found[key(kind)]++
			if said.Wrong || said.Helpful != nil && !*said.Helpful {
				found[key("wrong")]++
			} else if said.Helpful != nil {
				found[key("right")]++
			}
		}
	}))
	return found
}

// TestQuality holds what a page of figures reads: by day, channel, article and version, and the effect of a publication.
func TestQuality(t *testing.T) {
	onBoth(t, func(s *shop) {
		for i := range 24 {
			s.customer(i%2).asks("开发票").bot("answer", 5, int64(1+i/12)).helped(i >= 12 || i%3 == 0)
			if i == 11 {
				s.pass(24 * 3600e9)
			}
		}
		s.customer(0).asks("自提").bot("ask", 0, 0)
		s.catchUp()
		ctx := context.Background()
		q := Span{From: 20261020, To: 20261021, Scope: everything}
		all, err := s.Read(ctx, q)
		s.must(err)
		if all.All[KindAnswered] != 24 || all.All[KindRight] != 16 || all.All[KindWrong] != 8 || all.All[KindAsked] != 1 || all.Behind {
			s.Errorf("all: %v", all.All)
		}
		if len(all.Days) != 2 || len(all.Inboxes) != 2 || all.Articles[5][KindAnswered] != 24 {
			s.Errorf("days %v inboxes %v articles %v", all.Days, all.Inboxes, all.Articles)
		}
		q.ArticleID = 5
		one, err := s.Read(ctx, q)
		s.must(err)
		if one.Revisions[2][KindRight] != 12 || one.All[KindAsked] != 0 {
			s.Errorf("revisions %v", one.Revisions)
		}
		effect, err := s.Around(ctx, q, 20261021, 7)
		s.must(err)
		if !effect.Enough() || effect.Before[KindRight] != 4 || effect.After[KindRight] != 12 {
			s.Errorf("effect %+v", effect)
		}
		own, err := s.Read(ctx, Span{From: 20261020, To: 20261021, Scope: conversation.Scope{TeamIDs: []int64{7}}})
		s.must(err)
		if own.All[KindAnswered] != 12 {
			s.Errorf("a team's own: %v", own.All)
		}
		uses, err := s.Uses(ctx, s.time().AddDate(0, 0, -90))
		s.must(err)
		if u := uses[5]; u.Last != 20261021 || u.Doubtful() {
			s.Errorf("use %+v", u)
		}
		if !slices.Contains(Kinds(), KindHandedOff) {
			s.Error("no kind for what was handed off")
		}
	})
}
