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
// are settings: one a line, such as "message=5/48h"; 0 sends are any number.
type Quotas map[string]conversation.Grant

// ParseQuotas reads the setting; known are the names that the channel opens.
func ParseQuotas(text string, known ...string) (Quotas, error) {
	q := Quotas{}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		g, err := parseQuota(line)
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

func parseQuota(line string) (conversation.Grant, error) {
	name, rest, _ := strings.Cut(line, "=")
	count, lasts, _ := strings.Cut(rest, "/")
	sends, err := strconv.Atoi(strings.TrimSpace(count))
	if err != nil || sends < 0 {
		return conversation.Grant{}, fmt.Errorf("%.40q must look like message=5/48h", line)
	}
	d, err := time.ParseDuration(strings.TrimSpace(lasts))
	if err != nil || d <= 0 {
		return conversation.Grant{}, fmt.Errorf("%.40q must name a time such as 48h or 1m", line)
	}
	return conversation.Grant{Name: strings.TrimSpace(name), Sends: sends, For: d}, nil
}

// Grant is the allowance that something opens, nil when none.
func (q Quotas) Grant(name string) *conversation.Grant {
	g, ok := q[name]
	if !ok {
		return nil
	}
	return &g
}
