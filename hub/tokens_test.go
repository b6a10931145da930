package hub_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/hub"
)

// issuer is a provider of tokens, each valid for an hour.
type issuer struct {
	made atomic.Int32
	fail atomic.Bool
}

func (i *issuer) fetch(context.Context) (string, time.Duration, error) {
	if i.fail.Load() {
		return "", 0, errors.New("the provider is down")
	}
	time.Sleep(20 * time.Millisecond)
	return fmt.Sprint("token", i.made.Add(1)), time.Hour, nil
}

func TestTokensAreSharedAndRenewedOnce(t *testing.T) {
	onBoth(t, func(h *house) {
		nodes := []*hub.TokenStore{hub.NewTokenStore(h.Conversations, h.Vault), hub.NewTokenStore(&conversation.Store{DB: h.DB}, h.Vault)}
		i := &issuer{}
		all := func(refused string) map[string]int {
			got := map[string]int{}
			var mu sync.Mutex
			var wait sync.WaitGroup
			for n := range 20 {
				wait.Go(func() {
					token, err := nodes[n%2].Token(context.Background(), "wechat:1", refused, i.fetch)
					if err != nil {
						h.t.Error(err)
					}
					mu.Lock()
					got[token]++
					mu.Unlock()
				})
			}
			wait.Wait()
			return got
		}
		if got := all(""); got["token1"] != 20 {
			h.t.Fatal(got)
		}
		if got := all("token1"); got["token2"] != 20 || i.made.Load() != 2 {
			h.t.Fatal(got, i.made.Load())
		}
		var sealed string
		if err := h.DB.QueryRow(context.Background(), "SELECT sealed FROM tokens").Scan(&sealed); err != nil || strings.Contains(sealed, "token") {
			h.t.Fatal(sealed, err)
		}
	})
}

func TestATokenIsUsedWhileItLivesWhenNoneIsToBeHad(t *testing.T) {
	onBoth(t, func(h *house) {
		ctx := context.Background()
		i := &issuer{}
		tokens := hub.NewTokenStore(h.Conversations, h.Vault)
		if _, err := tokens.Token(ctx, "k", "", i.fetch); err != nil {
			h.t.Fatal(err)
		}
		expires := func(in time.Duration) {
			h.desk(func(ctx context.Context, tx *db.Tx) error {
				_, err := tx.Exec(ctx, "UPDATE tokens SET expires_at = ?", db.Millis(tx.Now.Add(in)))
				return err
			})
			tokens = hub.NewTokenStore(h.Conversations, h.Vault)
		}
		expires(time.Minute)
		i.fail.Store(true)
		if got, err := tokens.Token(ctx, "k", "", i.fetch); got != "token1" || err != nil {
			h.t.Fatal(got, err)
		}
		i.fail.Store(false)
		if got, err := tokens.Token(ctx, "k", "", i.fetch); got != "token2" || err != nil {
			h.t.Fatal("renewed early:", got, err)
		}
		expires(-time.Minute)
		i.fail.Store(true)
		if got, err := tokens.Token(ctx, "k", "", i.fetch); err == nil {
			h.t.Fatal(got)
		}
	})
}
