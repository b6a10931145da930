package nlu

// Intent is what a whole message wants where no article can answer it; "" when it is a question for the
// knowledge base.
type Intent string

// The intents.
const (
	IntentNone      Intent = ""
	IntentHuman     Intent = "human"     // wants to speak to a person
	IntentComplaint Intent = "complaint" // makes a complaint
	IntentGreeting  Intent = "greeting"  // says hello and nothing else
	IntentThanks    Intent = "thanks"    // says thanks and nothing else
	IntentGoodbye   Intent = "goodbye"   // takes leave and nothing else
	IntentAffirm    Intent = "affirm"    // says yes and nothing else
	IntentDeny      Intent = "deny"      // says no and nothing else
	IntentHelp      Intent = "help"      // asks what the bot can do
	IntentAbuse     Intent = "abuse"     // insults and says nothing else
	IntentWordless  Intent = "wordless"  // only emoji or marks
)

// Mood is how the customer sounds.
type Mood string

// The moods.
const (
	MoodNeutral    Mood = "neutral"
	MoodPleased    Mood = "pleased"
	MoodDispleased Mood = "displeased"
	MoodAngry      Mood = "angry"
)

// EntityKind says what an entity is.
type EntityKind string

// The kinds of entity.
const (
	EntityPhone    EntityKind = "phone"
	EntityEmail    EntityKind = "email"
	EntityOrder    EntityKind = "order" // an order number, ticket number or the like
	EntityDate     EntityKind = "date"
	EntityAmount   EntityKind = "amount"
	EntityIDCard   EntityKind = "id_card"
	EntityBankCard EntityKind = "bank_card"
	EntityURL      EntityKind = "url"
)

// Entity is a piece of the text with a meaning of its own. Value is its normal form: a phone as in E.164 when
// the country is known, digits otherwise; a date as 2026-11-21, as --11-21 without a year, "" when relative; an
// amount as "12.50 CNY". Start and End are byte offsets in the text that was analysed.
type Entity struct {
	Kind  EntityKind `json:"kind"`
	Text  string     `json:"text"`
	Value string     `json:"value"`
	Start int        `json:"start"`
	End   int        `json:"end"`
}

// Analysis is everything that one message says by itself.
type Analysis struct {
	Language   Language `json:"language"`
	Text       string   `json:"text"`        // what was analysed: the message, at most 8 KiB of it
	Normalized string   `json:"normalized"`  // its normal form, whole
	Query      string   `json:"query"`       // the normal form without greeting and politeness around the question
	Terms      []string `json:"terms"`       // the search terms of Query
	Intent     Intent   `json:"intent"`      // what the message wants, if a rule knows
	IntentRule string   `json:"intent_rule"` // the rule that found the intent, and the words it saw
	Entities   []Entity `json:"entities"`    // in the order of the text, none overlapping
	Mood       Mood     `json:"mood"`
	Urgency    int      `json:"urgency"`   // 0 none … 3 act at once
	Complaint  bool     `json:"complaint"` // complains, or asks about complaining
	Signals    []string `json:"signals"`   // the words behind mood, urgency and complaint
	// Dissatisfied is how likely it is, from 0 to 1, that who writes this is dissatisfied: an order, see Dissatisfied.
	Dissatisfied float64 `json:"dissatisfied"`
}
