package wecom_test

import (
	"strings"
	"testing"
	"time"

	"huiyin/db"
	"huiyin/handoff"
)

func TestEachWayIntoHumanHandsIsToldOnce(t *testing.T) {
	onBoth(t, func(o *office) {
		id := o.customer("Wang [Li](http://evil)", "my bill is wrong <@all>")
		o.told(1, "Handed over", "asked for a person", "Wang ［Li］（http：//evil）", "my bill is wrong ＜＠all＞", "(http://hub.example/console/inbox/all/1)")
		o.settled()
		o.tx(func(tx *db.Tx) error { _, err := o.desk.Claim(o.ctx, tx, id, o.anna, false); return err })
		o.tx(func(tx *db.Tx) error {
			_, err := o.desk.Release(o.ctx, tx, id, o.anna, handoff.ToQueue)
			return err
		})
		o.clock.pass(11 * time.Second)
		o.told(2, "Back in the queue")
		o.settled()
		for range 2 {
			o.clock.pass(151 * time.Second)
			o.settled()
		}
		o.told(3, "Unclaimed for 5 minutes")
		for range 2 {
			o.clock.pass(time.Minute)
			o.settled()
		}
		o.told(3)
	})
}

func TestWhatWeComRefusesIsToldLater(t *testing.T) {
	onBoth(t, func(o *office) {
		o.group.then(45009, 45033, 93000)
		o.customer("Wang Li", "hello")
		for n, wait := range []time.Duration{time.Minute, 30 * time.Second, 30 * time.Second} {
			o.until("a refusal", func() bool { return o.group.requests() == n+1 })
			o.until("its words", func() bool { p, err := o.board.Problem(o.ctx, o.store.DB); return err == nil && p != "" })
			o.settled()
			if got := o.group.all(); len(got) != 0 {
				t.Fatal("posted all the same:", got)
			}
			o.clock.pass(wait + time.Second)
		}
		o.told(1, "Handed over")
		o.settled()
		if p, err := o.board.Problem(o.ctx, o.store.DB); err != nil || p != "" {
			t.Fatal("there still is a problem:", p, err)
		}
	})
}

// A gateway that asks for a pause gets it, also from the conversations behind, and a notice that it turned away counts as not posted.
func TestWhoAsksForAPauseGetsIt(t *testing.T) {
	onBoth(t, func(o *office) {
		o.group.then(crowded, crowded, crowded, 0)
		for n := range 3 { // more often than a notice of unknown outcome is tried
			if n == 0 {
				o.customer("Wang Li", "hello")
			}
			o.until("a refusal", func() bool { return o.group.requests() == n+1 })
			o.until("its words", func() bool {
				p, err := o.board.Problem(o.ctx, o.store.DB)
				return err == nil && strings.Contains(p, "429")
			})
			o.settled()
			o.says("Wang Li", "are you there?")
			if n == 0 {
				o.customer("Li Na", "me too")
			}
			o.clock.pass(9 * time.Minute)
			o.settled()
			if got := o.group.requests(); got != n+1 {
				t.Fatal("asked", got, "times within the pause")
			}
			o.clock.pass(time.Minute + time.Second)
		}
		o.until("both being told", func() bool {
			o.clock.pass(time.Second)
			return strings.Count(strings.Join(o.group.all(), "\n"), "Handed over") == 2
		})
	})
}

func TestANoticeWhoseAnswerIsLostIsRepeatedOnceAndNeverAgain(t *testing.T) {
	for label, c := range map[string]struct{ answers, posted int }{"it had arrived": {lost, 2}, "it had not": {broken, 0}} {
		t.Run(label, func(t *testing.T) {
			onBoth(t, func(o *office) {
				o.group.then(c.answers, c.answers, 0)
				o.customer("Wang Li", "hello")
				o.until("the first try", func() bool { return o.group.requests() == 1 })
				for range 3 {
					o.settled()
					o.clock.pass(16 * time.Second)
				}
				o.settled()
				if got := o.group.requests(); got != 2 || len(o.group.all()) != c.posted {
					t.Fatal(got, "requests, posted", o.group.all())
				}
			})
		})
	}
}

func TestSettingsAreCheckedAndSealed(t *testing.T) {
	onBoth(t, func(o *office) {
		var sealed, settings string
		if err := o.store.DB.QueryRow(o.ctx, "SELECT sealed, settings FROM wecom_robot").Scan(&sealed, &settings); err != nil || strings.Contains(sealed+settings, "secret-") {
			t.Fatal("the key can be read:", sealed, settings, err)
		}
		for label, address := range map[string]string{"another host": "https://evil.example/cgi-bin/webhook/send?key=1", "no key": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send",
			"another path": "https://qyapi.weixin.qq.com/x?key=1", "plain": "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1", "somebody's": "https://qyapi.weixin.qq.com@evil.example/cgi-bin/webhook/send?key=1"} {
			s := o.settings()
			s.Version, s.Robots[0] = 1, address
			if err := o.store.DB.Tx(o.ctx, func(tx *db.Tx) error { return o.board.Save(o.ctx, tx, s) }); err == nil {
				t.Error(label, "was taken")
			}
		}
		kept := o.settings()
		kept.Version, kept.Robots[0] = 1, ""
		o.tx(func(tx *db.Tx) error { return o.board.Save(o.ctx, tx, kept) })
		if s, err := o.board.Settings(o.ctx, o.store.DB); err != nil || s.Robots[0] != webhook || s.Version != 2 {
			t.Fatal("not kept:", s, err)
		}
		if err := o.store.DB.Tx(o.ctx, func(tx *db.Tx) error { return o.board.Save(o.ctx, tx, kept) }); err == nil {
			t.Fatal("an old version was saved over a newer one")
		}
		if err := o.board.Check(o.ctx, kept); err != nil || len(o.group.all()) != 1 {
			t.Fatal("the check:", err, o.group.all())
		}
		o.group.then(93000)
		if err := o.board.Check(o.ctx, kept); err == nil || !strings.Contains(err.Error(), "does not know this webhook") {
			t.Fatal("the check:", err)
		}
		o.server.Close()
		if err := o.board.Check(o.ctx, kept); err == nil || strings.Contains(err.Error(), "secret-") {
			t.Fatal("the check of a server that is down:", err)
		}
	})
}

func TestALongNoticeIsCutBetweenCharacters(t *testing.T) {
	onBoth(t, func(o *office) {
		o.customer("Wang Li", strings.Repeat("（账单😀", 2000))
		o.told(1, "…", "(http://hub.example/")
		if text := o.group.all()[0]; len(text) > 4096 || strings.ContainsRune(text, '\uFFFD') {
			t.Fatal(len(text), text)
		}
	})
}
