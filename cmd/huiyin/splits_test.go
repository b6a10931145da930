package main

import (
	"math/rand/v2"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"huiyin/db/pgtest"
	"huiyin/live/redistest"
)

// apart is a node with lines of its own to PostgreSQL and to Redis.
type apart struct {
	*server
	database, redis *line
}

// startApart starts two nodes behind a balancer, each of which can be cut off alone.
func startApart(t *testing.T) (nodes [2]apart, front *balancer, inbox int64, key string) {
	t.Helper()
	address, redis, files := pgtest.URL(t), redistest.Start(t), t.TempDir()
	for i := range nodes {
		toDatabase, database := databaseLine(t, address)
		u, err := url.Parse(redis.URL())
		if err != nil {
			t.Fatal(err)
		}
		toRedis := newLine(t, "tcp", u.Host)
		nodes[i] = apart{database: toDatabase, redis: toRedis}
		if i == 0 {
			nodes[i].server, inbox, key = furnished(t, database)
			nodes[i].kill()
		} else {
			nodes[i].server = &server{T: t, data: t.TempDir(), db: database}
			if err := copyKey(nodes[0].server, nodes[i].server); err != nil {
				t.Fatal(err)
			}
		}
		flags := []string{"--redis", "redis://" + toRedis.Addr().String() + "/0", "--attachments", files}
		nodes[i].flags = flags
		if i == 0 {
			nodes[i].start()
		} else {
			startServer(t, nodes[i].server)
		}
	}
	return nodes, balance(t, nodes[0].address, nodes[1].address), inbox, key
}

// freezeFor is how long a node stands still: past the end of its leases in the long run.
func freezeFor(chance *rand.Rand) {
	if os.Getenv("HUIYIN_CRASH_ROUNDS") != "" {
		time.Sleep(60 * time.Second)
		return
	}
	aWhile(chance)
}

// A node that is cut off from PostgreSQL but not from Redis and the customers, or from Redis alone, or from both, or stands
// still until its leases are over: what it had is done by the other, once.
func TestFaultsOfASplit(t *testing.T) {
	t.Parallel()
	nodes, front, inbox, key := startApart(t)
	long := os.Getenv("HUIYIN_CRASH_ROUNDS") != ""
	away := func(l *line, chance *rand.Rand, state lineState) {
		l.set(state)
		if state.away {
			l.cut()
		}
		aWhile(chance)
		l.set(lineState{})
	}
	faults := []func(n apart, chance *rand.Rand){
		func(n apart, chance *rand.Rand) { away(n.database, chance, lineState{away: true}) },
		func(n apart, chance *rand.Rand) { away(n.redis, chance, lineState{silent: true}) },
		func(n apart, chance *rand.Rand) {
			n.redis.set(lineState{away: true})
			n.redis.cut()
			away(n.database, chance, lineState{silent: true})
			n.redis.set(lineState{})
		},
		func(n apart, chance *rand.Rand) { away(n.redis, chance, lineState{delay: 300 * time.Millisecond}) },
	}
	under(t, front.url(), key, inbox, max(crashRounds(t), len(faults)), func(round int, chance *rand.Rand) {
		n := nodes[chance.IntN(len(nodes))]
		if long && round%10 == 9 || !long && round == 0 {
			n.freeze(true)
			freezeFor(chance)
			n.freeze(false)
			return
		}
		faults[round%len(faults)](n, chance)
	})
	t.Logf("%s", nodes[0].call("ledger", "check"))
}

// PostgreSQL is stopped in order and at once, and started again: what was acknowledged is there, and the node goes on by itself.
func TestFaultsOfPostgreSQLRestarted(t *testing.T) {
	t.Parallel()
	database := pgtest.StartOwn(t)
	s, inbox, key := furnished(t, database.URL())
	var longest time.Duration
	under(t, s.url(), key, inbox, crashRounds(t), func(round int, chance *rand.Rand) {
		database.Stop(round%2 == 1)
		aWhile(chance)
		database.Again(t)
		begun := time.Now()
		for !strings.HasPrefix(s.readyz(), "ready\n") {
			if time.Since(begun) > 30*time.Second {
				t.Error("the node does not recover")
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		longest = max(longest, time.Since(begun))
	})
	s.served(longest)
	t.Logf("ready again after %v at most\n%s", longest.Round(time.Millisecond), s.call("ledger", "check"))
}
