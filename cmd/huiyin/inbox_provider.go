package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
)

// What an operator asks the provider of an inbox from the command line.

type inboxCheckCmd struct {
	where `embed:""`
	ID    int64 `arg:"" help:"Id of the inbox."`
	JSON  bool  `name:"json" help:"Print JSON."`
}

type inboxMenuCmd struct {
	where   `embed:""`
	ID      int64  `arg:"" help:"Id of the inbox."`
	Publish string `help:"A JSON file in the form that this command prints with --json; without entries the menu is taken away." placeholder:"FILE"`
	JSON    bool   `name:"json" help:"Print JSON."`
}

type inboxCodeCmd struct {
	where `embed:""`
	ID    int64  `arg:"" help:"Id of the inbox."`
	Scene string `help:"What comes back when the code is scanned." required:"" placeholder:"SCENE"`
	Days  int    `help:"How long it lasts; 0 for good where the provider has such codes." default:"0"`
	JSON  bool   `name:"json" help:"Print JSON."`
}

// askTimeout bounds a question to a provider.
const askTimeout = 30 * time.Second

// asking runs with an inbox opened, its channel, and an end in sight.
func (w where) asking(id int64, run func(ctx context.Context, inbox conversation.Inbox, a channels.Adapter) error) error {
	return w.withExisting(func(ctx context.Context, p *parts) error {
		inbox, err := p.conversations.Inbox(ctx, p.db, id)
		if errors.Is(err, conversation.ErrNotFound) {
			return fmt.Errorf("there is no inbox %d in service; see huiyin inbox list", id)
		}
		if err != nil {
			return err
		}
		a, err := adapterOf(p, inbox.Kind)
		if err != nil {
			return err
		}
		if inbox, err = p.vault.Open(inbox); err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(ctx, askTimeout)
		defer cancel()
		return run(ctx, inbox, a)
	})
}

// Run tries an inbox's settings out.
func (c inboxCheckCmd) Run(std streams) error {
	return c.asking(c.ID, func(ctx context.Context, inbox conversation.Inbox, a channels.Adapter) error {
		checker, ok := a.(channels.Checker)
		if !ok {
			return fmt.Errorf("inbox %d is of the kind %s, which has nothing to try out", c.ID, inbox.Kind)
		}
		if err := checker.Check(ctx, inbox); err != nil {
			return fmt.Errorf("inbox %d does not work: %w", c.ID, err)
		}
		return std.print(c.JSON, map[string]any{"id": c.ID, "ok": true}, "inbox %d works\n", c.ID)
	})
}

// shownMenu is an entry of a menu, as files and --json have it; the form is the API's.
type shownMenu struct {
	Label   string      `json:"label"`
	Ask     string      `json:"ask,omitempty"`
	URL     string      `json:"url,omitempty"`
	AppID   string      `json:"app_id,omitempty"`
	AppPage string      `json:"app_page,omitempty"`
	Items   []shownMenu `json:"items,omitempty"`
}

type menuFile struct {
	Items []shownMenu `json:"items"`
}

// Run shows the menu, or publishes another one and shows that.
func (c inboxMenuCmd) Run(std streams) error {
	var publish *menuFile
	if c.Publish != "" {
		var err error
		if publish, err = readMenuFile(c.Publish); err != nil {
			return err
		}
	}
	return c.asking(c.ID, func(ctx context.Context, inbox conversation.Inbox, a channels.Adapter) error {
		menus, ok := a.(channels.Menus)
		if !ok {
			return fmt.Errorf("inbox %d is of the kind %s, which shows no menu", c.ID, inbox.Kind)
		}
		if publish != nil {
			if err := menus.PublishMenu(ctx, inbox, takeMenu(publish.Items)); err != nil {
				return fmt.Errorf("the menu was not published: %w", err)
			}
		}
		menu, err := menus.Menu(ctx, inbox)
		if err != nil {
			return fmt.Errorf("the menu cannot be read: %w", err)
		}
		shown := menuFile{Items: showMenu(menu)}
		return std.print(c.JSON, shown, "%s", outline(shown.Items, ""))
	})
}

func readMenuFile(path string) (*menuFile, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var m menuFile
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return nil, fmt.Errorf("%s is no menu: %w; huiyin inbox menu --json shows the form", path, err)
	}
	return &m, nil
}

func showMenu(menu []channels.MenuItem) []shownMenu {
	shown := make([]shownMenu, 0, len(menu))
	for _, m := range menu {
		shown = append(shown, shownMenu{Label: m.Label, Ask: m.Ask, URL: m.URL, AppID: m.App.ID, AppPage: m.App.Page, Items: showMenu(m.Items)})
	}
	return shown
}

func takeMenu(shown []shownMenu) []channels.MenuItem {
	var menu []channels.MenuItem
	for _, s := range shown {
		menu = append(menu, channels.MenuItem{Label: s.Label, Ask: s.Ask, URL: s.URL, App: channels.MiniApp{ID: s.AppID, Page: s.AppPage}, Items: takeMenu(s.Items)})
	}
	return menu
}

// outline writes a menu as lines, entries below others indented.
func outline(menu []shownMenu, indent string) string {
	if len(menu) == 0 && indent == "" {
		return "no menu\n"
	}
	var b strings.Builder
	for _, m := range menu {
		does := m.URL
		switch {
		case m.AppID != "":
			does = "mini program " + m.AppID + " " + m.AppPage
		case m.Ask != "":
			does = "asks " + m.Ask
		}
		b.WriteString(strings.TrimRight(indent+m.Label+"  "+does, " ") + "\n" + outline(m.Items, indent+"  "))
	}
	return b.String()
}

// shownCode is a code as the command prints it.
type shownCode struct {
	Content string     `json:"content"`
	Picture string     `json:"picture,omitempty"`
	Until   *time.Time `json:"until,omitempty"`
}

// Run makes a code.
func (c inboxCodeCmd) Run(std streams) error {
	if c.Days < 0 || c.Days > 365 {
		return usageError{fmt.Errorf("--days takes 0 to 365, not %d", c.Days)}
	}
	return c.asking(c.ID, func(ctx context.Context, inbox conversation.Inbox, a channels.Adapter) error {
		codes, ok := a.(channels.Codes)
		if !ok {
			return fmt.Errorf("inbox %d is of the kind %s, which makes no codes", c.ID, inbox.Kind)
		}
		code, err := codes.Code(ctx, inbox, c.Scene, time.Duration(c.Days)*24*time.Hour)
		if err != nil {
			return fmt.Errorf("no code was made: %w", err)
		}
		shown, text := shownCode{Content: code.Content, Picture: code.Picture}, code.Content+"\n"
		if code.Picture != "" {
			text += "picture " + code.Picture + "\n"
		}
		if !code.Until.IsZero() {
			shown.Until = &code.Until
			text += "until " + code.Until.UTC().Format(time.RFC3339) + "\n"
		}
		return std.print(c.JSON, shown, "%s", text)
	})
}
