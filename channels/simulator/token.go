package simulator

import (
	"encoding/json"
	"slices"
	"time"
)

// token is an access token of an account.
type token struct {
	value   string
	account *Account
	until   time.Time
	revoked bool
}

const (
	tokenLives = 2 * time.Hour
	tokenEarly = 5 * time.Minute // a new one is given so long before the end, and the old one lives on as long
	forceEvery = 30 * time.Second
	forceDaily = 20
)

type tokenAnswer struct {
	Code    *int   `json:"errcode,omitempty"`
	Text    string `json:"errmsg,omitempty"`
	Token   string `json:"access_token"`
	Seconds int64  `json:"expires_in"`
}

func (s *Simulator) issue(a *Account) *token {
	t := &token{value: s.random(96), account: a, until: s.clock().Add(tokenLives)}
	s.tokens[t.value] = t
	return t
}

func (s *Simulator) tokenAnswer(t *token) tokenAnswer {
	return tokenAnswer{Token: t.value, Seconds: int64(t.until.Sub(s.clock()).Seconds())}
}

// tokenOf finds whose token it is. WeCom names an unknown one otherwise than WeChat.
func (s *Simulator) tokenOf(value string, wecom bool) (*token, *refusal) {
	t := s.tokens[value]
	switch {
	case value == "":
		return nil, refuse(41001, "access_token missing")
	case t == nil || t.revoked:
		if wecom || t != nil && t.account.config.Kind == CustomerService {
			return nil, refuse(40014, "invalid access_token")
		}
		return nil, refuse(40001, "invalid credential, access_token is invalid or not latest")
	case !s.clock().Before(t.until):
		return nil, refuse(42001, "access_token expired")
	case wecom != (t.account.config.Kind == CustomerService) && wecom:
		return nil, refuse(40014, "invalid access_token")
	}
	return t, nil
}

// ExpireTokens ends all tokens of the account as their time does: 42001.
func (a *Account) ExpireTokens() {
	a.eachToken(func(t *token) { t.until = a.sim.clock().Add(-time.Second) })
}

// RevokeTokens ends all tokens of the account as another one that was got elsewhere does: 40001, in WeCom 40014.
func (a *Account) RevokeTokens() { a.eachToken(func(t *token) { t.revoked = true }) }

func (a *Account) eachToken(do func(*token)) {
	a.sim.mu.Lock()
	defer a.sim.mu.Unlock()
	for _, t := range a.sim.tokens {
		if t.account == a {
			do(t)
		}
	}
	a.sim.touch()
}

// operator finds the account whose id and secret a call shows.
func (c *apiCall) operator(id, secret string, wecom bool) *refusal {
	for _, a := range c.sim.accounts {
		if a.config.AppID != id || wecom != (a.config.Kind == CustomerService) {
			continue
		}
		c.account = a
		if a.config.Secret == secret {
			return nil
		}
		if wecom {
			return refuse(40001, "invalid credential")
		}
		return refuse(40125, "invalid appsecret")
	}
	if wecom {
		return refuse(40013, "invalid corpid")
	}
	return refuse(40013, "invalid appid")
}

// legacyToken gives a new token each time; the one before lives on for five minutes.
// https://developers.weixin.qq.com/doc/service/api/base/api_getaccesstoken.html
func legacyToken(c *apiCall) (any, *refusal) {
	if c.query.Get("grant_type") != "client_credential" {
		return nil, refuse(40002, "invalid grant_type")
	}
	if refused := c.operator(c.query.Get("appid"), c.query.Get("secret"), false); refused != nil {
		return nil, refused
	}
	if old := c.account.legacy; old != nil && old.until.After(c.sim.clock().Add(tokenEarly)) {
		old.until = c.sim.clock().Add(tokenEarly)
	}
	c.account.legacy = c.sim.issue(c.account)
	return c.sim.tokenAnswer(c.account.legacy), nil
}

// stableToken gives the same token until shortly before its end.
// https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken.html
func stableToken(c *apiCall) (any, *refusal) {
	var in struct {
		Grant  string `json:"grant_type"`
		AppID  string `json:"appid"`
		Secret string `json:"secret"`
		Force  bool   `json:"force_refresh"`
	}
	if err := json.Unmarshal(c.body, &in); err != nil {
		return nil, refuse(47001, "data format error")
	}
	if in.Grant != "client_credential" {
		return nil, refuse(40002, "invalid grant_type")
	}
	if refused := c.operator(in.AppID, in.Secret, false); refused != nil {
		return nil, refused
	}
	a, now := c.account, c.sim.clock()
	if in.Force {
		if refused := a.force(now); refused != nil {
			return nil, refused
		}
	}
	if a.stable == nil || a.stable.revoked || a.stable.until.Sub(now) < tokenEarly {
		a.stable = c.sim.issue(a)
	}
	return c.sim.tokenAnswer(a.stable), nil
}

// force ends the stable token at once, within its own limits.
func (a *Account) force(now time.Time) *refusal {
	a.forced = slices.DeleteFunc(a.forced, func(at time.Time) bool { return now.Sub(at) > 24*time.Hour })
	if n := len(a.forced); n > 0 && now.Sub(a.forced[n-1]) < forceEvery {
		return nil // the one of a moment ago stands
	}
	if len(a.forced) >= forceDaily {
		return refuse(45009, "reach max api daily quota limit")
	}
	a.forced = append(a.forced, now)
	if a.stable != nil {
		a.stable.revoked = true
	}
	return nil
}

// corpToken is WeCom's: the same until it ends.
// https://developer.work.weixin.qq.com/document/path/91039
func corpToken(c *apiCall) (any, *refusal) {
	if refused := c.operator(c.query.Get("corpid"), c.query.Get("corpsecret"), true); refused != nil {
		return nil, refused
	}
	a := c.account
	if a.stable == nil || a.stable.revoked || !c.sim.clock().Before(a.stable.until) {
		a.stable = c.sim.issue(a)
	}
	t := c.sim.tokenAnswer(a.stable)
	t.Code, t.Text = new(int), "ok"
	return t, nil
}
