package weixin

import "errors"

// What a push may be at most; the provider's are far smaller and at most one list deep. Whoever sends more is not the
// provider.
const (
	maxDepth = 8
	maxNodes = 500
)

// Node is an element of a push, from XML or JSON alike. The entries of a list are nodes of one name.
type Node struct {
	Name, Text string
	Kids       []*Node
}

// At is the first node down a path; nil when it is not there.
func (n *Node) At(path ...string) *Node {
	for _, name := range path {
		if n = n.kid(name); n == nil {
			return nil
		}
	}
	return n
}

func (n *Node) kid(name string) *Node {
	if n == nil {
		return nil
	}
	for _, k := range n.Kids {
		if k.Name == name {
			return k
		}
	}
	return nil
}

// Get is the text down a path, clean; "" when it is not there.
func (n *Node) Get(path ...string) string {
	if n = n.At(path...); n == nil {
		return ""
	}
	return Clean(n.Text)
}

// All are the nodes of one name, wherever below.
func (n *Node) All(name string) []*Node {
	if n == nil {
		return nil
	}
	var found []*Node
	for _, k := range n.Kids {
		if k.Name == name {
			found = append(found, k)
		}
		found = append(found, k.All(name)...)
	}
	return found
}

// ErrForm refuses what is not of the form of a push.
var ErrForm = errors.New("not a message of the provider's form")

// unique tells whether no field of the push is there twice; below the top floor lists repeat their entries.
func (n *Node) unique() error {
	seen := map[string]bool{}
	for _, k := range n.Kids {
		if seen[k.Name] {
			return ErrForm
		}
		seen[k.Name] = true
	}
	return nil
}
