package wecom

import (
	"context"
	"sync"
	"time"

	"huiyin/channels/internal/weixin"
	"huiyin/conversation"
)

// The limits of asking who customers are (https://developer.work.weixin.qq.com/document/path/95159: 100 at a time). It
// must not hold messages up: it has little time, and what it does not find is asked for with a later message.
const (
	profileBatch   = 100
	profileCalls   = 3
	profileTimeout = 3 * time.Second
	profileFresh   = 6 * time.Hour
	profileMost    = 20_000
)

// profiles remembers who customers are, so that each is asked for only now and then.
type profiles struct {
	mu    *sync.Mutex
	known map[string]known
}

type known struct {
	profile conversation.Profile
	until   time.Time
}

func newProfiles() profiles { return profiles{mu: &sync.Mutex{}, known: map[string]known{}} }

func (p profiles) get(key string, now time.Time) (conversation.Profile, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	k, ok := p.known[key]
	return k.profile, ok && now.Before(k.until)
}

func (p profiles) put(key string, profile conversation.Profile, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.known) >= profileMost {
		clear(p.known)
	}
	p.known[key] = known{profile, now.Add(profileFresh)}
}

type customer struct {
	ID       string `json:"external_userid"`
	Nickname string `json:"nickname"`
	Avatar   string `json:"avatar"`
	Gender   int    `json:"gender"`
	UnionID  string `json:"unionid"`
}

func (c customer) profile() conversation.Profile {
	sex := ""
	switch c.Gender {
	case 1:
		sex = "male"
	case 2:
		sex = "female"
	}
	return conversation.Profile{Name: c.Nickname, Attributes: data("avatar", c.Avatar, "unionid", c.UnionID, "gender", sex), Person: weixin.Person(c.UnionID)}
}

// introduce fills in who wrote, as far as that is known or can be learnt in a moment.
func (a *Adapter) introduce(ctx context.Context, to weixin.Account, messages []conversation.Incoming) {
	ctx, cancel := context.WithTimeout(ctx, profileTimeout)
	defer cancel()
	unknown := a.strangers(to, messages)
	for range profileCalls {
		if len(unknown) == 0 {
			break
		}
		n := min(profileBatch, len(unknown))
		if a.learn(ctx, to, unknown[:n]) != nil {
			break
		}
		unknown = unknown[n:]
	}
	for i := range messages {
		messages[i].Profile, _ = a.profiles.get(to.Key+messages[i].Address, a.now())
	}
}

func (a *Adapter) strangers(to weixin.Account, messages []conversation.Incoming) []string {
	var unknown []string
	seen := map[string]bool{}
	for _, m := range messages {
		_, ok := a.profiles.get(to.Key+m.Address, a.now())
		if !ok && !seen[m.Address] {
			seen[m.Address] = true
			unknown = append(unknown, m.Address)
		}
	}
	return unknown
}

// learn asks who some customers are. One that the provider does not know is remembered as a stranger.
func (a *Adapter) learn(ctx context.Context, to weixin.Account, ids []string) error {
	var got struct {
		List []customer `json:"customer_list"`
	}
	ask := map[string]any{"external_userid_list": ids, "need_enter_session_context": 0}
	if err := a.api.Call(ctx, to, "/cgi-bin/kf/customer/batchget", ask, &got); err != nil {
		return err
	}
	for _, id := range ids {
		a.profiles.put(to.Key+id, conversation.Profile{}, a.now())
	}
	for _, c := range got.List {
		a.profiles.put(to.Key+c.ID, c.profile(), a.now())
	}
	return nil
}
