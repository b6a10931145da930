package conversation

import (
	"context"
	"fmt"
	"strings"

	"huiyin/db"
)

// Sort is the order of a list.
type Sort string

// The orders. Without one a list is by its newest message, and the queue by the place in it.
const (
	ByNewest   Sort = "newest"
	ByWaiting  Sort = "waiting"  // who waits longest for a person first, then the others by their newest message
	ByPriority Sort = "priority" // urgent and high before the others while they go on, each by its newest message
)

// Valid tells whether it is an order.
func (o Sort) Valid() bool {
	switch o {
	case "", ByNewest, ByWaiting, ByPriority:
		return true
	}
	return false
}

// section is a part of a sorted list that has an index of its own: the few that come first, and after all of them the
// others, whose pages are merged from runs. The texts are those of the indexes, so that they are used.
type section struct {
	only, key, after, order string // for the few: which they are, their key, what comes after a place, and the order
}

func (o Sort) sections() []section {
	const newest = "(c.last_message_at, c.id) < (?, ?)"
	const byNewest = "c.last_message_at DESC, c.id DESC"
	switch o {
	case ByWaiting:
		return []section{{only: "c.waiting_since <> 0 AND c.status = 'open'", key: "w", after: "(c.waiting_since, c.id) > (?, ?)", order: "c.waiting_since, c.id"}}
	case ByPriority:
		return []section{
			{only: "c.priority > 1 AND c.status <> 'resolved' AND c.priority = 3", after: newest, order: byNewest},
			{only: "c.priority > 1 AND c.status <> 'resolved' AND c.priority = 2", after: newest, order: byNewest},
		}
	}
	return nil
}

// others adds what leaves the few out that came before.
func (o Sort) others(w *where) {
	for _, s := range o.sections() {
		w.add("NOT (" + s.only + ")")
	}
}

// key is where a conversation of a section stands.
func (s section) of(c *Conversation) int64 {
	if s.key == "w" {
		return db.Millis(c.WaitingSince)
	}
	return c.LastMessageAt.UnixMilli()
}

// listSorted reads a page of a list that has sections, from the one where the last page ended.
func (s *Store) listSorted(ctx context.Context, from db.Querier, f Filter) (found []*Conversation, next *Place, err error) {
	sections := f.Sort.sections()
	for at := f.After.Part; at <= len(sections); at++ {
		var part []*Conversation
		rest := f
		rest.Limit = f.Limit - len(found)
		if at > f.After.Part {
			rest.After = Place{}
		}
		if at < len(sections) {
			part, err = s.listSection(ctx, from, rest, sections[at])
		} else {
			part, err = s.listRest(ctx, from, rest)
		}
		if err != nil {
			return nil, nil, err
		}
		if len(part) > rest.Limit {
			if rest.Limit == 0 { // the page is full, and this section has more
				return found, &Place{Part: at, Key: firstKey(at, sections), ID: firstID(at, sections)}, nil
			}
			part = part[:rest.Limit]
			last := part[rest.Limit-1]
			key := last.LastMessageAt.UnixMilli()
			if at < len(sections) {
				key = sections[at].of(last)
			}
			return append(found, part...), &Place{Key: key, ID: last.ID, Part: at}, nil
		}
		found = append(found, part...)
	}
	return found, nil, nil
}

// firstKey and firstID are the place before everything in a section.
func firstKey(at int, sections []section) int64 {
	if at < len(sections) && sections[at].key == "w" {
		return 0
	}
	return 1 << 61
}

func firstID(at int, sections []section) int64 { return firstKey(at, sections) }

func (s *Store) listSection(ctx context.Context, from db.Querier, f Filter, part section) ([]*Conversation, error) {
	w := where{}
	f.Scope.limit(&w, "c")
	f.place(&w, "c")
	f.rest(&w)
	w.add(part.only)
	if f.After != (Place{}) {
		w.add(part.after, f.After.Key, f.After.ID)
	}
	return s.read(ctx, from, "SELECT "+conversationColumns+" FROM conversations c WHERE 1 = 1"+w.text+" ORDER BY "+part.order+" LIMIT ?",
		append(w.args, f.Limit+1)...)
}

func (s *Store) listRest(ctx context.Context, from db.Querier, f Filter) ([]*Conversation, error) {
	query, args, err := s.pageQuery(ctx, from, f)
	if err != nil || query == "" {
		return nil, err
	}
	return s.read(ctx, from, query, args...)
}

func (s *Store) read(ctx context.Context, from db.Querier, query string, args ...any) ([]*Conversation, error) {
	rows, err := from.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("list conversations: %w", err)
	}
	defer rows.Close()
	var found []*Conversation
	for rows.Next() {
		c, err := scanConversation(rows)
		if err != nil {
			return nil, fmt.Errorf("list conversations: %w", err)
		}
		found = append(found, c)
	}
	return found, rows.Err()
}

// sorted tells whether the filter has an order with sections. A search has none, and the queue its own.
func (f Filter) sorted() bool {
	return len(f.Sort.sections()) > 0 && f.View != ViewQueue && strings.TrimSpace(f.Query) == ""
}
