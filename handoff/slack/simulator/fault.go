package simulator

import (
	"net/http"
	"strings"
	"time"
)

// Fault is something that goes wrong with Slack on demand.
type Fault struct {
	Method string        // of which calls: what their name contains, or upload, download; empty: all
	Do     string        // "status" or "drop" before the call is heard; "lost" or "half" after it was carried out; "slow"
	Status int           // of "status"; 500 when 0
	After  time.Duration // Retry-After of a status, and how long "slow" takes
	Times  int           // how often; 0: until mended
}

// Break has the next calls go wrong.
func (w *Workspace) Break(f Fault) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if f.Times == 0 {
		f.Times = -1
	}
	w.faults = append(w.faults, &f)
}

// Mend takes all faults away.
func (w *Workspace) Mend() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults = nil
}

func (w *Workspace) fault(name string) *Fault {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, f := range w.faults {
		if !strings.Contains(name, f.Method) {
			continue
		}
		if f.Times > 0 {
			f.Times--
		}
		if f.Times == 0 {
			w.faults = append(w.faults[:i:i], w.faults[i+1:]...)
		}
		return f
	}
	return nil
}

// before tells whether the call goes wrong without being heard.
func (f *Fault) before(rw http.ResponseWriter, r *http.Request) bool {
	switch f.Do {
	case "status":
		status := f.Status
		if status == 0 {
			status = http.StatusInternalServerError
		}
		word := "internal_error"
		if status == http.StatusTooManyRequests {
			word = "ratelimited"
		}
		answer(rw, nil, &refusal{word: word, status: status, after: f.After})
		return true
	case "drop":
		hangUp(rw)
		return true
	case "slow":
		select {
		case <-time.After(f.After):
		case <-r.Context().Done():
		}
	}
	return false
}

// after tells whether the answer of a call that was carried out goes wrong.
func (f *Fault) after(rw http.ResponseWriter, _ *http.Request) bool {
	switch f.Do {
	case "lost":
		hangUp(rw)
		return true
	case "half":
		rw.Header().Set("Content-Length", "4000")
		_, _ = rw.Write([]byte(`{"ok":tr`)) // the line is cut next
		hangUp(rw)
		return true
	}
	return false
}

// hangUp cuts the connection without an answer.
func hangUp(rw http.ResponseWriter) {
	h, ok := rw.(http.Hijacker)
	if !ok {
		return
	}
	if conn, _, err := h.Hijack(); err == nil {
		_ = conn.Close() // cutting it is the point
	}
}

// Call is a call of the API as it is remembered.
type Call struct {
	Method string
	Args   map[string]string
	Error  string // the word of the refusal
	At     time.Time
}

// remembered bounds the diary.
const remembered = 5000

func (w *Workspace) note(c *apiCall, no *refusal) {
	w.mu.Lock()
	defer w.mu.Unlock()
	entry := Call{Method: c.method, Args: c.args, At: w.now()}
	delete(entry.Args, "token")
	if no != nil {
		entry.Error = no.word
	}
	w.diary = append(w.diary, entry)
	if len(w.diary) > remembered {
		w.diary = w.diary[len(w.diary)-remembered:]
	}
	w.touch()
}

// Calls are the calls that came, oldest first: of one method, or all when it is empty.
func (w *Workspace) Calls(name string) []Call {
	w.mu.Lock()
	defer w.mu.Unlock()
	var found []Call
	for _, c := range w.diary {
		if name == "" || c.Method == name {
			found = append(found, c)
		}
	}
	return found
}
