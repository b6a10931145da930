package simulator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Socket Mode. https://docs.slack.dev/apis/events-api/using-socket-mode
const (
	maxLinks   = 10
	ticketLife = 30 * time.Second
	linkLife   = 18060 // seconds, as hello announces
)

var errNoLink = errors.New("the app has no connection")

// link is one connection of the app.
type link struct {
	conn *websocket.Conn
	mu   sync.Mutex // of writing
}

func (l *link) send(v any) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := l.conn.SetWriteDeadline(time.Now().Add(5 * time.Second)); err != nil {
		return err
	}
	return l.conn.WriteJSON(v)
}

func (l *link) close() { _ = l.conn.Close() } // it may be closed already

func (c *apiCall) connectionsOpen() (map[string]any, *refusal) {
	if !c.w.app.Socket {
		return nil, refuse("forbidden")
	}
	ticket := c.w.id("ticket-")
	c.w.tickets[ticket] = c.w.now().Add(ticketLife)
	to := "ws" + strings.TrimPrefix(c.w.base, "http") + "/link?" + url.Values{"ticket": {ticket}, "app_id": {c.w.app.ID}}.Encode()
	return map[string]any{"url": to}, nil
}

// admit uses a ticket up.
func (w *Workspace) admit(ticket string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	until, ok := w.tickets[ticket]
	delete(w.tickets, ticket)
	return ok && w.now().Before(until) && w.ended.Err() == nil
}

func (w *Workspace) serveLink(rw http.ResponseWriter, r *http.Request) {
	if !w.admit(r.URL.Query().Get("ticket")) {
		http.Error(rw, "the ticket is not good", http.StatusForbidden)
		return
	}
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	conn, err := up.Upgrade(rw, r, nil)
	if err != nil {
		return // Upgrade has answered
	}
	l := &link{conn: conn}
	defer l.close()
	n, ok := w.enter(l)
	if !ok {
		_ = l.send(map[string]any{"type": "disconnect", "reason": "too_many_websockets"}) // it is closed next
		return
	}
	defer w.leave(l)
	if l.send(hello(n, w.app.ID)) != nil {
		return
	}
	w.listen(l)
}

func hello(connections int, appID string) map[string]any {
	return map[string]any{"type": "hello", "num_connections": connections, "connection_info": map[string]string{"app_id": appID},
		"debug_info": map[string]any{"host": "applink-1", "build_number": 10, "approximate_connection_time": linkLife}}
}

func (w *Workspace) enter(l *link) (connections int, ok bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.links) >= maxLinks {
		return 0, false
	}
	w.links = append(w.links, l)
	w.touch()
	return len(w.links), true
}

func (w *Workspace) leave(l *link) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, other := range w.links {
		if other == l {
			w.links = append(w.links[:i:i], w.links[i+1:]...)
			break
		}
	}
	w.touch()
}

// listen reads acknowledgements until the connection ends.
func (w *Workspace) listen(l *link) {
	l.conn.SetReadLimit(maxBody)
	for {
		var ack struct {
			EnvelopeID string          `json:"envelope_id"`
			Payload    json.RawMessage `json:"payload"`
		}
		if err := l.conn.ReadJSON(&ack); err != nil {
			return
		}
		w.mu.Lock()
		wait := w.waiting[ack.EnvelopeID]
		delete(w.waiting, ack.EnvelopeID)
		w.mu.Unlock()
		if wait != nil {
			wait <- ack.Payload
		}
	}
}

// envelope sends something over one of the connections and waits for its acknowledgement.
func (w *Workspace) envelope(kind string, payload []byte, attempt int, reason string) ([]byte, error) {
	w.mu.Lock()
	if len(w.links) == 0 {
		w.mu.Unlock()
		return nil, errNoLink
	}
	w.turn++
	l := w.links[w.turn%len(w.links)]
	id := fmt.Sprintf("%08x-%s", w.turn, w.id("e"))
	wait := make(chan []byte, 1)
	w.waiting[id] = wait
	w.mu.Unlock()
	message := map[string]any{"envelope_id": id, "type": kind, "payload": json.RawMessage(payload), "accepts_response_payload": kind != "events_api"}
	if kind == "events_api" {
		message["retry_attempt"], message["retry_reason"] = attempt, reason
	}
	if err := l.send(message); err != nil {
		return nil, err
	}
	return w.acknowledged(id, wait)
}

func (w *Workspace) acknowledged(id string, wait chan []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(w.ended, w.wait)
	defer cancel()
	select {
	case answer := <-wait:
		return answer, nil
	case <-ctx.Done():
		w.mu.Lock()
		delete(w.waiting, id)
		w.mu.Unlock()
		return nil, errors.New("the app did not acknowledge in time")
	}
}

// Links is how many connections the app has.
func (w *Workspace) Links() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.links)
}

// Refresh asks the app to reconnect, as Slack does every few hours: a warning first when warn, then the end.
func (w *Workspace) Refresh(warn bool) {
	w.mu.Lock()
	links := append([]*link(nil), w.links...)
	w.mu.Unlock()
	reason := "refresh_requested"
	if warn {
		reason = "warning"
	}
	for _, l := range links {
		_ = l.send(map[string]any{"type": "disconnect", "reason": reason, "debug_info": map[string]string{"host": "applink-1"}}) // it may have gone
		if !warn {
			l.close()
		}
	}
}

// Cut cuts every connection without a word.
func (w *Workspace) Cut() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, l := range w.links {
		l.close()
	}
}
