package weixin

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"huiyin/conversation"
)

// Quotas are the send allowances of a channel by what opens them. They are the provider's, who changes them, so they
// are settings: one a line, such as "message 5 48h"; 0 sends are any number.
type Quotas map[string]conversation.Grant

// ParseQuotas reads the setting; known are the names that the channel opens.
func ParseQuotas(text string, known ...string) (Quotas, error) {
	q := Quotas{}
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		g, err := parseQuota(words)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(known, g.Name) {
			return nil, fmt.Errorf("knows %s, not %q", strings.Join(known, ", "), g.Name)
		}
		q[g.Name] = g
	}
	return q, nil
}

func parseQuota(words []string) (conversation.Grant, error) {
	if len(words) != 3 {
		return conversation.Grant{}, fmt.Errorf(`%q is not of the form "message 5 48h"`, strings.Join(words, " "))
	}
	sends, err := strconv.Atoi(words[1])
	if err != nil || sends < 0 {
		return conversation.Grant{}, fmt.Errorf("%q is not a number of messages", words[1])
	}
	lasts, err := time.ParseDuration(words[2])
	if err != nil || lasts <= 0 {
		return conversation.Grant{}, fmt.Errorf("%q is not a time such as 48h or 1m", words[2])
	}
	return conversation.Grant{Name: words[0], Sends: sends, For: lasts}, nil
}

// Grant is the allowance that something opens, nil when none.
func (q Quotas) Grant(name string) *conversation.Grant {
	g, ok := q[name]
	if !ok {
		return nil
	}
	return &g
}
