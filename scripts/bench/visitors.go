package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
)

// visitors are people with a web chat open who write in turn, so that none meets the limit of what one may write.
type visitors struct {
	address string
	tokens  []string
	next    atomic.Int64
}

// visitorText is what a visitor says, about 200 bytes long.
var visitorText = strings.Repeat("你好，我家的宽带从昨天晚上开始就很慢，", 3) + "my order is #20261121."

// meet begins a visit of each and lets each write once, so that there is a conversation of everybody's.
func meet(address string, many int) (*visitors, error) {
	v := &visitors{address: address, tokens: make([]string, many)}
	const doors = 16
	failed := make(chan error, doors)
	var all sync.WaitGroup
	for door := range doors {
		all.Go(func() {
			w, err := dial(address)
			if err != nil {
				failed <- err
				return
			}
			defer w.close()
			for i := door; i < many; i += doors {
				if err := v.enter(w, i); err != nil {
					failed <- err
					return
				}
			}
		})
	}
	all.Wait()
	close(failed)
	return v, <-failed
}

func (v *visitors) enter(w *wire, i int) error {
	status, err := w.ask(post(v.address, "/chat/1/session", "", `{"language":"zh"}`))
	if err != nil || status != http.StatusOK {
		return fmt.Errorf("begin a visit: %w", unwanted(status, err))
	}
	var made struct{ Token string }
	if err := json.Unmarshal(w.body, &made); err != nil {
		return fmt.Errorf("begin a visit: %w", err)
	}
	v.tokens[i] = made.Token
	status, err = w.ask(v.message(int64(i)))
	if err != nil || status != http.StatusCreated {
		return fmt.Errorf("write a first message: %w", unwanted(status, err))
	}
	return nil
}

// request is the next message of whoever's turn it is.
func (v *visitors) request() []byte { return v.message(int64(len(v.tokens)) + v.next.Add(1)) }

func (v *visitors) message(n int64) []byte {
	return post(v.address, "/chat/1/messages", v.tokens[n%int64(len(v.tokens))], messageBody(n))
}

func messageBody(n int64) string {
	return fmt.Sprintf(`{"client_id":"c%016x","text":"%s","language":"zh"}`, n, visitorText)
}

// bareRequests are the same messages for the bare server.
func bareRequests(address, path string) func() []byte {
	var next atomic.Int64
	return func() []byte { return post(address, path, "", messageBody(next.Add(1))) }
}
