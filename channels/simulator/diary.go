package simulator

import "time"

// Exchange is one request and its answer, raw, as an integrator wants to see them.
type Exchange struct {
	N             int       `json:"n"`
	At            time.Time `json:"at"`
	Way           string    `json:"way"` // callback: to the account; api: from it
	Account       string    `json:"account"`
	Customer      string    `json:"customer,omitempty"`
	Method        string    `json:"method"`
	Path          string    `json:"path"`
	Request       string    `json:"request"`
	RequestPlain  string    `json:"request_plain,omitempty"` // what a sealed request says
	Status        int       `json:"status"`                  // 0: no answer
	Response      string    `json:"response"`
	ResponsePlain string    `json:"response_plain,omitempty"`
	Note          string    `json:"note,omitempty"` // what was wrong
	Code          int       `json:"code"`           // the errcode
	Millis        int64     `json:"millis"`
}

// keptExchanges bounds the diary.
const keptExchanges = 1000

// diary keeps the exchanges that were last.
type diary struct {
	n    int
	kept []Exchange
}

// note writes an exchange down; the caller holds the lock.
func (s *Simulator) note(e *Exchange) {
	s.diary.n++
	e.N, e.At = s.diary.n, s.now()
	s.diary.kept = append(s.diary.kept, *e)
	if len(s.diary.kept) > keptExchanges {
		s.diary.kept = s.diary.kept[len(s.diary.kept)-keptExchanges:]
	}
	s.touch()
}

// Exchanges are those after a number, oldest first.
func (s *Simulator) Exchanges(after int) []Exchange {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := []Exchange{}
	for _, e := range s.diary.kept {
		if e.N > after {
			found = append(found, e)
		}
	}
	return found
}
