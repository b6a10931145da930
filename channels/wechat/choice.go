package wechat

import (
	"regexp"

	"huiyin/conversation"
)

// A choice's value travels as the id of its entry in a menu message, and comes back with the customer's press. A value
// that is no plain id stays at home: the label comes back as text, and the hub knows its own labels.
var choicePattern = regexp.MustCompile(`^[A-Za-z0-9_:.-]{1,64}$`)

// noChoice is the id of an entry whose text alone counts.
const noChoice = "-"

func choiceID(c conversation.Choice) string {
	if choicePattern.MatchString(c.Value) && c.Value != noChoice {
		return c.Value
	}
	return noChoice
}

func choiceOf(id string) string {
	if id == noChoice || !choicePattern.MatchString(id) {
		return ""
	}
	return id
}
