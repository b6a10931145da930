package conversation_test

import (
	"context"
	"fmt"
	"iter"
	"runtime"
	"slices"
	"strings"
	"testing"

	"huiyin/conversation"
	"huiyin/db"
)

func TestTalks(t *testing.T) {
	onBoth(t, func(h house) {
		ctx := context.Background()
		var ids []int64
		for n := range 4 {
			id := h.record(conversation.Incoming{Address: fmt.Sprint("a", n), Text: "怎么退货"}).Conversation.ID
			h.reply(id, conversation.Draft{Sender: conversation.FromBot, Text: "答", Explanation: fmt.Sprintf(`{"n":%d}`, n)})
			h.agentSays(id, "好")
			ids = append(ids, id)
		}
		h.change(ids[1], func(c *conversation.Conversation) { c.Status = conversation.Resolved })
		h.tx(func(ctx context.Context, tx *db.Tx) error {
			return h.Rate(ctx, tx, h.get(ids[1]), conversation.Rating{Score: 4})
		})
		for _, c := range []struct {
			name  string
			ids   []int64
			first int // how many of each talk are read; the rest is left
			want  string
		}{
			{"all of some", []int64{ids[2], ids[0]}, 9, `0: contact bot{"n":0} agent; 2: contact bot{"n":2} agent; `},
			{"the beginning of each", ids[:3], 2, `0: contact bot{"n":0}; 1*4: contact bot{"n":1}; 2: contact bot{"n":2}; `},
			{"nothing of each", ids[:2], 0, `0:; 1*4:; `},
			{"one that is gone", []int64{ids[3], 1 << 40}, 9, `3: contact bot{"n":3} agent; `},
			{"none", []int64{1 << 40}, 9, ``},
		} {
			var told strings.Builder
			err := h.EachTalk(ctx, h.DB, c.ids, func(t conversation.Talk, said iter.Seq[conversation.Said]) {
				fmt.Fprint(&told, slices.Index(ids, t.ID))
				if t.Rating.Score != 0 {
					fmt.Fprint(&told, "*", t.Rating.Score)
				}
				told.WriteString(":")
				n := 0
				for one := range said {
					if n++; n > c.first {
						break
					}
					fmt.Fprintf(&told, " %s%s", one.Sender, one.Explanation)
				}
				told.WriteString("; ")
			})
			if err != nil || told.String() != c.want {
				h.t.Errorf("%s: %q, %v; want %q", c.name, told.String(), err, c.want)
			}
		}
	})
}

// Talks are read one message after the other: however many there are, they need the memory of a few.
func TestTalksNeedLittleMemory(t *testing.T) {
	onBoth(t, func(h house) {
		const talks, each, long, most = 12, 2, 512 << 10, 5 << 20 // 12 MiB in all
		var ids []int64
		for n := range talks {
			id := h.record(conversation.Incoming{Address: fmt.Sprint("a", n), Text: "?"}).Conversation.ID
			for range each {
				h.reply(id, conversation.Draft{Sender: conversation.FromBot, Text: "答", Explanation: `{"x":"` + strings.Repeat("x", long) + `"}`})
			}
			ids = append(ids, id)
		}
		alive := func() uint64 {
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			return m.HeapAlloc
		}
		before, peak, length := alive(), uint64(0), 0
		err := h.EachTalk(context.Background(), h.DB, ids, func(_ conversation.Talk, said iter.Seq[conversation.Said]) {
			for one := range said {
				length += len(one.Explanation)
			}
			peak = max(peak, alive())
		})
		if err != nil || length < talks*each*long {
			h.t.Fatalf("%d bytes, %v", length, err)
		}
		if peak > before+most {
			h.t.Errorf("%d KiB at the beginning, %d KiB meanwhile", before>>10, peak>>10)
		}
	})
}
