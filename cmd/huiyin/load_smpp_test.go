package main

import (
	"context"
	"testing"
	"time"

	"huiyin/channels/simulator"
)

func TestLoadSMPP(t *testing.T) {
	s, _, key := furnished(t, "")
	report := decode[loadReport](t, callWith("", "load", "--kind", "sms_smpp", "--url", s.url(), "--key", key, "--customers", "20", "--rate", "40", "--duration", "2s", "--json"))
	if report.Kind != "sms_smpp" || report.Accepted == 0 || report.Accepted != report.Scheduled || report.Answered != report.Accepted || len(report.Faults) != 0 {
		t.Errorf("%+v", report)
	}
	s.call("ledger", "check")
}

func TestLoadSMPPFindsWhatIsLost(t *testing.T) {
	s, _, key := furnished(t, "")
	plan := loadPlan{base: s.url(), key: key, questions: []string{"怎么开电子发票？"}, customers: 2, rate: 10, duration: time.Second, patience: 5 * time.Second, seed: 1}
	r := plan.smpp()
	var err error
	if r.centre, err = simulator.NewSMSC(simulator.SMSCOptions{SystemID: "load", Password: "load", Shown: func(string, string) {}}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.centre.Close)
	if r.inbox, err = r.api.makeInbox(t.Context(), "sms_smpp", r.settings()); err != nil {
		t.Fatal(err)
	}
	r.patience = 2 * time.Second // for answers that phones do not show
	report, err := r.run(context.Background())
	if err != nil || report.Lost == 0 || report.verdict() == nil {
		t.Errorf("%v\n%s", err, report.text())
	}
}
