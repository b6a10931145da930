package webchat

import (
	"slices"

	"huiyin/channels"
	"huiyin/conversation"
)

// config is what the widget needs to know of its inbox, in the visitor's language.
type config struct {
	Name         string   `json:"name"`
	Greeting     string   `json:"greeting"`
	Color        string   `json:"color"`
	Theme        string   `json:"theme"`
	Languages    []string `json:"languages"`
	QuickReplies []string `json:"quick_replies"`
	PreChat      string   `json:"pre_chat"`
	TeamOnline   bool     `json:"team_online"`
	Bot          bool     `json:"bot"`
	MaxFileBytes int64    `json:"max_file_bytes"`
	FileTypes    []string `json:"file_types"`
}

func configOf(inbox conversation.Inbox, language string, standing channels.Standing) config {
	k := kind()
	languages := k.Lines(inbox, "languages")
	suffix := ""
	if !prefersChinese(pick(languages, language)) {
		suffix = "_en"
	}
	return config{
		Name: k.Value(inbox, "title"+suffix), Greeting: k.Value(inbox, "greeting"+suffix),
		Color: k.Value(inbox, "color"), Theme: k.Value(inbox, "theme"), Languages: languages,
		QuickReplies: k.Lines(inbox, "quick_replies"+suffix), PreChat: k.Value(inbox, "pre_chat"),
		TeamOnline: standing.AgentsOnline, Bot: inbox.Bot, MaxFileBytes: maxFile, FileTypes: fileTypes(),
	}
}

// pick is the language asked for when the inbox has it, else the inbox's first.
func pick(has []string, asked string) string {
	same := func(l string) bool { return prefersChinese(l) == prefersChinese(asked) }
	if i := slices.IndexFunc(has, same); i >= 0 {
		return has[i]
	}
	if len(has) > 0 {
		return has[0]
	}
	return asked
}

// stateJSON is where the conversation stands.
type stateJSON struct {
	Status        string      `json:"status"`
	QueuePosition int         `json:"queue_position,omitempty"`
	WaitSeconds   int         `json:"wait_seconds,omitempty"`
	Agent         *authorJSON `json:"agent,omitempty"`
	TeamOnline    bool        `json:"team_online"`
}

type authorJSON struct {
	Name string `json:"name"`
}

func stateOf(s channels.Standing) stateJSON {
	state := stateJSON{Status: s.Status, QueuePosition: s.Position, WaitSeconds: int(s.Wait.Seconds()), TeamOnline: s.AgentsOnline}
	if s.Agent != "" {
		state.Agent = &authorJSON{s.Agent}
	}
	return state
}
