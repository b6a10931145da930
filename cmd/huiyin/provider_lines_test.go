package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	smtpd "github.com/emersion/go-smtp"

	"huiyin/channels/simulator"
	"huiyin/db/pgtest"
)

// lineFault is what a provider on a line of its own, a short message centre or a mail server, does to the message with its words, once.
type lineFault struct {
	name string
	slow bool   // only where rounds are asked for: it takes as long as the patience of those who wait
	ends string // where the message ends
	does any    // in the provider's own terms
}

// lineFaults is a provider that has some, and an inbox for it.
type lineFaults struct {
	*sink
	faults   []lineFault
	stranger []string                          // settings that lead to an address, given behind them, whose certificate is not known
	breaks   func(does func(words string) any) // has the provider ask what to do to a message; nil: nothing
}

// broken finds what is to be done to a message, once.
func (l *lineFaults) broken() func(words string) any {
	var mu sync.Mutex
	done := map[int]bool{}
	return func(words string) any {
		mu.Lock()
		defer mu.Unlock()
		for n, f := range l.faults {
			if strings.Contains(words, wordsFor(n)) && !done[n] {
				done[n] = true
				return f.does
			}
		}
		return nil
	}
}

// Short message centres and mail servers that refuse for now, fall silent, break off or talk nonsense lose nothing and double nothing.
func TestFaultsOfProvidersOnLines(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		long bool
		make func(t *testing.T, database string) *lineFaults
	}{
		{"SMPP", false, func(t *testing.T, database string) *lineFaults { return brokenCentre(t, database, false) }},
		{"SMPP without references in receipts", true, func(t *testing.T, database string) *lineFaults { return brokenCentre(t, database, true) }},
		{"mail", false, brokenPostbox},
	} {
		long := os.Getenv("HUIYIN_CRASH_ROUNDS") != ""
		for _, database := range []string{"SQLite", "PostgreSQL"} {
			if !long && (c.long || database == "PostgreSQL") {
				continue
			}
			t.Run(c.name+" on "+database, func(t *testing.T) {
				t.Parallel()
				url := ""
				if database == "PostgreSQL" {
					url = pgtest.URL(t)
				}
				c.make(t, url).run(long)
			})
		}
	}
}

func (l *lineFaults) run(long bool) {
	l.silenceBot()
	l.breaks(l.broken())
	for n := range len(l.faults) + 1 {
		l.writes(n)
	}
	ids := l.conversationsOf(len(l.faults) + 1)
	must(l.T, callWith(offerPassword, l.on("user", "create", "--email", "lead@shop.example", "--name", "Lead", "--role", "lead", "--password-stdin")...))
	lead := l.signedIn("lead@shop.example")
	row := faultRow{}
	for n, f := range l.faults { // one after the other: a line that breaks takes along what else is on it
		if f.slow && !long {
			continue
		}
		l.calls(lead.calls(context.Background(), http.MethodPost, fmt.Sprintf("/conversations/%d/messages", ids[n]), map[string]any{"text": wordsFor(n)}, nil))
		state, reason := l.ending(wordsFor(n), f.ends)
		shown := l.arrivedWith(wordsFor(n))
		l.Logf("%s: %s, shown %d times (%s)", f.name, state, shown, reason)
		if state != f.ends || shown > 1 || state == "sent" && shown != 1 || state == "failed" && shown != 0 || state != "sent" && reason == "" {
			l.Errorf("%s: %s (%s), shown %d times; it should be %s", f.name, state, reason, shown, f.ends)
		}
		row.Rounds, row.Accepted = row.Rounds+1, row.Accepted+1
		row.Lost, row.Doubled = row.Lost+lostOf(state, shown), row.Doubled+max(shown-1, 0)
		if state == "uncertain" {
			row.Uncertain++
		}
	}
	l.strangers(lead, ids[len(ids)-1])
	row.Rounds, row.Accepted = row.Rounds+1, row.Accepted+1
	noteFault(l.T, row)
	l.Logf("%s", l.call("ledger", "check"))
}

// arrivedWith counts the messages with some words that any customer has.
func (l *lineFaults) arrivedWith(words string) (n int) {
	for _, said := range l.shown() {
		for _, text := range said {
			if strings.Contains(text, words) {
				n++
			}
		}
	}
	return n
}

// strangers have the provider's address, and a certificate that is not known: nothing is told to them.
func (l *lineFaults) strangers(lead *offerAgent, conversation int64) {
	known := httptest.NewTLSServer(nil) // for its certificate, which nobody has signed
	known.Close()
	ln, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: known.TLS.Certificates, MinVersion: tls.VersionTLS12})
	if err != nil {
		l.Fatal(err)
	}
	defer ln.Close()
	var heard atomic.Int64
	go listenToAll(ln, &heard)
	host, port := hostPort(l.T, ln.Addr().String())
	args := []string{"inbox", "set", fmt.Sprint(l.inbox)}
	for _, setting := range l.stranger {
		args = append(args, "--set", strings.NewReplacer("HOST", host, "PORT", port).Replace(setting))
	}
	l.call(args...)
	const words, want = "for-the-right-ears", "queued"
	l.calls(lead.calls(context.Background(), http.MethodPost, fmt.Sprintf("/conversations/%d/messages", conversation), map[string]any{"text": words}, nil))
	state, reason := l.ending(words, want)
	for end := time.Now().Add(90 * time.Second); time.Now().Before(end) && !strings.Contains(reason, "certificate"); { // a connection may be being made
		time.Sleep(50 * time.Millisecond)
		state, reason = l.ending(words, want)
	}
	l.Logf("a stranger's certificate: %s (%s)", state, reason)
	if state != want || !strings.Contains(reason, "certificate") || heard.Load() > 0 || l.arrivedWith(words) > 0 {
		l.Errorf("a stranger's certificate: %s (%s), %d bytes heard", state, reason, heard.Load())
	}
}

// listenToAll counts what is said behind the handshake.
func listenToAll(ln net.Listener, heard *atomic.Int64) {
	for {
		c, err := ln.Accept()
		if err != nil {
			return
		}
		go func() {
			defer c.Close()
			n, _ := io.Copy(io.Discard, c)
			heard.Add(n)
		}()
	}
}

// brokenCentre is a short message centre. Where its receipts repeat our reference they settle what no response did.
func brokenCentre(t *testing.T, database string, noRef bool) *lineFaults {
	var does atomic.Pointer[func(words string) any]
	k := centreSink(t, database, func(m simulator.ShortMessage) simulator.Verdict {
		if ask := does.Load(); ask != nil {
			ascii := string(bytes.ReplaceAll(m.Data, []byte{0}, nil)) // of UCS-2 too
			if v, ok := (*ask)(ascii).(simulator.Verdict); ok {
				v.NoRef = noRef
				return v
			}
		}
		return simulator.Verdict{NoRef: noRef}
	})
	unknown := "sent"
	if noRef {
		unknown = "uncertain"
	}
	const systemError, throttled = 0x08, 0x58
	return &lineFaults{sink: k, stranger: []string{"host=HOST", "port=PORT", "tls=true"}, breaks: func(ask func(words string) any) { does.Store(&ask) }, faults: []lineFault{
		{"ESME_RTHROTTLED", false, "sent", simulator.Verdict{Status: throttled}},
		{"the answer is lost", false, unknown, simulator.Verdict{Hang: true}},
		{"ESME_RSYSERR", true, "sent", simulator.Verdict{Status: systemError}},
		{"half an answer", true, unknown, spoilt(func(response []byte) []byte { return response[:len(response)/2] })},
		{"a length that cannot be", true, unknown, spoilt(func(response []byte) []byte { return append([]byte{0xff, 0xff, 0xff, 0xff}, response[4:]...) })},
		{"an answer to something else", true, unknown, spoilt(func(response []byte) []byte { response[7] = 0x03; return response })},
		{"another protocol", true, unknown, spoilt(func([]byte) []byte { return []byte("HTTP/1.1 400 Bad Request\r\n\r\n") })},
		{"silence", true, unknown, simulator.Verdict{Silent: true}},
	}}
}

func spoilt(how func(response []byte) []byte) simulator.Verdict { return simulator.Verdict{Spoil: how} }

// brokenPostbox is a mail server. A mail has no receipt, so that what it did not answer for stays uncertain.
func brokenPostbox(t *testing.T, database string) *lineFaults {
	k, box := postboxSink(t, database)
	over := make(chan struct{})
	t.Cleanup(func() { close(over) })
	instead := func(text string) func() (string, bool) { return func() (string, bool) { return text, true } }
	silence := func() (string, bool) { <-over; return "", true }
	return &lineFaults{sink: k, stranger: []string{"smtp_host=HOST", "smtp_port=PORT", "smtp_security=tls"}, breaks: func(ask func(words string) any) {
		var mu sync.Mutex
		spoils := map[string]func() (string, bool){}
		box.refuses = func(raw string) error {
			switch does := ask(raw).(type) {
			case *smtpd.SMTPError:
				return does
			case func() (string, bool):
				mu.Lock()
				defer mu.Unlock()
				spoils[raw] = does
			}
			return nil
		}
		box.spoils = func(raw string) (string, bool) {
			mu.Lock()
			does := spoils[raw]
			mu.Unlock()
			if does == nil {
				return "", false
			}
			return does()
		}
	}, faults: []lineFault{
		{"554", false, "failed", &smtpd.SMTPError{Code: 554, EnhancedCode: smtpd.EnhancedCode{5, 7, 1}, Message: "no"}},
		{"the answer is lost", false, "uncertain", instead("")},
		{"half an answer", false, "uncertain", instead("25")},
		{"half an answer, its code whole", false, "sent", instead("250 2.0.0 Queu")},
		{"an answer that is none", false, "uncertain", instead("what?\r\n")},
		{"another protocol", false, "uncertain", instead("HTTP/1.1 400 Bad Request\r\n\r\n")},
		{"an answer to something else", false, "uncertain", instead("354 Go on\r\n")},
		{"451, later", true, "sent", &smtpd.SMTPError{Code: 451, EnhancedCode: smtpd.EnhancedCode{4, 3, 0}, Message: "later"}},
		{"silence", true, "uncertain", silence},
	}}
}
