package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"huiyin/admin"
	"huiyin/conversation"
	"huiyin/handoff"
	"huiyin/live"
)

type userCmd struct {
	Create   userCreateCmd   `cmd:"" help:"Make an account for a person."`
	List     userListCmd     `cmd:"" help:"List the accounts."`
	Password userPasswordCmd `cmd:"" help:"Give a person a new password; their sessions end."`
}

type userCreateCmd struct {
	where         `embed:""`
	Email         string `help:"Address to sign in with." required:""`
	Name          string `help:"Name that customers and colleagues see." required:""`
	Role          string `help:"owner, administrator, lead, agent or editor." required:"" enum:"owner,administrator,lead,agent,editor"`
	Language      string `help:"zh or en." default:"zh" enum:"zh,en"`
	PasswordStdin bool   `help:"Read the password from the first line of standard input."`
	JSON          bool   `name:"json" help:"Print JSON."`
}

type userListCmd struct {
	where `embed:""`
	JSON  bool `name:"json" help:"Print JSON."`
}

type userPasswordCmd struct {
	where         `embed:""`
	Email         string `help:"Address that the person signs in with." required:""`
	PasswordStdin bool   `help:"Read the password from the first line of standard input."`
	JSON          bool   `name:"json" help:"Print JSON."`
}

// shownUser is an account as the commands print it.
type shownUser struct {
	ID     int64        `json:"id"`
	Email  string       `json:"email"`
	Name   string       `json:"name"`
	Role   handoff.Role `json:"role"`
	Active bool         `json:"active"`
}

func showUser(a handoff.Agent) shownUser { return shownUser{a.ID, a.Email, a.Name, a.Role, a.Active} }

// Run makes an account.
func (c userCreateCmd) Run(std streams) error {
	password, err := readPassword(c.PasswordStdin, std.in)
	if err != nil {
		return err
	}
	return c.with(func(ctx context.Context, p *parts) error {
		made, err := admin.NewAccounts(p.db, p.desk()).CreateUser(ctx, handoff.Agent{Email: c.Email, Name: c.Name,
			Role: handoff.Role(c.Role), Language: c.Language, Active: true}, password)
		if err != nil {
			return err
		}
		return std.print(c.JSON, showUser(made), "%d  %s  %s\n", made.ID, made.Email, made.Role)
	})
}

// Run lists the accounts.
func (c userListCmd) Run(std streams) error {
	return c.withExisting(func(ctx context.Context, p *parts) error {
		agents, err := p.desk().Agents(ctx, p.db)
		if err != nil {
			return err
		}
		users := []shownUser{}
		for _, a := range agents {
			users = append(users, showUser(a))
		}
		if c.JSON {
			return json.NewEncoder(std.out).Encode(users)
		}
		for _, u := range users {
			note := ""
			if !u.Active {
				note = "  (may not sign in)"
			}
			if _, err := fmt.Fprintf(std.out, "%d  %s  %s  %s%s\n", u.ID, u.Email, u.Role, u.Name, note); err != nil {
				return err
			}
		}
		return nil
	})
}

// Run gives a person a new password.
func (c userPasswordCmd) Run(std streams) error {
	password, err := readPassword(c.PasswordStdin, std.in)
	if err != nil {
		return err
	}
	return c.withExisting(func(ctx context.Context, p *parts) error {
		desk := p.desk()
		a, err := desk.AgentByEmail(ctx, p.db, c.Email)
		if errors.Is(err, conversation.ErrNotFound) {
			return fmt.Errorf("nobody has the address %s; see huiyin user list", c.Email)
		}
		if err != nil {
			return err
		}
		if err := admin.NewAccounts(p.db, desk).SetPassword(ctx, a.ID, password); err != nil {
			return err
		}
		return std.print(c.JSON, showUser(a), "%s has a new password\n", a.Email)
	})
}

// maxPasswordLine bounds what is read as a password.
const maxPasswordLine = 4 << 10

func readPassword(fromStdin bool, in io.Reader) (string, error) {
	if !fromStdin {
		return "", usageError{errors.New("give the password on standard input, with --password-stdin")}
	}
	line, err := bufio.NewReader(io.LimitReader(in, maxPasswordLine)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("read the password: %w", err)
	}
	return strings.TrimRight(line, "\r\n"), nil
}

// with runs fn on the data that the flags name.
func (w where) with(fn func(ctx context.Context, p *parts) error) error {
	ctx := context.Background()
	p, err := w.open(ctx)
	if err != nil {
		return err
	}
	return errors.Join(fn(ctx, p), p.db.Close())
}

// there refuses a folder that holds no data, for commands that would otherwise find an empty database and call it sound.
func (w where) there() error {
	if w.DB == "" && !exists(w.url()) {
		return fmt.Errorf("there is no data in the folder %s; name the right one with --data, or the database with --db", w.Data)
	}
	return nil
}

// withExisting is with, on data that must be there already.
func (w where) withExisting(fn func(ctx context.Context, p *parts) error) error {
	if err := w.there(); err != nil {
		return err
	}
	return w.with(fn)
}

// desk is the desk over the data, for commands that run beside a server.
func (p *parts) desk() *handoff.Desk { return handoff.New(p.db, p.conversations, live.NewHub(nil)) }

// print writes a result as JSON or as a line of text.
func (s streams) print(asJSON bool, value any, format string, args ...any) error {
	if asJSON {
		return json.NewEncoder(s.out).Encode(value)
	}
	_, err := fmt.Fprintf(s.out, format, args...)
	return err
}
