package simulator

import (
	"bufio"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"time"
)

// smscLink is one connection to the centre.
type smscLink struct {
	c       *SMSC
	conn    net.Conn
	writing sync.Mutex

	// under the centre's lock
	bound, receives, sends bool
	seq                    uint32
	waiting                map[uint32]*bringing
}

func (l *smscLink) write(p smppPDU) { l.writeRaw(p.bytes()) }

func (l *smscLink) writeRaw(b []byte) {
	l.writing.Lock()
	defer l.writing.Unlock()
	_ = l.conn.SetWriteDeadline(time.Now().Add(5 * time.Second))
	if _, err := l.conn.Write(b); err != nil {
		_ = l.conn.Close()
	}
}

func (l *smscLink) serve() {
	l.c.mu.Lock()
	l.c.links[l] = true
	closed := l.c.closed
	l.c.mu.Unlock()
	if closed {
		_ = l.conn.Close()
	}
	defer l.end()
	in := bufio.NewReader(l.conn)
	for {
		p, err := readSMPP(in)
		if err != nil {
			return
		}
		if l.take(p) {
			return
		}
	}
}

// end puts back what was not taken, the oldest first.
func (l *smscLink) end() {
	_ = l.conn.Close()
	l.c.mu.Lock()
	delete(l.c.links, l)
	var again []uint32
	for seq := range l.waiting {
		again = append(again, seq)
	}
	slices.Sort(again)
	var back []*bringing
	for _, seq := range again {
		back = append(back, l.waiting[seq])
	}
	l.waiting = map[uint32]*bringing{}
	l.c.queue = append(back, l.c.queue...)
	l.c.mu.Unlock()
	l.c.pump()
}

// take answers one PDU; true ends the connection.
func (l *smscLink) take(p smppPDU) bool {
	switch p.id {
	case smppReceiver, smppTransmitter, smppTransceiver:
		return l.bind(p)
	case smppEnquire:
		l.write(smppPDU{id: p.id | smppResponse, seq: p.seq})
	case smppUnbind:
		l.write(smppPDU{id: p.id | smppResponse, seq: p.seq})
		return true
	case smppSubmit:
		return l.submit(p)
	case smppDeliver | smppResponse:
		l.taken(p)
	case smppEnquire | smppResponse, smppUnbind | smppResponse, smppNack:
	default:
		l.write(smppPDU{id: smppNack, status: 3, seq: p.seq})
	}
	return false
}

func (l *smscLink) bind(p smppPDU) bool {
	f := smppFields{p.body}
	name, password := f.text(), f.text()
	status := uint32(0)
	switch {
	case l.c.o.Bind != nil:
		status = l.c.o.Bind(p.id)
	case name != l.c.o.SystemID:
		status = 0x0f
	case password != l.c.o.Password:
		status = 0x0e
	}
	if status != 0 {
		l.write(smppPDU{id: p.id | smppResponse, status: status, seq: p.seq}) // without a body, as many do
		return true
	}
	l.write(smppPDU{id: p.id | smppResponse, seq: p.seq, body: []byte("centre\x00")})
	l.c.mu.Lock()
	l.bound, l.receives, l.sends = true, p.id != smppTransmitter, p.id != smppReceiver
	l.c.binds++
	l.c.mu.Unlock()
	l.c.pump()
	return false
}

func (l *smscLink) submit(p smppPDU) bool {
	m := readShort(p.body)
	v := Verdict{}
	if l.c.o.Submit != nil {
		v = l.c.o.Submit(m)
	}
	response := smppPDU{id: smppSubmit | smppResponse, status: v.Status, seq: p.seq}
	l.c.mu.Lock()
	if v.ID == "" {
		l.c.lastID++
		v.ID = fmt.Sprintf("%08X", l.c.lastID)
	}
	if !l.sends {
		response.status = 4
	} else if v.Status == 0 {
		l.c.keep(m)
		response.body = append([]byte(v.ID), 0)
	}
	l.c.mu.Unlock()
	if v.Early && response.status == 0 {
		l.c.receipt(m, v)
		time.Sleep(20 * time.Millisecond)
	}
	if v.Delayed > 0 {
		time.Sleep(v.Delayed)
	}
	switch {
	case v.Spoil != nil:
		l.writeRaw(v.Spoil(response.bytes()))
	case !v.Silent && !v.Hang:
		l.write(response)
	}
	if !v.Early && response.status == 0 {
		l.c.receipt(m, v)
	}
	return v.Hang || v.Spoil != nil
}

// receipt has the receipt brought of a text that wants one: SMPP 3.4, appendix B.
func (c *SMSC) receipt(m ShortMessage, v Verdict) {
	if m.Registered&1 == 0 || v.State == "-" {
		return
	}
	if v.State == "" {
		v.State = "DELIVRD"
	}
	id := v.ID
	r := ShortMessage{From: m.To, To: m.From, Class: 4, Parameters: map[uint16][]byte{}}
	if v.TextID != "" {
		id = v.TextID
	} else {
		r.Parameters[0x001e] = append([]byte(v.ID), 0)
		states := []string{"", "ENROUTE", "DELIVRD", "EXPIRED", "DELETED", "UNDELIV", "ACCEPTD", "UNKNOWN", "REJECTD"}
		r.Parameters[0x0427] = []byte{byte(max(0, slices.Index(states, v.State)))}
	}
	if ref, ok := m.Parameters[0x0204]; ok && !v.NoRef {
		r.Parameters[0x0204] = ref
	}
	r.Data = fmt.Appendf(nil, "id:%s sub:001 dlvrd:001 submit date:2611220100 done date:2611220101 stat:%s err:000 text:%.20s", id, v.State, strings.ToValidUTF8(m.words(), ""))
	r.Data = r.Data[:min(len(r.Data), 254)]
	c.Bring(r)
}

// taken takes the response to a deliver_sm: one refused for now comes again.
func (l *smscLink) taken(p smppPDU) {
	l.c.mu.Lock()
	b := l.waiting[p.seq]
	delete(l.waiting, p.seq)
	later := p.status == 0x64 || p.status == 0x14 || p.status == 0x58
	if b != nil && later {
		time.AfterFunc(100*time.Millisecond, func() {
			l.c.mu.Lock()
			l.c.queue = append(l.c.queue, b)
			l.c.mu.Unlock()
			l.c.pump()
		})
	} else if b != nil {
		if p.status != 0 {
			l.c.refused = append(l.c.refused, p.status)
		}
		b.done <- p.status
	}
	l.c.mu.Unlock()
	l.c.pump()
}

// pump brings what is queued as far as the windows of the receivers allow.
func (c *SMSC) pump() {
	type out struct {
		l *smscLink
		p smppPDU
	}
	var all []out
	c.mu.Lock()
	for l := range c.links {
		for l.receives && len(c.queue) > 0 && len(l.waiting) < c.o.Window {
			b := c.queue[0]
			c.queue = c.queue[1:]
			l.seq++
			l.waiting[l.seq], b.since = b, time.Now()
			b.tries++
			all = append(all, out{l, smppPDU{id: smppDeliver, seq: l.seq, body: b.m.body()}})
			c.repeatLater(l, l.seq, b)
		}
	}
	c.mu.Unlock()
	for _, o := range all {
		o.l.write(o.p)
	}
}

// repeatLater queues a deliver_sm again that gets no response.
func (c *SMSC) repeatLater(l *smscLink, seq uint32, b *bringing) {
	time.AfterFunc(c.o.Patience, func() {
		c.mu.Lock()
		still := l.waiting[seq] == b
		if still {
			delete(l.waiting, seq)
			c.queue = append(c.queue, b)
		}
		c.mu.Unlock()
		if still {
			c.pump()
		}
	})
}
