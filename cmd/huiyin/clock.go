package main

import (
	"context"
	"fmt"
	"time"
)

const (
	skewNoted = 2 * time.Second  // a machine's clock that is wrong by more is told of
	skewAsked = 10 * time.Second // how often it is asked
)

// watchClock tells the operator when this machine's clock is wrong, and when it is right again. What this node does keeps
// to the database's time meanwhile.
func (n *node) watchClock(ctx context.Context) {
	tick := time.NewTicker(skewAsked)
	defer tick.Stop()
	for wrong := false; ; {
		switch note := n.clockNote(); {
		case note != "" && !wrong:
			n.log.Warn("this machine's clock is wrong; mend its time service (the database's time is kept to)", "ahead_of_the_database", n.db.Skew().Round(time.Millisecond))
			wrong = true
		case note == "" && wrong:
			n.log.Info("this machine's clock is right again")
			wrong = false
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// clockNote says by how much the machine's clock is wrong; empty: it is not.
func (n *node) clockNote() string {
	skew := n.db.Skew()
	if skew.Abs() < skewNoted {
		return ""
	}
	way := "ahead"
	if skew < 0 {
		way = "behind"
	}
	return fmt.Sprintf("this machine's clock is %s %s of the database's\n", skew.Abs().Round(time.Second), way)
}
