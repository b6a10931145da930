package admin

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"huiyin/admin/api"
	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/live"
)

// errSessionOver ends the stream of somebody who was signed out.
var errSessionOver = errors.New("the session is over")

// StreamEvents shows the numbered events: as one page, or as a stream that goes on.
func (s *Server) StreamEvents(ctx context.Context, r api.StreamEventsRequestObject) (api.StreamEventsResponseObject, error) {
	call := callOf(ctx)
	after, given, err := startOf(r.Params.After, call.request)
	if err != nil {
		return nil, err
	}
	if !given {
		if _, after, err = s.Conversations.EventRange(ctx, s.DB); err != nil {
			return nil, err
		}
	}
	st := &stream{from: s, request: call.request, scope: call.who.scope(), checked: s.DB.Now(), who: call.who}
	if streams(call.request) {
		return &openStream{st, strconv.FormatInt(after, 10)}, nil
	}
	return s.eventPage(ctx, st, after, given)
}

// streams tells whether the caller wants a stream rather than a page.
func streams(r *http.Request) bool {
	return strings.EqualFold(r.Header.Get("Upgrade"), "websocket") || strings.Contains(r.Header.Get("Accept"), "text/event-stream")
}

// startOf is the number after which the caller wants to go on. A browser that reconnects tells it in a header.
func startOf(after *int64, r *http.Request) (n int64, given bool, err error) {
	if header := r.Header.Get("Last-Event-ID"); header != "" {
		n, err := strconv.ParseInt(header, 10, 64)
		if err != nil || n < 0 {
			return 0, false, invalid("Last-Event-ID", "must be the number of an event")
		}
		return n, true, nil
	}
	return val(after), after != nil, nil
}

// eventPage is one page of events as an answer.
type eventPage struct {
	Events []json.RawMessage `json:"events"`
	Last   int64             `json:"last"`
	Reset  bool              `json:"reset,omitempty"`
}

// VisitStreamEventsResponse writes the page.
func (p eventPage) VisitStreamEventsResponse(w http.ResponseWriter) error {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusOK)
	return json.NewEncoder(w).Encode(p)
}

func (s *Server) eventPage(ctx context.Context, st *stream, after int64, given bool) (api.StreamEventsResponseObject, error) {
	page := eventPage{Events: []json.RawMessage{}, Last: after}
	if !given {
		return page, nil
	}
	frames, last, reset, err := st.next(ctx, after)
	if err != nil {
		return nil, err
	}
	page.Last, page.Reset = last, reset
	for _, f := range frames {
		if !reset {
			page.Events = append(page.Events, f.Data)
		}
	}
	return page, nil
}

// openStream is an answer that goes on.
type openStream struct {
	stream *stream
	cursor string
}

// lookAgain is how often a stream looks whether its reader may go on.
const lookAgain = 2 * time.Second

// VisitStreamEventsResponse streams until the reader leaves or may no longer read.
func (o *openStream) VisitStreamEventsResponse(w http.ResponseWriter) error {
	st := o.stream
	st.from.tail.readers.Add(1)
	defer st.from.tail.readers.Add(-1)
	st.seen()
	err := st.from.Live.Serve(w, st.request, []string{topicReady, channels.TopicHints}, live.Options{
		Cursor: o.cursor, Source: st.source, Hint: st.hint, Poll: lookAgain, Seen: st.seen})
	if err != nil {
		st.from.Log.Debug("an event stream ended", "reason", err)
	}
	return nil
}

// stream is what one reader of the events gets.
type stream struct {
	from    *Server
	request *http.Request
	who     *principal
	scope   conversation.Scope
	checked time.Time
}

// seen marks the person behind the stream as there.
func (st *stream) seen() {
	if st.who.key != nil {
		return
	}
	if err := st.from.Desk.Seen(st.request.Context(), st.who.agent.ID); err != nil && st.request.Context().Err() == nil {
		st.from.Log.Warn("presence could not be noted", "error", err)
	}
}

// recheck looks now and then whether the reader is still signed in, and what they may see.
func (st *stream) recheck(ctx context.Context) error {
	now := st.from.DB.Now()
	if now.Sub(st.checked) < lookAgain {
		return nil
	}
	who, err := st.from.identify(st.request.WithContext(ctx))
	if err != nil {
		return err
	}
	if who == nil || !who.allows(st.from.spec.operations["streamEvents"]) {
		return errSessionOver
	}
	st.who, st.scope, st.checked = who, who.scope(), now
	return nil
}

// source reads what comes after a cursor, for live.
func (st *stream) source(ctx context.Context, cursor string) ([]live.Frame, string, error) {
	if err := st.recheck(ctx); err != nil {
		return nil, cursor, err
	}
	n, err := strconv.ParseInt(cursor, 10, 64)
	if err != nil {
		return nil, cursor, err
	}
	frames, last, _, err := st.next(ctx, n)
	return frames, strconv.FormatInt(last, 10), err
}

// next reads on until something is visible or nothing is left. What is out of scope is passed over.
func (st *stream) next(ctx context.Context, n int64) (frames []live.Frame, last int64, reset bool, err error) {
	for {
		list, known := st.from.tail.after(n)
		if known {
			list, err = st.from.tail.written(ctx, list)
		} else {
			list, reset, err = st.fromDatabase(ctx, n)
		}
		if err != nil {
			return nil, n, false, err
		}
		if len(list) == 0 {
			return nil, n, false, nil
		}
		n = list[len(list)-1].n
		for _, h := range list {
			if text := st.shown(h, reset); text != nil {
				frames = append(frames, live.Frame{ID: strconv.FormatInt(h.n, 10), Data: text})
			}
		}
		if len(frames) > 0 {
			return frames, n, reset, nil
		}
	}
}

// shown is what the reader may see of an event. Of a conversation that goes to another team they learn that it is
// gone, and nothing more from then on.
func (st *stream) shown(h happening, reset bool) []byte {
	if reset || h.place.seenBy(st.scope) {
		return h.frameFor(st.scope)
	}
	if !h.left(st.scope) {
		return nil
	}
	text, err := json.Marshal(api.Event{N: h.n, Kind: "gone", At: st.from.DB.Now(), ConversationId: opt(h.place.id)})
	if err != nil {
		return nil
	}
	return text
}

// fromDatabase reads what the memory does not hold. When it is not kept any more, or the number is from another
// life of the database, the reader is told to start over.
func (st *stream) fromDatabase(ctx context.Context, n int64) (list []happening, reset bool, err error) {
	s := st.from
	first, last, err := s.Conversations.EventRange(ctx, s.DB)
	if err != nil {
		return nil, false, err
	}
	if n > last || n+1 < first {
		h, err := startOver(s.DB.Now(), last)
		return []happening{h}, true, err
	}
	events, err := s.Conversations.Events(ctx, s.DB, n, readEvents)
	if err != nil || len(events) == 0 {
		return nil, false, err
	}
	list, err = s.render(ctx, events)
	return list, false, err
}

func startOver(now time.Time, last int64) (happening, error) {
	frame, err := json.Marshal(api.Event{N: last, Kind: "reset", At: now})
	return happening{n: last, frame: frame}, err
}
