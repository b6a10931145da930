package simulator

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// smppClient speaks to a centre octet by octet.
type smppClient struct {
	*testing.T
	conn net.Conn
	seq  uint32
}

func dialSMSC(t *testing.T, c *SMSC) *smppClient {
	t.Helper()
	host, port := c.Address()
	conn, err := net.Dial("tcp", net.JoinHostPort(host, port))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &smppClient{T: t, conn: conn}
}

func (c *smppClient) put(p smppPDU) {
	c.Helper()
	if _, err := c.conn.Write(p.bytes()); err != nil {
		c.Fatal(err)
	}
}

func (c *smppClient) get() smppPDU {
	c.Helper()
	_ = c.conn.SetReadDeadline(time.Now().Add(5 * time.Second))
	p, err := readSMPP(c.conn)
	if err != nil {
		c.Fatal(err)
	}
	return p
}

func (c *smppClient) ask(id uint32, body []byte) smppPDU {
	c.Helper()
	c.seq++
	c.put(smppPDU{id: id, seq: c.seq, body: body})
	p := c.get()
	if p.seq != c.seq {
		c.Errorf("the answer to %d is to %d", c.seq, p.seq)
	}
	return p
}

func (c *smppClient) bind(as uint32, password string) uint32 {
	c.Helper()
	return c.ask(as, []byte("shop\x00"+password+"\x00\x00\x34\x00\x00\x00")).status
}

func centreFor(t *testing.T, o SMSCOptions) *SMSC {
	t.Helper()
	o.SystemID, o.Password = "shop", "secret"
	c, err := NewSMSC(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func TestSMSCBinds(t *testing.T) {
	c := centreFor(t, SMSCOptions{})
	for password, want := range map[string]uint32{"secret": 0, "other": 0x0e} {
		if got := dialSMSC(t, c).bind(smppTransceiver, password); got != want {
			t.Errorf("%s: status %x", password, got)
		}
	}
	closed := centreFor(t, SMSCOptions{Bind: func(uint32) uint32 { return 0x0d }})
	if got := dialSMSC(t, closed).bind(smppReceiver, "secret"); got != 0x0d {
		t.Errorf("status %x", got)
	}
}

func TestSMSCTakesTextsAndBringsReceipts(t *testing.T) {
	c := centreFor(t, SMSCOptions{})
	l := dialSMSC(t, c)
	l.bind(smppTransceiver, "secret")
	for i, m := range Parts("10690001", "8613800138000", "你好😀世界", 7, 4) {
		m.Registered = byte(i) // for the second part only
		if p := l.ask(smppSubmit, m.body()); p.status != 0 || len(p.body) < 2 {
			t.Fatalf("%+v", p)
		}
	}
	if got := c.Said("8613800138000"); len(got) != 1 || got[0] != "你好😀世界" {
		t.Errorf("%q", got)
	}
	p := l.get()
	m := readShort(p.body)
	if p.id != smppDeliver || m.Class != 4 || !strings.Contains(string(m.Data), "stat:DELIVRD") || m.Parameters[0x0427][0] != 2 {
		t.Errorf("%+v, %+v", p, m)
	}
	l.put(smppPDU{id: smppDeliver | smppResponse, seq: p.seq})
	if p := l.ask(smppEnquire, nil); p.id != smppEnquire|smppResponse {
		t.Errorf("%+v", p)
	}
	if p := l.ask(0x77, nil); p.id != smppNack || p.status != 3 {
		t.Errorf("%+v", p)
	}
	if c.Waiting() != 0 || c.Linked() != 1 {
		t.Errorf("%d waiting, %d linked", c.Waiting(), c.Linked())
	}
}

// A response may be spoilt: the text is taken all the same, and the connection breaks.
func TestSMSCSpoilsItsResponse(t *testing.T) {
	c := centreFor(t, SMSCOptions{Submit: func(ShortMessage) Verdict {
		return Verdict{Spoil: func(response []byte) []byte { return response[:len(response)/2] }}
	}})
	l := dialSMSC(t, c)
	l.bind(smppTransceiver, "secret")
	l.put(smppPDU{id: smppSubmit, seq: 2, body: ShortMessage{From: "1", To: "2", Data: []byte("hi")}.body()})
	_ = l.conn.SetReadDeadline(time.Now().Add(30 * time.Second))
	got, err := io.ReadAll(l.conn)
	if said := c.Said("2"); err != nil || len(got) == 0 || len(got) >= 16 || len(said) != 1 {
		t.Errorf("%x, %v; shown %q", got, err, said)
	}
}

func TestSMSCTransmitterGetsNothing(t *testing.T) {
	c := centreFor(t, SMSCOptions{})
	l := dialSMSC(t, c)
	l.bind(smppTransmitter, "secret")
	c.Bring(ShortMessage{From: "1", To: "2", Data: []byte("hi")})
	if p := l.ask(smppEnquire, nil); p.id != smppEnquire|smppResponse || c.Waiting() != 1 {
		t.Errorf("%+v, %d waiting", p, c.Waiting())
	}
	r := dialSMSC(t, c)
	r.bind(smppReceiver, "secret")
	if m := readShort(r.get().body); string(m.Data) != "hi" {
		t.Errorf("%+v", m)
	}
	if p := r.ask(smppSubmit, ShortMessage{From: "1", To: "2"}.body()); p.status != 4 {
		t.Errorf("a receiver sends: %+v", p)
	}
}

func TestSMSCRepeats(t *testing.T) {
	c := centreFor(t, SMSCOptions{Window: 1, Patience: 300 * time.Millisecond})
	done := c.Bring(ShortMessage{From: "1", To: "2", Data: []byte("a")})
	first := dialSMSC(t, c)
	first.bind(smppReceiver, "secret")
	first.get()
	p := first.get() // no response: again
	_ = first.conn.Close()
	second := dialSMSC(t, c)
	second.bind(smppReceiver, "secret")
	p = second.get() // on the next connection
	second.put(smppPDU{id: smppDeliver | smppResponse, status: 0x64, seq: p.seq})
	p = second.get() // refused for now
	if string(readShort(p.body).Data) != "a" || len(done) != 0 {
		t.Errorf("%+v", p)
	}
	second.put(smppPDU{id: smppDeliver | smppResponse, status: 0, seq: p.seq})
	if status := <-done; status != 0 || c.Waiting() != 0 {
		t.Errorf("status %x, %d waiting", status, c.Waiting())
	}
}

func FuzzShortMessage(f *testing.F) {
	f.Add(ShortMessage{From: "1", To: "2", Class: 0x40, Data: []byte{5, 0, 3, 1, 2, 1, 'a'}}.body())
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, body []byte) {
		m := readShort(body)
		m.words()
		m.place()
	})
}
