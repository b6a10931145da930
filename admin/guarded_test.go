package admin_test

import (
	"bytes"
	"sync"
)

// guarded is a buffer for several writers.
type guarded struct {
	mu sync.Mutex
	to *bytes.Buffer
}

// Write writes.
func (g *guarded) Write(p []byte) (int, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.to.Write(p)
}
