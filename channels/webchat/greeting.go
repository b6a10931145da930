package webchat

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// greeting is a bubble beside the launcher, shown by rule to who has not opened the chat.
type greeting struct {
	Text     string   `json:"text"`
	Pages    []string `json:"pages,omitempty"`
	Delay    int      `json:"delay_seconds,omitempty"`
	Language string   `json:"language,omitempty"`
	Visitors string   `json:"visitors,omitempty"`
}

const (
	maxGreetings = 20
	maxGreeting  = 300
	maxDelay     = 3600
)

// parseGreetings reads lines "page=/prices* delay=10 lang=zh-CN visitors=new | text".
func parseGreetings(lines []string) (list []greeting, err error) {
	for _, line := range lines {
		if strings.TrimSpace(line) == "" {
			continue
		}
		g, err := parseGreeting(line)
		if err != nil {
			return nil, err
		}
		list = append(list, g)
	}
	if len(list) > maxGreetings {
		return nil, errors.New("has more than 20 lines")
	}
	return list, nil
}

func parseGreeting(line string) (g greeting, err error) {
	conditions, text, ok := strings.Cut(line, "|")
	g.Text = clean(text)
	if !ok || g.Text == "" || utf8.RuneCountInString(g.Text) > maxGreeting {
		return g, errors.New("a line is conditions, a bar and a text of at most 300 characters: page=/prices* delay=10 | May I help?")
	}
	for _, c := range strings.Fields(conditions) {
		key, value, _ := strings.Cut(c, "=")
		if !g.set(key, value) {
			return g, fmt.Errorf("%q is no condition: page=/path*, delay=seconds, lang=zh-CN, visitors=new or returning", c)
		}
	}
	return g, nil
}

func (g *greeting) set(key, value string) bool {
	switch key {
	case "page":
		g.Pages = append(g.Pages, value)
		return strings.HasPrefix(value, "/") || strings.HasPrefix(value, "*")
	case "delay":
		n, err := strconv.Atoi(value)
		g.Delay = n
		return err == nil && n >= 0 && n <= maxDelay
	case "lang":
		g.Language = value
		return slices.Contains(allLanguages(), value)
	case "visitors":
		g.Visitors = value
		return value == "all" || value == "new" || value == "returning"
	}
	return false
}
