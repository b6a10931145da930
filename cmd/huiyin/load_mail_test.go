package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"huiyin/channels/simulator/post"
)

func TestLoadMail(t *testing.T) {
	s, _, key := furnished(t, "")
	report := decode[loadReport](t, callWith("", "load", "--kind", "email", "--url", s.url(), "--key", key, "--customers", "20", "--rate", "30", "--duration", "2s", "--json"))
	if report.Kind != "email" || report.Accepted == 0 || report.Accepted != report.Scheduled || report.Answered != report.Accepted || len(report.Faults) != 0 {
		t.Errorf("%+v", report)
	}
	s.call("ledger", "check")
}

func TestLoadMailFindsWhatIsLost(t *testing.T) {
	s, _, key := furnished(t, "")
	plan := loadPlan{base: s.url(), key: key, questions: []string{"怎么开电子发票？"}, customers: 2, rate: 10, duration: time.Second, patience: 2 * time.Second, seed: 1}
	r := plan.mail()
	var err error
	// The mailboxes have what came, and their owners do not see it.
	unseen := func(address string, m post.Mail) { r.place(address, m) }
	if r.office, err = post.Open(post.Options{Domain: loadDomain, Arrived: unseen, Accounts: []post.Account{{Address: loadMailbox, Password: "load"}}}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.office.Close)
	if r.inbox, err = r.api.makeInbox(t.Context(), "email", r.settings()); err != nil {
		t.Fatal(err)
	}
	report, err := r.run(context.Background())
	if err != nil || report.Lost == 0 || report.verdict() == nil {
		t.Errorf("%v\n%s", err, report.text())
	}
}

func TestLoadMailFindsAMailInTheWrongThread(t *testing.T) {
	r := loadPlan{customers: 1}.mail()
	r.arrived("c0@"+loadDomain, post.Mail{InReplyTo: "somebody@else.example"})
	r.arrived("c7@"+loadDomain, post.Mail{})
	if len(r.odd) != 1 || !strings.HasPrefix(r.odd[0], "misplaced") {
		t.Errorf("got %q", r.odd)
	}
}
