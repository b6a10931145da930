package handoff

import (
	"context"
	"strconv"
	"strings"

	"huiyin/db"
)

// Promises reads how the clocks of some conversations ended: the events in which a target was met or its time ran out, in order.
func (d *Desk) Promises(ctx context.Context, from db.Querier, conversationIDs []int64) ([]ClockEvent, error) {
	if len(conversationIDs) == 0 {
		return nil, nil
	}
	ids := make([]string, len(conversationIDs))
	for i, id := range conversationIDs {
		ids[i] = strconv.FormatInt(id, 10)
	}
	return queryClockEvents(ctx, from, "conversation_id IN ("+db.Once+strings.Join(ids, ", ")+") AND what IN ('met', 'breached') ORDER BY id")
}
