package simulator

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// maxBody bounds what is read of a call.
const maxBody = 8 << 20

// apiCall is one call of the Web API. https://docs.slack.dev/apis/web-api
type apiCall struct {
	w      *Workspace
	r      *http.Request
	method string
	args   map[string]string // objects and arrays as their JSON
}

func (c *apiCall) arg(name string) string { return c.args[name] }

// raw is an argument that is JSON; nil when it is missing.
func (c *apiCall) raw(name string) json.RawMessage {
	if v := c.args[name]; v != "" && json.Valid([]byte(v)) {
		return json.RawMessage(v)
	}
	return nil
}

// refusal is an answer with ok false.
type refusal struct {
	word   string
	status int // 200 when 0
	after  time.Duration
}

func refuse(word string) *refusal { return &refusal{word: word} }

// method is one of the API: which tier limits it and what it does.
type method struct {
	tier  tier
	app   bool // wants the app-level token
	serve func(*apiCall) (map[string]any, *refusal)
}

func methods() map[string]method {
	return map[string]method{
		"api.test":                     {tier: tier4, serve: func(*apiCall) (map[string]any, *refusal) { return nil, nil }},
		"auth.test":                    {tier: tier4, serve: (*apiCall).authTest},
		"team.info":                    {tier: tier3, serve: (*apiCall).teamInfo},
		"bots.info":                    {tier: tier3, serve: (*apiCall).botsInfo},
		"users.info":                   {tier: tier4, serve: (*apiCall).usersInfo},
		"users.list":                   {tier: tier2, serve: (*apiCall).usersList},
		"users.lookupByEmail":          {tier: tier3, serve: (*apiCall).usersLookup},
		"users.getPresence":            {tier: tier3, serve: (*apiCall).usersPresence},
		"conversations.info":           {tier: tier3, serve: (*apiCall).conversationsInfo},
		"conversations.list":           {tier: tier2, serve: (*apiCall).conversationsList},
		"conversations.join":           {tier: tier3, serve: (*apiCall).conversationsJoin},
		"conversations.members":        {tier: tier4, serve: (*apiCall).conversationsMembers},
		"conversations.open":           {tier: tier3, serve: (*apiCall).conversationsOpen},
		"conversations.replies":        {tier: tier3, serve: (*apiCall).conversationsReplies},
		"conversations.history":        {tier: tier3, serve: (*apiCall).conversationsHistory},
		"chat.postMessage":             {tier: perChannel, serve: (*apiCall).postMessage},
		"chat.postEphemeral":           {tier: tier4, serve: (*apiCall).postEphemeral},
		"chat.update":                  {tier: tier3, serve: (*apiCall).update},
		"chat.delete":                  {tier: tier3, serve: (*apiCall).remove},
		"chat.getPermalink":            {tier: tier4, serve: (*apiCall).permalink},
		"reactions.add":                {tier: tier3, serve: (*apiCall).react},
		"reactions.remove":             {tier: tier2, serve: (*apiCall).unreact},
		"views.open":                   {tier: tier4, serve: (*apiCall).viewsOpen},
		"views.push":                   {tier: tier4, serve: (*apiCall).viewsPush},
		"views.update":                 {tier: tier4, serve: (*apiCall).viewsUpdate},
		"views.publish":                {tier: tier4, serve: (*apiCall).viewsPublish},
		"files.getUploadURLExternal":   {tier: tier4, serve: (*apiCall).uploadURL},
		"files.completeUploadExternal": {tier: tier4, serve: (*apiCall).completeUpload},
		"files.info":                   {tier: tier4, serve: (*apiCall).filesInfo},
		"apps.connections.open":        {tier: tier1, app: true, serve: (*apiCall).connectionsOpen},
	}
}

// ServeHTTP serves the Web API under /api/, uploads and downloads under /files/, Socket Mode under /link and the
// addresses for later answers under /actions/.
func (w *Workspace) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	switch {
	case strings.HasPrefix(r.URL.Path, "/api/"):
		w.serveAPI(rw, r)
	case strings.HasPrefix(r.URL.Path, "/files/"):
		w.serveFile(rw, r)
	case strings.HasPrefix(r.URL.Path, "/actions/"):
		w.serveResponse(rw, r)
	case r.URL.Path == "/link":
		w.serveLink(rw, r)
	default:
		http.NotFound(rw, r)
	}
}

func (w *Workspace) serveAPI(rw http.ResponseWriter, r *http.Request) {
	c := &apiCall{w: w, r: r, method: strings.TrimPrefix(r.URL.Path, "/api/")}
	var no *refusal
	if c.args, no = readArgs(r); no != nil {
		answer(rw, nil, no)
		return
	}
	fault := w.fault(c.method)
	if fault != nil && fault.before(rw, r) {
		return
	}
	result, no := w.call(c)
	w.note(c, no)
	if fault != nil && fault.after(rw, r) {
		return
	}
	answer(rw, result, no)
}

func (w *Workspace) call(c *apiCall) (map[string]any, *refusal) {
	m, known := methods()[c.method]
	if !known {
		return nil, refuse("unknown_method")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if no := c.authorised(m); no != nil {
		return nil, no
	}
	if no := w.limit(c, m.tier); no != nil {
		return nil, no
	}
	return m.serve(c)
}

// authorised checks the token. https://docs.slack.dev/authentication/tokens
func (c *apiCall) authorised(m method) *refusal {
	token := c.arg("token")
	if scheme, value, ok := strings.Cut(c.r.Header.Get("Authorization"), " "); ok && strings.EqualFold(scheme, "Bearer") {
		token = value
	}
	want := c.w.app.BotToken
	if m.app {
		want = c.w.app.AppToken
	}
	switch {
	case token == "":
		return refuse("not_authed")
	case m.app && token == c.w.app.BotToken, !m.app && token == c.w.app.AppToken:
		return refuse("not_allowed_token_type")
	case token != want:
		return refuse("invalid_auth")
	case !c.w.installed && !m.app:
		return refuse("account_inactive")
	}
	return nil
}

// readArgs reads the arguments of a form, of JSON or of the query.
func readArgs(r *http.Request) (map[string]string, *refusal) {
	args := map[string]string{}
	fill(args, r.URL.Query())
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil || len(body) > maxBody {
		return nil, &refusal{word: "request_too_large", status: http.StatusRequestEntityTooLarge}
	}
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch kind {
	case "application/json":
		return args, fillJSON(args, body)
	case "application/x-www-form-urlencoded", "":
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, refuse("invalid_form_data")
		}
		fill(args, form)
	case "multipart/form-data":
		return args, fillMultipart(args, body, params["boundary"])
	default:
		return nil, refuse("invalid_post_type")
	}
	return args, nil
}

func fill(args map[string]string, form url.Values) {
	for name := range form {
		args[name] = form.Get(name)
	}
}

func fillJSON(args map[string]string, body []byte) *refusal {
	var object map[string]json.RawMessage
	if len(body) == 0 {
		return nil
	}
	if err := json.Unmarshal(body, &object); err != nil {
		return refuse("invalid_json")
	}
	for name, raw := range object {
		var text string
		if json.Unmarshal(raw, &text) == nil {
			args[name] = text
			continue
		}
		args[name] = string(raw)
	}
	return nil
}

func answer(rw http.ResponseWriter, result map[string]any, no *refusal) {
	body := map[string]any{"ok": no == nil}
	for k, v := range result {
		body[k] = v
	}
	status := http.StatusOK
	rw.Header().Set("Content-Type", "application/json; charset=utf-8")
	if no != nil {
		body["error"] = no.word
		if no.status != 0 {
			status = no.status
		}
		if no.after > 0 {
			rw.Header().Set("Retry-After", fmt.Sprint(int((no.after+time.Second-1)/time.Second)))
		}
	}
	rw.WriteHeader(status)
	if err := json.NewEncoder(rw).Encode(body); err != nil {
		return // the caller has gone
	}
}
