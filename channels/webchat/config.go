package webchat

import (
	"net/http"
	"slices"

	"huiyin/channels"
	"huiyin/conversation"
)

// look is what a page needs to know before anything was opened, in the visitor's language.
type look struct {
	Color        string            `json:"color"`
	Position     string            `json:"position"`
	LauncherText string            `json:"launcher_text,omitempty"`
	Variables    map[string]string `json:"variables,omitempty"`
	Storage      string            `json:"storage"`
	Greetings    []greeting        `json:"greetings,omitempty"`
}

// config is what the widget needs to know of its inbox besides.
type config struct {
	look
	Name         string     `json:"name"`
	Greeting     string     `json:"greeting"`
	Theme        string     `json:"theme"`
	Languages    []string   `json:"languages"`
	QuickReplies []string   `json:"quick_replies"`
	PreChat      string     `json:"pre_chat"`
	Form         *formJSON  `json:"form,omitempty"`
	Hours        *hoursJSON `json:"hours,omitempty"`
	ReplyTo      []string   `json:"reply_to,omitempty"`
	Consent      string     `json:"consent_text,omitempty"`
	Rating       bool       `json:"rating,omitempty"`
	Transcript   string     `json:"transcript"`
	Sound        bool       `json:"sound,omitempty"`
	Identified   bool       `json:"identified,omitempty"`
	TeamOnline   bool       `json:"team_online"`
	Bot          bool       `json:"bot"`
	MaxFileBytes int64      `json:"max_file_bytes"`
	FileTypes    []string   `json:"file_types"`
}

type formJSON struct {
	Fields      []field `json:"fields"`
	ConsentText string  `json:"consent_text,omitempty"`
}

func lookOf(inbox conversation.Inbox, language string) look {
	k := kind()
	language = pick(inbox, language)
	l := look{Color: k.Value(inbox, "color"), Position: k.Value(inbox, "position"), Storage: k.Value(inbox, "storage"),
		LauncherText: words(inbox, "launcher_text", language)}
	l.Greetings, _ = parseGreetings(k.Lines(inbox, "greetings")) // checked when they were set
	l.Variables, _ = parseVariables(k.Lines(inbox, "variables"))
	return l
}

func (a *Adapter) configOf(inbox conversation.Inbox, asked string) config {
	k := kind()
	language := pick(inbox, asked)
	c := config{look: lookOf(inbox, asked), Name: words(inbox, "title", language), Greeting: words(inbox, "greeting", language),
		Theme: k.Value(inbox, "theme"), Languages: k.Lines(inbox, "languages"), QuickReplies: lines(words(inbox, "quick_replies", language)),
		PreChat: k.Value(inbox, "pre_chat"), Hours: hoursOf(inbox, a.Now(), language != "en"), ReplyTo: k.Lines(inbox, "leave_message"),
		Consent: consentText(inbox, language), Rating: k.Value(inbox, "rating") == "true", Transcript: "page",
		Sound: k.Value(inbox, "sound") == "true", Bot: inbox.Bot, MaxFileBytes: maxFile, FileTypes: fileTypes()}
	if c.QuickReplies == nil {
		c.QuickReplies = []string{}
	}
	if c.PreChat != "off" {
		c.Form = &formJSON{Fields: slices.Clone(formOf(inbox)), ConsentText: c.Consent}
		for i, f := range c.Form.Fields {
			c.Form.Fields[i].Label = map[bool]string{true: f.words.En, false: f.words.Zh}[language == "en"]
		}
	}
	return c
}

// config is the inbox's for this visitor.
func (c *call) config(language string, standing channels.Standing) config {
	made := c.configOf(c.inbox, language)
	made.TeamOnline, made.Identified = standing.AgentsOnline, c.visitor.Vouched
	return made
}

// Show is the config that the widget would get with an inbox's settings, for showing them before they are saved.
func (a *Adapter) Show(inbox conversation.Inbox, language string) any {
	made := a.configOf(inbox, language)
	made.TeamOnline = true
	return made
}

const lookKept = "public, max-age=60"

// getLook answers without a visitor being made.
func getLook(c *call) error {
	language := c.r.URL.Query().Get("lang")
	if len(language) > maxLanguage {
		language = ""
	}
	c.w.Header().Set("Cache-Control", lookKept)
	return c.write(http.StatusOK, lookOf(c.inbox, language))
}
