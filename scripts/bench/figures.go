package main

import (
	"bufio"
	"bytes"
	"regexp"
	"strconv"
	"strings"
)

// figures are the metrics of each benchmark by their unit.
type figures map[string]map[string]float64

// processors is what the testing package writes after a benchmark's name.
var processors = regexp.MustCompile(`-\d+$`)

// parse reads what `go test -bench` prints.
func parse(raw []byte) figures {
	found := figures{}
	lines := bufio.NewScanner(bytes.NewReader(raw))
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		if len(fields) < 4 || !strings.HasPrefix(fields[0], "Benchmark") {
			continue
		}
		name := processors.ReplaceAllString(strings.TrimPrefix(fields[0], "Benchmark"), "")
		for i := 2; i+1 < len(fields); i += 2 {
			if value, err := strconv.ParseFloat(fields[i], 64); err == nil {
				found.set(name, fields[i+1], value)
			}
		}
	}
	return found
}

func (f figures) set(name, unit string, value float64) {
	if f[name] == nil {
		f[name] = map[string]float64{}
	}
	f[name][unit] = value
}

// derive adds the ratios of what two sections have measured.
func (f figures) derive() {
	sent, ok := f["Outbound"]["sent/s"]
	bare := f["Inbound/connections=64"]["sqlite/s"]
	if ok && bare > 0 {
		f.set("Outbound", "ratio", sent/bare)
	}
}

// goal is a figure that the project aims at.
type goal struct {
	text, name, unit string
	limit            float64
	atLeast          bool // the figure must be at least, not at most, the limit
}

// goals are the figures in the order of the report.
func goals() []goal {
	var all []goal
	for _, n := range connections {
		name := "Inbound/connections=" + n
		all = append(all, goal{"accepting over HTTP, " + n + " connections: rate to bare group commit over HTTP", name, "ratio", 0.5, true},
			goal{"accepting over HTTP, " + n + " connections: p99 to bare group commit over HTTP", name, "p99-ratio", 2.5, false})
	}
	for _, n := range connections {
		name := "Accept/connections=" + n
		all = append(all, goal{"recording without HTTP, " + n + " connections: rate to bare inserts that share commits", name, "ratio", 0.5, true},
			goal{"recording without HTTP, " + n + " connections: p99 to bare inserts that share commits", name, "p99-ratio", 2.5, false})
	}
	all = append(all,
		goal{"accepting over HTTP on PostgreSQL and Redis, 16 connections: rate to pgbench's one-row commits", "Postgres/connections=16", "ratio", 0.4, true},
		goal{"by the clock at half the top rate, from when a message was due, p99 (ms)", "OpenLoop", "p99-ms", 10, false},
		goal{"by the clock at half the top rate, from when a message was due, p99.9 (ms)", "OpenLoop", "p999-ms", 50, false},
		goal{"a million messages stored, 16 connections: rate of recording to that with few", "AcceptStored", "ratio", 0.9, true},
		goal{"outbound over HTTP, durable before and after each send (1/s)", "Outbound", "sent/s", 3900, true},
		goal{"outbound: rate to bare group commit over HTTP at 64 connections", "Outbound", "ratio", 0.24, true},
		goal{"telling 9 000 WebSockets: the least a server can do to ours", "Fanout", "ratio", 1, true},
		goal{"visitor's message to the agent's screen at 500/s, p50 (ms)", "MessageToScreen", "p50-ms", 3, false},
		goal{"visitor's message to the agent's screen at 500/s, p99 (ms)", "MessageToScreen", "p99-ms", 15, false},
		goal{"question to stored answer, 10 000 articles, p50 (ms)", "QuestionToAnswer", "p50-ms", 5, false},
		goal{"question to stored answer, 10 000 articles, p99 (ms)", "QuestionToAnswer", "p99-ms", 20, false},
		goal{"decisions on one core, 10 000 phrasings (a second)", "Decision/phrasings=10000", "decisions/s", 5000, true},
		goal{"a decision, 10 000 phrasings, p99 (ms)", "Decision/phrasings=10000", "p99-ms", 2, false},
		goal{"a decision, 100 000 phrasings, p99 (ms)", "Decision/phrasings=100000", "p99-ms", 8, false},
		goal{"learning from 10 000 phrasings (s)", "Decision/phrasings=10000", "learn-s", 30, false},
		goal{"what is learnt from 10 000 phrasings, with the tables to search (MB)", "Decision/phrasings=10000", "MB", 30, false},
		goal{"WeChat's callbacks, AES safe mode, 64 connections: rate to web chat's messages", "Callback/connections=64", "ratio", 0.7, true},
		goal{"WeChat's callback to durable acknowledgement, AES safe mode, 64 connections, p99 (ms)", "Callback/connections=64", "safe-p99-ms", 40, false},
		goal{"WeChat's callback to the answer at WeChat's side at 200/s, p50 (ms)", "WechatTurn/custom", "p50-ms", 8, false},
		goal{"WeChat's callback to the answer at WeChat's side at 200/s, p99 (ms)", "WechatTurn/custom", "p99-ms", 40, false},
		goal{"SMPP, texts of phones made durable and acknowledged (1/s)", "SMPP", "inbound/s", 2000, true},
		goal{"SMPP, replies sent from the outbox and settled by their receipts, window 64 (1/s)", "SMPP", "outbound/s", 1000, true},
		goal{"mails of 20 KB over SMTP made durable and acknowledged (1/s)", "Mail", "smtp/s", 300, true},
		goal{"10 000 mails waiting in an IMAP folder taken in (1/s)", "Mail", "imap/s", 200, true},
		goal{"memory held while they are taken in (MB)", "Mail", "MB-held", 64, false},
		goal{"a mail in the folder to its answer at the outgoing server, the longest of 10 (ms)", "Mail", "ms-to-answer", 1000, false},
		goal{"whether a number has opted out, among 1 000 000 (µs)", "OptOut", "µs-each", 50, false},
	)
	for _, page := range []string{"first", "deep"} {
		for _, on := range []string{"sqlite", "postgres"} {
			all = append(all, goal{"inbox, " + page + " page, 100 000 conversations, " + on + ", p99 (ms)", "InboxPage/" + on + "/100k/" + page, "p99-ms", 3, false},
				goal{"inbox, " + page + " page, 1 000 000 conversations, " + on + ", p99 (ms)", "InboxPage/" + on + "/1000k/" + page, "p99-ms", 6, false})
		}
	}
	return append(all,
		goal{"10 000 open and idle streams, memory of each (KiB)", "Crowd", "KiB-each", 16, false},
		goal{"message to the visitor's screen among them, p99 (ms)", "Crowd", "screen-p99-ms", 15, false},
		goal{"start to first answer on an empty folder (s)", "Binary", "start-s", 0.1, false},
		goal{"start to first answer with 1 000 000 messages and 100 000 articles (s)", "Stored", "start-s", 1, false},
		goal{"idle memory (MB)", "Binary", "idle-MB", 60, false},
		goal{"size of the binary (MB)", "Binary", "size-MB", 80, false},
	)
}

// verdict compares the figure with the limit; a figure that was not measured says so.
func (g goal) verdict(f figures) (value, verdict string) {
	v, ok := f[g.name][g.unit]
	if !ok {
		return "–", "not measured"
	}
	value = strconv.FormatFloat(v, 'f', 2, 64)
	if g.atLeast == (v >= g.limit) || v == g.limit {
		return value, "met"
	}
	return value, "missed"
}
