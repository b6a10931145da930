package hub_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
)

// meter is a channel with all the rules that providers make: it allows so many messages, keeps files, is polled, and
// takes the answer in the response.
type meter struct {
	mu      sync.Mutex
	sent    []string
	notices []string
	refuse  []error // what the next sends are answered with, nil: taken
	notify  error
	dies    bool // sends get no answer: the node dies over it
	files   map[string]string
	box     []conversation.Incoming // what polling brings, by its cursor
	polls   int
	hints   []string
	deaf    error // what polling is answered with
	word    []conversation.Receipt
	stall   func(conversation.Inbox) // before polling is answered
	within  time.Duration            // until when a response may carry the answer; 0: 1.5 s
}

func newMeter() *meter { return &meter{files: map[string]string{}} }

func (m *meter) Kind() channels.Kind {
	return channels.Kind{Name: "meter", Settings: channels.BudgetSettings(true)}
}

// Cost counts a message for each 200 bytes, and one for each file.
func (m *meter) Cost(_ conversation.Inbox, message conversation.Message) int {
	if message.Content.Ticket != "" {
		return 0
	}
	return max(1, (len(message.Text)+199)/200) + len(message.Attachments)
}

func (m *meter) Send(ctx context.Context, _ conversation.Inbox, out channels.Outgoing) (channels.Accepted, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.dies {
		m.mu.Unlock()
		<-ctx.Done()
		m.mu.Lock()
		return channels.Accepted{}, &channels.SendError{Reason: "no answer", Uncertain: true}
	}
	if len(m.refuse) > 0 {
		err := m.refuse[0]
		m.refuse = m.refuse[1:]
		if err != nil {
			return channels.Accepted{}, err
		}
	}
	parts := m.Cost(conversation.Inbox{}, out.Message)
	if stop := out.Stop(parts - 1); stop != nil {
		m.sent = append(m.sent, fmt.Sprintf("parts %d to %d of %d", out.Skip+1, out.Paid, parts))
		stop.Taken = out.Paid
		return channels.Accepted{}, stop
	}
	line := out.Address + ": " + out.Message.Text
	if out.Skip > 0 {
		line += " from part " + strconv.Itoa(out.Skip)
	}
	for _, c := range out.Message.Content.Choices {
		line += " [" + c.Label + "]"
	}
	m.sent = append(m.sent, line)
	return channels.Accepted{ProviderID: fmt.Sprint("m", out.ID)}, nil
}

func (m *meter) Notify(_ context.Context, _ conversation.Inbox, out channels.Outgoing) (channels.Accepted, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.notify == nil {
		m.notices = append(m.notices, out.Message.Text)
	}
	return channels.Accepted{}, m.notify
}

func (m *meter) Fetch(_ context.Context, _ conversation.Inbox, f conversation.Media) (channels.File, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	text, ok := m.files[f.Ref]
	if !ok {
		return channels.File{}, &channels.SendError{Reason: "the provider has deleted the file"}
	}
	if text == "busy" {
		return channels.File{}, m.deaf
	}
	if text == "later" {
		m.files[f.Ref] = "now"
		return channels.File{}, errors.New("connection refused")
	}
	return channels.File{Name: f.Ref + ".txt", Body: io.NopCloser(strings.NewReader(text))}, nil
}

// Poll gives one message at a time.
func (m *meter) Poll(_ context.Context, inbox conversation.Inbox, at channels.Pull) (channels.Pulled, error) {
	if m.stall != nil {
		m.stall(inbox)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.polls++
	m.hints = append(m.hints, at.Hint)
	if m.deaf != nil {
		return channels.Pulled{}, m.deaf
	}
	n, _ := strconv.Atoi(at.Cursor)
	if n >= len(m.box) {
		return channels.Pulled{Cursor: at.Cursor}, nil
	}
	return channels.Pulled{Received: channels.Received{Messages: m.box[n : n+1], Receipts: m.word}, Cursor: strconv.Itoa(n + 1), More: n+1 < len(m.box)}, nil
}

// Receive takes {id, from, text}; the response carries up to 300 bytes.
func (m *meter) Receive(_ conversation.Inbox, r *http.Request) (channels.Received, error) {
	var in struct {
		ID, From, Text, Ring string
		For                  map[string]string
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return channels.Received{}, &conversation.FieldError{Field: "body", Message: "not JSON"}
	}
	if in.Ring != "" {
		return channels.Received{Ring: &channels.Ring{Hint: in.Ring, For: in.For}}, nil
	}
	return channels.Received{Messages: []conversation.Incoming{message(in.ID, in.From, in.Text)}, Ack: channels.Ack{Body: []byte("success")},
		Passive: &channels.Passive{Source: in.ID, Within: cmp.Or(m.within, 1500*time.Millisecond), Write: func(m conversation.Message) (channels.Ack, bool) {
			return channels.Ack{Body: []byte("passive: " + m.Text)}, len(m.Text) <= 300
		}}}, nil
}

func (m *meter) all() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.sent)
}

func (m *meter) count() int { return len(m.all()) }

func message(id, from, text string) conversation.Incoming {
	return conversation.Incoming{SourceID: id, Address: from, Text: text, Grant: &conversation.Grant{Name: "message", Sends: 3, For: 48 * time.Hour}}
}

// metered makes the house's inbox one of the meter's.
func (h *house) metered(bot bool, settings map[string]string) {
	h.t.Helper()
	ctx := context.Background()
	err := h.DB.Tx(ctx, func(tx *db.Tx) (err error) {
		h.inbox, err = h.Conversations.CreateInbox(ctx, tx, conversation.Inbox{Kind: "meter", Name: "Meter", Bot: bot, Settings: settings})
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) writes(in conversation.Incoming) conversation.Recorded {
	h.t.Helper()
	r, err := h.Accept(context.Background(), h.inbox, channels.Received{Messages: []conversation.Incoming{in}})
	if err != nil {
		h.t.Fatal(err)
	}
	return r[0]
}

func (h *house) replies(id int64, text string) {
	h.t.Helper()
	h.desk(func(ctx context.Context, tx *db.Tx) error {
		c, err := h.Conversations.Load(ctx, tx, id)
		if err != nil {
			return err
		}
		_, err = h.Conversations.Reply(ctx, tx, c, conversation.Draft{Sender: conversation.FromAgent, AgentID: h.agent.ID, Text: text})
		return err
	})
}

func (h *house) left() conversation.Budget {
	h.t.Helper()
	identity, err := h.Conversations.IdentityAt(context.Background(), h.DB, h.inbox.ID, "li")
	if err != nil {
		h.t.Fatal(err)
	}
	b, err := h.Conversations.Budget(context.Background(), h.DB, identity.ID, h.DB.Now())
	if err != nil {
		h.t.Fatal(err)
	}
	return b
}

// states are the texts and deliveries of our side of a conversation.
func (h *house) states(id int64) string {
	var list []string
	for _, m := range h.messages(id) {
		if m.Sender != conversation.FromContact && !m.Private {
			list = append(list, m.Text+"="+string(m.Delivery))
		}
	}
	return strings.Join(list, " | ")
}

func (h *house) reaches(want string) {
	h.t.Helper()
	h.eventually(want, func() bool { return h.states(1) == want })
}

// Typing notes that an agent writes.
func (m *meter) Typing(_ context.Context, _ conversation.Inbox, address string, on bool) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if on {
		m.notices = append(m.notices, "typing to "+address)
	}
	return nil
}
