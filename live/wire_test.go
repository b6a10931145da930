package live_test

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"huiyin/live"
)

// echo is a server that sends back, through the source, each text that it is told; it counts the streams that ended.
type echo struct {
	*httptest.Server
	hub   *live.Hub
	ended atomic.Int64
}

func newEcho(t testing.TB, limit int) *echo {
	t.Helper()
	e := &echo{hub: live.NewHub(nil)}
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var mu sync.Mutex
		var said []string
		_ = e.hub.Serve(w, r, []string{"all"}, live.Options{Cursor: "0", Poll: time.Hour, Protocol: "huiyin.v1", Limit: limit,
			Ended: func() { e.ended.Add(1) },
			Receive: func(_ context.Context, text []byte) (bool, error) {
				if string(text) == "nonsense!" {
					return false, errors.New("nonsense")
				}
				mu.Lock()
				defer mu.Unlock()
				said = append(said, string(text))
				return true, nil
			},
			Source: func(_ context.Context, cursor string) (frames []live.Frame, next string, err error) {
				mu.Lock()
				defer mu.Unlock()
				n, err := strconv.Atoi(cursor)
				for _, text := range said[n:] {
					frames = append(frames, live.Frame{Data: []byte(text)})
				}
				return frames, strconv.Itoa(len(said)), err
			}})
	}))
	t.Cleanup(func() { e.hub.Stop(); e.Close() })
	return e
}

const handshake = "GET /?x=1 HTTP/1.1\r\nHost: hub.example\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
	"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"

// wire is a client that writes bytes and reads frames.
type wire struct {
	net.Conn
	*bufio.Reader
}

func (e *echo) dial(t testing.TB) wire {
	t.Helper()
	w := e.tcp(t)
	if _, err := io.WriteString(w, handshake+"\r\n"); err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(w.Reader, nil)
	if err != nil || answer.StatusCode != http.StatusSwitchingProtocols || answer.Header.Get("Sec-WebSocket-Accept") != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" {
		t.Fatalf("%v %+v", err, answer)
	}
	return w
}

func (e *echo) tcp(t testing.TB) wire {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(e.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return wire{conn, bufio.NewReader(conn)}
}

func (w wire) Read(p []byte) (int, error) { return w.Reader.Read(p) }

// got is what the server sent until it closed.
type got struct {
	texts, pongs []string
	code         int // of the close frame; 0: it had none; -1: there was none
}

// more reads one frame; false when the server has closed.
func (w wire) more(g *got) bool {
	op, text, err := w.frame()
	switch {
	case err != nil:
		return false
	case op == 1:
		g.texts = append(g.texts, string(text))
	case op == 10:
		g.pongs = append(g.pongs, string(text))
	case op == 8 && len(text) == 0:
		g.code = 0
	case op == 8:
		g.code = int(binary.BigEndian.Uint16(text))
	}
	return true
}

func (w wire) frame() (op byte, text []byte, err error) {
	head := make([]byte, 2, 10)
	if _, err := io.ReadFull(w.Reader, head); err != nil {
		return 0, nil, err
	}
	if head[0]&0x70 != 0 || head[0]&0x80 == 0 || head[1]&0x80 != 0 {
		return 0, nil, fmt.Errorf("the server sent a frame that begins %x", head)
	}
	n := uint64(head[1])
	if more := map[byte]int{126: 2, 127: 8}[head[1]]; more > 0 {
		long := make([]byte, 8)
		if _, err := io.ReadFull(w.Reader, long[8-more:]); err != nil {
			return 0, nil, err
		}
		n = binary.BigEndian.Uint64(long)
	}
	text = make([]byte, n)
	_, err = io.ReadFull(w.Reader, text)
	return head[0] & 0x0f, text, err
}

// fr is a client's frame as it may or may not be: first byte, payload, masked.
func fr(first byte, payload string) []byte {
	return frMasked(first, payload, [4]byte{0x37, 0xfa, 0x21, 0x3d})
}

func frMasked(first byte, payload string, mask [4]byte) []byte {
	b := append(header(first, 0x80, uint64(len(payload))), mask[:]...)
	for i := range len(payload) {
		b = append(b, payload[i]^mask[i%4])
	}
	return b
}

func header(first, masked byte, n uint64) []byte {
	switch {
	case n < 126:
		return []byte{first, masked | byte(n)}
	case n < 1<<16:
		return binary.BigEndian.AppendUint16([]byte{first, masked | 126}, uint16(n))
	}
	return binary.BigEndian.AppendUint64([]byte{first, masked | 127}, n)
}

func closeWith(code int, reason string) []byte {
	return fr(0x88, string(binary.BigEndian.AppendUint16(nil, uint16(code)))+reason)
}

func join(parts ...[]byte) (all []byte) {
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}
