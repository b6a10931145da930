package admin

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
	"huiyin/live"
)

// office is the accounts over a database whose clock stands still until it is moved.
type office struct {
	Accounts
	t   *testing.T
	now time.Time
}

func openOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
	ctx := context.Background()
	d, err := db.Open(ctx, filepath.Join(t.TempDir(), "huiyin.db"), db.Options{Now: func() time.Time { return o.now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	if err := d.Migrate(ctx, conversation.Migrations(), handoff.Migrations(), Migrations()); err != nil {
		t.Fatal(err)
	}
	o.Accounts = NewAccounts(d, handoff.New(d, &conversation.Store{DB: d}, live.NewHub(nil)))
	return o
}

func (o *office) tx(fn func(ctx context.Context, tx *db.Tx) error) {
	o.t.Helper()
	ctx := context.Background()
	if err := o.db.Tx(ctx, func(tx *db.Tx) error { return fn(ctx, tx) }); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) start(agent int64, client string) (token string) {
	o.t.Helper()
	o.tx(func(ctx context.Context, tx *db.Tx) (err error) {
		token, err = startSession(ctx, tx, agent, "10.0.0.1", client)
		return err
	})
	return token
}

// lives tells whether a session still works, using it when it does.
func (o *office) lives(token string) bool {
	o.t.Helper()
	s, ok, err := o.sessionOf(context.Background(), token)
	if err != nil {
		o.t.Fatal(err)
	}
	if ok {
		if err := o.keepSession(context.Background(), s); err != nil {
			o.t.Fatal(err)
		}
	}
	return ok
}

func TestASessionLivesWhileItIsUsed(t *testing.T) {
	for _, c := range []struct {
		name  string
		every time.Duration
		dead  time.Duration // when it is found dead
	}{
		{"used all the time", time.Hour, sessionLife},
		{"used now and then", 11 * time.Hour, 176 * time.Hour},
		{"left alone", 13 * time.Hour, 13 * time.Hour},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := openOffice(t)
			token, began := o.start(1, "browser"), o.now
			for o.now.Sub(began) < 10*24*time.Hour {
				o.now = o.now.Add(c.every)
				if !o.lives(token) {
					break
				}
			}
			if got := o.now.Sub(began); got < c.dead-c.every || got > c.dead+c.every {
				t.Errorf("found dead after %v, want about %v", got, c.dead)
			}
		})
	}
}

func TestSessionsAreToldApart(t *testing.T) {
	o := openOffice(t)
	first, second, other := o.start(1, "phone"), o.start(1, "desk"), o.start(2, "desk")
	s, ok, err := o.sessionOf(context.Background(), second)
	if err != nil || !ok || s.agentID != 1 {
		t.Fatalf("%+v, %v", s, err)
	}
	o.tx(func(ctx context.Context, tx *db.Tx) error { return endSessions(ctx, tx, 1, s.id) })
	if o.lives(first) || !o.lives(second) || !o.lives(other) {
		t.Error("ending the others ends too few or too many")
	}
	o.tx(func(ctx context.Context, tx *db.Tx) error { return endSession(ctx, tx, s.id) })
	if o.lives(second) || !o.lives(other) {
		t.Error("ending one ends none or more")
	}
	for _, token := range []string{"", "nonsense", secretHash(other), strings.ToUpper(other)} {
		if o.lives(token) {
			t.Errorf("%q works", token)
		}
	}
}

func TestSessionsKeepNoToken(t *testing.T) {
	o := openOffice(t)
	token := o.start(1, strings.Repeat("é", 500)+"\xff")
	var hash, client string
	if err := o.db.QueryRow(context.Background(), "SELECT token_hash, client FROM sessions").Scan(&hash, &client); err != nil {
		t.Fatal(err)
	}
	if hash == token || len(hash) != 64 || len(client) > maxClientText {
		t.Errorf("hash %q, client of %d bytes", hash, len(client))
	}
}

func TestKeysOverTime(t *testing.T) {
	o := openOffice(t)
	ctx := context.Background()
	secret, made, err := o.CreateKey(ctx, "  the   crm ", []string{"listTags"})
	if err != nil || made.Name != "the crm" || !strings.HasPrefix(secret, keyWord) || !strings.HasPrefix(secret, made.Prefix) {
		t.Fatalf("%+v, %v", made, err)
	}
	k, err := o.keyOf(ctx, secret)
	if err != nil || k == nil || k.ID != made.ID || !k.covers("listTags") || k.covers("listTeams") || !k.UsedAt.IsZero() {
		t.Fatalf("%+v, %v", k, err)
	}
	if err := o.noteKey(ctx, k); err != nil {
		t.Fatal(err)
	}
	first := o.now
	o.now = o.now.Add(30 * time.Second)
	if k, err = o.keyOf(ctx, secret); err != nil || !k.UsedAt.Equal(first) {
		t.Fatalf("%+v, %v", k, err)
	}
	if err := o.noteKey(ctx, k); err != nil {
		t.Fatal(err)
	}
	if k, _ = o.keyOf(ctx, secret); !k.UsedAt.Equal(first) {
		t.Error("every use is written")
	}
	o.tx(func(ctx context.Context, tx *db.Tx) error {
		name, err := revokeKey(ctx, tx, k.ID)
		if name != "the crm" {
			t.Errorf("revoked %q", name)
		}
		return err
	})
	for _, word := range []string{secret, "", keyWord, made.Prefix, secretHash(secret), strings.TrimPrefix(secret, keyWord)} {
		if k, err := o.keyOf(ctx, word); k != nil || err != nil {
			t.Errorf("%q works: %v", word, err)
		}
	}
	if left, err := o.Keys(ctx); err != nil || len(left) != 0 {
		t.Errorf("%v, %v", left, err)
	}
}

func TestPasswordsOfPeople(t *testing.T) {
	o := openOffice(t)
	ctx := context.Background()
	li, err := o.CreateUser(ctx, handoff.Agent{Name: "Li", Email: "li@example.com", Role: handoff.AgentRole}, "0123456789")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name     string
		agent    int64
		password string
		want     bool
	}{
		{"the right one", li.ID, "0123456789", true},
		{"a wrong one", li.ID, "0123456780", false},
		{"none", li.ID, "", false},
		{"nobody's", 0, "0123456789", false},
		{"of somebody without", 4711, "0123456789", false},
	} {
		if got, err := o.holds(ctx, c.agent, c.password); got != c.want || err != nil {
			t.Errorf("%s: %v, %v", c.name, got, err)
		}
	}
	for _, bad := range []string{"", "123456789", strings.Repeat("x", maxPassword+1)} {
		if _, err := o.newHash(ctx, bad); err == nil {
			t.Errorf("a password of %d characters is taken", len(bad))
		}
	}
	if _, err := o.newHash(ctx, "一二三四五六七八九十"); err != nil {
		t.Errorf("ten characters are refused: %v", err)
	}
}

func TestAuditPagesFromTheDatabase(t *testing.T) {
	o := openOffice(t)
	for i := range 5 {
		o.now = o.now.Add(time.Minute)
		o.tx(func(ctx context.Context, tx *db.Tx) error {
			return writeAudit(ctx, tx, auditEntry{actor: "Anna", action: "tested", object: object("thing", int64(i)), detail: "d", address: "10.0.0.1"})
		})
	}
	newest, err := readAudit(context.Background(), o.db, 0, 2)
	if err != nil || len(newest) != 2 || newest[0].object != "thing:4" || !newest[0].at.Equal(o.now) || newest[0].actor != "Anna" {
		t.Fatalf("%+v, %v", newest, err)
	}
	rest, err := readAudit(context.Background(), o.db, newest[1].id, 10)
	if err != nil || len(rest) != 3 || rest[2].object != "thing:0" || rest[0].address != "10.0.0.1" || rest[0].detail != "d" {
		t.Fatalf("%+v, %v", rest, err)
	}
}
