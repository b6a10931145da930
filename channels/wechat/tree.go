package wechat

import (
	"errors"
	"strings"
	"unicode"
)

// What a push may be at most; WeChat's are far smaller. Whoever sends more is not WeChat.
const (
	maxPush  = 256 << 10
	maxDepth = 8
	maxNodes = 500
)

// node is an element of a push, from XML or JSON alike.
type node struct {
	name string
	text string
	kids []*node
}

// at is the node down a path; nil when it is not there.
func (n *node) at(path ...string) *node {
	for _, name := range path {
		if n = n.kid(name); n == nil {
			return nil
		}
	}
	return n
}

func (n *node) kid(name string) *node {
	if n == nil {
		return nil
	}
	for _, k := range n.kids {
		if k.name == name {
			return k
		}
	}
	return nil
}

// get is the text down a path, without what cannot be stored or shown.
func (n *node) get(path ...string) string {
	if n = n.at(path...); n == nil {
		return ""
	}
	return clean(n.text)
}

// all are the nodes of one name, wherever below.
func (n *node) all(name string) []*node {
	if n == nil {
		return nil
	}
	var found []*node
	for _, k := range n.kids {
		if k.name == name {
			found = append(found, k)
		}
		found = append(found, k.all(name)...)
	}
	return found
}

var (
	errTwice = errors.New("a field is there twice")
	errLarge = errors.New("it is too large or too deep")
	errText  = errors.New("it is not UTF-8")
)

// unique tells whether no field of the push is there twice. Below the top, lists repeat their entries.
func (n *node) unique() error {
	seen := map[string]bool{}
	for _, k := range n.kids {
		if seen[k.name] {
			return errTwice
		}
		seen[k.name] = true
	}
	return nil
}

// clean drops the control characters that databases, XML and JSON of WeChat's kind do not take, and makes every line
// break the same.
func clean(text string) string {
	if strings.IndexFunc(text, special) < 0 {
		return text
	}
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r' || r == '\u2028' || r == '\u2029':
			return '\n'
		case special(r):
			return -1
		}
		return r
	}, text)
}

func special(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\t' || r == '\u2028' || r == '\u2029' || r == unicode.ReplacementChar || r == '\ufffe' || r == '\uffff'
}
