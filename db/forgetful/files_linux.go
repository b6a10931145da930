package forgetful

import (
	"maps"
	"slices"
	"strings"
	"syscall"

	"github.com/hanwen/go-fuse/v2/fuse"
)

// open notes that somebody has the file. Databases and their logs, which nobody maps, pass the kernel's cache by, so that a
// fault of reading is felt at once.
func (s served) open(n *node, out *fuse.OpenOut) {
	n.opened++
	for _, end := range []string{".db", ".sqlite", "-wal"} {
		if strings.HasSuffix(n.name, end) {
			out.OpenFlags |= fuse.FOPEN_DIRECT_IO
		}
	}
}

// Open opens a file.
func (s served) Open(_ <-chan struct{}, input *fuse.OpenIn, out *fuse.OpenOut) fuse.Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.at(input.NodeId)
	if n == nil || n.gone {
		return fuse.ENOENT
	}
	s.open(n, out)
	return fuse.OK
}

// Release closes a file.
func (s served) Release(_ <-chan struct{}, input *fuse.ReleaseIn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := s.at(input.NodeId); n != nil && n.opened > 0 {
		n.opened--
		s.drop(n)
	}
}

// Flush is what closing asks for; nothing is synced by it.
func (s served) Flush(<-chan struct{}, *fuse.FlushIn) fuse.Status { return fuse.OK }

// Read gives bytes.
func (s served) Read(_ <-chan struct{}, input *fuse.ReadIn, into []byte) (fuse.ReadResult, fuse.Status) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.at(input.NodeId)
	if n == nil {
		return nil, fuse.ENOENT
	}
	if errno := s.fails(Read, n); errno != 0 {
		return nil, fuse.Status(errno)
	}
	return fuse.ReadResultData(into[:n.read(into, int64(input.Offset))]), fuse.OK
}

// Write takes bytes: all, or as many as there is room for.
func (s served) Write(_ <-chan struct{}, input *fuse.WriteIn, bytes []byte) (uint32, fuse.Status) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.at(input.NodeId)
	if n == nil {
		return 0, fuse.ENOENT
	}
	if errno := s.fails(Write, n); errno != 0 {
		return 0, fuse.Status(errno)
	}
	s.counts.Writes++
	room := int64(-1)
	if s.room >= 0 {
		room = max(0, s.room-s.used)
	}
	done, took := n.write(bytes, int64(input.Offset), room)
	s.used += took
	if done == 0 && len(bytes) > 0 {
		s.counts.Failed++
		return 0, fuse.Status(syscall.ENOSPC)
	}
	return uint32(done), fuse.OK
}

// Fsync makes a file's bytes safe, or loses them.
func (s served) Fsync(_ <-chan struct{}, input *fuse.FsyncIn) fuse.Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.at(input.NodeId)
	if n == nil {
		return fuse.ENOENT
	}
	if errno := s.fails(Sync, n); errno != 0 {
		n.lose()
		return fuse.Status(errno)
	}
	s.counts.Syncs++
	n.sync()
	return fuse.OK
}

// FsyncDir makes names safe.
func (s served) FsyncDir(_ <-chan struct{}, input *fuse.FsyncIn) fuse.Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.at(input.NodeId)
	if n == nil {
		return fuse.ENOENT
	}
	if errno := s.fails(Sync, n); errno != 0 {
		return fuse.Status(errno)
	}
	s.counts.Syncs++
	s.commit(len(s.journal))
	return fuse.OK
}

// Access lets everybody who may see the mount do everything.
func (s served) Access(<-chan struct{}, *fuse.AccessIn) fuse.Status { return fuse.OK }

// OpenDir opens a folder.
func (s served) OpenDir(_ <-chan struct{}, input *fuse.OpenIn, _ *fuse.OpenOut) fuse.Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := s.at(input.NodeId); n == nil || !n.folder() {
		return fuse.ENOENT
	}
	return fuse.OK
}

// ReleaseDir closes a folder.
func (s served) ReleaseDir(*fuse.ReleaseIn) {}

// ReadDir lists the names of a folder.
func (s served) ReadDir(_ <-chan struct{}, input *fuse.ReadIn, out *fuse.DirEntryList) fuse.Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.at(input.NodeId)
	if n == nil {
		return fuse.ENOENT
	}
	names := slices.Sorted(maps.Keys(n.names))
	for i := int(input.Offset); i < len(names); i++ {
		to := n.names[names[i]]
		if !out.AddDirEntry(fuse.DirEntry{Name: names[i], Mode: to.mode, Ino: to.id, Off: uint64(i + 1)}) {
			break
		}
	}
	return fuse.OK
}
