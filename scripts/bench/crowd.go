package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A crowd of visitors has the chat open and says nothing: what each costs the node, and how soon one of them sees a
// message while all the others are there.

const (
	crowdSize    = 10_000
	crowdOpeners = 16
	crowdSettle  = 45 * time.Second // two pings and two looks of each
	crowdSpoken  = 500
	crowdMessage = 200 // bytes
)

// measureCrowd opens ten thousand streams on a node of its own.
func measureCrowd(bin string, f figures) error {
	data, err := os.MkdirTemp("", "huiyin-crowd-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(data) }()
	address, err := freeAddress()
	if err != nil {
		return err
	}
	if out, err := exec.Command(bin, "inbox", "create", "--kind", "webchat", "--name", "Crowd", "--no-bot", "--data", data).CombinedOutput(); err != nil {
		return fmt.Errorf("create inbox: %w: %s", err, out)
	}
	cmd := exec.Command(bin, "serve", "--listen", address, "--data", data)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return err
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	if err := ready("http://" + address + "/readyz"); err != nil {
		return err
	}
	c := &crowd{address: address, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: crowdOpeners}}}
	return c.measure(cmd.Process.Pid, f)
}

type crowd struct {
	address string
	client  *http.Client
	mu      sync.Mutex
	people  []*visitor
}

// visitor is one of the crowd: a token and an open stream.
type visitor struct {
	token string
	conn  net.Conn
	from  *bufio.Reader
}

func (c *crowd) measure(pid int, f figures) error {
	time.Sleep(idleFor)
	before, err := resident(pid)
	if err != nil {
		return err
	}
	began := time.Now()
	if err := c.open(); err != nil {
		return err
	}
	defer c.leave()
	f.set("Crowd", "streams", float64(len(c.people)))
	f.set("Crowd", "open-s", time.Since(began).Seconds())
	busy, err := processorTime(pid)
	if err != nil {
		return err
	}
	c.answerPings(crowdSettle)
	after, err := resident(pid)
	if err != nil {
		return err
	}
	then, err := processorTime(pid)
	if err != nil {
		return err
	}
	f.set("Crowd", "KiB-each", (after-before)*1024/float64(len(c.people)))
	f.set("Crowd", "idle-cpu-%", 100*(then-busy).Seconds()/crowdSettle.Seconds())
	return c.speak(f)
}

// open begins the visits and their streams, some at a time.
func (c *crowd) open() error {
	var all sync.WaitGroup
	failed := make(chan error, crowdOpeners)
	for range crowdOpeners {
		all.Go(func() {
			for range crowdSize / crowdOpeners {
				v, err := c.join()
				if err != nil {
					failed <- err
					return
				}
				c.mu.Lock()
				c.people = append(c.people, v)
				c.mu.Unlock()
			}
		})
	}
	all.Wait()
	close(failed)
	return <-failed
}

func (c *crowd) join() (*visitor, error) {
	var made struct{ Token string }
	if err := c.post("session", "", `{"language":"en"}`, &made); err != nil {
		return nil, err
	}
	conn, err := net.Dial("tcp", c.address)
	if err != nil {
		return nil, err
	}
	_, err = io.WriteString(conn, "GET /chat/1/stream HTTP/1.1\r\nHost: "+c.address+"\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"+
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: huiyin.v1, token."+made.Token+"\r\n\r\n")
	if err != nil {
		return nil, err
	}
	v := &visitor{token: made.Token, conn: conn, from: bufio.NewReaderSize(conn, 512)}
	for {
		line, err := v.from.ReadString('\n')
		if err != nil {
			return nil, fmt.Errorf("open stream: %w", err)
		}
		if line == "\r\n" {
			return v, nil
		}
		if strings.HasPrefix(line, "HTTP/") && !strings.Contains(line, "101") {
			return nil, fmt.Errorf("open stream: %s", line)
		}
	}
}

func (c *crowd) post(path, token, body string, into any) error {
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "http://"+c.address+"/chat/1/"+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := c.client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("POST %s: status %d", path, answer.StatusCode)
	}
	return json.NewDecoder(answer.Body).Decode(into)
}

// pong answers a ping with what it carries, masked with nothing.
func pong(text []byte) []byte {
	return append([]byte{0x8a, 0x80 | byte(len(text)), 0, 0, 0, 0}, text...)
}

// answerPings reads what comes for a while and answers pings, as browsers do.
func (c *crowd) answerPings(wait time.Duration) {
	var all sync.WaitGroup
	until := time.Now().Add(wait)
	for _, v := range c.people {
		all.Go(func() {
			for {
				_ = v.conn.SetReadDeadline(until)
				if _, err := v.frame(); err != nil {
					return
				}
			}
		})
	}
	all.Wait()
}

// frame reads the next frame of text, answering pings before it.
func (v *visitor) frame() ([]byte, error) {
	for {
		head, err := v.from.Peek(2)
		if err != nil {
			return nil, err
		}
		n, skip := int(head[1]&0x7f), 2
		if n == 126 {
			if head, err = v.from.Peek(4); err != nil {
				return nil, err
			}
			n, skip = int(binary.BigEndian.Uint16(head[2:])), 4
		}
		kind := head[0] & 0x0f
		text := make([]byte, skip+n)
		if _, err := io.ReadFull(v.from, text); err != nil {
			return nil, err
		}
		if kind == 0x9 {
			if _, err := v.conn.Write(pong(text[skip:])); err != nil {
				return nil, err
			}
			continue
		}
		return text[skip:], nil
	}
}

// speak has some of the crowd write one after the other, and measures until the message is on the writer's own screen.
func (c *crowd) speak(f figures) error {
	var times []float64
	for i := range crowdSpoken {
		v := c.people[i*len(c.people)/crowdSpoken]
		_ = v.conn.SetReadDeadline(time.Now().Add(startWait))
		id := "crowd-" + strconv.Itoa(100000+i)
		body, err := json.Marshal(map[string]string{"client_id": id, "text": strings.Repeat("问", crowdMessage/3)})
		if err != nil {
			return err
		}
		begin := time.Now()
		var answer json.RawMessage
		if err := c.post("messages", v.token, string(body), &answer); err != nil {
			return err
		}
		for {
			text, err := v.frame()
			if err != nil {
				return fmt.Errorf("the message is not on the screen: %w", err)
			}
			if bytes.Contains(text, []byte(id)) {
				break
			}
		}
		times = append(times, float64(time.Since(begin).Microseconds())/1000)
	}
	slices.Sort(times)
	f.set("Crowd", "screen-p50-ms", times[len(times)/2])
	f.set("Crowd", "screen-p99-ms", times[len(times)*99/100])
	return nil
}

func (c *crowd) leave() {
	for _, v := range c.people {
		_ = v.conn.Close()
	}
}

// clockTick is the unit of processor times in /proc on Linux (USER_HZ).
const clockTick = 10 * time.Millisecond

// processorTime is what a process has used of the processors.
func processorTime(pid int) (time.Duration, error) {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0, err
	}
	return processorTimeIn(string(text))
}

// processorTimeIn reads the 14th and 15th field; the second may hold spaces and ends with a bracket.
func processorTimeIn(stat string) (time.Duration, error) {
	fields := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	if len(fields) < 13 {
		return 0, fmt.Errorf("no processor times in %q", stat)
	}
	user, errUser := strconv.ParseInt(fields[11], 10, 64)
	system, errSystem := strconv.ParseInt(fields[12], 10, 64)
	if errUser != nil || errSystem != nil {
		return 0, fmt.Errorf("no processor times in %q", stat)
	}
	return time.Duration(user+system) * clockTick, nil
}
