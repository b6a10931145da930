package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"huiyin/channels/simulator"
	"huiyin/db/pgtest"
)

func TestCrashUnderTextsOnSQLite(t *testing.T) {
	t.Parallel()
	crashUnderTexts(t, "")
}

func TestCrashUnderTextsOnPostgreSQL(t *testing.T) {
	t.Parallel()
	crashUnderTexts(t, pgtest.URL(t))
}

// crashUnderTexts kills the server at random moments while customers text. The cloud repeats each callback that gets no
// answer. Every text is stored once, and every answer is on the customer's phone once, unless the hub itself says that it
// does not know; as the cloud gives our own id back in its receipts, hardly any stays unknown.
func crashUnderTexts(t *testing.T, databaseURL string) {
	rounds := crashRounds(t)
	b := newTexts(t, databaseURL, simulator.Aliyun)
	b.account.Configure(func(c *simulator.Config) {
		c.Repeats = nil
		for range 300 {
			c.Repeats = append(c.Repeats, 100*time.Millisecond)
		}
	})
	seed := rand.Uint64()
	t.Logf("seed %d, %d rounds", seed, rounds)
	chance := rand.New(rand.NewPCG(seed, 0))
	const customers = 12
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	crowds := make([]crowd, customers)
	var all sync.WaitGroup
	for n := range customers {
		all.Go(func() { crowds[n].text(ctx, t, b.account, n) })
	}
	for range rounds {
		time.Sleep(time.Duration(chance.Int64N(int64(roundTime))))
		b.kill()
		b.start()
	}
	time.Sleep(afterwards)
	stop()
	all.Wait()
	reconcileWeChat(t, b.server, b.inbox, crowds, faultRow{Rounds: rounds, Seed: fmt.Sprint(seed)})
}

// text has customers text one question after the other until ctx ends.
func (c *crowd) text(ctx context.Context, t *testing.T, account *simulator.Account, n int) {
	whole := context.Background() // a text that was begun is brought to its end
	for asked := 0; ctx.Err() == nil; asked++ {
		if asked%questionsEach == 0 {
			c.phones = append(c.phones, account.Phone(fmt.Sprintf("86138%04d%04d", n, asked)))
		}
		d, err := c.phones[len(c.phones)-1].Do(whole, simulator.Act{Do: "text", Text: fmt.Sprintf("怎么开电子发票？%d", asked)})
		if err != nil {
			t.Error(err)
		}
		if d.Answer == simulator.Success {
			c.accepted++
		} else {
			t.Errorf("%+v", d)
		}
		select {
		case <-ctx.Done():
		case <-time.After(40 * time.Millisecond):
		}
	}
}
