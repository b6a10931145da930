package simulator

import (
	"encoding/json"
	"time"
)

// View is a dialog or an app home. https://docs.slack.dev/reference/views
type View struct {
	ID              string          `json:"id"`
	Type            string          `json:"type"` // modal or home
	CallbackID      string          `json:"callback_id"`
	PrivateMetadata string          `json:"private_metadata"`
	Title           *textObject     `json:"title,omitempty"`
	Submit          *textObject     `json:"submit,omitempty"`
	Close           *textObject     `json:"close,omitempty"`
	Blocks          json.RawMessage `json:"blocks"`
	NotifyOnClose   bool            `json:"notify_on_close"`
	ExternalID      string          `json:"external_id"`
	Hash            string          `json:"hash"`
	RootViewID      string          `json:"root_view_id"`
	PreviousViewID  string          `json:"previous_view_id,omitempty"`
	State           json.RawMessage `json:"state,omitempty"`
	User            string          `json:"-"`
	Errors          map[string]any  `json:"-"` // what the last submission was refused with, by block
	Closed          bool            `json:"-"`
}

// trigger lets the app open a dialog shortly after somebody pressed something, once.
type trigger struct {
	user  string
	until time.Time
}

// triggerLife is how long a trigger_id is good.
// https://docs.slack.dev/interactivity/handling-user-interaction#trigger_id
const triggerLife = 3 * time.Second

// Titles are short and a dialog holds at most a hundred blocks.
const (
	maxTitle      = 24
	maxViewBlocks = 100
)

// trigger makes a trigger_id; the caller holds the lock.
func (w *Workspace) trigger(user string) string {
	id := w.id("") + "." + w.stamp()
	w.triggers[id] = &trigger{user: user, until: w.now().Add(triggerLife)}
	return id
}

// pull uses a trigger_id up.
func (c *apiCall) pull() (user string, no *refusal) {
	t := c.w.triggers[c.arg("trigger_id")]
	if t == nil {
		return "", refuse("invalid_trigger_id")
	}
	delete(c.w.triggers, c.arg("trigger_id"))
	if c.w.now().After(t.until) {
		return "", refuse("expired_trigger_id")
	}
	return t.user, nil
}

func (c *apiCall) view(kind string) (*View, *refusal) {
	var v View
	if err := json.Unmarshal([]byte(c.arg("view")), &v); err != nil {
		return nil, refuse("invalid_arguments")
	}
	var blocks []block
	switch {
	case v.Type != kind:
		return nil, refuse("invalid_arguments")
	case json.Unmarshal(v.Blocks, &blocks) != nil || len(blocks) > maxViewBlocks:
		return nil, refuse("invalid_blocks")
	case kind == "modal" && (v.Title == nil || !v.Title.within(maxTitle) || len(v.PrivateMetadata) > 3000):
		return nil, refuse("invalid_arguments")
	case kind == "modal" && v.Submit == nil && holdsInput(blocks):
		return nil, refuse("invalid_arguments")
	}
	for _, b := range blocks {
		if !b.valid() {
			return nil, refuse("invalid_blocks")
		}
	}
	return &v, nil
}

func holdsInput(blocks []block) bool {
	for _, b := range blocks {
		if b.Type == "input" {
			return true
		}
	}
	return false
}

func (c *apiCall) viewsOpen() (map[string]any, *refusal) {
	v, no := c.view("modal")
	if no != nil {
		return nil, no
	}
	user, no := c.pull()
	if no != nil {
		return nil, no
	}
	c.w.show(v, user)
	return map[string]any{"view": v}, nil
}

// show puts a dialog on somebody's screen; the caller holds the lock.
func (w *Workspace) show(v *View, user string) {
	v.ID, v.Hash, v.User = w.id("V"), w.stamp(), user
	if v.RootViewID == "" {
		v.RootViewID = v.ID
	}
	w.views[v.ID] = v
	w.touch()
}

func (c *apiCall) viewsPush() (map[string]any, *refusal) {
	v, no := c.view("modal")
	if no != nil {
		return nil, no
	}
	user, no := c.pull()
	if no != nil {
		return nil, no
	}
	if top := c.w.top(user); top != nil {
		v.RootViewID, v.PreviousViewID = top.RootViewID, top.ID
	}
	c.w.show(v, user)
	return map[string]any{"view": v}, nil
}

func (c *apiCall) viewsUpdate() (map[string]any, *refusal) {
	old := c.w.views[c.arg("view_id")]
	for _, v := range c.w.views {
		if old == nil && v.ExternalID != "" && v.ExternalID == c.arg("external_id") {
			old = v
		}
	}
	if old == nil || old.Closed {
		return nil, refuse("not_found")
	}
	if hash := c.arg("hash"); hash != "" && hash != old.Hash {
		return nil, refuse("hash_conflict")
	}
	v, no := c.view("modal")
	if no != nil {
		return nil, no
	}
	c.w.replace(old, v)
	return map[string]any{"view": old}, nil
}

// replace changes what a dialog shows; the caller holds the lock.
func (w *Workspace) replace(old, v *View) {
	v.ID, v.RootViewID, v.PreviousViewID, v.User, v.Hash = old.ID, old.RootViewID, old.PreviousViewID, old.User, w.stamp()
	*old = *v
	w.touch()
}

func (c *apiCall) viewsPublish() (map[string]any, *refusal) {
	v, no := c.view("home")
	if no != nil {
		return nil, no
	}
	user := c.arg("user_id")
	if c.w.user(user) == nil {
		return nil, refuse("user_not_found")
	}
	if old := c.w.homes[user]; old != nil && c.arg("hash") != "" && c.arg("hash") != old.Hash {
		return nil, refuse("hash_conflict")
	}
	v.ID, v.Hash, v.User = c.w.id("V"), c.w.stamp(), user
	v.RootViewID = v.ID
	c.w.homes[user] = v
	c.w.views[v.ID] = v
	c.w.touch()
	return map[string]any{"view": v}, nil
}

// top is the dialog that somebody has before them; the caller holds the lock.
func (w *Workspace) top(user string) *View {
	var found *View
	for _, v := range w.views {
		if v.Type == "modal" && v.User == user && !v.Closed && (found == nil || v.ID > found.ID) {
			found = v
		}
	}
	return found
}

// Dialog is what somebody has open, nil when nothing.
func (w *Workspace) Dialog(user string) *View {
	w.mu.Lock()
	defer w.mu.Unlock()
	return copyOf(w.top(user))
}

// Home is the app home that was published for somebody, nil when none.
func (w *Workspace) Home(user string) *View {
	w.mu.Lock()
	defer w.mu.Unlock()
	return copyOf(w.homes[user])
}

func copyOf(v *View) *View {
	if v == nil {
		return nil
	}
	c := *v
	return &c
}
