package webchat

import (
	"maps"
	"math"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"huiyin/channels"
	"huiyin/conversation"
)

const (
	pageSize = 30
	maxRunes = 4000
	maxFiles = 5
	maxURL   = 1000

	maxLanguage = 35 // of a language tag (RFC 5646 §4.4.1)
)

type listResponse struct {
	Messages []messageJSON `json:"messages"`
	Cursor   string        `json:"cursor"`
	More     bool          `json:"more"` // there is more in the direction asked for
	State    stateJSON     `json:"state"`
}

// listMessages reads what came after a place, what was before one, or the newest.
func listMessages(c *call) error {
	query := c.r.URL.Query()
	after, err := parseCursor(query.Get("after"))
	if err != nil {
		return err
	}
	before, err := parseCursor(query.Get("before"))
	if err != nil {
		return err
	}
	var found []conversation.Message
	switch {
	case query.Has("conversation"):
		found, err = c.ofOne(query.Get("conversation"), query.Has("after"), after, before)
	case query.Has("after"):
		found, err = c.news(after, query.Get("wait"))
	case !before.empty():
		found, err = c.before(before, pageSize+1)
	default:
		found, err = c.newest(pageSize + 1)
	}
	if err != nil {
		return err
	}
	return c.answerList(found, query.Has("after"), after)
}

// ofOne reads a page of one conversation.
func (c *call) ofOne(text string, forwards bool, after, before cursor) ([]conversation.Message, error) {
	id, err := parseID(text)
	if err != nil {
		return nil, notFound()
	}
	if err := c.owns(c.ctx(), id); err != nil {
		return nil, err
	}
	if !forwards {
		return c.Conversations.Messages(c.ctx(), c.Conversations.DB, id, conversation.Page{Before: before.seq, Limit: pageSize + 1, Public: true})
	}
	return c.Conversations.ThreadOf(c.ctx(), c.Conversations.DB, []conversation.Head{{ID: id}}, conversation.Spot{ConversationID: id, Seq: after.seq}, pageSize+1)
}

// longestWait is how long a request for news may wait for some, well within what proxies allow.
const longestWait = 25

// news is what came after a place; when there is nothing it waits for as many seconds as the client says.
func (c *call) news(at cursor, wait string) ([]conversation.Message, error) {
	seconds, err := strconv.Atoi(wait)
	if err != nil || seconds <= 0 {
		return c.after(at, pageSize+1)
	}
	leave, err := c.takeSeat()
	if err != nil {
		return nil, err
	}
	defer leave()
	pulses := c.Live.Subscribe(channels.Topic(c.inbox.ID, c.visitor.Address))
	defer pulses.Close()
	timer := time.NewTimer(time.Duration(min(seconds, longestWait)) * time.Second)
	defer timer.Stop()
	for {
		found, err := c.after(at, pageSize+1)
		if err != nil || len(found) > 0 {
			return found, err
		}
		select {
		case <-pulses.Pulses():
		case <-timer.C:
			return c.after(at, pageSize+1)
		case <-c.Live.Stopping():
			return nil, nil
		case <-c.ctx().Done():
			return nil, c.ctx().Err()
		}
	}
}

// answerList cuts the one message off that only tells that there is more.
func (c *call) answerList(found []conversation.Message, forwards bool, after cursor) error {
	more := len(found) > pageSize
	if more && forwards {
		found = found[:pageSize]
	} else if more {
		found = found[1:]
	}
	shown, err := c.show(c.ctx(), c.inbox.ID, found)
	if err != nil {
		return err
	}
	state, _, err := c.state(c.ctx())
	if err != nil {
		return err
	}
	return c.write(http.StatusOK, listResponse{Messages: shown, Cursor: lastCursor(found, after).String(), More: more, State: state})
}

func (c *call) after(at cursor, limit int) ([]conversation.Message, error) {
	identity, err := c.identity(c.ctx())
	if err != nil || identity == 0 {
		return nil, err
	}
	return c.Conversations.Thread(c.ctx(), c.Conversations.DB, identity, at.conversation, at.seq, limit)
}

func (c *call) before(at cursor, limit int) ([]conversation.Message, error) {
	identity, err := c.identity(c.ctx())
	if err != nil || identity == 0 {
		return nil, err
	}
	return c.Conversations.ThreadBefore(c.ctx(), c.Conversations.DB, identity, at.conversation, at.seq, limit)
}

func (c *call) newest(limit int) ([]conversation.Message, error) {
	return c.before(cursor{math.MaxInt64, math.MaxInt64}, limit)
}

// messageRequest is a message of the visitor. The same client id again is the same message.
type messageRequest struct {
	ClientID    string   `json:"client_id"`
	Text        string   `json:"text"`
	Attachments []string `json:"attachments"`
	Choice      string   `json:"choice"`
	Language    string   `json:"language"`
	Page        struct {
		URL   string `json:"url"`
		Title string `json:"title"`
	} `json:"page"`
}

type messageResponse struct {
	Message messageJSON `json:"message"`
	Cursor  string      `json:"cursor"`
}

// postMessage records the visitor's message; when it answers, the message is durable.
func postMessage(c *call) error {
	var in messageRequest
	if err := c.read(&in); err != nil {
		return err
	}
	in.Text = strings.TrimSpace(in.Text)
	if err := in.check(); err != nil {
		return err
	}
	in.Language = languageTag(in.Language)
	if err := c.mayWrite(); err != nil {
		return err
	}
	files, err := c.ownFiles(in.Attachments)
	if err != nil {
		return err
	}
	recorded, err := c.record(c.ctx(), in, files)
	if err != nil {
		return err
	}
	shown := c.showOne(c.inbox.ID, recorded)
	shown.Delivery = conversation.Sent
	return c.write(http.StatusCreated, messageResponse{Message: shown, Cursor: shown.Cursor})
}

func (c *call) incoming(in messageRequest, files []int64) conversation.Incoming {
	m := conversation.Incoming{SourceID: c.visitor.Address + "/" + in.ClientID, Address: c.visitor.Address,
		Profile: c.visitor.profile(in.Language), Text: in.Text, Attachments: files, ClientID: in.ClientID, Choice: in.Choice}
	if in.Text == "" {
		m.Language = in.Language
	}
	if in.Page.URL != "" {
		m.Profile.Attributes = maps.Clone(m.Profile.Attributes)
		if m.Profile.Attributes == nil {
			m.Profile.Attributes = map[string]string{}
		}
		m.Profile.Attributes["page_url"], m.Profile.Attributes["page_title"] = in.Page.URL, clean(in.Page.Title)
	}
	return m
}

var tagShape = regexp.MustCompile(`^[A-Za-z0-9-]*$`)

// languageTag is the text where it has the shape of a language's tag, otherwise nothing: then the language is found out.
func languageTag(text string) string {
	if len(text) > maxLanguage || !tagShape.MatchString(text) {
		return ""
	}
	return text
}

var clientID = regexp.MustCompile(`^[A-Za-z0-9_-]{8,64}$`)

func (in messageRequest) check() error {
	switch {
	case !clientID.MatchString(in.ClientID):
		return badRequest("client_id", "缺少消息编号。", "client_id must be 8 to 64 letters, digits, - or _.")
	case in.Text == "" && len(in.Attachments) == 0:
		return badRequest("empty", "请输入内容或选择文件。", "Write something or attach a file.")
	case !utf8.ValidString(in.Text) || strings.ContainsRune(in.Text, 0):
		return badRequest("text", "内容包含无法识别的字符。", "The text is not valid.")
	case utf8.RuneCountInString(in.Text) > maxRunes:
		return badRequest("too_long", "消息最多 4000 字。", "A message may have 4000 characters.")
	case len(in.Attachments) > maxFiles:
		return badRequest("too_many_files", "一条消息最多带 5 个文件。", "A message may carry 5 files.")
	case len(in.Choice) > maxField || len(in.Language) > maxLanguage || len(in.Page.URL) > maxURL || len(in.Page.Title) > maxURL:
		return badRequest("too_long", "内容太长。", "A field is too long.")
	}
	return nil
}
