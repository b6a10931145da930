package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

type loadCmd struct {
	URL       string        `name:"url" help:"Address of the server." default:"http://127.0.0.1:8080"`
	Key       string        `help:"API key that may read articles and make inboxes (scope *)." required:""`
	Kind      string        `help:"Channel to load: webchat, wechat, sms_smpp, email." default:"webchat" enum:"webchat,wechat,sms_smpp,email"`
	Inbox     int64         `help:"Inbox to load; without it a temporary one is made and taken out of service at the end." placeholder:"ID"`
	Customers int           `help:"How many visitors write." default:"100"`
	Rate      float64       `help:"Messages a second, of all visitors together." default:"20"`
	Duration  time.Duration `help:"How long to send." default:"30s"`
	Agents    int           `help:"How many agents follow the events meanwhile." default:"0"`
	Mode      string        `help:"Of wechat: how callbacks are encrypted (plain, compatible, safe)." default:"safe" enum:"plain,compatible,safe"`
	Passive   bool          `help:"Of wechat: let answers go back in the callback's response." default:"true" negatable:""`
	Platform  string        `help:"Of wechat, sms_smpp and email: address on which this command acts as the provider; the server must reach it. A free port without it." placeholder:"HOST:PORT"`
	JSON      bool          `name:"json" help:"Print JSON."`
}

// loadPlan is what one load run does. Everything that is left to chance follows from the seed.
type loadPlan struct {
	base      string
	key       string
	inbox     int64
	questions []string
	customers int
	rate      float64
	duration  time.Duration
	until     <-chan struct{} // where not nil, closing it ends the sending, and duration does not
	agents    int
	patience  time.Duration // how long a message is tried again before it counts as failed
	started   func()        // told once everybody is connected and the first message may go; may be nil
	drain     time.Duration // how long the last replies are waited for
	reconnect float64       // chance that a visitor comes back over a new connection after a reply
	repeat    float64       // chance that a message is posted again under its id
	seed      uint64
}

const (
	loadPatience  = 20 * time.Second
	loadDrain     = 45 * time.Second // longer than a turn is leased, so that one taken over counts
	loadReconnect = 0.02
	loadRepeat    = 0.02
	// What the server allows one visitor: a number at once, and one more each second.
	visitorBurst = 18
	maxVisitors  = 20_000
)

// greetings are asked where the knowledge base holds nothing yet; the bot always answers them.
func greetings() []string { return []string{"你好", "hello", "谢谢", "good morning"} }

// Run loads a server and reconciles what it gave back; a loss or a double makes it fail.
func (c loadCmd) Run(std streams) error {
	if err := c.check(); err != nil {
		return usageError{err}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	api := loadAPI{base: strings.TrimRight(c.URL, "/"), key: c.Key, client: loadClient()}
	plan := c.plan(api.base)
	var err error
	if plan.questions, err = api.questions(ctx); err != nil {
		return err
	}
	report, err := c.load(ctx, plan, std)
	if err != nil {
		return err
	}
	if err := std.print(c.JSON, report, "%s", report.text()); err != nil {
		return err
	}
	return report.verdict()
}

// load runs the plan on the inbox given, or on a temporary one.
func (c loadCmd) load(ctx context.Context, plan loadPlan, std streams) (loadReport, error) {
	if c.Kind == "wechat" {
		return c.runWechat(ctx, plan, std)
	}
	if c.Kind == "sms_smpp" {
		return c.runSMPP(ctx, plan, std)
	}
	if c.Kind == "email" {
		return c.runMail(ctx, plan, std)
	}
	if plan.inbox == 0 {
		api := loadAPI{base: plan.base, key: plan.key, client: loadClient()}
		var err error
		if plan.inbox, err = api.makeInbox(ctx, "webchat", nil); err != nil {
			return loadReport{}, err
		}
		defer api.archive(context.WithoutCancel(ctx), plan.inbox, std.err)
	}
	return plan.run(ctx)
}

func (c loadCmd) plan(base string) loadPlan {
	return loadPlan{base: base, key: c.Key, inbox: c.Inbox, customers: c.Customers, rate: c.Rate, duration: c.Duration, agents: c.Agents,
		patience: loadPatience, drain: loadDrain, reconnect: loadReconnect, repeat: loadRepeat, seed: rand.Uint64()}
}

func (c loadCmd) check() error {
	switch {
	case !strings.HasPrefix(c.URL, "http://") && !strings.HasPrefix(c.URL, "https://"):
		return errors.New("--url must look like http://127.0.0.1:8080")
	case c.Customers < 1 || c.Customers > maxVisitors:
		return fmt.Errorf("--customers must be 1 to %d", maxVisitors)
	case !(c.Rate > 0) || c.Rate > 100_000:
		return errors.New("--rate must be more than 0, and at most 100000")
	case c.Duration < time.Second || c.Duration > 24*time.Hour:
		return errors.New("--duration must be 1s to 24h")
	case c.Agents < 0 || c.Agents > 1000:
		return errors.New("--agents must be 0 to 1000")
	case c.Kind != "webchat" && c.Inbox != 0:
		return errNeedsNoInbox
	case c.Kind != "webchat" && c.Agents != 0:
		return errors.New("--agents follow web chat only")
	case c.Kind != "webchat":
		return nil
	}
	seconds := c.Duration.Seconds()
	each := c.Rate * seconds / float64(c.Customers)
	if each > visitorBurst+seconds {
		return fmt.Errorf("the server lets one visitor send about one message a second: use at least --customers %d",
			int(c.Rate*seconds/(visitorBurst+seconds))+1)
	}
	return nil
}
