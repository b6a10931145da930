package conversation

import (
	"context"
	"strconv"
	"strings"

	"huiyin/db"
)

// Spot is where a message stands.
type Spot struct{ ConversationID, Seq int64 }

// MessagesOf reads the messages at several spots of whatever conversations at once.
func (s *Store) MessagesOf(ctx context.Context, from db.Querier, spots []Spot) (map[Spot]Message, error) {
	if len(spots) == 0 {
		return nil, nil
	}
	if p := spots[0]; len(spots) == 1 { // most often, and then one text for all
		list, err := s.MessagesAt(ctx, from, p.ConversationID, []int64{p.Seq})
		return bySpot(list), err
	}
	list, err := s.queryMessages(ctx, from, "WHERE "+atSpots(spots))
	return bySpot(list), err
}

// atSpots is the condition on messages m that they stand at one of the spots, of which there is one at least.
func atSpots(spots []Spot) string {
	pairs := make([]string, len(spots))
	for i, p := range spots {
		pairs[i] = "(" + strconv.FormatInt(p.ConversationID, 10) + "," + strconv.FormatInt(p.Seq, 10) + ")"
	}
	return "(m.conversation_id, m.seq) IN (VALUES " + db.Once + strings.Join(pairs, ",") + ")"
}

func bySpot(list []Message) map[Spot]Message {
	found := make(map[Spot]Message, len(list))
	for _, m := range list {
		found[Spot{m.ConversationID, m.Seq}] = m
	}
	return found
}
