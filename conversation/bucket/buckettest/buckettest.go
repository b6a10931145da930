// Package buckettest starts a server that speaks S3 and checks signatures, for tests, and gives it the faults that stores
// have: slow, busy, silent, cut off in the middle.
package buckettest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/rclone/gofakes3"
	"github.com/rclone/gofakes3/s3mem"
)

// What the server has and asks for.
const (
	Bucket = "files"
	key    = "tester"
	secret = "not/a+secret"
)

// Fault is what is wrong with the server. The zero Fault is nothing.
type Fault struct {
	Delay  time.Duration // before each answer
	Status int           // answered instead; 0: none
	Half   bool          // requests are read, and answers written, half; then the connection is cut
	Mute   bool          // what is asked is done, and the connection cut before the answer
	Only   string        // the method that it befalls; "" for all
}

// Server keeps its objects in memory.
type Server struct {
	*httptest.Server
	objects http.Handler
	over    chan struct{}

	mu    sync.Mutex
	fault Fault
	asked map[string]int
}

// Start starts a server with one bucket, which stops with the test.
func Start(t testing.TB) *Server {
	t.Helper()
	memory := s3mem.New()
	if err := memory.CreateBucket(t.Context(), Bucket); err != nil {
		t.Fatal(err)
	}
	s := &Server{asked: map[string]int{}, over: make(chan struct{}),
		objects: gofakes3.New(lists{memory}, gofakes3.WithV4Auth(map[string]string{key: secret}), gofakes3.WithIntegrityCheck(true)).Server()}
	s.Server = httptest.NewServer(s)
	t.Cleanup(func() { close(s.over); s.Server.CloseClientConnections(); s.Server.Close() })
	return s
}

// lists takes an empty delimiter for none, as S3 does.
type lists struct{ *s3mem.Backend }

// ListBucket lists objects.
func (l lists) ListBucket(ctx context.Context, name string, prefix *gofakes3.Prefix, page gofakes3.ListBucketPage) (*gofakes3.ObjectList, error) {
	if prefix != nil && prefix.Delimiter == "" {
		prefix.HasDelimiter = false
	}
	return l.Backend.ListBucket(ctx, name, prefix, page)
}

// Address is a place in the server's bucket.
func (s *Server) Address(prefix string) string { return s.As(key, secret, Bucket, prefix) }

// As is a place on the server with a key of one's own.
func (s *Server) As(key, secret, bucket, prefix string) string {
	u := url.URL{Scheme: "s3", User: url.UserPassword(key, secret), Host: bucket, Path: "/" + prefix, RawQuery: url.Values{"endpoint": {s.Server.URL}}.Encode()}
	return u.String()
}

// Suffer gives the server a fault, or ends it.
func (s *Server) Suffer(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = f
}

// Asked tells how many requests with a method there have been.
func (s *Server) Asked(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[method]
}

// ServeHTTP answers, or fails as it was told.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	f := s.fault
	s.asked[r.Method]++
	s.mu.Unlock()
	if f.Only != "" && f.Only != r.Method {
		f = Fault{}
	}
	select {
	case <-r.Context().Done():
		return
	case <-s.over:
		return
	case <-time.After(f.Delay):
	}
	switch {
	case f.Status != 0:
		w.WriteHeader(f.Status)
	case f.Half && r.ContentLength > 0:
		_, _ = r.Body.Read(make([]byte, r.ContentLength/2))
		cut(w, nil)
	case f.Half:
		kept := httptest.NewRecorder()
		s.objects.ServeHTTP(kept, r)
		cut(w, kept)
	case f.Mute:
		s.objects.ServeHTTP(httptest.NewRecorder(), r)
		cut(w, nil)
	default:
		s.objects.ServeHTTP(w, r)
	}
}

// cut writes half of an answer, if there is one, and ends the connection.
func cut(w http.ResponseWriter, kept *httptest.ResponseRecorder) {
	if kept != nil {
		for name, values := range kept.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(kept.Code)
		_, _ = w.Write(kept.Body.Bytes()[:kept.Body.Len()/2])
		_ = http.NewResponseController(w).Flush()
	}
	if c, _, err := http.NewResponseController(w).Hijack(); err == nil {
		_ = c.Close()
	}
}
