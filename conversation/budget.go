package conversation

import "time"

// Grant is an allowance to send: so many messages within a time. Another one of the same name takes its place.
type Grant struct {
	Name  string // what opened it, e.g. "message", "menu"
	Sends int    // 0: any number
	For   time.Duration
}
