package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"strconv"
	"strings"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/live"
)

type inboxCmd struct {
	Kinds  inboxKindsCmd  `cmd:"" help:"List the kinds of channels and their settings."`
	Create inboxCreateCmd `cmd:"" help:"Put a channel into service."`
	List   inboxListCmd   `cmd:"" help:"List the inboxes in service."`
	Set    inboxSetCmd    `cmd:"" help:"Change settings of an inbox."`
	Check  inboxCheckCmd  `cmd:"" help:"Try an inbox's settings out against the provider."`
	Menu   inboxMenuCmd   `cmd:"" help:"Show the menu beside the conversation, or publish another."`
	Code   inboxCodeCmd   `cmd:"" help:"Make a code to scan or a link to open that brings its scene along."`
}

type inboxKindsCmd struct {
	JSON bool `name:"json" help:"Print JSON."`
}

type inboxCreateCmd struct {
	where     `embed:""`
	reachable `embed:""`
	Kind      string   `help:"Kind of channel; huiyin inbox kinds lists them." required:""`
	Name      string   `help:"Name of the inbox." required:""`
	Set       []string `help:"A setting. May be repeated; a list takes one value each time." placeholder:"KEY=VALUE" sep:"none"`
	Team      int64    `help:"Id of the team that serves it." placeholder:"ID"`
	Bot       bool     `help:"Let the bot answer first." default:"true" negatable:""`
	JSON      bool     `name:"json" help:"Print JSON."`
}

type inboxListCmd struct {
	where     `embed:""`
	reachable `embed:""`
	JSON      bool `name:"json" help:"Print JSON."`
}

type inboxSetCmd struct {
	where     `embed:""`
	reachable `embed:""`
	ID        int64    `arg:"" help:"Id of the inbox."`
	Set       []string `help:"A setting; an empty value takes it away. May be repeated." placeholder:"KEY=VALUE" sep:"none" required:""`
	JSON      bool     `name:"json" help:"Print JSON."`
}

// reachable says where providers and browsers reach the server.
type reachable struct {
	PublicURL string `help:"Where customers and providers reach the server." default:"http://localhost:8080" placeholder:"URL"`
}

// shownInbox is an inbox as the commands print it, its secrets masked.
type shownInbox struct {
	ID       int64             `json:"id"`
	Kind     string            `json:"kind"`
	Name     string            `json:"name"`
	Bot      bool              `json:"bot"`
	Team     int64             `json:"team,omitempty"`
	Settings map[string]string `json:"settings"`
	Callback string            `json:"callback_url,omitempty"`
	Embed    string            `json:"embed,omitempty"`
}

// spoken are the channels of this build. Without data they tell their kinds and no more.
func spoken(p *parts) ([]channels.Adapter, error) {
	if p == nil {
		vault, err := channels.NewVault(make([]byte, 32))
		if err != nil {
			return nil, err
		}
		p = &parts{vault: vault}
	}
	return adapters(&node{parts: p, live: live.NewHub(nil)}), nil
}

func adapterOf(p *parts, kind string) (channels.Adapter, error) {
	all, err := spoken(p)
	if err != nil {
		return nil, err
	}
	var known []string
	for _, a := range all {
		if a.Kind().Name == kind {
			return a, nil
		}
		known = append(known, a.Kind().Name)
	}
	return nil, usageError{fmt.Errorf("there is no channel of the kind %q; known are %s", kind, strings.Join(known, ", "))}
}

// Run puts an inbox into service.
func (c inboxCreateCmd) Run(std streams) error {
	if _, err := adapterOf(nil, c.Kind); err != nil {
		return err
	}
	return c.with(func(ctx context.Context, p *parts) error {
		a, err := adapterOf(p, c.Kind)
		if err != nil {
			return err
		}
		inbox, err := p.configured(a.Kind(), conversation.Inbox{Kind: c.Kind, Name: strings.TrimSpace(c.Name), Bot: c.Bot, TeamID: c.Team}, c.Set)
		if err != nil {
			return err
		}
		err = p.db.Tx(ctx, func(tx *db.Tx) (err error) {
			if err := errors.Join(p.sameKey(ctx, tx), p.checkInbox(ctx, tx, inbox)); err != nil {
				return err
			}
			inbox, err = p.conversations.CreateInbox(ctx, tx, inbox)
			return err
		})
		if err != nil {
			return err
		}
		return c.print(std, c.JSON, p, inbox)
	})
}

func (p *parts) checkInbox(ctx context.Context, tx *db.Tx, i conversation.Inbox) error {
	if i.Name == "" {
		return &conversation.FieldError{Field: "name", Message: "give the inbox a name"}
	}
	if i.TeamID == 0 {
		return nil
	}
	if _, err := p.desk().Team(ctx, tx, i.TeamID); err != nil {
		return &conversation.FieldError{Field: "team", Message: fmt.Sprintf("there is no team %d", i.TeamID)}
	}
	return nil
}

// configured lays settings over those that the inbox has, checks the result and seals its secrets.
func (p *parts) configured(k channels.Kind, inbox conversation.Inbox, set []string) (conversation.Inbox, error) {
	changes, err := readSettings(k, set)
	if err != nil {
		return inbox, err
	}
	if inbox, err = p.vault.Open(inbox); err != nil {
		return inbox, err
	}
	if inbox.Settings, err = k.Apply(inbox.Settings, changes); err != nil {
		return inbox, err
	}
	return p.vault.Close(k, inbox)
}

// readSettings reads KEY=VALUE; what is given several times for a list becomes its lines.
func readSettings(k channels.Kind, set []string) (map[string]string, error) {
	changes := map[string]string{}
	for _, s := range set {
		key, value, ok := strings.Cut(s, "=")
		if !ok || key == "" {
			return nil, usageError{fmt.Errorf("--set takes KEY=VALUE, not %q", s)}
		}
		if before, again := changes[key]; again {
			if !isList(k, key) {
				return nil, usageError{fmt.Errorf("--set %s is given twice, and it takes one value", key)}
			}
			value = before + "\n" + value
		}
		changes[key] = value
	}
	return changes, nil
}

func isList(k channels.Kind, key string) bool {
	for _, s := range k.Settings {
		if s.Key == key {
			return s.Type == channels.List || s.Type == channels.Pairs
		}
	}
	return false
}

// Run changes settings of an inbox.
func (c inboxSetCmd) Run(std streams) error {
	return c.withExisting(func(ctx context.Context, p *parts) error {
		var inbox conversation.Inbox
		err := p.db.Tx(ctx, func(tx *db.Tx) (err error) {
			if inbox, err = p.conversations.Inbox(ctx, tx, c.ID); err != nil {
				return err
			}
			a, err := adapterOf(p, inbox.Kind)
			if err != nil {
				return err
			}
			if err := p.sameKey(ctx, tx); err != nil {
				return err
			}
			if inbox, err = p.configured(a.Kind(), inbox, c.Set); err != nil {
				return err
			}
			return p.conversations.SaveInbox(ctx, tx, inbox)
		})
		if errors.Is(err, conversation.ErrNotFound) {
			return fmt.Errorf("there is no inbox %d in service; see huiyin inbox list", c.ID)
		}
		if err != nil {
			return err
		}
		return c.print(std, c.JSON, p, inbox)
	})
}

// Run lists the inboxes.
func (c inboxListCmd) Run(std streams) error {
	return c.withExisting(func(ctx context.Context, p *parts) error {
		inboxes, err := p.conversations.Inboxes(ctx, p.db)
		if err != nil {
			return err
		}
		shown := []shownInbox{}
		for _, i := range inboxes {
			s, err := c.show(p, i)
			if err != nil {
				return err
			}
			shown = append(shown, s)
		}
		if c.JSON {
			return json.NewEncoder(std.out).Encode(shown)
		}
		for _, s := range shown {
			if _, err := fmt.Fprintf(std.out, "%d  %s  %s\n", s.ID, s.Kind, s.Name); err != nil {
				return err
			}
		}
		return nil
	})
}

// show is what may be seen of an inbox, and where its channel is reached.
func (r reachable) show(p *parts, i conversation.Inbox) (shownInbox, error) {
	s := shownInbox{ID: i.ID, Kind: i.Kind, Name: i.Name, Bot: i.Bot, Team: i.TeamID, Settings: i.Settings}
	a, err := adapterOf(p, i.Kind)
	if err != nil {
		return s, nil // made by another build; its settings are the open ones
	}
	opened, err := p.vault.Open(i)
	if err != nil {
		return s, err
	}
	s.Settings = a.Kind().Masked(opened.Settings)
	url := strings.TrimRight(r.PublicURL, "/")
	if _, ok := a.(channels.Webhook); ok {
		s.Callback = url + "/hooks/" + strconv.FormatInt(i.ID, 10)
	}
	if _, ok := a.(channels.Pages); ok {
		s.Embed = fmt.Sprintf(`<script src="%s/widget.js" data-inbox="%d" async></script>`, html.EscapeString(url), i.ID)
	}
	return s, nil
}

func (r reachable) print(std streams, asJSON bool, p *parts, i conversation.Inbox) error {
	s, err := r.show(p, i)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("inbox %d\n", s.ID)
	if s.Callback != "" {
		text += "callback " + s.Callback + "\n"
	}
	if s.Embed != "" {
		text += "embed " + s.Embed + "\n"
	}
	return std.print(asJSON, s, "%s", text)
}
