package simulator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"regexp"
	"strconv"
	"time"
)

// Page serves the phones under a prefix such as /simulator: the built files, what the phones show, what their
// customers do, and below api/ the provider's API.
func (s *Simulator) Page(prefix string, files fs.FS) http.Handler {
	mux := http.NewServeMux()
	mux.Handle(prefix+"/api/", http.StripPrefix(prefix+"/api", s))
	mux.Handle(prefix+"/", http.StripPrefix(prefix+"/", pageFiles(files)))
	mux.HandleFunc("GET "+prefix+"/stream", s.stream)
	mux.HandleFunc("GET "+prefix+"/exchanges", s.exchanges)
	mux.HandleFunc("POST "+prefix+"/accounts/{app}/act", s.act)
	mux.HandleFunc("POST "+prefix+"/accounts/{app}/control", s.control)
	if s.mail != nil {
		mux.Handle(prefix+"/mail/", http.StripPrefix(prefix+"/mail", s.mail.Pages(visitor)))
	}
	return mux
}

func pageFiles(files fs.FS) http.Handler {
	serve := http.FileServerFS(files)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-cache")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Content-Security-Policy", "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob:; base-uri 'none'; frame-ancestors 'self'")
		if r.URL.Path == "" {
			if _, err := fs.Stat(files, "index.html"); err != nil {
				http.Error(w, "the page is built by make build", http.StatusNotFound)
				return
			}
		}
		serve.ServeHTTP(w, r)
	})
}

// visitorName is how a browser names its visitor.
var visitorName = regexp.MustCompile(`^[\p{L}\p{N}_-]{1,40}$`)

func visitor(r *http.Request) (string, error) {
	name := r.URL.Query().Get("visitor")
	if !visitorName.MatchString(name) {
		return "", errors.New("visitor must be 1 to 40 letters, digits, - or _")
	}
	return name, nil
}

// The stream waits a little for changes that come together, and speaks up now and then when there are none.
const (
	streamPause = 50 * time.Millisecond
	streamPulse = 15 * time.Second
)

// stream sends what the phones show, at once and after each change.
func (s *Simulator) stream(w http.ResponseWriter, r *http.Request) {
	name, err := visitor(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	out := http.NewResponseController(w)
	for {
		changed := s.Changed()
		if _, err := fmt.Fprintf(w, "data: %s\n\n", plainJSON(s.Look(name))); err != nil {
			return
		}
		if out.Flush() != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-s.ended:
			return
		case <-changed:
			time.Sleep(streamPause) // changes come in groups
		case <-time.After(streamPulse):
		}
	}
}

// exchanges are the raw requests of the visitor's, and those that are about nobody.
func (s *Simulator) exchanges(w http.ResponseWriter, r *http.Request) {
	name, err := visitor(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	after, _ := strconv.Atoi(r.URL.Query().Get("after"))
	found := []Exchange{}
	for _, e := range s.Exchanges(after) {
		if e.Customer == name || e.Customer == "" {
			found = append(found, e)
		}
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(plainJSON(found))
}

// maxAct bounds what a visitor sends: a picture with its base64.
const maxAct = 4 << 20

// asked reads who asks for what: JSON only, so that no other site's form can.
func (s *Simulator) asked(w http.ResponseWriter, r *http.Request, into any) (*Account, string, bool) {
	name, err := visitor(r)
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); err == nil && kind != "application/json" {
		err = errors.New("send JSON")
	}
	if err == nil {
		err = json.NewDecoder(http.MaxBytesReader(w, r.Body, maxAct)).Decode(into)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return nil, "", false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.accounts {
		if a.config.AppID == r.PathValue("app") {
			return a, name, true
		}
	}
	http.Error(w, "there is no such account", http.StatusNotFound)
	return nil, "", false
}

// act has the visitor do something on a phone; what comes of it is seen in the stream.
func (s *Simulator) act(w http.ResponseWriter, r *http.Request) {
	var act Act
	a, name, ok := s.asked(w, r, &act)
	if !ok {
		return
	}
	deliver, err := a.Phone(name).Start(act)
	if err != nil {
		http.Error(w, err.Error(), http.StatusConflict)
		return
	}
	go deliver(context.WithoutCancel(r.Context()))
	w.WriteHeader(http.StatusAccepted)
}
