package forgetful

import (
	"math/rand/v2"
	"slices"
	"syscall"
	"time"
)

const (
	pageSize   = 4096
	sectorSize = 512
)

// page is never changed while two contents share it; nil is zeros.
type page = *[pageSize]byte

// content is the bytes of a file.
type content struct {
	size  int64
	pages []page
}

// node is a file or a folder, as it is and as it would be found after a cut.
type node struct {
	id      uint64
	name    string // the last it was given
	mode    uint32
	changed time.Time
	links   int
	opened  int
	gone    bool

	now, safe content
	dirty     map[int64]bool // pages written since the last sync
	cut       int64          // the shortest the file was since the last sync; less than 0: never cut short

	names, safeNames map[string]*node // of a folder
}

func (n *node) folder() bool { return n.mode&syscall.S_IFMT == syscall.S_IFDIR }

// used is how many pages the bytes take.
func (c *content) used() (n int64) {
	for _, p := range c.pages {
		if p != nil {
			n++
		}
	}
	return n
}

func (c *content) clone() content { return content{c.size, slices.Clone(c.pages)} }

func (c *content) page(i int64) page {
	if i < int64(len(c.pages)) {
		return c.pages[i]
	}
	return nil
}

func (c *content) set(i int64, p page) {
	if missing := i + 1 - int64(len(c.pages)); missing > 0 {
		c.pages = append(c.pages, make([]page, missing)...)
	}
	c.pages[i] = p
}

// resize cuts the bytes short, or lengthens them with zeros. It never changes a page that is shared.
func (c *content) resize(size int64) {
	if size < c.size {
		whole := (size + pageSize - 1) / pageSize
		if whole < int64(len(c.pages)) {
			clear(c.pages[whole:])
			c.pages = c.pages[:whole]
		}
		if rest := size % pageSize; rest > 0 && c.page(whole-1) != nil {
			p := *c.pages[whole-1]
			clear(p[rest:])
			c.pages[whole-1] = &p
		}
	}
	c.size = size
}

func (n *node) read(into []byte, at int64) int {
	if at >= n.now.size {
		return 0
	}
	into = into[:min(int64(len(into)), n.now.size-at)]
	for done := 0; done < len(into); {
		i, from := (at+int64(done))/pageSize, (at+int64(done))%pageSize
		part := into[done:min(len(into), done+int(pageSize-from))]
		if p := n.now.page(i); p != nil {
			copy(part, p[from:])
		} else {
			clear(part)
		}
		done += len(part)
	}
	return len(into)
}

// write writes as much as there is room for; room less than 0 is without end. It tells how many pages that took.
func (n *node) write(bytes []byte, at, room int64) (done int, took int64) {
	for done < len(bytes) {
		i, from := (at+int64(done))/pageSize, (at+int64(done))%pageSize
		old := n.now.page(i)
		if old == nil {
			if room >= 0 && took >= room {
				break
			}
			took++
			old = new([pageSize]byte)
		}
		p := *old
		done += copy(p[from:], bytes[done:])
		n.now.set(i, &p)
		n.dirty[i] = true
	}
	if done > 0 {
		n.now.size = max(n.now.size, at+int64(done))
		n.changed = time.Now()
	}
	return done, took
}

// resize cuts the file short, or lengthens it with zeros.
func (n *node) resize(size int64) {
	if size < n.now.size {
		if n.cut < 0 || size < n.cut {
			n.cut = size
		}
		if size%pageSize > 0 {
			n.dirty[size/pageSize] = true
		}
	}
	n.now.resize(size)
	n.changed = time.Now()
}

// sync makes the bytes safe.
func (n *node) sync() {
	if n.cut >= 0 {
		n.safe.resize(min(n.safe.size, n.cut))
	}
	for i := range n.dirty {
		if i < int64(len(n.now.pages)) {
			n.safe.set(i, n.now.pages[i])
		}
	}
	n.safe.resize(n.now.size)
	n.cut = -1
	clear(n.dirty)
}

// lose is a sync that failed: the pages are not safe and count as clean.
func (n *node) lose() { clear(n.dirty) }

// forget leaves the bytes as they are found after a cut.
func (n *node) forget(chance *rand.Rand, keep Keep) (lost, torn int64) {
	after := n.safe.clone()
	if keep == Some {
		lost, torn = n.survive(&after, chance)
	} else {
		lost = int64(len(n.dirty))
	}
	n.now, n.safe, n.cut = after, after.clone(), -1
	clear(n.dirty)
	return lost, torn
}

// survive adds to the safe bytes some of those that were written after.
func (n *node) survive(after *content, chance *rand.Rand) (lost, torn int64) {
	if n.cut >= 0 {
		if chance.IntN(2) == 0 {
			return int64(len(n.dirty)), 0
		}
		after.resize(min(after.size, n.cut))
	}
	pages := make([]int64, 0, len(n.dirty))
	for i := range n.dirty {
		pages = append(pages, i)
	}
	slices.Sort(pages) // so that the same seed gives the same bytes
	for _, i := range pages {
		written := n.now.page(i)
		if written == nil {
			continue
		}
		switch chance.IntN(4) {
		case 0:
			lost++
			continue
		case 1:
			torn++
			written = tear(after.page(i), written, chance)
		}
		after.set(i, written)
		after.size = max(after.size, min(n.now.size, (i+1)*pageSize))
	}
	if chance.IntN(2) == 0 {
		after.size = max(after.size, n.now.size)
	}
	return lost, torn
}

// tear gives a page of which some sectors are as they were before.
func tear(before, written page, chance *rand.Rand) page {
	p := *written
	for at := 0; at < pageSize; at += sectorSize {
		if chance.IntN(2) == 0 {
			continue
		}
		if before == nil {
			clear(p[at : at+sectorSize])
		} else {
			copy(p[at:at+sectorSize], before[at:at+sectorSize])
		}
	}
	return &p
}
