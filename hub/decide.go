// Package hub is the road of a message: receive it from a channel, decide on an answer, deliver what is to be
// sent, and the timers beside. It owns no table; it calls the domains below and never speaks a provider's
// language itself.
package hub

import (
	"slices"
	"unicode"

	"huiyin/knowledge"
	"huiyin/nlu"
)

// Act is what the bot does with a message.
type Act string

// The acts. A decision is exactly one of them.
const (
	ActAnswer    Act = "answer"    // send the article
	ActClarify   Act = "clarify"   // ask which of a few articles is meant
	ActAsk       Act = "ask"       // ask the customer to say it in other words
	ActHandoff   Act = "handoff"   // give the conversation to a human
	ActSmalltalk Act = "smalltalk" // return a greeting, thanks, a goodbye
	ActSilence   Act = "silence"   // say nothing
)

// Reason is why a conversation goes to a human.
type Reason string

// The reasons for a handoff that the bot finds.
const (
	ReasonAsked         Reason = "asked"
	ReasonComplaint     Reason = "complaint"
	ReasonAnger         Reason = "anger"
	ReasonNotUnderstood Reason = "not_understood"
	ReasonUnhelpful     Reason = "unhelpful"
	ReasonRule          Reason = "rule" // a trigger of the administrator's
)

// Turn is everything a decision depends on.
type Turn struct {
	Analysis       nlu.Analysis
	Hits           []knowledge.Hit // best first
	Insults        int             // earlier messages that were nothing but abuse
	Misunderstood  int             // messages in a row, before this one, that the bot could not answer
	Unhelpful      []int64         // articles that the customer has said did not help in this conversation
	HumanOwns      bool            // a human has the conversation
	HumanAvailable bool            // somebody is at the desk
	Tier, Channel  string          // of the contact; kind of the inbox
	Facts          Facts           // what triggers look at besides
}

// Decision is what to do. The fields beside Act are set as it needs them.
type Decision struct {
	Act     Act
	Hit     knowledge.Hit   // ActAnswer
	Choices []knowledge.Hit // ActClarify: one to Policy.Choices
	Reason  Reason          // ActHandoff
	Intent  nlu.Intent      // ActSmalltalk: what is returned
	Rule    string          // the rule that decided
	Trigger *Trigger        // that took part, if one did
}

// Decide chooses what to do with a message. It is pure: the same policy and turn give the same decision.
func Decide(p Policy, t Turn) (Decision, Explanation) {
	hits := withoutUnhelpful(t.Hits, t.Unhelpful)
	d := decide(p, t, hits)
	return d, explain(p, t, hits, d)
}

// decide asks the administrator's triggers first, then the rules.
func decide(p Policy, t Turn, hits []knowledge.Hit) Decision {
	if t.HumanOwns {
		return Decision{Act: ActSilence, Rule: "a human has the conversation"}
	}
	trigger := p.Triggers.first(p, t)
	if trigger == nil {
		return decideByRules(p, t, hits)
	}
	var d Decision
	switch trigger.Do {
	case TriggerHandoff:
		d = Decision{Act: ActHandoff, Reason: trigger.reason(), Rule: trigger.rule()}
	case TriggerNever:
		d = decideByRules(p.keeping(), t, hits)
	default:
		d = decideByRules(p, t, hits)
	}
	d.Trigger = trigger
	return d
}

// decideByRules goes through the rules in their order; the first that applies decides.
func decideByRules(p Policy, t Turn, hits []knowledge.Hit) Decision {
	a := t.Analysis
	switch {
	case a.Intent == nlu.IntentHuman:
		return Decision{Act: ActHandoff, Reason: ReasonAsked, Rule: "asked for a human"}
	case a.Intent == nlu.IntentAbuse && p.HandoffAfterInsults > 0 && t.Insults+1 >= p.HandoffAfterInsults:
		return Decision{Act: ActHandoff, Reason: ReasonAnger, Rule: "abusive again and again"}
	case a.Intent == nlu.IntentAbuse && !exactly(p, hits):
		return Decision{Act: ActSmalltalk, Intent: a.Intent, Rule: "abuse and nothing else"}
	case a.Intent == nlu.IntentComplaint && p.HandoffOnComplaint:
		return Decision{Act: ActHandoff, Reason: ReasonComplaint, Rule: "made a complaint"}
	case a.Mood == nlu.MoodAngry && p.HandoffOnAnger:
		return Decision{Act: ActHandoff, Reason: ReasonAnger, Rule: "is angry"}
	case isSmalltalk(a.Intent) && !exactly(p, hits):
		return Decision{Act: ActSmalltalk, Intent: a.Intent, Rule: "small talk and nothing else"}
	case len(sharers(p, a, hits)) > 1:
		return Decision{Act: ActClarify, Choices: sharers(p, a, hits), Rule: "a bare word that several articles have"}
	case sure(p, hits) && nlu.Refuses(a.Query, hits[0].Matched) && len(choices(p, hits)) > 0:
		return Decision{Act: ActClarify, Choices: choices(p, hits), Rule: "what the article is about is not wanted"}
	case sure(p, hits) && foreign(a, hits[0]) && len(choices(p, hits)) > 0:
		return Decision{Act: ActClarify, Choices: choices(p, hits), Rule: "the article says nothing of a model or size that is named"}
	case sure(p, hits):
		return Decision{Act: ActAnswer, Hit: hits[0], Rule: "confidence and margin are high enough"}
	case p.HandoffAfter > 0 && t.Misunderstood+1 >= p.HandoffAfter && t.HumanAvailable:
		return Decision{Act: ActHandoff, Reason: ReasonNotUnderstood, Rule: "not understood too often"}
	}
	if choices := choices(p, hits); len(choices) > 0 {
		return Decision{Act: ActClarify, Choices: choices, Rule: "several articles are possible"}
	}
	return Decision{Act: ActAsk, Rule: "no article is likely"}
}

func isSmalltalk(i nlu.Intent) bool {
	switch i {
	case nlu.IntentGreeting, nlu.IntentThanks, nlu.IntentGoodbye, nlu.IntentAffirm, nlu.IntentDeny, nlu.IntentHelp, nlu.IntentWordless:
		return true
	default:
		return false
	}
}

// bareWord is how much of a phrasing's weight a single word may cover and still say too little.
const bareWord = 0.5

// sharers are the articles that have the one word which is all that was said: "invoice" alone does not tell which of them
// is meant, however near one of them stands to it.
func sharers(p Policy, a nlu.Analysis, hits []knowledge.Hit) []knowledge.Hit {
	if p.Clarify <= 0 || !isWord(a.Query) || len(hits) == 0 || hits[0].Confidence < p.Clarify || hits[0].Value("phrasing_covered") >= bareWord {
		return nil
	}
	var list []knowledge.Hit
	for _, h := range hits {
		if len(h.Terms) > 0 && !onlyFiller(h.Terms) && h.Answer != "" && len(list) < p.Choices {
			list = append(list, h)
		}
	}
	return list
}

// isWord tells whether a text is a single word: letters without a space, or up to three Chinese characters.
func isWord(text string) bool {
	runes := []rune(text)
	for _, r := range runes {
		if unicode.Is(unicode.Han, r) && len(runes) > 3 || !unicode.IsLetter(r) {
			return false
		}
	}
	return len(runes) > 0
}

// exactly tells whether an article was written for these very words; then it wins over a ready-made greeting.
func exactly(p Policy, hits []knowledge.Hit) bool {
	return sure(p, hits) && hits[0].Value("exact") == 1
}

func sure(p Policy, hits []knowledge.Hit) bool {
	if p.Answer <= 0 || len(hits) == 0 || hits[0].Answer == "" || hits[0].Confidence < p.Answer {
		return false
	}
	return len(hits) == 1 || hits[0].Confidence-hits[1].Confidence >= p.Margin
}

// besideShare is the part of the threshold for offering that is enough for an article beside a likelier one.
const besideShare = 0.1

func choices(p Policy, hits []knowledge.Hit) []knowledge.Hit {
	if p.Clarify <= 0 || len(hits) == 0 || hits[0].Confidence < p.Clarify || onlyFiller(hits[0].Terms) {
		return nil
	}
	var list []knowledge.Hit
	for _, h := range hits {
		if h.Confidence >= p.Clarify*besideShare && len(list) < p.Choices && h.Answer != "" && !onlyFiller(h.Terms) {
			list = append(list, h)
		}
	}
	return list
}

// onlyFiller tells whether all that a question shares with an article are words that any two sentences share.
func onlyFiller(terms []string) bool {
	return len(terms) > 0 && !slices.ContainsFunc(terms, func(term string) bool { return !isFiller(term) })
}

func isFiller(term string) bool {
	switch term {
	case "a", "an", "the", "of", "to", "in", "on", "at", "for", "by", "with", "from", "and", "or", "not", "no", "is", "are", "was", "were",
		"be", "do", "does", "did", "can", "could", "will", "would", "i", "you", "he", "she", "it", "we", "they", "me", "my", "your",
		"his", "her", "our", "their", "this", "that", "there", "who", "what", "when", "where", "why", "how", "which":
		return true
	default:
		return false
	}
}

func withoutUnhelpful(hits []knowledge.Hit, unhelpful []int64) []knowledge.Hit {
	if len(unhelpful) == 0 {
		return hits
	}
	kept := make([]knowledge.Hit, 0, len(hits))
	for _, h := range hits {
		if !slices.Contains(unhelpful, h.ArticleID) {
			kept = append(kept, h)
		}
	}
	return kept
}
