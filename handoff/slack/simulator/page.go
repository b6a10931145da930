package simulator

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"
)

// Look is the workspace as one person sees it in Slack's window.
type Look struct {
	Me       string        `json:"me"`
	People   []User        `json:"people"`
	Channels []lookChannel `json:"channels"`
	Dialog   *lookView     `json:"dialog,omitempty"`
	Home     *View         `json:"home,omitempty"`
	Linked   bool          `json:"connected"` // the app has a connection
}

type lookChannel struct {
	ID       string    `json:"id"`
	Name     string    `json:"name"`
	Archived bool      `json:"archived"`
	Messages []lookMsg `json:"messages"`
}

type lookMsg struct {
	Message
	Whisper bool `json:"whisper,omitempty"` // only this person sees it
}

type lookView struct {
	View
	Errors map[string]any `json:"errors,omitempty"`
}

// looked bounds how many messages of a channel the window holds.
const looked = 300

// Look shows the workspace as a person sees it.
func (w *Workspace) Look(user string) Look {
	w.mu.Lock()
	defer w.mu.Unlock()
	l := Look{Me: user, Channels: []lookChannel{}, Linked: len(w.links) > 0, Home: copyOf(w.homes[user])}
	for _, u := range w.users {
		l.People = append(l.People, *u)
	}
	for _, ch := range w.channels {
		if ch.Direct {
			continue
		}
		shown := lookChannel{ID: ch.ID, Name: ch.Name, Archived: ch.Archived, Messages: []lookMsg{}}
		for _, m := range ch.Messages[max(0, len(ch.Messages)-looked):] {
			if !m.Deleted && (m.Ephemeral == "" || m.Ephemeral == user) {
				shown.Messages = append(shown.Messages, lookMsg{Message: *m, Whisper: m.Ephemeral != ""})
			}
		}
		l.Channels = append(l.Channels, shown)
	}
	if v := w.top(user); v != nil {
		l.Dialog = &lookView{View: *v, Errors: v.Errors}
	}
	return l
}

// deed is something a person does in the window.
type deed struct {
	Do      string         `json:"do"`
	User    string         `json:"user"`
	Channel string         `json:"channel"`
	Thread  string         `json:"thread"`
	TS      string         `json:"ts"`
	Text    string         `json:"text"`
	Action  string         `json:"action"`
	Value   string         `json:"value"`
	View    string         `json:"view"`
	Name    string         `json:"name"`
	Data    []byte         `json:"data"` // of a file, in base64
	Values  map[string]any `json:"values"`
}

// errUnknownDeed refuses what cannot be done in the window.
var errUnknownDeed = errors.New("there is no such thing to do")

// do does it; what the app answers late or wrongly is told as Slack tells it.
func (w *Workspace) do(d deed) (err error) {
	switch d.Do {
	case "write":
		_, err = w.Write(d.User, d.Channel, d.Thread, strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(d.Text))
	case "share":
		_, err = w.Share(d.User, d.Channel, d.Thread, d.Name, d.Text, d.Data)
	case "edit":
		err = w.Edit(d.Channel, d.TS, d.Text)
	case "erase":
		err = w.Erase(d.Channel, d.TS)
	case "press":
		err = w.Press(d.User, d.Channel, d.TS, d.Action, d.Value)
	case "press_view":
		err = w.PressView(d.User, d.View, d.Action, d.Value)
	case "shortcut":
		err = w.Shortcut(d.User, d.Channel, d.TS, d.Action)
	case "submit":
		if err = w.Submit(d.User, w.withFiles(d)); errors.Is(err, ErrRefused) {
			err = nil // the dialog shows why
		}
	case "dismiss":
		err = w.Dismiss(d.User)
	case "home":
		w.OpenHome(d.User)
	case "command":
		var answer []byte
		if answer, err = w.Command(d.User, d.Channel, d.Action, d.Text); err == nil {
			w.answerCommand(d.User, d.Channel, answer)
		}
	default:
		err = errUnknownDeed
	}
	return err
}

// withFiles puts the file that was chosen in a dialog where Slack puts it.
func (w *Workspace) withFiles(d deed) map[string]any {
	if d.Name == "" || d.Action == "" {
		return d.Values
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	f := w.newFile(d.Name, d.User)
	f.Data, f.Size = d.Data, len(d.Data)
	if d.Values == nil {
		d.Values = map[string]any{}
	}
	d.Values[d.Action] = []*File{f}
	return d.Values
}

// answerCommand shows the answer to a command to who gave it.
func (w *Workspace) answerCommand(user, channel string, answer []byte) {
	var said struct {
		Text string `json:"text"`
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	ch := w.channel(channel)
	if json.Unmarshal(answer, &said) != nil || said.Text == "" || ch == nil {
		return
	}
	w.whisper(ch, &Message{Type: "message", User: botUser, BotID: botID, AppID: w.app.ID, Text: said.Text}, user, "")
}

// Window serves Slack's window as data: GET stream follows it, POST do acts in it. It is mounted without its prefix.
func (w *Workspace) Window() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /stream", w.stream)
	mux.HandleFunc("POST /do", func(rw http.ResponseWriter, r *http.Request) {
		var d deed
		if err := json.NewDecoder(http.MaxBytesReader(rw, r.Body, maxBody)).Decode(&d); err != nil {
			http.Error(rw, "this is nothing to do", http.StatusBadRequest)
			return
		}
		if err := w.do(d); err != nil {
			http.Error(rw, err.Error(), http.StatusConflict)
		}
	})
	mux.HandleFunc("GET /file/{id}", func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		f := w.files[r.PathValue("id")]
		w.mu.Unlock()
		if f == nil || f.Data == nil {
			http.NotFound(rw, r)
			return
		}
		rw.Header().Set("Content-Disposition", "attachment")
		rw.Header().Set("X-Content-Type-Options", "nosniff")
		_, _ = rw.Write(f.Data) // the reader may have gone
	})
	return mux
}

// stream follows the workspace as a person sees it, as server-sent events.
func (w *Workspace) stream(rw http.ResponseWriter, r *http.Request) {
	flush := http.NewResponseController(rw)
	rw.Header().Set("Content-Type", "text/event-stream")
	rw.Header().Set("Cache-Control", "no-store")
	beat := time.NewTicker(15 * time.Second)
	defer beat.Stop()
	for {
		changed := w.Changed()
		raw, err := json.Marshal(w.Look(r.URL.Query().Get("user")))
		if err != nil {
			return
		}
		if _, err := io.WriteString(rw, "data: "+string(raw)+"\n\n"); err != nil || flush.Flush() != nil {
			return
		}
		select {
		case <-changed:
		case <-beat.C:
		case <-r.Context().Done():
			return
		case <-w.ended.Done():
			return
		}
	}
}
