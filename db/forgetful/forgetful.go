// Package forgetful is a disk for tests that forgets what was not synced, runs full and fails: a file system in memory,
// mounted through FUSE, on which a process runs that the test kills when it cuts the power. It knows nothing of what it holds.
//
// What it remembers after a cut is what ext4 in ordered mode promises, and no more:
//
//   - The bytes and the size of a file are safe once the file was synced (fsync or fdatasync; O_SYNC is not honoured). Of what was
//     written after that, any pages of 4096 bytes may survive in any order, whole or torn between sectors of 512 bytes; a file
//     that was cut short may be found so or as it was before.
//   - Names (making, renaming and removing files and folders) are written to a journal in the order of the calls. Syncing a
//     folder makes the journal safe up to there; after a cut any first part of the rest is found. A renaming is whole or not
//     there. Syncing a file does not take the journal along, which ext4 does: POSIX does not promise it.
//   - A sync that failed has lost what it was to write: the pages count as clean, are read as they were written until the
//     cut, and a later sync that succeeds does not write them (Rebello et al., Can Applications Recover from fsync Failures?,
//     USENIX ATC 2020, §3).
//
// The kernel keeps no dirty pages of such a file system but those of shared mappings, so every write is seen here at once.
// The process that serves the file system must not map a file of it: it could wait for itself.
package forgetful

import (
	"math/rand/v2"
	"slices"
	"sync"
	"syscall"
	"time"
)

// Op is a kind of call on a file.
type Op string

// The kinds of calls that can be made to fail.
const (
	Read  Op = "read"
	Write Op = "write"
	Sync  Op = "sync"
	Name  Op = "name" // making, renaming, removing
)

// Disk is the file system.
type Disk struct {
	mu      sync.Mutex
	nodes   map[uint64]*node
	last    uint64
	journal [][]entry // of names, not safe yet
	used    int64     // pages
	room    int64     // pages; less than 0: without end
	fault   func(op Op, name string) syscall.Errno
	counts  Counts

	folder string
	mount  func() error
	umount func() error
}

// Counts are what happened on a disk.
type Counts struct {
	Writes, Syncs, Failed int64 // calls
	Cuts                  int64
	LostPages, TornPages  int64 // of those written and not synced, at cuts
	LostNames             int64 // steps of the journal
}

// entry is a name in a folder and what it stands for; nil: nothing.
type entry struct {
	in   *node
	name string
	to   *node
}

const root = 1

func newDisk() *Disk {
	d := &Disk{nodes: map[uint64]*node{}, room: -1}
	d.make("", syscall.S_IFDIR|0o700)
	return d
}

// Folder is where the disk is mounted.
func (d *Disk) Folder() string { return d.folder }

// Counts are what happened so far.
func (d *Disk) Counts() Counts {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.counts
}

// SetRoom lets the disk take this many bytes more; less than 0: without end.
func (d *Disk) SetRoom(more int64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.room = -1
	if more >= 0 {
		d.room = d.used + more/pageSize
	}
}

// Fail asks fault before each call whether it fails, and with what; nil ends that. A file is told by its name alone. The
// calls come one at a time.
func (d *Disk) Fail(fault func(op Op, name string) syscall.Errno) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fault = fault
}

// Keep says what a cut leaves of that which was not synced.
type Keep int

// What may be left.
const (
	Nothing Keep = iota
	Some         // as chance has it
)

// Cut is a power cut: what was not synced is gone, or some of it. Every process that has a file open must be dead. Room
// and faults are as before.
func (d *Disk) Cut(chance *rand.Rand, keep Keep) error {
	if err := d.umount(); err != nil {
		return err
	}
	d.forget(chance, keep)
	return d.mount()
}

func (d *Disk) forget(chance *rand.Rand, keep Keep) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.counts.Cuts++
	if keep == Some && len(d.journal) > 0 {
		d.commit(chance.IntN(len(d.journal) + 1))
	}
	d.counts.LostNames += int64(len(d.journal))
	d.journal = nil
	safe := map[uint64]*node{}
	d.nodes[root].found(safe)
	d.nodes, d.used = safe, 0
	for _, n := range safe {
		lost, torn := n.forget(chance, keep)
		d.counts.LostPages += lost
		d.counts.TornPages += torn
		d.used += n.now.used()
	}
}

// found gathers the nodes that the safe names lead to, and makes those the names there are.
func (n *node) found(into map[uint64]*node) {
	if into[n.id] != nil {
		n.links++ // by another name
		return
	}
	n.opened, n.links, n.gone = 0, 1, false
	into[n.id] = n
	n.names = map[string]*node{}
	for name, to := range n.safeNames {
		n.names[name] = to
		to.name = name
		to.found(into)
	}
}

// commit makes the first steps of the journal safe.
func (d *Disk) commit(steps int) {
	for _, step := range d.journal[:steps] {
		for _, e := range step {
			if e.to == nil {
				delete(e.in.safeNames, e.name)
			} else {
				e.in.safeNames[e.name] = e.to
			}
		}
	}
	d.journal = slices.Delete(d.journal, 0, steps)
}

// note changes names, and remembers that in the journal.
func (d *Disk) note(step ...entry) {
	for _, e := range step {
		if e.to == nil {
			delete(e.in.names, e.name)
			continue
		}
		e.in.names[e.name] = e.to
		e.to.name = e.name
	}
	d.journal = append(d.journal, step)
}

func (d *Disk) make(name string, mode uint32) *node {
	d.last++
	n := &node{id: d.last, name: name, mode: mode, links: 1, cut: -1, changed: time.Now(), dirty: map[int64]bool{},
		names: map[string]*node{}, safeNames: map[string]*node{}}
	d.nodes[n.id] = n
	return n
}

// drop forgets a file that has no name and that nobody has open. The journal may still know it.
func (d *Disk) drop(n *node) {
	if n.links > 0 || n.opened > 0 || n.gone {
		return
	}
	d.used -= n.now.used()
	n.now, n.gone = content{}, true
}

// fails asks whether a call fails.
func (d *Disk) fails(op Op, n *node) syscall.Errno {
	if d.fault == nil {
		return 0
	}
	errno := d.fault(op, n.name)
	if errno != 0 {
		d.counts.Failed++
	}
	return errno
}
