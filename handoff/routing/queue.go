package routing

import (
	"slices"
	"time"
)

// Why a waiting customer is passed to another team.
const (
	AfterWait     = "after_wait"
	WhenUnstaffed = "nobody_on_duty"
	WhenFull      = "queue_full"
)

// Overflow is the team that a waiting customer is to be passed to, and why; 0: none. again is when waiting alone may change
// that.
func Overflow(s Settings, now time.Time, staffed func(team int64) bool, c Case) (team int64, why string, again time.Time) {
	t := s.Team(c.Team)
	if t.OverflowTeam == 0 || t.OverflowTeam == c.Team || slices.Contains(c.Been, t.OverflowTeam) || !(t.OverflowUnstaffed || t.OverflowMinutes > 0) {
		return 0, "", time.Time{}
	}
	if !staffed(t.OverflowTeam) {
		return 0, "", time.Time{}
	}
	if t.OverflowUnstaffed && !staffed(c.Team) {
		return t.OverflowTeam, WhenUnstaffed, time.Time{}
	}
	if t.OverflowMinutes == 0 {
		return 0, "", time.Time{}
	}
	if due := c.Queued.Add(time.Duration(t.OverflowMinutes) * time.Minute); now.Before(due) {
		return 0, "", due
	}
	return t.OverflowTeam, AfterWait, time.Time{}
}

// Arrival is what becomes of a customer who asks for a person.
type Arrival struct {
	Team  int64 // whose queue it is
	Later bool  // a message is taken: no live place
	Stay  bool  // the bot goes on, and the other ways are told
}

// Arrive decides how a customer comes into a queue that waits of queued may fill. A complaint, anger and the green channel
// find no queue full. bot tells whether there is one that could go on.
func Arrive(s Settings, queued func(team int64) (int, error), bot bool, c Case) (Arrival, error) {
	t := s.Team(c.Team)
	if t.Cap == 0 || c.Complaint || c.Angry || s.IsGreen(c.Tier) || c.Priority > Normal {
		return Arrival{Team: c.Team}, nil
	}
	n, err := queued(c.Team)
	if err != nil || n < t.Cap {
		return Arrival{Team: c.Team}, err
	}
	switch {
	case t.PastCap == SayOther && bot:
		return Arrival{Team: c.Team, Stay: true}, nil
	case t.PastCap == GoElsewhere && t.OverflowTeam != 0:
		other := s.Team(t.OverflowTeam).Cap
		n, err := queued(t.OverflowTeam)
		if err != nil || other == 0 || n < other {
			return Arrival{Team: t.OverflowTeam}, err
		}
	}
	return Arrival{Team: c.Team, Later: true}, nil
}
