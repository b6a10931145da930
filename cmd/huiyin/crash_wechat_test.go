package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"huiyin/channels/simulator"
	"huiyin/db/pgtest"
)

func TestCrashUnderWeChatOnSQLite(t *testing.T) {
	t.Parallel()
	crashUnderWeChat(t, "")
}

func TestCrashUnderWeChatOnPostgreSQL(t *testing.T) {
	t.Parallel()
	crashUnderWeChat(t, pgtest.URL(t))
}

const aesKey = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"

// crashUnderWeChat kills the server at random moments while customers of an Official Account ask. WeChat repeats each
// callback that gets no answer. Every question is stored once, and every answer is on the customer's phone once, unless
// the hub itself says that it does not know.
func crashUnderWeChat(t *testing.T, databaseURL string) {
	rounds := crashRounds(t)
	s, _, _ := furnished(t, databaseURL)
	account, inbox := officialAccount(t, s)
	seed := rand.Uint64()
	t.Logf("seed %d, %d rounds", seed, rounds)
	chance := rand.New(rand.NewPCG(seed, 0))
	const customers = 12
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	crowds := make([]crowd, customers)
	var all sync.WaitGroup
	for n := range customers {
		all.Go(func() { crowds[n].ask(ctx, t, account, n) })
	}
	for range rounds {
		time.Sleep(time.Duration(chance.Int64N(int64(roundTime))))
		s.kill()
		s.start()
	}
	time.Sleep(afterwards)
	stop()
	all.Wait()
	reconcileWeChat(t, s, inbox, crowds, faultRow{Rounds: rounds, Seed: fmt.Sprint(seed)})
}

// officialAccount is an account with the simulator whose callbacks come to the server, and the server's inbox for it.
func officialAccount(t *testing.T, s *server) (*simulator.Account, int64) {
	t.Helper()
	sim := simulator.New(simulator.Options{Wait: 2 * time.Second})
	api := httptest.NewServer(sim)
	t.Cleanup(api.Close)
	sim.At(api.URL)
	account, err := sim.Add(simulator.Config{Kind: simulator.OfficialAccount, Name: "OA", AppID: "wx0123456789abcdef", Original: "gh_0123456789ab",
		Secret: "0123456789abcdef0123456789abcdef", Token: "token123", AESKey: aesKey, Mode: simulator.Safe})
	if err != nil {
		t.Fatal(err)
	}
	made := decode[shownInbox](t, callWith("", s.on("inbox", "create", "--kind", "wechat", "--name", "OA", "--json",
		"--set", "app_id=wx0123456789abcdef", "--set", "app_secret=0123456789abcdef0123456789abcdef", "--set", "token=token123",
		"--set", "aes_key="+aesKey, "--set", "passive_wait=1500", "--set", "api_base="+api.URL)...))
	account.Configure(func(c *simulator.Config) { c.Callbacks = []string{fmt.Sprintf("%s/hooks/%d", s.url(), made.ID)} })
	return account, made.ID
}

// crowd are customers one after the other, so that no screen gets longer than a phone keeps.
type crowd struct {
	phones   []*simulator.Phone
	accepted int // questions that WeChat got an answer to
}

const questionsEach = 200

// ask has customers ask one question after the other until ctx ends.
func (c *crowd) ask(ctx context.Context, t *testing.T, account *simulator.Account, n int) {
	whole := context.Background() // a question that was begun is brought to its end
	for asked := 0; ctx.Err() == nil; asked++ {
		if asked%questionsEach == 0 {
			c.phones = append(c.phones, account.Phone(fmt.Sprint("c", n, "-", asked)))
			if _, err := c.phones[len(c.phones)-1].Do(whole, simulator.Act{Do: "follow"}); err != nil {
				t.Error(err)
			}
		}
		c.askOnce(whole, t)
		select {
		case <-ctx.Done():
		case <-time.After(40 * time.Millisecond):
		}
	}
}

// askOnce has the newest customer ask.
func (c *crowd) askOnce(ctx context.Context, t *testing.T) {
	d, err := c.phones[len(c.phones)-1].Do(ctx, simulator.Act{Do: "text", Text: "怎么开电子发票？"})
	if err != nil || d.Answer == simulator.Wrong {
		t.Errorf("%+v, %v", d, err)
	}
	if d.Answer == simulator.Passive || d.Answer == simulator.Success {
		c.accepted++
	}
}

// reconcileWeChat compares the phones with the rows once nothing is under way.
func reconcileWeChat(t *testing.T, s *server, inbox int64, crowds []crowd, row faultRow) {
	t.Helper()
	of := settledRows(t, s, inbox, crowds)
	shown, accepted := 0, 0
	for _, c := range crowds {
		accepted += c.accepted
		for _, p := range c.phones {
			shown += len(p.Said())
		}
	}
	t.Logf("%d accepted; %d stored, %d answers sent, %d uncertain; %d on the phones", accepted, of.questions, of.sent, of.uncertain, shown)
	row.Accepted, row.Lost, row.Stuck, row.Uncertain = of.questions, max(accepted-of.questions, 0)+max(of.sent-shown, 0), of.queued+of.held+of.due, of.uncertain
	row.Doubled = max(shown-of.sent-of.uncertain, 0)
	row.Disordered = s.outOfOrder(inbox)
	noteFault(t, row)
	if of.questions < accepted || of.questions == 0 || of.queued+of.held+of.due > 0 || of.other > 0 {
		t.Errorf("rows: %+v; accepted: %d", of, accepted)
	}
	if row.Disordered > 0 {
		t.Errorf("%d questions are stored after a later one", row.Disordered)
	}
	if shown < of.sent || shown > of.sent+of.uncertain {
		t.Errorf("%d answers are on the phones", shown)
	}
	t.Logf("%s", s.call("ledger", "check"))
}

// settledRows waits until nothing is under way. Behind an answer whose sender was killed more can pile up than a customer
// may be sent without writing again; what is held for that goes out as soon as they do.
func settledRows(t *testing.T, s *server, inbox int64, crowds []crowd) (of rowCounts) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		of = s.counts(inbox)
		if of.queued+of.due > 0 {
			continue
		}
		if of.held == 0 {
			return of
		}
		for n := range crowds {
			crowds[n].askOnce(context.Background(), t)
		}
	}
	return of
}

// outOfOrder counts the questions with a number that are stored after one with a higher, or twice.
func (s *server) outOfOrder(inbox int64) (n int) {
	s.Helper()
	err := s.where().with(func(ctx context.Context, p *parts) error {
		rows, err := p.db.Query(ctx, "SELECT conversation_id, text FROM messages WHERE inbox_id = ? AND sender = 'contact' ORDER BY conversation_id, seq", inbox)
		if err != nil {
			return err
		}
		defer rows.Close()
		last := map[int64]int{}
		for rows.Next() {
			var c int64
			var text string
			if err := rows.Scan(&c, &text); err != nil {
				return err
			}
			_, digits, _ := strings.Cut(text, "？")
			number, err := strconv.Atoi(digits)
			if err != nil {
				continue
			}
			if before, known := last[c]; known && number <= before {
				n++
			}
			last[c] = number
		}
		return rows.Err()
	})
	if err != nil {
		s.Fatal(err)
	}
	return n
}

// rowCounts are what the rows of an inbox add up to.
type rowCounts struct{ questions, sent, uncertain, queued, held, due, other int }

func (s *server) counts(inbox int64) (of rowCounts) {
	s.Helper()
	err := s.where().with(func(ctx context.Context, p *parts) error {
		return p.db.QueryRow(ctx, `SELECT COUNT(CASE WHEN sender = 'contact' AND text <> '' THEN 1 END), COUNT(CASE WHEN delivery IN ('sent', 'delivered') AND joined_to = 0 THEN 1 END),
 COUNT(CASE WHEN delivery = 'uncertain' AND joined_to = 0 THEN 1 END), COUNT(CASE WHEN delivery = 'queued' THEN 1 END), COUNT(CASE WHEN delivery = 'held' THEN 1 END),
 (SELECT COUNT(*) FROM conversations WHERE inbox_id = ? AND due_at IS NOT NULL), COUNT(CASE WHEN delivery = 'failed' THEN 1 END)
 FROM messages WHERE inbox_id = ?`, inbox, inbox).Scan(&of.questions, &of.sent, &of.uncertain, &of.queued, &of.held, &of.due, &of.other)
	})
	if err != nil {
		s.Fatal(err)
	}
	return of
}
