package search

import (
	"context"
	"errors"
	"os"
	"slices"

	"huiyin/conversation"
)

// followBatch is how many events are followed at a time: the more, the fewer pieces the index is written in.
const followBatch = 2000

var errOtherLog = errors.New("another event log")

func missing(path string) bool {
	_, err := os.Stat(path)
	return err != nil
}

// end is an index that holds nothing yet and has followed the log to its end.
func (x *Index) end(ctx context.Context) (progress, error) {
	p := progress{Schema: schema}
	_, last, err := x.store.EventRange(ctx, x.from)
	if err != nil {
		return p, err
	}
	if last > 0 {
		events, err := x.store.Events(ctx, x.from, last-1, 1)
		if err != nil {
			return p, err
		}
		if len(events) > 0 {
			p.N, p.At = events[0].N, events[0].At.UnixMilli()
		}
	}
	newest, err := x.store.IndexedBelow(ctx, x.from, 0, 1)
	if len(newest) > 0 {
		p.Newest = newest[0].ID
	}
	return p, err
}

// follow takes up what has happened since the last event it knows. behind: there is more.
func (x *Index) follow(ctx context.Context, f *file, state *progress) (behind bool, err error) {
	events, err := x.store.Events(ctx, x.from, max(0, state.N-1), followBatch)
	if err != nil {
		return false, err
	}
	if state.N > 0 {
		if len(events) == 0 || events[0].N != state.N || events[0].At.UnixMilli() != state.At {
			return false, errOtherLog
		}
		events = events[1:]
	} else if len(events) > 0 && events[0].N != 1 {
		return false, errOtherLog
	}
	if len(events) == 0 {
		return false, nil
	}
	last := events[len(events)-1]
	next := *state
	next.N, next.At = last.N, last.At.UnixMilli()
	if err := x.take(ctx, f, next, events); err != nil {
		return false, err
	}
	*state = next
	return len(events) == followBatch-1, nil
}

// news is what some events are about.
type news struct {
	threads  []int64
	contacts map[int64]bool      // of threads that are new or changed
	spots    []conversation.Spot // each once
	added    int                 // events that tell of a new message
	changed  map[int64]bool      // threads with an event of their own
}

func newsOf(events []conversation.Event) news {
	n := news{contacts: map[int64]bool{}, changed: map[int64]bool{}}
	seen := make(map[conversation.Spot]bool, len(events))
	for _, e := range events {
		n.threads = append(n.threads, e.ConversationID)
		if e.Kind == conversation.EventMessage {
			n.added++
		}
		switch e.Kind {
		case conversation.EventMessage, conversation.EventMessageState:
			if s := (conversation.Spot{ConversationID: e.ConversationID, Seq: e.Seq}); !seen[s] {
				seen[s] = true
				n.spots = append(n.spots, s)
			}
		case conversation.EventConversation:
			n.changed[e.ConversationID] = true
		}
	}
	slices.Sort(n.threads)
	n.threads = slices.Compact(n.threads)
	return n
}

// take indexes what events are about: new messages, and all messages of a conversation that can be filtered otherwise now.
func (x *Index) take(ctx context.Context, f *file, state progress, events []conversation.Event) error {
	n := newsOf(events)
	messages, err := x.messagesAt(ctx, f, state, n)
	if err != nil {
		return err
	}
	threads, err := x.threadsOf(ctx, n.threads, messages)
	if err != nil {
		return err
	}
	known, err := f.threads(ctx, n.threads)
	if err != nil {
		return err
	}
	for id, t := range threads {
		was, has := known[id]
		if !has || n.changed[id] || was.Contact != t.Contact {
			n.contacts[t.Contact] = true
			n.contacts[was.Contact] = true
		}
		if was == t {
			delete(threads, id)
		} else if has && (was.Marks != t.Marks || was.Subject != t.Subject) {
			all, err := x.wholeThread(ctx, id)
			if err != nil {
				return err
			}
			messages = append(messages, all...)
		}
	}
	people, err := x.peopleOf(ctx, n.contacts)
	if err != nil {
		return err
	}
	return onFile(f.change(ctx, state, func(b batch) error {
		return errors.Join(b.putThreads(threads), b.putMessages(messages), b.putPeople(people))
	}))
}

// messagesAt reads the messages that events are about. Those that were added stand behind all that the index holds, but for
// a few on PostgreSQL, whose ids may be given out in another order than the numbers of the events: they are read in one run,
// which costs half of what it costs to look for each at its spot.
func (x *Index) messagesAt(ctx context.Context, f *file, state progress, n news) ([]conversation.Indexed, error) {
	var found []conversation.Indexed
	if n.added > 0 {
		highest, err := f.highest(ctx, "said")
		if err != nil {
			return nil, err
		}
		if found, err = x.store.IndexedAbove(ctx, x.from, max(highest, state.Newest), n.added); err != nil {
			return nil, err
		}
	}
	missed := make(map[conversation.Spot]bool, len(n.spots))
	for _, s := range n.spots {
		missed[s] = true
	}
	found = slices.DeleteFunc(found, func(m conversation.Indexed) bool { // what came after the events were read comes with its own
		s := conversation.Spot{ConversationID: m.ConversationID, Seq: m.Seq}
		asked := missed[s]
		delete(missed, s)
		return !asked
	})
	rest := slices.DeleteFunc(n.spots, func(s conversation.Spot) bool { return !missed[s] })
	others, err := x.store.IndexedAt(ctx, x.from, rest)
	return append(found, others...), err
}

// threadsOf tells where conversations stand: messages that were read say it of theirs, the others are read.
func (x *Index) threadsOf(ctx context.Context, ids []int64, messages []conversation.Indexed) (map[int64]thread, error) {
	found := make(map[int64]thread, len(ids))
	for _, m := range messages {
		if _, has := found[m.ConversationID]; !has {
			found[m.ConversationID] = threadOf(m)
		}
	}
	ids = slices.DeleteFunc(slices.Clone(ids), func(id int64) bool { _, has := found[id]; return has })
	others, err := x.store.IndexedThreads(ctx, x.from, ids)
	for _, c := range others {
		found[c.ConversationID] = threadOf(c)
	}
	return found, err
}

// wholeThread reads the messages of a conversation.
func (x *Index) wholeThread(ctx context.Context, id int64) (all []conversation.Indexed, err error) {
	for after := int64(0); ; {
		part, err := x.store.IndexedOf(ctx, x.from, id, after, buildBatch)
		if err != nil {
			return nil, err
		}
		all = append(all, part...)
		if len(part) < buildBatch {
			return all, nil
		}
		after = part[len(part)-1].Seq
	}
}

// peopleOf reads contacts to index; nil for one that is not found any more.
func (x *Index) peopleOf(ctx context.Context, ids map[int64]bool) (map[int64]*conversation.IndexedContact, error) {
	list := make([]int64, 0, len(ids))
	for id := range ids {
		if id != 0 {
			list = append(list, id)
		}
	}
	if len(list) == 0 {
		return nil, nil
	}
	slices.Sort(list)
	found, err := x.store.IndexedContacts(ctx, x.from, list)
	if err != nil {
		return nil, err
	}
	for _, id := range list {
		if _, has := found[id]; !has {
			found[id] = nil
		}
	}
	return found, nil
}

const (
	buildBatch  = 1000
	peopleBatch = 500
)

// build indexes the next older messages, then contacts.
func (x *Index) build(ctx context.Context, f *file, state *progress) error {
	next := *state
	if state.Messages != 1 {
		return x.buildMessages(ctx, f, state, next)
	}
	ids, err := x.store.ContactsBelow(ctx, x.from, state.Contacts, peopleBatch)
	if err != nil {
		return err
	}
	set := map[int64]bool{}
	next.Contacts = 1
	for _, id := range ids {
		set[id] = true
		next.Contacts = id
	}
	if len(ids) < peopleBatch {
		next.Contacts = 1
	}
	people, err := x.peopleOf(ctx, set)
	if err != nil {
		return err
	}
	if err := onFile(f.change(ctx, next, func(b batch) error { return b.putPeople(people) })); err != nil {
		return err
	}
	*state = next
	return nil
}

func (x *Index) buildMessages(ctx context.Context, f *file, state *progress, next progress) error {
	messages, err := x.store.IndexedBelow(ctx, x.from, state.Messages, buildBatch)
	if err != nil {
		return err
	}
	if next.Messages = 1; len(messages) == buildBatch {
		next.Messages = messages[len(messages)-1].ID
	}
	// What has changed about a conversation since it was read comes as an event; until then its messages say the same.
	threads := map[int64]thread{}
	for _, m := range messages {
		threads[m.ConversationID] = threadOf(m)
	}
	err = onFile(f.change(ctx, next, func(b batch) error { return errors.Join(b.addThreads(threads), b.putMessages(messages)) }))
	if err != nil {
		return err
	}
	*state = next
	return nil
}
