package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

func TestSimulateRouting(t *testing.T) {
	data := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(data, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	busy := file("busy.json", `{"teams": {"0": {"strategy": "least_busy", "offer_seconds": 30}}}`)
	wrong := file("wrong.json", `{"capacity": 0}`)
	broken := file("broken.json", `{`)
	tests := []struct {
		name, args string
		code       int
		out, errs  string
	}{
		{"side by side", "--a shipped --b " + busy, 0, "generated, seed 1: 1500 customers, 12 agents\n", ""},
		{"no such file", "--a shipped --b " + data + "/none.json", 1, "", "read settings: "},
		{"no sense", "--a shipped --b " + wrong, 1, "", "capacity: "},
		{"no JSON", "--a shipped --b " + broken, 1, "", "read routing settings"},
		{"no date", "--day yesterday --data " + data, 2, "", "write the day like 2026-11-20"},
		{"no zone", "--a shipped --b shipped --zone Mars/Olympus", 2, "", "there is no time zone"},
		{"too many", "--a shipped --b shipped --customers 2000000", 2, "", "choose up to"},
		{"an empty day", "--day 2020-01-01 --data " + data, 1, "", "nobody asked for a person on 2020-01-01"},
	}
	livedDay(t, data)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := callWith("", append([]string{"simulate", "routing"}, strings.Fields(test.args)...)...)
			if got.code != test.code || !strings.Contains(got.out, test.out) || !strings.Contains(got.errs, test.errs) {
				t.Errorf("%+v", got)
			}
		})
	}
	var result comparison
	day := time.Now().UTC().Format(time.DateOnly)
	out := must(t, callWith("", "simulate", "routing", "--data", data, "--b", busy, "--day", day, "--zone", "UTC", "--misses", "0", "--json")).out
	if err := json.Unmarshal([]byte(out), &result); err != nil {
		t.Fatal(err)
	}
	if result.Customers != 3 || result.Agents != 1 || result.A.Served+result.A.Abandoned+result.A.Left != 3 || result.B.Offers == 0 || len(result.B.Agents) != 1 {
		t.Errorf("%+v", result)
	}
}

// livedDay lets three customers ask for a person today; one agent serves two of them, the third is resolved unserved.
func livedDay(t *testing.T, data string) {
	t.Helper()
	ctx := context.Background()
	p, err := where{Data: data}.open(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = p.db.Close() }()
	desk := p.desk()
	var inbox conversation.Inbox
	var agent handoff.Agent
	step := func(fn func(tx *db.Tx) error) {
		t.Helper()
		if err := p.db.Tx(ctx, fn); err != nil {
			t.Fatal(err)
		}
	}
	step(func(tx *db.Tx) (err error) {
		if inbox, err = p.conversations.CreateInbox(ctx, tx, conversation.Inbox{Kind: "webchat", Name: "Web"}); err != nil {
			return err
		}
		agent, err = desk.CreateAgent(ctx, tx, handoff.Agent{Name: "Mei", Email: "mei@example.com", Role: handoff.AgentRole})
		return err
	})
	for i := range 3 {
		r, err := p.conversations.Record(ctx, inbox, conversation.Incoming{Address: fmt.Sprint("visitor-", i), Text: "hello"})
		if err != nil {
			t.Fatal(err)
		}
		id := r.Conversation.ID
		step(func(tx *db.Tx) error {
			c, err := p.conversations.Load(ctx, tx, id)
			if err != nil {
				return err
			}
			return desk.Request(ctx, tx, c, handoff.NoBot)
		})
		if i < 2 {
			step(func(tx *db.Tx) error { _, err := desk.Claim(ctx, tx, id, agent, false); return err })
		}
		step(func(tx *db.Tx) error { _, err := desk.Resolve(ctx, tx, id, handoff.Machine()); return err })
	}
}
