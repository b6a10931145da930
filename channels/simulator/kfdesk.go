package simulator

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// desk is what WeCom keeps of a customer service account: the messages to be synchronised and the bells rung for them.
type desk struct {
	queue []kfItem
	bells map[string]time.Time // by token: until when it is good
	empty int                  // answers that say has_more and bring nothing
}

// kfItem is a message or event of the queue.
type kfItem struct {
	n    int64
	at   time.Time
	body json.RawMessage
}

const (
	kfKept     = 3 * 24 * time.Hour // how far back sync_msg reaches
	kfBell     = 10 * time.Minute   // how long a bell's token is good
	kfPage     = 1000
	kfMost     = 20_000 // messages that are kept at all
	kfUnringed = 10     // calls a minute without a token
)

// Where a message of the queue comes from.
const (
	fromCustomer = 3
	fromSystem   = 4
	fromServicer = 5
)

// kfMessage is the frame of what sync_msg brings.
// https://developer.work.weixin.qq.com/document/path/94670
type kfMessage struct {
	ID       string `json:"msgid"`
	Desk     string `json:"open_kfid,omitempty"`
	Customer string `json:"external_userid,omitempty"`
	At       int64  `json:"send_time"`
	Origin   int    `json:"origin"`
	Servicer string `json:"servicer_userid,omitempty"`
	Kind     string `json:"msgtype"`
}

// queue puts a message of a phone's into the queue and tells how to ring for it; the caller holds the lock.
func (p *Phone) queue(origin int, kind string, content any) push {
	a, s := p.account, p.account.sim
	m := kfMessage{ID: s.random(24), At: s.now().Unix(), Origin: origin, Kind: kind}
	if kind != "event" {
		m.Desk, m.Customer = a.config.Original, p.openID
	}
	if origin == fromServicer {
		m.Servicer = p.talk.servicer
	}
	frame := plainJSON(m)
	body := append(frame[:len(frame)-1], fmt.Sprintf(",%q:%s}", kind, plainJSON(content))...)
	// Numbers go on after a restart, so that a cursor from before it skips nothing.
	a.desk.queue = append(a.desk.queue, kfItem{s.nextID(), s.clock(), body})
	if len(a.desk.queue) > kfMost {
		a.desk.queue = a.desk.queue[len(a.desk.queue)-kfMost:]
	}
	return a.bell(p)
}

// bell is the callback that says no more than that there is something to fetch.
func (a *Account) bell(p *Phone) push {
	s := a.sim
	ring := "ENC" + s.random(36)
	if a.desk.bells == nil {
		a.desk.bells = map[string]time.Time{}
	}
	a.desk.bells[ring] = s.clock().Add(kfBell)
	return push{account: a, phone: p, body: fields{{"ToUserName", a.config.AppID}, {"CreateTime", s.now().Unix()}, {"MsgType", "event"},
		{"Event", "kf_msg_or_event"}, {"Token", ring}, {"OpenKfId", a.config.Original}}}
}

// EmptyPages has the next calls of sync_msg bring nothing and yet say that there is more.
func (a *Account) EmptyPages(n int) {
	a.sim.mu.Lock()
	defer a.sim.mu.Unlock()
	a.desk.empty = n
}

// seat finds the customer service account that a call names, among those of the same company.
func (c *apiCall) seat(openKfID string) *refusal {
	for _, a := range c.sim.accounts {
		if a.config.Kind == CustomerService && a.config.AppID == c.account.config.AppID && a.config.Original == openKfID {
			c.account = a
			return nil
		}
	}
	return refuse(95000, "invalid open_kfid")
}

// kfSync brings what came in since a cursor. Only has_more tells the end.
func kfSync(c *apiCall) (any, *refusal) {
	var in struct {
		Cursor string `json:"cursor"`
		Token  string `json:"token"`
		Limit  int    `json:"limit"`
		Desk   string `json:"open_kfid"`
	}
	if refused := c.decodeLoose(&in); refused != nil {
		return nil, refused
	}
	if refused := c.seat(in.Desk); refused != nil {
		return nil, refused
	}
	if refused := c.account.ring(in.Token); refused != nil {
		return nil, refused
	}
	after, refused := readCursor(in.Cursor)
	if refused != nil {
		return nil, refused
	}
	if in.Limit < 0 || in.Limit > kfPage {
		return nil, refuse(40058, "limit out of range")
	}
	if in.Limit == 0 {
		in.Limit = kfPage
	}
	return c.account.page(after, in.Limit), nil
}

type kfPageAnswer struct {
	refusal
	Next string            `json:"next_cursor"`
	More int               `json:"has_more"`
	List []json.RawMessage `json:"msg_list"`
}

func (a *Account) page(after int64, limit int) kfPageAnswer {
	answer := kfPageAnswer{refusal: ok(), Next: writeCursor(after), List: []json.RawMessage{}}
	if a.desk.empty > 0 {
		a.desk.empty--
		answer.More = 1
		return answer
	}
	oldest := a.sim.clock().Add(-kfKept)
	for _, item := range a.desk.queue {
		if item.n <= after || item.at.Before(oldest) {
			continue
		}
		if len(answer.List) == limit {
			answer.More = 1
			break
		}
		answer.List = append(answer.List, item.body)
		answer.Next = writeCursor(item.n)
	}
	return answer
}

// ring checks a bell's token. Who comes without one is let in a few times a minute.
func (a *Account) ring(token string) *refusal {
	now := a.sim.clock()
	if token != "" {
		if until, known := a.desk.bells[token]; !known || now.After(until) {
			return refuse(95007, "invalid msg token")
		}
		return nil
	}
	a.untokened = slices.DeleteFunc(a.untokened, func(at time.Time) bool { return now.Sub(at) >= time.Minute })
	if len(a.untokened) >= kfUnringed {
		return refuse(45009, "api freq out of limit")
	}
	a.untokened = append(a.untokened, now)
	return nil
}

const cursorMark = "4gw7MepFLfgF2VC5"

func writeCursor(n int64) string { return cursorMark + strconv.FormatInt(n, 36) }

func readCursor(cursor string) (int64, *refusal) {
	if cursor == "" {
		return 0, nil
	}
	rest, fits := strings.CutPrefix(cursor, cursorMark)
	n, err := strconv.ParseInt(rest, 36, 64)
	if !fits || err != nil || len(cursor) > 64 {
		return 0, refuse(40058, "invalid cursor")
	}
	return n, nil
}

// decodeLoose reads a body for WeCom, which takes escapes.
func (c *apiCall) decodeLoose(into any) *refusal {
	if err := json.Unmarshal(c.body, into); err != nil {
		return refuse(40058, "Warning: wrong json format.")
	}
	return nil
}
