package webchat

import (
	"crypto/hmac"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"strings"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
)

const (
	transcriptFor  = time.Hour
	transcriptMost = 5000 // messages
	transcriptStep = 200
)

// postTranscript gives addresses at which a conversation can be read, printed and kept.
func postTranscript(c *call) error {
	var in struct {
		Conversation int64  `json:"conversation"`
		Language     string `json:"language"`
	}
	if err := c.read(&in); err != nil {
		return err
	}
	if in.Conversation == 0 {
		at, err := c.current(c.ctx())
		if err != nil {
			return err
		}
		in.Conversation = at
	}
	if err := c.owns(c.ctx(), in.Conversation); err != nil {
		return err
	}
	until := c.Now().Add(transcriptFor).Unix()
	address := fmt.Sprintf("/chat/%d/transcript/%d?until=%d&sign=%s&lang=%s", c.inbox.ID, in.Conversation, until,
		c.transcriptSign(in.Conversation, until), pick(c.inbox, in.Language))
	answer := map[string]string{"url": address, "text_url": address + "&format=text"}
	if r, ok := c.host.Customer().(channels.Recorder); ok {
		if to, err := r.RecordTo(c.ctx(), c.inbox, c.visitor.Address, in.Conversation); err == nil {
			answer["mail"] = masked(to)
		}
	}
	return c.write(http.StatusOK, answer)
}

// postTranscriptMail sends a conversation's record to the address that the visitor gave in it. The request names none, so that
// nobody can have mail sent to somebody else.
func postTranscriptMail(c *call) error {
	var in struct {
		Conversation int64 `json:"conversation"`
	}
	if err := c.read(&in); err != nil {
		return err
	}
	r, ok := c.host.Customer().(channels.Recorder)
	if !ok {
		return notFound()
	}
	if err := r.Record(c.ctx(), c.inbox, c.visitor.Address, in.Conversation); err != nil {
		return err
	}
	return c.done()
}

// masked is an address that its owner recognises and nobody else can use.
func masked(address string) string {
	local, domain, _ := strings.Cut(address, "@")
	letters := []rune(local)
	return string(letters[:min(len(letters), 2)]) + "***@" + domain
}

func (c *call) transcriptSign(id, until int64) string {
	return base64.RawURLEncoding.EncodeToString(sign(c.Key, fmt.Sprintf("transcript:%d:%d:%d", c.inbox.ID, id, until))[:16])
}

// transcript is a conversation as its customer saw it.
type transcript struct {
	Title, Lang string
	Lines       []transcriptLine
}

type transcriptLine struct {
	At, Who, Text string
	HTML          template.HTML // rendered and cleaned by channels.RenderMarkdown
	Files         []string
}

// getTranscript shows a conversation to whom its address was given.
func getTranscript(c *call) error {
	query := c.r.URL.Query()
	id, errID := parseID(c.r.PathValue("conversation"))
	until, errUntil := strconv.ParseInt(query.Get("until"), 10, 64)
	if errID != nil || errUntil != nil || c.Now().Unix() > until || !hmac.Equal([]byte(query.Get("sign")), []byte(c.transcriptSign(id, until))) {
		return notFound()
	}
	found, err := c.Conversations.Get(c.ctx(), c.Conversations.DB, id)
	if err != nil || found.InboxID != c.inbox.ID {
		return notFound()
	}
	t, err := c.readTranscript(id, pick(c.inbox, query.Get("lang")))
	if err != nil {
		return err
	}
	name := fmt.Sprintf("chat-%d-%s", id, found.CreatedAt.UTC().Format("2006-01-02"))
	h := c.w.Header()
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "private, no-store")
	if query.Get("format") == "text" {
		h.Set("Content-Type", "text/plain; charset=utf-8")
		h.Set("Content-Disposition", `attachment; filename="`+name+`.txt"`)
		_, err = c.w.Write([]byte(t.text()))
		return err
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Disposition", `inline; filename="`+name+`.html"`)
	h.Set("Content-Security-Policy", "default-src 'none'; style-src '"+c.transcriptHash+"'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox allow-modals allow-popups")
	return c.transcriptShape.Execute(c.w, t)
}

func (c *call) readTranscript(id int64, language string) (transcript, error) {
	t := transcript{Title: words(c.inbox, "title", language), Lang: language}
	zone, err := time.LoadLocation(kind().Value(c.inbox, "time_zone"))
	if err != nil {
		zone = time.UTC
	}
	known := authors{}
	for after := int64(0); len(t.Lines) < transcriptMost; {
		found, err := c.Conversations.ThreadOf(c.ctx(), c.Conversations.DB, []conversation.Head{{ID: id}}, conversation.Spot{ConversationID: id, Seq: after}, transcriptStep)
		if err != nil {
			return t, err
		}
		for _, m := range found {
			t.Lines = append(t.Lines, c.transcriptLine(m, known, zone, language))
			after = m.Seq
		}
		if len(found) < transcriptStep {
			return t, nil
		}
	}
	return t, nil
}

func (c *call) transcriptLine(m conversation.Message, known authors, zone *time.Location, language string) transcriptLine {
	who := map[conversation.Sender]channels.Words{conversation.FromContact: {Zh: "您", En: "You"}, conversation.FromBot: {Zh: "智能助手", En: "Assistant"},
		conversation.FromAgent: {Zh: "客服", En: "Agent"}}[m.Sender]
	line := transcriptLine{At: m.CreatedAt.In(zone).Format("2006-01-02 15:04"), Who: who.Zh, Text: m.Text}
	if language == "en" {
		line.Who = who.En
	}
	if m.Sender == conversation.FromAgent {
		if known[m.AgentID] == nil {
			known[m.AgentID] = c.author(c.ctx(), c.inbox.ID, m.AgentID)
		}
		if known[m.AgentID] != nil {
			line.Who = known[m.AgentID].Name
		}
	}
	if m.Content.Markdown && m.Sender != conversation.FromContact {
		line.HTML, line.Text = template.HTML(channels.RenderMarkdown(m.Text)), channels.PlainText(m.Text)
	}
	for _, f := range m.Attachments {
		line.Files = append(line.Files, f.Name)
	}
	return line
}

// text is the transcript as plain text.
func (t transcript) text() string {
	var b strings.Builder
	b.WriteString(t.Title + "\n\n")
	for _, l := range t.Lines {
		b.WriteString("[" + l.At + "] ")
		if l.Who != "" {
			b.WriteString(l.Who + ": ")
		}
		b.WriteString(strings.Join(append([]string{l.Text}, l.Files...), "\n  ") + "\n")
	}
	return b.String()
}

const transcriptStyle = `body{font:15px/1.6 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}article{margin:0 0 1rem}header{font-size:.85em;color:#57606a}pre{white-space:pre-wrap}table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.2em .5em}p{margin:.2em 0;white-space:pre-wrap}@media print{body{margin:0}}`

const transcriptWords = `<!doctype html>
<html lang="{{.Lang}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>{{.Title}}</title><style>` + transcriptStyle + `</style></head>
<body><h1>{{.Title}}</h1>
{{range .Lines}}<article><header>{{with .Who}}<b>{{.}}</b> · {{end}}<time>{{.At}}</time></header>{{if .HTML}}{{.HTML}}{{else}}<p>{{.Text}}</p>{{end}}{{range .Files}}<p>📎 {{.}}</p>{{end}}</article>
{{end}}</body></html>
`

func newTranscript() *template.Template {
	return template.Must(template.New("transcript").Parse(transcriptWords))
}
