package admin

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"huiyin/admin/api"
	"huiyin/conversation"
)

// topicReady pulses on this node when the tail has read new events.
const topicReady = "admin.ready"

const (
	keptEvents = 4096
	readEvents = 256
	lookEvery  = 2 * time.Second // without a pulse
)

// happening is an event as consoles get it, with what decides who may see it.
type happening struct {
	n      int64
	place  place
	before place // where the conversation stood before, as far as is known
	frame  []byte
	event  conversation.Event // what is to be written, as long as there is no frame
	late   place              // where the conversation stood when the frame was written, if that was later
}

// place is where a conversation stood: who may see it depends on nothing else.
type place struct{ id, team, agent int64 }

// left tells whether the conversation has just gone out of somebody's sight.
func (h happening) left(scope conversation.Scope) bool {
	return h.before.id != 0 && h.before.seenBy(scope) && !h.place.seenBy(scope)
}

// frameFor is the frame, unless it was written of a conversation that had gone out of sight by then.
func (h happening) frameFor(scope conversation.Scope) []byte {
	if h.late.id != 0 && !h.late.seenBy(scope) {
		return nil
	}
	return h.frame
}

func (p place) seenBy(scope conversation.Scope) bool {
	return scope.Sees(&conversation.Conversation{ID: p.id, TeamID: p.team, AgentID: p.agent})
}

// tail reads every new event once for all consoles of this node and keeps the newest. While no console is open it only
// notes where conversations stand; what happened meanwhile is written for the first who asks.
type tail struct {
	from    *Server
	readers atomic.Int64 // streams that are open

	writing sync.Mutex // held by whoever writes what was only noted
	mu      sync.RWMutex
	ready   bool
	last    int64 // everything up to it has been read
	kept    []happening
	places  map[int64]place
}

func newTail(s *Server) *tail { return &tail{from: s, places: map[int64]place{}} }

// follow reads new events until ctx ends.
func (t *tail) follow(ctx context.Context) {
	pulses := t.from.Live.Subscribe(conversation.TopicEvents)
	defer pulses.Close()
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		if err := t.catchUp(ctx); err != nil && ctx.Err() == nil {
			t.from.Log.Warn("new events cannot be read; trying again", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-pulses.Pulses():
		case <-ticker.C:
		}
	}
}

// catchUp reads everything that is new.
func (t *tail) catchUp(ctx context.Context) error {
	for {
		n, err := t.step(ctx)
		if err != nil || n == 0 {
			return err
		}
		t.from.Live.Deliver(topicReady, nil)
		if n < readEvents {
			return nil
		}
	}
}

func (t *tail) step(ctx context.Context) (int, error) {
	last, err := t.start(ctx)
	if err != nil {
		return 0, err
	}
	events, err := t.from.Conversations.Events(ctx, t.from.DB, last, readEvents)
	if err != nil || len(events) == 0 {
		return 0, err
	}
	list, err := t.look(ctx, events)
	if err != nil {
		return 0, err
	}
	t.keep(list)
	return len(events), nil
}

// look writes events for the consoles that are open, or notes where their conversations stand.
func (t *tail) look(ctx context.Context, events []conversation.Event) ([]happening, error) {
	if t.readers.Load() > 0 {
		return t.from.render(ctx, events)
	}
	return t.from.placed(ctx, events)
}

// start is the number after which to read: at first the newest there is.
func (t *tail) start(ctx context.Context) (int64, error) {
	t.mu.RLock()
	ready, last := t.ready, t.last
	t.mu.RUnlock()
	if ready {
		return last, nil
	}
	_, last, err := t.from.Conversations.EventRange(ctx, t.from.DB)
	if err != nil {
		return 0, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ready, t.last = true, last
	return last, nil
}

// maxPlaces bounds the memory of where conversations stand.
const maxPlaces = 50_000

func (t *tail) keep(list []happening) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.places) > maxPlaces {
		clear(t.places)
		for _, h := range t.kept {
			t.places[h.place.id] = h.place
		}
	}
	for i, h := range list {
		list[i].before = t.places[h.place.id]
		t.places[h.place.id] = h.place
	}
	t.kept = append(t.kept, list...)
	if over := len(t.kept) - keptEvents; over > 0 {
		t.kept = slices.Delete(t.kept, 0, over)
	}
	t.last = t.kept[len(t.kept)-1].n
}

// after is a page of what was kept after number n, with where each conversation stands by now: who may see it today decides,
// not who could when it happened. known is false when the memory does not reach back that far.
func (t *tail) after(n int64) (list []happening, known bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if !t.ready || n > t.last {
		return nil, false
	}
	if n == t.last {
		return nil, true
	}
	if len(t.kept) == 0 || t.kept[0].n > n+1 {
		return nil, false
	}
	at, _ := position(t.kept, n+1)
	list = slices.Clone(t.kept[at:min(at+readEvents, len(t.kept))])
	for i, h := range list {
		if now, ok := t.places[h.place.id]; ok {
			list[i].place = now
		}
	}
	return list, true
}

// written is the list with a frame for each. A conversation may have gone to others since it was noted: late tells.
func (t *tail) written(ctx context.Context, list []happening) ([]happening, error) {
	if !slices.ContainsFunc(list, unwritten) {
		return list, nil
	}
	t.writing.Lock()
	defer t.writing.Unlock()
	t.adopt(list)
	var events []conversation.Event
	for _, h := range list {
		if unwritten(h) {
			events = append(events, h.event)
		}
	}
	if len(events) == 0 {
		return list, nil
	}
	frames, err := t.from.render(ctx, events)
	if err != nil {
		return nil, err
	}
	fill(list, frames)
	t.mu.Lock()
	defer t.mu.Unlock()
	fill(t.kept, frames)
	return list, nil
}

// adopt takes frames that somebody else has had written meanwhile.
func (t *tail) adopt(list []happening) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	for i, h := range list {
		if at, ok := position(t.kept, h.n); ok && unwritten(h) {
			list[i].frame, list[i].late = t.kept[at].frame, t.kept[at].late
		}
	}
}

func fill(list, frames []happening) {
	for _, f := range frames {
		if i, ok := position(list, f.n); ok {
			list[i].frame, list[i].late = f.frame, f.place
		}
	}
}

// unwritten tells whether an event that was only noted has yet to be written, or was when its conversation stood elsewhere.
func unwritten(h happening) bool {
	return h.event.N != 0 && (h.frame == nil || h.late != h.place)
}

// position is where event n stands in a list, or would stand.
func position(list []happening, n int64) (int, bool) {
	return slices.BinarySearchFunc(list, n, func(h happening, n int64) int { return cmp.Compare(h.n, n) })
}

// where tells where a conversation stands, from memory or the database.
func (t *tail) where(ctx context.Context, id int64) (place, error) {
	t.mu.RLock()
	p, ok := t.places[id]
	t.mu.RUnlock()
	if ok {
		return p, nil
	}
	c, err := t.from.Conversations.Get(ctx, t.from.DB, id)
	if err != nil {
		return place{}, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if p, ok := t.places[id]; ok { // an event that came meanwhile knows better
		return p, nil
	}
	p = placeOf(c)
	t.places[id] = p
	return p, nil
}

func placeOf(c *conversation.Conversation) place { return place{c.ID, c.TeamID, c.AgentID} }

// render reads what a batch of events is about, once, and writes each as consoles get it.
func (s *Server) render(ctx context.Context, events []conversation.Event) ([]happening, error) {
	ids, spots := subjects(events)
	found, err := s.Conversations.GetAll(ctx, s.DB, ids)
	if err != nil {
		return nil, err
	}
	list := make([]*conversation.Conversation, 0, len(found))
	for _, c := range found {
		list = append(list, c)
	}
	v, err := s.viewing(ctx, s.DB, list...)
	if err != nil {
		return nil, err
	}
	messages, err := s.Conversations.MessagesOf(ctx, s.DB, spots)
	if err != nil {
		return nil, err
	}
	happenings := make([]happening, 0, len(events))
	for _, e := range events {
		h, err := v.happening(e, found[e.ConversationID], messages)
		if err != nil {
			return nil, err
		}
		happenings = append(happenings, h)
	}
	return happenings, nil
}

// placed is where the conversations of a batch of events stand, and no more.
func (s *Server) placed(ctx context.Context, events []conversation.Event) ([]happening, error) {
	ids, _ := subjects(events)
	found, err := s.Conversations.GetAll(ctx, s.DB, ids)
	if err != nil {
		return nil, err
	}
	happenings := make([]happening, 0, len(events))
	for _, e := range events {
		h := happening{n: e.N, place: place{id: e.ConversationID}, event: e}
		if c := found[e.ConversationID]; c != nil {
			h.place = placeOf(c)
		}
		happenings = append(happenings, h)
	}
	return happenings, nil
}

// subjects are the conversations and messages that events are about, each once.
func subjects(events []conversation.Event) (ids []int64, spots []conversation.Spot) {
	seen := make(map[conversation.Spot]bool, 2*len(events))
	for _, e := range events {
		whole, spot := conversation.Spot{ConversationID: e.ConversationID}, conversation.Spot{ConversationID: e.ConversationID, Seq: e.Seq}
		if !seen[whole] {
			ids = append(ids, e.ConversationID)
		}
		if e.Seq != 0 && !seen[spot] {
			spots = append(spots, spot)
		}
		seen[whole], seen[spot] = true, true
	}
	return ids, spots
}

// happening writes one event. What it was about may be gone; then only its number is told.
func (v *viewer) happening(e conversation.Event, c *conversation.Conversation, messages map[conversation.Spot]conversation.Message) (happening, error) {
	shown := api.Event{N: e.N, Kind: e.Kind, At: e.At, ConversationId: opt(e.ConversationID)}
	h := happening{n: e.N, place: place{id: e.ConversationID}}
	if c != nil {
		h.place = placeOf(c)
		view := v.conversation(c)
		shown.Conversation = &view
	}
	if m, ok := messages[conversation.Spot{ConversationID: e.ConversationID, Seq: e.Seq}]; ok {
		message := v.message(m)
		shown.Message = &message
	}
	var err error
	if h.frame, err = json.Marshal(shown); err != nil {
		return h, fmt.Errorf("write event %d: %w", e.N, err)
	}
	return h, nil
}
