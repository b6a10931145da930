package reports

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Kind is what a fact says.
type Kind string

// The kinds of facts, and what their value is.
const (
	Started       Kind = "started"        // a customer began a matter, or took one up again after its end
	Received      Kind = "received"       // messages of customers: how many
	Replied       Kind = "replied"        // messages of an agent: how many
	HandedOff     Kind = "handed_off"     // a person was needed
	Waited        Kind = "waited"         // an agent took who was queueing: milliseconds
	Unserved      Kind = "unserved"       // left the queue without one: milliseconds
	FirstResponse Kind = "first_response" // first words of an agent since a person was needed: milliseconds
	Resolved      Kind = "resolved"       // milliseconds since it began
	Reopened      Kind = "reopened"       // taken up again by us
	BotSolved     Kind = "bot_solved"     // resolved with answers of the bot alone
	Asked         Kind = "asked"          // asked for a rating
	Rated         Kind = "rated"          // the score
	Kept          Kind = "sla_kept"       // a promised time was kept: milliseconds of work
	Missed        Kind = "sla_missed"
)

// Kinds are all kinds, in the order in which pages show them.
func Kinds() []Kind {
	return []Kind{Started, Received, Replied, HandedOff, Waited, Unserved, FirstResponse, Resolved, Reopened, BotSolved, Asked, Rated, Kept, Missed}
}

// Valid tells whether it is one of the kinds.
func (k Kind) Valid() bool { return slices.Contains(Kinds(), k) }

// Timed tells whether the value is a span of time.
func (k Kind) Timed() bool {
	return k == Waited || k == Unserved || k == FirstResponse || k == Resolved || k == Kept || k == Missed
}

// counted tells whether the value is a number of things, rather than one thing with a value.
func (k Kind) counted() bool { return k == Received || k == Replied }

// hourly tells whether pages show the kind by hour of the day.
func (k Kind) hourly() bool { return k == Started || k == HandedOff }

// Fact is one thing that happened in a conversation.
type Fact struct {
	Kind    Kind
	Day     int // as 20261122, in the time zone of the organisation
	Hour    int
	AgentID int64
	Value   int64
}

// fact places what happened at an instant.
func fact(k Kind, at time.Time, agentID, value int64, zone *time.Location) Fact {
	local := at.In(zone)
	return Fact{Kind: k, Day: DayOf(local), Hour: local.Hour(), AgentID: agentID, Value: value}
}

// DayOf is the day of a local time as a number, such as 20261122.
func DayOf(local time.Time) int {
	year, month, day := local.Date()
	return year*10000 + int(month)*100 + day
}

// DateOf is the beginning of a day given as a number.
func DateOf(day int, zone *time.Location) time.Time {
	return time.Date(day/10000, time.Month(day/100%100), day%100, 0, 0, 0, 0, zone)
}

// spread says how values lie: how many are in each bucket.
type spread map[int]int64

// stepsPerDoubling make a bucket 9 % wide, so that what is read from it is wrong by less than 5 %.
const stepsPerDoubling = 8

// bucketOf is where a value lies: a score by itself, a span of time by its logarithm.
func bucketOf(k Kind, value int64) int {
	if !k.Timed() {
		return int(value)
	}
	return int(math.Round(stepsPerDoubling * math.Log2(1+max(0, float64(value))/1000)))
}

// valueOf is the value that stands for a bucket.
func valueOf(k Kind, bucket int) float64 {
	if !k.Timed() {
		return float64(bucket)
	}
	return (math.Exp2(float64(bucket)/stepsPerDoubling) - 1) * 1000
}

// spreads tells whether it is kept how the values of a kind lie.
func (k Kind) spreads() bool { return k.Timed() || k == Rated }

// String writes a spread as it is stored.
func (s spread) String() string {
	buckets := make([]int, 0, len(s))
	for b, n := range s {
		if n != 0 {
			buckets = append(buckets, b)
		}
	}
	slices.Sort(buckets)
	words := make([]string, len(buckets))
	for i, b := range buckets {
		words[i] = strconv.Itoa(b) + ":" + strconv.FormatInt(s[b], 10)
	}
	return strings.Join(words, " ")
}

// add adds what is stored of a spread; what cannot be read adds nothing.
func (s spread) add(text string, times int64) {
	for word := range strings.FieldsSeq(text) {
		bucket, count, _ := strings.Cut(word, ":")
		b, err1 := strconv.Atoi(bucket)
		n, err2 := strconv.ParseInt(count, 10, 64)
		if err1 == nil && err2 == nil {
			s[b] += n * times
		}
	}
}

// quantile is the value below which a share of the values lies.
func (s spread) quantile(k Kind, share float64) float64 {
	type slot struct {
		bucket int
		n      int64
	}
	var slots []slot
	var all int64
	for b, n := range s {
		if n > 0 {
			slots, all = append(slots, slot{b, n}), all+n
		}
	}
	slices.SortFunc(slots, func(a, b slot) int { return cmp.Compare(a.bucket, b.bucket) })
	rank := int64(math.Ceil(share * float64(all)))
	for _, one := range slots {
		if rank -= one.n; rank <= 0 {
			return valueOf(k, one.bucket)
		}
	}
	return 0
}
