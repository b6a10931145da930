package webchat

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
)

// call is one request to an inbox, and who makes it.
type call struct {
	*Adapter
	host      channels.Host
	inbox     conversation.Inbox
	visitor   visitor
	known     bool // the visitor's token is ours and has not ended
	returning bool // at a session: the token brought was
	w         http.ResponseWriter
	r         *http.Request
}

// allowance is how often a kind of request may be made by one visitor, from one address and to one inbox. A rate of
// nothing does not limit.
type allowance struct {
	name                    string
	visitor, address, inbox rate
}

func sessions() allowance { return allowance{"session", rate{}, addressSessions, inboxSessions} }
func messages() allowance {
	return allowance{"message", visitorMessages, addressMessages, inboxMessages}
}
func uploads() allowance { return allowance{"upload", visitorUploads, addressUploads, inboxUploads} }
func reads() allowance   { return allowance{"read", visitorReads, addressReads, inboxReads} }
func signals() allowance { return allowance{"signal", visitorSignals, addressReads, inboxReads} }
func seldom() allowance  { return allowance{"seldom", visitorSeldom, addressUploads, inboxUploads} }

// handler answers one call, or says why not.
type handler func(*call) error

// router finds the handler of a path. It is one handler outside, because the paths of an inbox and of the
// widget's files overlap.
func (a *Adapter) router(host channels.Host) http.Handler {
	mux := http.NewServeMux()
	for pattern, serve := range map[string]http.HandlerFunc{
		"GET /chat/{inbox}":                           a.servePage(host),
		"GET /chat/preview":                           a.servePreview,
		"POST /chat/{inbox}/session":                  a.open(host, sessions(), session),
		"GET /chat/{inbox}/look":                      a.open(host, allowance{name: "look", address: addressReads}, getLook),
		"GET /chat/{inbox}/messages":                  a.visitor(host, reads(), listMessages),
		"POST /chat/{inbox}/messages":                 a.visitor(host, messages(), postMessage),
		"POST /chat/{inbox}/files":                    a.visitor(host, uploads(), postFile),
		"POST /chat/{inbox}/typing":                   a.visitor(host, signals(), postTyping),
		"POST /chat/{inbox}/read":                     a.visitor(host, signals(), postRead),
		"POST /chat/{inbox}/delivered":                a.visitor(host, signals(), postDelivered),
		"POST /chat/{inbox}/feedback":                 a.visitor(host, signals(), postFeedback),
		"POST /chat/{inbox}/rating":                   a.visitor(host, seldom(), postRating),
		"POST /chat/{inbox}/reply-to":                 a.visitor(host, seldom(), postReplyTo),
		"POST /chat/{inbox}/transcript":               a.visitor(host, seldom(), postTranscript),
		"POST /chat/{inbox}/transcript/mail":          a.visitor(host, seldom(), postTranscriptMail),
		"POST /chat/{inbox}/human":                    a.visitor(host, signals(), postHuman),
		"GET /chat/{inbox}/conversations":             a.visitor(host, reads(), listConversations),
		"GET /chat/{inbox}/articles/{article}":        a.visitor(host, reads(), getArticle),
		"GET /chat/{inbox}/agents/{agent}/{mark}":     a.given(host, getPicture),
		"GET /chat/{inbox}/stream":                    a.visitor(host, reads(), stream),
		"GET /chat/{inbox}/transcript/{conversation}": a.given(host, getTranscript),
		"GET /chat/{inbox}/files/{key}":               a.given(host, getFile),
		"OPTIONS /chat/{inbox}/{rest...}":             preflight,
		"/chat/":                                      func(w http.ResponseWriter, r *http.Request) { a.refuse(w, r, notFound()) },
	} {
		mux.HandleFunc(pattern, serve)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if name, ok := cutAsset(r); ok {
			a.assets.serve(w, r, name)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

func cutAsset(r *http.Request) (name string, ok bool) {
	const prefix = "/chat/assets/"
	if len(r.URL.Path) <= len(prefix) || r.URL.Path[:len(prefix)] != prefix || (r.Method != http.MethodGet && r.Method != http.MethodHead) {
		return "", false
	}
	return r.URL.Path[len("/chat/"):], true
}

// open lets anybody in who comes from an allowed page, as often as the allowance says.
func (a *Adapter) open(host channels.Host, often allowance, serve handler) http.HandlerFunc {
	return a.handle(host, func(c *call) error {
		if err := c.enter(); err != nil {
			return err
		}
		if err := c.count(often); err != nil {
			return err
		}
		return serve(c)
	})
}

// visitor lets in whose token we made.
func (a *Adapter) visitor(host channels.Host, often allowance, serve handler) http.HandlerFunc {
	return a.handle(host, func(c *call) error {
		if err := c.enter(); err != nil {
			return err
		}
		if !c.known {
			return unauthorized()
		}
		if err := c.count(often); err != nil {
			return err
		}
		return serve(c)
	})
}

// given lets in who was given the address, which the handler checks; browsers follow it without a token.
func (a *Adapter) given(host channels.Host, serve handler) http.HandlerFunc {
	return a.handle(host, func(c *call) (err error) {
		if c.inbox, err = c.findInbox(); err != nil {
			return err
		}
		if err := c.count(allowance{name: "given", address: addressReads}); err != nil {
			return err
		}
		return serve(c)
	})
}

func (a *Adapter) handle(host channels.Host, serve handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := serve(&call{Adapter: a, host: host, w: w, r: r}); err != nil {
			a.refuse(w, r, err)
		}
	}
}

// enter finds the inbox, checks the page and reads the token.
func (c *call) enter() error {
	allowPage(c.w, c.r)
	inbox, err := c.findInbox()
	if err != nil {
		return err
	}
	c.inbox = inbox
	if !allowedOrigin(inbox, c.r) {
		return refusal(http.StatusForbidden, "origin", "此网站未被允许使用这个聊天窗口。", "This site may not use this chat.")
	}
	c.w.Header().Set("Cache-Control", "no-store")
	c.w.Header().Set("X-Content-Type-Options", "nosniff")
	c.visitor, c.known = c.readToken(inbox.ID, tokenOf(c.r))
	c.known = c.known && c.visitor.alive(c.Now())
	return nil
}

func (c *call) findInbox() (conversation.Inbox, error) {
	id, err := parseID(c.r.PathValue("inbox"))
	if err != nil {
		return conversation.Inbox{}, notFound()
	}
	inbox, err := c.host.Inbox(c.r.Context(), id)
	if err != nil {
		return inbox, err
	}
	if inbox.Kind != Name {
		return inbox, notFound()
	}
	return inbox, nil
}

// count takes one of what visitor, address and inbox may do. The machine itself has the visitor's limit only.
func (c *call) count(often allowance) error {
	inbox := strconv.FormatInt(c.inbox.ID, 10)
	if wait, ok := c.take("visitor "+often.name+" "+inbox+" "+c.visitor.Address, often.visitor); !ok {
		return tooMany(wait)
	}
	address := addressOf(c.r)
	if address == "" {
		return nil
	}
	if wait, ok := c.take("address "+often.name+" "+address, often.address); !ok {
		return tooMany(wait)
	}
	if wait, ok := c.take("inbox "+often.name+" "+inbox, often.inbox); !ok {
		return tooMany(wait)
	}
	return nil
}

func (c *call) take(key string, r rate) (time.Duration, bool) {
	if r.burst == 0 {
		return 0, true
	}
	return c.limits.take(c.Now(), key, r)
}

const maxBody = 64 << 10

// read takes the request's JSON; unknown fields are for newer servers and let pass.
func (c *call) read(into any) error {
	body := http.MaxBytesReader(c.w, c.r.Body, maxBody)
	decoder := json.NewDecoder(body)
	err := decoder.Decode(into)
	if err == nil {
		_, err = decoder.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
	}
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return tooLarge()
	}
	return badRequest("bad_json", "请求格式不正确。", "The body must be one JSON object.")
}

func (c *call) write(status int, body any) error {
	c.w.Header().Set("Content-Type", "application/json")
	c.w.WriteHeader(status)
	_ = json.NewEncoder(c.w).Encode(body) // whoever left does not need it
	return nil
}

func (c *call) ctx() context.Context { return c.r.Context() }

// identity is the visitor's, or 0 before the first message.
func (c *call) identity(ctx context.Context) (int64, error) {
	i, err := c.Conversations.IdentityAt(ctx, c.Conversations.DB, c.inbox.ID, c.visitor.Address)
	if errors.Is(err, conversation.ErrNotFound) {
		return 0, nil
	}
	return i.ID, err
}
