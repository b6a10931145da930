package main

import (
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver that asks PostgreSQL for its counters
)

// The runs of a measurement.
const (
	steadyRate       = 100
	steadyFor        = 20 * time.Second
	steadyPeople     = 200
	slowRate         = 20
	slowLine         = 2 * time.Millisecond // each way
	openPeople       = 2000
	opening          = 25 * time.Second // until all are there
	idleFor          = 30 * time.Second
	saturatingRate   = 600
	saturatingPeople = 3000
	saturatingFor    = 20 * time.Second
	flushes          = 200
	holds            = 400
)

// bench is a measurement under way: a node, and the PostgreSQL on which it works.
type bench struct {
	bin, url, key string
	inbox         int64
	data          string
	db            *sql.DB
	node          *process
	log           io.Writer
}

// measure finds the costs on this machine. server is the address of a PostgreSQL on which databases may be made.
func measure(bin, server string, log io.Writer) (k costs, err error) {
	if bin == "" || server == "" {
		return k, errors.New("HUIYIN_BIN and HUIYIN_TEST_POSTGRES name the program and a PostgreSQL; run it by `make scale-costs`")
	}
	b := &bench{bin: bin, log: log}
	end, err := b.open(server)
	defer end()
	if err != nil {
		return k, err
	}
	k.At, k.Machine = time.Now().UTC().Format(time.DateOnly), machine()
	for _, step := range []func(*costs) error{b.disk, b.held, b.steady, b.away, b.crowd, b.saturated, b.beside} {
		if err := step(&k); err != nil {
			return k, err
		}
	}
	return k, nil
}

func (b *bench) open(server string) (end func(), err error) {
	end = func() {}
	admin, err := sql.Open("pgx", server)
	if err != nil {
		return end, err
	}
	name := "scale_" + strings.ToLower(rand.Text())
	if _, err := admin.Exec("CREATE DATABASE " + name + " TEMPLATE template0"); err != nil {
		return func() { _ = admin.Close() }, err
	}
	u, err := url.Parse(server)
	if err != nil {
		return end, err
	}
	u.Path = "/" + name
	b.url = u.String()
	if b.data, err = os.MkdirTemp("", "huiyin-scale-"); err != nil {
		return end, err
	}
	if b.db, err = sql.Open("pgx", b.url); err != nil {
		return end, err
	}
	end = func() {
		if b.node != nil {
			b.node.stop()
		}
		_ = b.db.Close()
		_, _ = admin.Exec("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)")
		_ = admin.Close()
		_ = os.RemoveAll(b.data)
	}
	if err := b.furnish(); err != nil {
		return end, err
	}
	b.node, err = b.serve(b.url, b.data)
	return end, err
}

// furnish makes a few articles, an inbox and a key.
func (b *bench) furnish() error {
	articles := filepath.Join(b.data, "articles.jsonl")
	text := `{"faq_id":"invoice","question":"怎么开电子发票？","answer":"在「我的账单」里点「开票」。"}
{"faq_id":"roaming","question":"How do I switch on international roaming?","answer":"Send KTMY to 10099."}
{"faq_id":"puk","question":"PUK 码锁了怎么办？","answer":"凭身份证到营业厅解锁。"}
`
	if err := os.WriteFile(articles, []byte(text), 0o600); err != nil {
		return err
	}
	if _, err := b.call("article", "import", articles); err != nil {
		return err
	}
	out, err := b.call("inbox", "create", "--kind", "webchat", "--name", "Scale", "--json")
	if err != nil {
		return err
	}
	var made struct{ ID int64 }
	if err := json.Unmarshal(out, &made); err != nil {
		return err
	}
	b.inbox = made.ID
	out, err = b.call("apikey", "create", "--name", "scale", "--scope", "*")
	b.key = strings.TrimSpace(string(out))
	return err
}

// used is what has been spent so far.
type used struct {
	node, store, generator     time.Duration
	events, writes, log, bytes float64
}

func (b *bench) used() (u used, err error) {
	if u.node, err = processorTime(b.node.pid()); err != nil {
		return u, err
	}
	if u.store, err = b.storeTime(); err != nil {
		return u, err
	}
	u.generator, err = childrenTime()
	if err != nil {
		return u, err
	}
	err = b.db.QueryRow(`SELECT (SELECT COALESCE(MAX(n), 0) FROM events), txid_snapshot_xmax(txid_current_snapshot()),
 pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8, pg_database_size(current_database())::float8`).Scan(&u.events, &u.writes, &u.log, &u.bytes)
	return u, err
}

// storeTime is the processor time of all of PostgreSQL's processes, those that have ended included.
func (b *bench) storeTime() (time.Duration, error) {
	var backend int
	if err := b.db.QueryRow("SELECT pg_backend_pid()").Scan(&backend); err != nil {
		return 0, err
	}
	root, err := parent(backend)
	if err != nil {
		return 0, err
	}
	return familyTime(root)
}

// loaded is what `huiyin load --json` reports.
type loaded struct {
	Accepted int     `json:"accepted"`
	PerS     float64 `json:"accepted_per_s"`
	Ack      times   `json:"ack_ms"`
	Reply    times   `json:"reply_ms"`
}

// times are milliseconds.
type times struct {
	P50 float64 `json:"p50"`
}

func (b *bench) load(rate, people int, span time.Duration) (l loaded, before, after used, err error) {
	if before, err = b.used(); err != nil {
		return l, before, after, err
	}
	out, err := b.run("load", "--url", b.node.url, "--key", b.key, "--inbox", fmt.Sprint(b.inbox), "--rate", fmt.Sprint(rate), "--customers", fmt.Sprint(people), "--duration", span.String(), "--json")
	var failed error
	if len(out) == 0 {
		return l, before, after, err
	}
	failed = json.Unmarshal(out, &l) // a load beyond what the node takes ends with a complaint, and with figures
	after, err = b.used()
	return l, before, after, errors.Join(failed, err)
}

// steady finds what a turn costs at an even load.
func (b *bench) steady(k *costs) error {
	if _, _, _, err := b.load(steadyRate, steadyPeople, 5*time.Second); err != nil { // the first messages make contacts and conversations
		return err
	}
	l, before, after, err := b.load(steadyRate, steadyPeople, steadyFor)
	if err != nil {
		return err
	}
	n := float64(l.Accepted)
	k.Steady = each(before, after, n)
	k.Events = (after.events - before.events) / n
	k.LogBytes, k.RowBytes = (after.log-before.log)/n, (after.bytes-before.bytes)/n
	k.MidRate, k.MidAck, k.MidReply = steadyRate, l.Ack.P50/1000, l.Reply.P50/1000
	b.tell("a turn", k.Steady, k.Events)
	return nil
}

func each(before, after used, turns float64) turnCosts {
	return turnCosts{Node: (after.node - before.node).Seconds() / turns, Store: (after.store - before.store).Seconds() / turns,
		Generator: (after.generator - before.generator).Seconds() / turns, Writes: (after.writes - before.writes) / turns}
}

// away finds how often a turn goes to PostgreSQL and back, by making the way longer.
func (b *bench) away(k *costs) error {
	near, _, _, err := b.load(slowRate, steadyPeople, steadyFor/2)
	if err != nil {
		return err
	}
	far, err := delayed(b.url, slowLine)
	if err != nil {
		return err
	}
	defer far.close()
	b.node.stop()
	if b.node, err = b.serve(far.url, b.data); err != nil {
		return err
	}
	if _, _, _, err := b.load(steadyRate, steadyPeople, steadyFor); err != nil { // every connection learns the statements
		return err
	}
	slow, _, _, err := b.load(slowRate, steadyPeople, steadyFor/2)
	if err != nil {
		return err
	}
	k.RoundTrips = max(1, (slow.Reply.P50-near.Reply.P50)/1000/(2*slowLine).Seconds())
	b.tell("round trips of a turn", k.RoundTrips, (slow.Ack.P50-near.Ack.P50)/1000/(2*slowLine).Seconds())
	b.node.stop()
	b.node, err = b.serve(b.url, b.data)
	return err
}

// crowd finds what an open, idle socket costs: what is spent while a crowd listens, less what is spent while nobody does.
func (b *bench) crowd(k *costs) error {
	alone, err := b.idle()
	if err != nil {
		return err
	}
	small, err := resident(b.node.pid())
	if err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() {
		_, _, _, err := b.load(1, openPeople, opening+2*idleFor)
		ended <- err
	}()
	time.Sleep(opening)
	crowded, err := b.idle()
	if err != nil {
		return err
	}
	large, err := resident(b.node.pid())
	if err != nil {
		return err
	}
	k.SocketBytes = (large - small) / openPeople
	k.Socket = max(0, crowded.node-alone.node-k.Steady.Node) / openPeople // one of them writes every second
	k.SocketStore = max(0, crowded.store-alone.store-k.Steady.Store) / openPeople
	b.tell("an idle socket's bytes and seconds", k.SocketBytes, k.Socket, k.SocketStore)
	return <-ended
}

// spent is processor seconds in a second.
type spent struct{ node, store float64 }

func (b *bench) idle() (spent, error) {
	before, err := b.used()
	if err != nil {
		return spent{}, err
	}
	time.Sleep(idleFor)
	after, err := b.used()
	return spent{(after.node - before.node).Seconds() / idleFor.Seconds(), (after.store - before.store).Seconds() / idleFor.Seconds()}, err
}

// saturated finds how many turns a second a node takes at most that shares the machine with everything else: the best
// seconds while more is offered than can be done.
func (b *bench) saturated(k *costs) error {
	ended := make(chan error, 1)
	go func() {
		l, before, after, err := b.load(saturatingRate, saturatingPeople, saturatingFor)
		k.Busy = each(before, after, max(1, float64(l.Accepted)))
		ended <- err
	}()
	var seen []float64
	for tick := time.NewTicker(time.Second); ; {
		select {
		case err := <-ended:
			tick.Stop()
			k.Offered, k.Reached = saturatingRate, steepest(seen, 5)/k.Events
			b.tell("turns a second, reached; a turn then", k.Reached, k.Busy)
			return err
		case <-tick.C:
			u, err := b.used()
			if err != nil {
				return err
			}
			seen = append(seen, u.events)
		}
	}
}

// steepest is the greatest rise over so many steps, for one step.
func steepest(seen []float64, steps int) (most float64) {
	for i := steps; i < len(seen); i++ {
		most = max(most, (seen[i]-seen[i-steps])/float64(steps))
	}
	return most
}

// disk finds how long the disk takes to keep a page of the log.
func (b *bench) disk(k *costs) error {
	f, err := os.Create(filepath.Join(b.data, "flush"))
	if err != nil {
		return err
	}
	defer f.Close()
	page := make([]byte, 8192)
	var times []float64
	for range flushes {
		began := time.Now()
		if _, err := f.Write(page); err != nil {
			return err
		}
		if err := f.Sync(); err != nil {
			return err
		}
		times = append(times, time.Since(began).Seconds())
	}
	k.Flush = percentile(times, 0.5)
	b.tell("a flush", k.Flush)
	return nil
}

// held finds for how long the lock is held: a transaction that does nothing but number an event, less one that does nothing.
// Whether PostgreSQL flushes its log is the server's setting; scripts/with-postgres switches that off, so that the flush is
// counted once, in Flush.
func (b *bench) held(k *costs) error {
	with, err := b.transactions(true)
	if err != nil {
		return err
	}
	without, err := b.transactions(false)
	if err != nil {
		return err
	}
	k.Hold = max(1e-5, percentile(with, 0.5)-percentile(without, 0.5))
	b.tell("the lock is held", k.Hold)
	return nil
}

func (b *bench) tell(what string, figures ...any) {
	_, _ = fmt.Fprintln(b.log, append([]any{what + ":"}, figures...)...)
}
