package admin

import (
	"fmt"
	"testing"

	"huiyin/conversation"
)

// filled is a tail that has read events 1 to n, each of its own conversation in team 1.
func filled(n int64) *tail {
	t := newTail(nil)
	t.ready = true
	for i := int64(1); i <= n; i++ {
		t.keep([]happening{{n: i, place: place{id: i, team: 1}, frame: []byte(fmt.Sprint(i))}})
	}
	return t
}

func TestTheTailAnswersFromMemory(t *testing.T) {
	for _, c := range []struct {
		name     string
		kept     int64
		after    int64
		first, n int64
		known    bool
	}{
		{"everything", 10, 0, 1, 10, true},
		{"the newest", 10, 7, 8, 3, true},
		{"nothing new", 10, 10, 0, 0, true},
		{"a number from another life", 10, 11, 0, 0, false},
		{"a page of just what is kept", keptEvents + 5, 5, 6, readEvents, true},
		{"one too old", keptEvents + 5, 4, 0, 0, false},
		{"far too old", keptEvents * 2, 1, 0, 0, false},
		{"an empty memory at its start", 0, 0, 0, 0, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			list, known := filled(c.kept).after(c.after)
			if known != c.known || int64(len(list)) != c.n {
				t.Fatalf("%d events, known %v", len(list), known)
			}
			for i, h := range list {
				if h.n != c.first+int64(i) || string(h.frame) != fmt.Sprint(h.n) {
					t.Fatalf("event %d at %d", h.n, i)
				}
			}
		})
	}
}

func TestATailThatHasNotStartedKnowsNothing(t *testing.T) {
	if _, known := newTail(nil).after(0); known {
		t.Error("it does")
	}
}

func TestWhoMaySeeAnEventIsDecidedToday(t *testing.T) {
	first, second := conversation.Scope{TeamIDs: []int64{1}}, conversation.Scope{TeamIDs: []int64{2}}
	tail := newTail(nil)
	tail.ready = true
	tail.keep([]happening{{n: 1, place: place{id: 9, team: 1}}})
	before, _ := tail.after(0)
	if !before[0].place.seenBy(first) || before[0].place.seenBy(second) {
		t.Fatal("at first it is the first team's")
	}
	tail.keep([]happening{{n: 2, place: place{id: 9, team: 2}}})
	list, _ := tail.after(0)
	for _, h := range list {
		if h.place.seenBy(first) || !h.place.seenBy(second) {
			t.Errorf("event %d is still the first team's", h.n)
		}
	}
	if !list[1].left(first) || list[1].left(second) || list[0].left(first) {
		t.Error("the first team is not told that it is gone, or others are")
	}
	if before[0].place.team != 1 {
		t.Error("what was given away is changed afterwards")
	}
}

func TestTheTailForgetsPlacesButNotThoseItKeeps(t *testing.T) {
	tail := filled(10)
	for id := int64(1000); id < 1000+maxPlaces; id++ {
		tail.places[id] = place{id: id}
	}
	tail.keep([]happening{{n: 11, place: place{id: 11, team: 1}}})
	if len(tail.places) != 11 {
		t.Errorf("%d places", len(tail.places))
	}
}

func TestSubjectsAreReadOnce(t *testing.T) {
	ids, spots := subjects([]conversation.Event{
		{N: 1, ConversationID: 5, Seq: 1}, {N: 2, ConversationID: 5, Seq: 2}, {N: 3, ConversationID: 6}, {N: 4, ConversationID: 5, Seq: 1}})
	if len(ids) != 2 || len(spots) != 2 || spots[1] != (conversation.Spot{ConversationID: 5, Seq: 2}) {
		t.Errorf("%v, %v", ids, spots)
	}
}

func TestAnEventWhoseSubjectIsErased(t *testing.T) {
	h, err := testViewer().happening(conversation.Event{N: 7, Kind: "message", ConversationID: 5, Seq: 1}, nil, nil)
	if err != nil || h.n != 7 || string(h.frame) != `{"at":"0001-01-01T00:00:00Z","conversation_id":5,"kind":"message","n":7}` {
		t.Errorf("%s, %v", h.frame, err)
	}
}

// What happened while no console was open is written later: of a conversation that has gone to another team by then, its
// former readers see nothing.
func TestWhatIsWrittenLateIsShownToThoseWhoMaySeeItThen(t *testing.T) {
	first, second := conversation.Scope{TeamIDs: []int64{1}}, conversation.Scope{TeamIDs: []int64{2}}
	tail := newTail(nil)
	tail.ready = true
	noted := happening{n: 1, place: place{id: 9, team: 1}, event: conversation.Event{N: 1, ConversationID: 9}}
	tail.keep([]happening{noted, {n: 2, place: place{id: 8, team: 1}, frame: []byte("two")}})
	list, _ := tail.after(0)
	if !unwritten(list[0]) || unwritten(list[1]) {
		t.Fatalf("%+v", list)
	}
	fill(tail.kept, []happening{{n: 1, place: place{id: 9, team: 2}, frame: []byte("one")}})
	tail.keep([]happening{{n: 3, place: place{id: 9, team: 2}, frame: []byte("three")}})
	list, _ = tail.after(0)
	list, err := tail.written(t.Context(), list)
	if err != nil || string(list[0].frame) != "one" {
		t.Fatalf("what somebody else had written is not taken: %+v", list[0])
	}
	for scope, want := range map[*conversation.Scope]string{&first: "", &second: "one"} {
		if got := list[0].frameFor(*scope); string(got) != want {
			t.Errorf("%+v sees %q", scope, got)
		}
	}
	if list[0].place.team = 1; !unwritten(list[0]) {
		t.Error("what was written when the conversation stood elsewhere is not written again")
	}
	if string(list[1].frameFor(first)) != "two" {
		t.Error("what was written at once is hidden")
	}
}
