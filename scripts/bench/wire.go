package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
)

// wire is one connection that asks and waits for the answer, over and over: HTTP/1.1 with as little of our own work as
// can be, for what the client uses of the processors the servers do not have.
type wire struct {
	conn net.Conn
	from *bufio.Reader
	body []byte // of the last answer
}

func dial(address string) (*wire, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	return &wire{conn: conn, from: bufio.NewReaderSize(conn, 4096)}, nil
}

func (w *wire) close() { _ = w.conn.Close() }

// post is a request as it goes over the wire.
func post(address, path, token, body string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n", path, address, len(body))
	if token != "" {
		b.WriteString("Authorization: Bearer " + token + "\r\n")
	}
	b.WriteString("\r\n" + body)
	return b.Bytes()
}

// ask sends a request and reads the answer.
func (w *wire) ask(request []byte) (status int, err error) {
	if _, err := w.conn.Write(request); err != nil {
		return 0, err
	}
	line, err := w.from.ReadSlice('\n')
	if err != nil {
		return 0, err
	}
	if status, err = statusIn(line); err != nil {
		return 0, err
	}
	length, err := w.headers()
	if err != nil {
		return 0, err
	}
	if cap(w.body) < length {
		w.body = make([]byte, length)
	}
	w.body = w.body[:length]
	_, err = io.ReadFull(w.from, w.body)
	return status, err
}

// statusIn reads a status line.
func statusIn(line []byte) (int, error) {
	if len(line) < len("HTTP/1.1 200") || !bytes.HasPrefix(line, []byte("HTTP/1.1 ")) {
		return 0, fmt.Errorf("no answer of HTTP/1.1: %q", line)
	}
	return strconv.Atoi(string(line[9:12]))
}

// headers reads to the end of an answer's headers and gives the length of what follows.
func (w *wire) headers() (length int, err error) {
	length = -1
	for {
		line, err := w.from.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		if bytes.EqualFold(name, []byte("Content-Length")) {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return 0, err
			}
		}
	}
	if length < 0 {
		return 0, errors.New("an answer without Content-Length")
	}
	return length, nil
}

// unwanted is what was wrong with an answer.
func unwanted(status int, err error) error {
	if err != nil {
		return err
	}
	return fmt.Errorf("status %d", status)
}
