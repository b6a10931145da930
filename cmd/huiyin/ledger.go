package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"huiyin/conversation"
)

type ledgerCmd struct {
	Check ledgerCheckCmd `cmd:"" help:"Count what the rows add up to, and name those that break a law."`
}

type ledgerCheckCmd struct {
	where `embed:""`
	Inbox int64 `help:"Look at one inbox only." placeholder:"ID"`
	JSON  bool  `name:"json" help:"Print JSON."`
}

// ledger is what the check prints.
type ledger struct {
	Balances bool                   `json:"balances"`
	Accounts []conversation.Account `json:"accounts"`
	Faults   []conversation.Fault   `json:"faults"`
}

// Run checks the ledger; a fault makes it fail.
func (c ledgerCheckCmd) Run(std streams) error {
	return c.withExisting(func(ctx context.Context, p *parts) error {
		l, err := p.ledger(ctx, c.Inbox)
		if errors.Is(err, conversation.ErrNotFound) {
			return fmt.Errorf("there is no inbox %d; see huiyin inbox list", c.Inbox)
		}
		if err != nil {
			return err
		}
		if err := std.print(c.JSON, l, "%s", l.text()); err != nil {
			return err
		}
		if !l.Balances {
			return fmt.Errorf("the ledger does not balance: %d faults are named above; keep a backup of this state before mending rows", len(l.Faults))
		}
		return nil
	})
}

func (p *parts) ledger(ctx context.Context, inboxID int64) (ledger, error) {
	accounts, faults, err := p.conversations.Ledger(ctx, inboxID)
	if err != nil {
		return ledger{}, err
	}
	held, err := p.desk().Ledger(ctx, inboxID)
	if err != nil {
		return ledger{}, err
	}
	missing, err := p.conversations.MissingFiles(ctx, p.files, inboxID)
	if err != nil {
		return ledger{}, err
	}
	faults = append(append(faults, held...), missing...)
	return ledger{Balances: len(faults) == 0, Accounts: accounts, Faults: faults}, nil
}

func (l ledger) text() string {
	var b strings.Builder
	for _, a := range l.Accounts {
		note := ""
		if a.Archived {
			note = ", out of service"
		}
		fmt.Fprintf(&b, "inbox %d  %s (%s%s)\n", a.Inbox, a.Name, a.Kind, note)
		fmt.Fprintf(&b, "  conversations %d: resolved %d, queueing %d\n", a.Conversations, a.Resolved, a.Queueing)
		fmt.Fprintf(&b, "  stored %d messages of all senders\n", a.Stored)
		fmt.Fprintf(&b, "  received %d: answered %d, handed off %d, by agents %d, waiting %d, closed %d, unasked %d, lost %d\n",
			a.Received, a.Answered, a.HandedOff, a.ByAgents, a.Waiting, a.Closed, a.Unasked, a.Lost)
		o := a.Outbound
		fmt.Fprintf(&b, "  outbound: sent %d, delivered %d, read %d, queued %d, failed %d, uncertain %d, held %d\n", o.Sent, o.Delivered, o.Read, o.Queued, o.Failed, o.Uncertain, o.Held)
	}
	for _, f := range l.Faults {
		fmt.Fprintf(&b, "FAULT %s: %s: %s\n", f.Row, f.Law, f.Detail)
	}
	if l.Balances {
		b.WriteString("balances\n")
	}
	return b.String()
}
