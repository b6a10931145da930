package forgetful

import (
	"syscall"

	"github.com/hanwen/go-fuse/v2/fuse"
)

// served answers the kernel. Numbers of nodes are given once and never again.
type served struct {
	fuse.RawFileSystem // says "not supported" to all that is not below
	*Disk
}

// String names the file system in the list of mounts.
func (s served) String() string { return "forgetful" }

// at finds a node; s.mu is held.
func (s served) at(id uint64) *node { return s.nodes[id] }

func (s served) attr(n *node, out *fuse.Attr) {
	out.Ino, out.Mode, out.Size, out.Nlink = n.id, n.mode, uint64(n.now.size), uint32(n.links)
	out.Blocks, out.Blksize = uint64(n.now.used())*pageSize/sectorSize, pageSize
	out.Mtime, out.Mtimensec = uint64(n.changed.Unix()), uint32(n.changed.Nanosecond())
	out.Atime, out.Ctime, out.Atimensec, out.Ctimensec = out.Mtime, out.Mtime, out.Mtimensec, out.Mtimensec
}

func (s served) entry(n *node, out *fuse.EntryOut) {
	out.NodeId, out.Generation = n.id, 1
	s.attr(n, &out.Attr)
}

// Lookup finds a name in a folder.
func (s served) Lookup(_ <-chan struct{}, header *fuse.InHeader, name string, out *fuse.EntryOut) fuse.Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	in := s.at(header.NodeId)
	if in == nil || in.names[name] == nil {
		return fuse.ENOENT
	}
	s.entry(in.names[name], out)
	return fuse.OK
}

// Forget needs nothing: the numbers stay.
func (s served) Forget(uint64, uint64) {}

// GetAttr tells what a file is.
func (s served) GetAttr(_ <-chan struct{}, input *fuse.GetAttrIn, out *fuse.AttrOut) fuse.Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.at(input.NodeId)
	if n == nil {
		return fuse.ENOENT
	}
	s.attr(n, &out.Attr)
	return fuse.OK
}

// SetAttr changes size, mode and time.
func (s served) SetAttr(_ <-chan struct{}, input *fuse.SetAttrIn, out *fuse.AttrOut) fuse.Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.at(input.NodeId)
	if n == nil {
		return fuse.ENOENT
	}
	if size, ok := input.GetSize(); ok {
		if errno := s.fails(Write, n); errno != 0 {
			return fuse.Status(errno)
		}
		before := n.now.used()
		n.resize(int64(size))
		s.used += n.now.used() - before
	}
	if mode, ok := input.GetMode(); ok {
		n.mode = n.mode&syscall.S_IFMT | mode&0o7777
	}
	if at, ok := input.GetMTime(); ok {
		n.changed = at
	}
	s.attr(n, &out.Attr)
	return fuse.OK
}

// Mkdir makes a folder.
func (s served) Mkdir(_ <-chan struct{}, input *fuse.MkdirIn, name string, out *fuse.EntryOut) fuse.Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, status := s.begin(input.NodeId, name, syscall.S_IFDIR|input.Mode&0o777)
	if status == fuse.OK {
		s.entry(n, out)
	}
	return status
}

// Create makes a file and opens it.
func (s served) Create(_ <-chan struct{}, input *fuse.CreateIn, name string, out *fuse.CreateOut) fuse.Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, status := s.begin(input.NodeId, name, syscall.S_IFREG|input.Mode&0o777)
	if status == fuse.OK {
		s.entry(n, &out.EntryOut)
		s.open(n, &out.OpenOut)
	}
	return status
}

func (s served) begin(folder uint64, name string, mode uint32) (*node, fuse.Status) {
	in := s.at(folder)
	if in == nil || in.gone {
		return nil, fuse.ENOENT
	}
	if in.names[name] != nil {
		return nil, fuse.Status(syscall.EEXIST)
	}
	n := s.make(name, mode)
	if errno := s.fails(Name, n); errno != 0 {
		delete(s.nodes, n.id)
		return nil, fuse.Status(errno)
	}
	s.note(entry{in, name, n})
	return n, fuse.OK
}

// Unlink removes a file; those who have it open keep it.
func (s served) Unlink(_ <-chan struct{}, header *fuse.InHeader, name string) fuse.Status {
	return s.remove(header.NodeId, name)
}

// Rmdir removes an empty folder.
func (s served) Rmdir(_ <-chan struct{}, header *fuse.InHeader, name string) fuse.Status {
	return s.remove(header.NodeId, name)
}

func (s served) remove(folder uint64, name string) fuse.Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	in := s.at(folder)
	if in == nil || in.names[name] == nil {
		return fuse.ENOENT
	}
	n := in.names[name]
	if len(n.names) > 0 {
		return fuse.Status(syscall.ENOTEMPTY)
	}
	if errno := s.fails(Name, n); errno != 0 {
		return fuse.Status(errno)
	}
	s.note(entry{in, name, nil})
	n.links--
	s.drop(n)
	return fuse.OK
}

// Link gives a file one more name.
func (s served) Link(_ <-chan struct{}, input *fuse.LinkIn, name string, out *fuse.EntryOut) fuse.Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	in, n := s.at(input.NodeId), s.at(input.Oldnodeid)
	if in == nil || n == nil || n.gone {
		return fuse.ENOENT
	}
	if in.names[name] != nil {
		return fuse.Status(syscall.EEXIST)
	}
	if errno := s.fails(Name, n); errno != 0 {
		return fuse.Status(errno)
	}
	s.note(entry{in, name, n})
	n.links++
	s.entry(n, out)
	return fuse.OK
}

// Rename gives a file another name, away with what had it.
func (s served) Rename(_ <-chan struct{}, input *fuse.RenameIn, oldName, newName string) fuse.Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	from, to := s.at(input.NodeId), s.at(input.Newdir)
	if from == nil || to == nil || from.names[oldName] == nil {
		return fuse.ENOENT
	}
	n, there := from.names[oldName], to.names[newName]
	if input.Flags != 0 {
		return fuse.EINVAL
	}
	if there != nil && len(there.names) > 0 {
		return fuse.Status(syscall.ENOTEMPTY)
	}
	if errno := s.fails(Name, n); errno != 0 {
		return fuse.Status(errno)
	}
	s.note(entry{from, oldName, nil}, entry{to, newName, n})
	if there != nil && there != n {
		there.links--
		s.drop(there)
	}
	return fuse.OK
}

// StatFs tells how much room there is.
func (s served) StatFs(_ <-chan struct{}, _ *fuse.InHeader, out *fuse.StatfsOut) fuse.Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	out.Bsize, out.Frsize, out.NameLen = pageSize, pageSize, 255
	out.Blocks, out.Bfree, out.Bavail, out.Files, out.Ffree = 1<<24, 1<<24, 1<<24, 1<<20, 1<<20
	if s.room >= 0 {
		free := uint64(max(0, s.room-s.used))
		out.Blocks, out.Bfree, out.Bavail = uint64(s.used)+free, free, free
	}
	return fuse.OK
}
