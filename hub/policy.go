package hub

// Policy is when the bot answers by itself and when it does not. The zero Policy never answers; start from
// DefaultPolicy.
type Policy struct {
	Version            string  `json:"version"`              // kept with every decision, so that it can be explained later
	Answer             float64 `json:"answer"`               // answer from this confidence on
	Margin             float64 `json:"margin"`               // and when the runner-up is less sure by this much
	Clarify            float64 `json:"clarify"`              // offer articles from this confidence on
	Choices            int     `json:"choices"`              // how many to offer at most
	HandoffAfter       int     `json:"handoff_after"`        // hand off when this many messages in a row were not understood; 0: never
	HandoffOnComplaint bool    `json:"handoff_on_complaint"` // hand complaints to a human
	HandoffOnAnger     bool    `json:"handoff_on_anger"`     // hand angry customers to a human

	// HandoffAfterInsults is the message of pure abuse with which a human gets the conversation; before it the bot stays calm. 0: never.
	HandoffAfterInsults int `json:"handoff_after_insults"`

	Triggers *Triggers `json:"-"` // of the administrator; the one that took part is kept with the decision
}

// keeping is the policy that hands nobody over who has not asked for it.
func (p Policy) keeping() Policy {
	p.HandoffAfter, p.HandoffOnComplaint, p.HandoffOnAnger, p.HandoffAfterInsults = 0, false, false, 0
	return p
}

// DefaultPolicy is the policy the product ships with. The thresholds were fitted so that wrong answers are rare;
// docs/answers.md has the figures.
func DefaultPolicy() Policy {
	return Policy{Version: "shipped-2", Answer: 0.9, Margin: 0.2, Clarify: 0.2, Choices: 3, HandoffAfter: 2, HandoffOnComplaint: true, HandoffOnAnger: true, HandoffAfterInsults: 2}
}
