package main

import (
	"net"
	"net/url"
	"path/filepath"
	"time"
)

// delayedLine is a longer way to PostgreSQL: what goes in comes out a while later, in order, and as fast.
type delayedLine struct {
	net.Listener
	url         string
	network, to string
	wait        time.Duration
}

// delayed opens a way to a database that is so much longer in each direction.
func delayed(database string, wait time.Duration) (*delayedLine, error) {
	u, err := url.Parse(database)
	if err != nil {
		return nil, err
	}
	l := &delayedLine{network: "tcp", to: u.Host, wait: wait}
	if folder := u.Query().Get("host"); folder != "" {
		l.network, l.to = "unix", filepath.Join(folder, ".s.PGSQL.5432")
	}
	if l.Listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return nil, err
	}
	u.Host, u.RawQuery = l.Addr().String(), "sslmode=disable"
	l.url = u.String()
	go l.serve()
	return l, nil
}

func (l *delayedLine) close() { _ = l.Close() }

func (l *delayedLine) serve() {
	for {
		from, err := l.Accept()
		if err != nil {
			return
		}
		to, err := net.Dial(l.network, l.to)
		if err != nil {
			_ = from.Close()
			continue
		}
		go l.carry(to, from)
		go l.carry(from, to)
	}
}

type piece struct {
	bytes []byte
	due   time.Time
}

func (l *delayedLine) carry(to, from net.Conn) {
	way := make(chan piece, 1024)
	go func() {
		defer to.Close()
		for p := range way {
			time.Sleep(time.Until(p.due))
			if _, err := to.Write(p.bytes); err != nil {
				_ = from.Close()
			}
		}
	}()
	defer close(way)
	for {
		buffer := make([]byte, 16<<10)
		n, err := from.Read(buffer)
		if n > 0 {
			way <- piece{buffer[:n], time.Now().Add(l.wait)}
		}
		if err != nil {
			return
		}
	}
}
