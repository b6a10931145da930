package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"huiyin/admin"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
	"huiyin/knowledge"
)

// demoPassword signs in every account of the demo; it is shown on the sign-in page.
const demoPassword = "huiyin-demo"

type demoPerson struct {
	Email, Name string
	Role        handoff.Role
}

type demoPeople struct {
	Organisation map[string]string
	Team         struct {
		Name    string
		Members []string
	}
	People []demoPerson
}

// seedDemo fills an installation that has no inbox yet with the demo company; a second start changes nothing.
func (n *node) seedDemo(ctx context.Context) error {
	people, err := readDemo[demoPeople]("people.json")
	if err != nil {
		return err
	}
	n.demoPeople = people[0]
	own, demo, err := n.accounts(ctx, people[0])
	if err != nil {
		return err
	}
	if own > 0 && demo == 0 {
		return errors.New("this installation has accounts of its own, and the demo's have a password that everybody knows; choose an empty folder with --data")
	}
	if n.demoInbox, err = n.findDemoInbox(ctx); err != nil || n.demoInbox != 0 {
		return err
	}
	if err := n.seedArticles(ctx); err != nil {
		return err
	}
	team, agents, err := n.seedPeople(ctx, people[0])
	if err != nil {
		return err
	}
	if err := n.seedConversations(ctx, team, agents); err != nil {
		return err
	}
	if err := n.seedGolden(ctx); err != nil {
		return err
	}
	return n.seedHelp(ctx)
}

// accounts counts who can sign in: the installation's own people and the demo's.
func (n *node) accounts(ctx context.Context, people demoPeople) (own, demo int, err error) {
	agents, err := n.desk.Agents(ctx, n.db)
	for _, a := range agents {
		switch {
		case !a.Active:
		case slices.ContainsFunc(people.People, func(p demoPerson) bool { return p.Email == a.Email }):
			demo++
		default:
			own++
		}
	}
	return own, demo, err
}

// warnOfDemo says so when a server that is no demo lets the demo's accounts in.
func (n *node) warnOfDemo(ctx context.Context) error {
	people, err := readDemo[demoPeople]("people.json")
	if err != nil {
		return err
	}
	if _, demo, err := n.accounts(ctx, people[0]); err != nil || demo == 0 {
		return err
	}
	n.log.Warn("accounts of the demo can sign in, with a password that everybody knows; deactivate them, or begin with an empty --data folder")
	return nil
}

func (n *node) findDemoInbox(ctx context.Context) (int64, error) {
	inboxes, err := n.conversations.Inboxes(ctx, n.db)
	if err != nil {
		return 0, err
	}
	for _, i := range inboxes {
		if i.Kind == "webchat" {
			return i.ID, nil
		}
	}
	return 0, nil
}

func (n *node) seedArticles(ctx context.Context) error {
	file, err := demoFiles.Open("demo/articles.jsonl")
	if err != nil {
		return err
	}
	defer file.Close()
	_, report, err := knowledge.ImportFile(ctx, n.db, knowledge.Author{Name: "Starbridge"}, "articles.jsonl", file, knowledge.ImportOptions{})
	if err != nil {
		return err
	}
	if report.Refused > 0 {
		return fmt.Errorf("%d articles were refused: %+v", report.Refused, report.Rows[0])
	}
	return n.index.Refresh(ctx)
}

// seedPeople makes the accounts that are missing, the team and the canned replies.
func (n *node) seedPeople(ctx context.Context, people demoPeople) (team int64, agents map[string]handoff.Agent, err error) {
	replies, err := readDemo[demoReply]("canned.jsonl")
	if err != nil {
		return 0, nil, err
	}
	accounts := admin.NewAccounts(n.db, n.desk)
	agents = map[string]handoff.Agent{}
	for _, p := range people.People {
		if agents[p.Email], err = n.seedPerson(ctx, accounts, p); err != nil {
			return 0, nil, err
		}
	}
	err = n.db.Tx(ctx, func(tx *db.Tx) error {
		if team, err = n.seedTeam(ctx, tx, people, agents); err != nil {
			return err
		}
		if err := n.seedHours(ctx, tx); err != nil {
			return err
		}
		if err := n.seedShifts(ctx, tx, agents[people.People[0].Email]); err != nil {
			return err
		}
		return n.seedReplies(ctx, tx, replies)
	})
	return team, agents, err
}

func (n *node) seedPerson(ctx context.Context, accounts admin.Accounts, p demoPerson) (handoff.Agent, error) {
	a, err := n.desk.AgentByEmail(ctx, n.db, p.Email)
	if err == nil || !errors.Is(err, conversation.ErrNotFound) {
		return a, err
	}
	language := "zh"
	if p.Name == "Anna Chen" {
		language = "en"
	}
	return accounts.CreateUser(ctx, handoff.Agent{Name: p.Name, Email: p.Email, Role: p.Role, Language: language, Active: true}, demoPassword)
}

func (n *node) seedTeam(ctx context.Context, tx *db.Tx, people demoPeople, agents map[string]handoff.Agent) (int64, error) {
	teams, err := n.desk.Teams(ctx, tx)
	if err != nil {
		return 0, err
	}
	for _, t := range teams {
		if t.Name == people.Team.Name {
			return t.ID, nil
		}
	}
	var members []int64
	for _, email := range people.Team.Members {
		members = append(members, agents[email].ID)
	}
	t, err := n.desk.CreateTeam(ctx, tx, handoff.Team{Name: people.Team.Name, MemberIDs: members})
	return t.ID, err
}

type demoReply struct {
	Shortcut    string
	Title, Text map[string]string
}

func (n *node) seedReplies(ctx context.Context, tx *db.Tx, replies []demoReply) error {
	existing, err := n.desk.CannedReplies(ctx, tx, handoff.Machine())
	if err != nil || len(existing) > 0 {
		return err
	}
	for _, r := range replies {
		for _, language := range []string{"zh", "en"} {
			_, err := n.desk.CreateCannedReply(ctx, tx, handoff.CannedReply{Shortcut: r.Shortcut, Title: r.Title[language], Text: r.Text[language], Language: language}, handoff.Machine())
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// readDemo reads a file of the demo: one JSON value after the other.
func readDemo[T any](name string) ([]T, error) {
	content, err := fs.ReadFile(demoFiles, "demo/"+name)
	if err != nil {
		return nil, err
	}
	var values []T
	for d := json.NewDecoder(bytes.NewReader(content)); d.More(); {
		var v T
		if err := d.Decode(&v); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		values = append(values, v)
	}
	return values, nil
}
