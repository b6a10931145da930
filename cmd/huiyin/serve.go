package main

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"huiyin/admin"
	"huiyin/channels/simulator"
	"huiyin/channels/simulator/post"
	"huiyin/conversation"
	"huiyin/conversation/search"
	"huiyin/db"
	"huiyin/handoff"
	"huiyin/handoff/slack"
	slacksim "huiyin/handoff/slack/simulator"
	"huiyin/handoff/wecom"
	"huiyin/hub"
	"huiyin/knowledge"
	"huiyin/knowledge/help"
	"huiyin/live"
	"huiyin/live/relay"
)

// drainWithin bounds how long a stopping node waits for what is under way.
const drainWithin = 8 * time.Second

// noticeFirst is how long a node that shares its work says that it is not ready while it still takes requests, so that
// nobody is sent to it when it stops listening.
const noticeFirst = time.Second

type serveCmd struct {
	where     `embed:""`
	Listen    string `help:"Address to listen on." default:"127.0.0.1:8080"`
	Redis     string `help:"Redis that several nodes on one PostgreSQL tell each other through what has changed; empty for one node." placeholder:"redis://…"`
	PublicURL string `help:"Where customers and providers reach this server." placeholder:"URL"`
	KeyIsLost bool   `help:"Serve with another secret key than before, because that one is lost for good; what it sealed has to be set again."`
	Demo      bool   `help:"Sample knowledge, a demo site with the widget, customers' phones in WeChat, and a printed sign-in."`
	LogLevel  string `help:"debug, info, warn or error." default:"info" enum:"debug,info,warn,error"`
}

// Run runs a node until it is told to stop.
func (c serveCmd) Run(std streams) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	n, err := c.build(ctx, std)
	if err != nil {
		return err
	}
	return errors.Join(n.serve(ctx), n.close())
}

// node is a running server: the parts, in the order in which they were started.
type node struct {
	*parts
	log       *slog.Logger
	lock      *os.File
	storage   *storage
	index     *knowledge.Index
	search    *search.Index
	help      *help.Centre
	live      *live.Hub
	relay     *relay.Relay // nil: this node is the only one
	desk      *handoff.Desk
	slack     *slack.Board
	robots    *wecom.Board
	workspace *slacksim.Workspace // with --demo: Slack's side
	hub       *hub.Hub
	admin     *admin.Server
	listener  net.Listener
	publicURL string
	demoInbox int64 // with --demo: the web chat on the demo site

	phones     *simulator.Simulator // with --demo: WeChat's side
	phoneInbox map[string]int64     // by app id
	office     *post.Office         // with --demo: the provider of mail

	demoPeople demoPeople
	setupToken string // opens the first-run page while nobody can sign in
	stopping   atomic.Bool
	started    time.Time
}

func (c serveCmd) build(ctx context.Context, std streams) (n *node, err error) {
	n = &node{log: newLog(std, c.LogLevel), started: time.Now()}
	defer func() {
		if err != nil {
			err = errors.Join(err, n.close())
		}
	}()
	if n.lock, err = lockFolder(c.Data); err != nil {
		return n, err
	}
	if n.listener, err = net.Listen("tcp", c.Listen); err != nil {
		return n, fmt.Errorf("listen on %s: %w; choose another address with --listen", c.Listen, err)
	}
	n.publicURL = publicURL(c.PublicURL, n.listener.Addr())
	if n.parts, err = c.openWith(ctx, db.Options{Settle: true}); err != nil {
		return n, err
	}
	if err = n.proveKey(ctx, c.KeyIsLost); err != nil {
		return n, err
	}
	if err = checkFiles(n.files, n.log); err != nil {
		return n, err
	}
	n.storage = newStorage(n.parts, n.log)
	if err = n.freeLeases(ctx, c.DB); err != nil {
		return n, err
	}
	n.index = knowledge.Begin(ctx, filepath.Join(c.Data, "index"), n.db, n.log)
	n.search = search.Open(filepath.Join(c.Data, "index"), n.conversations, n.log)
	return n, n.assemble(ctx, c, std)
}

// freeLeases lets a node that alone works on its folder's database take over at once what it was doing when it died.
func (n *node) freeLeases(ctx context.Context, database string) error {
	if database != "" {
		return nil
	}
	return n.db.Tx(ctx, func(tx *db.Tx) error {
		return errors.Join(conversation.Turns().Free(ctx, tx), conversation.Outbox().Free(ctx, tx),
			conversation.MediaQueue().Free(ctx, tx), conversation.Pulls().Free(ctx, tx))
	})
}

// openLive makes the fan-out to browsers, with a line to the other nodes where there are some.
func (n *node) openLive(c serveCmd) (err error) {
	if c.Redis == "" {
		n.live = live.NewHub(nil)
		return nil
	}
	if c.DB == "" {
		return usageError{errors.New("--redis is for several nodes on one PostgreSQL; give --db as well")}
	}
	installation := hex.EncodeToString(n.vault.Key("relay")[:8])
	if n.relay, err = relay.Open(c.Redis, installation, n.log); err != nil {
		return usageError{fmt.Errorf("--redis: %w", err)}
	}
	n.live = live.NewHub(n.relay)
	return nil
}

func (n *node) assemble(ctx context.Context, c serveCmd, std streams) error {
	if err := n.openLive(c); err != nil {
		return err
	}
	n.desk = handoff.New(n.db, n.conversations, n.live)
	var err error
	if n.help, err = n.newHelp(ctx); err != nil {
		return err
	}
	channelList := adapters(n)
	n.hub = hub.New(hub.Options{DB: n.db, Conversations: n.conversations, Files: n.files, Knowledge: n.index, Desk: n.desk,
		Live: n.live, Vault: n.vault, Wishes: n.wishes, RatingURL: n.ratingURL, Log: n.log}, channelList)
	n.slack = n.newSlack(channelList)
	n.robots = n.newRobots(channelList)
	if c.Demo {
		if err := n.seedDemo(ctx); err != nil {
			return fmt.Errorf("demo data: %w", err)
		}
		if err := n.startMail(ctx, channelList); err != nil {
			return fmt.Errorf("demo mail: %w", err)
		}
		if err := n.startPhones(ctx, channelList); err != nil {
			return fmt.Errorf("demo phones: %w", err)
		}
		if err := n.startSlack(ctx); err != nil {
			return fmt.Errorf("demo workspace in Slack: %w", err)
		}
		debug.FreeOSMemory() // seeding needs several times what serving does
	} else if err := n.warnOfDemo(ctx); err != nil {
		return err
	}
	if n.admin, err = n.newAdmin(ctx, c, channelList); err != nil {
		return err
	}
	return n.greet(std)
}

// serve answers requests and works until ctx ends, then drains.
func (n *node) serve(ctx context.Context) error {
	work, stopWork := context.WithCancel(context.Background())
	defer stopWork()
	var working sync.WaitGroup
	working.Go(func() { n.hub.Run(work) })
	working.Go(func() { n.admin.Run(work) })
	working.Go(func() { n.search.Follow(work) })
	working.Go(func() { n.help.Run(work) })
	working.Go(func() { n.slack.Run(work) })
	working.Go(func() { n.robots.Run(work) })
	working.Go(func() { n.watchClock(work) })
	if n.relay != nil {
		working.Go(func() { n.relay.Run(work, n.live) })
	}
	server := &http.Server{Handler: n.routes(), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(n.log.Handler(), slog.LevelWarn)}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(n.listener) }()
	n.log.Info("serving", "address", n.listener.Addr().String(), "database", n.db.Dialect(), "started_in", time.Since(n.started))
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
	}
	n.stopping.Store(true)
	if n.db.Dialect() == db.Postgres && err == nil {
		time.Sleep(noticeFirst)
	}
	n.live.Stop()
	if n.phones != nil {
		n.phones.Stop()
	}
	if n.workspace != nil {
		n.workspace.Stop()
	}
	drain, cancel := context.WithTimeout(context.Background(), drainWithin)
	defer cancel()
	err = errors.Join(err, server.Shutdown(drain))
	stopWork()
	stopFiles(n.files)
	working.Wait()
	n.log.Info("stopped")
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// close ends the parts, last started first.
func (n *node) close() error {
	var errs []error
	if n.search != nil {
		errs = append(errs, n.search.Close())
	}
	if n.index != nil {
		errs = append(errs, n.index.Close())
	}
	if n.parts != nil {
		errs = append(errs, n.db.Close())
	}
	if n.office != nil {
		n.office.Close()
	}
	if n.listener != nil {
		if err := n.listener.Close(); !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	if n.lock != nil {
		errs = append(errs, n.lock.Close())
	}
	return errors.Join(errs...)
}

// lockFolder keeps two servers from working in one data folder.
func lockFolder(folder string) (*os.File, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	file, err := os.OpenFile(filepath.Join(folder, "serve.lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the data folder: %w", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = file.Close()
		return nil, fmt.Errorf("another huiyin serves from the folder %s; stop it or choose another one with --data", folder)
	}
	return file, nil
}

func newLog(std streams, level string) *slog.Logger {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		l = slog.LevelInfo
	}
	return slog.New(slog.NewTextHandler(std.err, &slog.HandlerOptions{Level: l}))
}

func publicURL(given string, address net.Addr) string {
	if given != "" {
		return strings.TrimRight(given, "/")
	}
	host, port, err := net.SplitHostPort(address.String())
	if err != nil {
		return "http://" + address.String()
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}
