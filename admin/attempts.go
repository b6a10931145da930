package admin

import (
	"context"
	"encoding/json"
)

// topicAttempts carries what the nodes count of failed attempts to sign in.
const topicAttempts = "attempts"

// tellAttempt lets the other nodes count along, so that many nodes give no more tries than one.
func (s *Server) tellAttempt(a attempt) {
	a.Node = s.node
	if text, err := json.Marshal(a); err == nil {
		s.Live.Hint(topicAttempts, text)
	}
}

// hearAttempts counts along with the other nodes.
func (s *Server) hearAttempts(ctx context.Context) {
	told := s.Live.Subscribe(topicAttempts)
	defer told.Close()
	for {
		select {
		case <-ctx.Done():
			return
		case <-told.Pulses():
		case text := <-told.Hints():
			var a attempt
			if json.Unmarshal(text, &a) == nil && a.Node != s.node && a.Email != "" {
				s.throttle.hear(a)
			}
		}
	}
}
