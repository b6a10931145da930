package simulator

import (
	"bytes"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// File is a file that was shared. https://docs.slack.dev/reference/objects/file-object
type File struct {
	ID                 string `json:"id"`
	Name               string `json:"name"`
	Title              string `json:"title"`
	Mimetype           string `json:"mimetype"`
	Size               int    `json:"size"`
	User               string `json:"user"`
	Mode               string `json:"mode"`
	URLPrivate         string `json:"url_private"`
	URLPrivateDownload string `json:"url_private_download"`
	FileAccess         string `json:"file_access,omitempty"`
	Data               []byte `json:"-"`
	pending            bool
}

// maxFile is the most that this workspace keeps of one file.
const maxFile = 50 << 20

func (c *apiCall) uploadURL() (map[string]any, *refusal) {
	size, err := strconv.Atoi(c.arg("length"))
	if err != nil || size <= 0 || size > maxFile {
		return nil, refuse("invalid_arguments")
	}
	f := c.w.newFile(c.arg("filename"), botUser)
	f.Size, f.pending = size, true
	return map[string]any{"upload_url": c.w.base + "/files/upload/" + f.ID, "file_id": f.ID}, nil
}

// newFile makes a file; the caller holds the lock.
func (w *Workspace) newFile(name, user string) *File {
	f := &File{ID: w.id("F"), Name: name, Title: name, User: user, Mode: "hosted", Mimetype: mime.TypeByExtension(path.Ext(name))}
	f.URLPrivate = w.base + "/files/" + f.ID + "/" + path.Base("/"+name)
	f.URLPrivateDownload = w.base + "/files/" + f.ID + "/download/" + path.Base("/"+name)
	w.files[f.ID] = f
	return f
}

func (c *apiCall) completeUpload() (map[string]any, *refusal) {
	var named []struct{ ID, Title string }
	if json.Unmarshal([]byte(c.arg("files")), &named) != nil || len(named) == 0 {
		return nil, refuse("invalid_arguments")
	}
	var files []*File
	for _, n := range named {
		f := c.w.files[n.ID]
		if f == nil || f.Data == nil {
			return nil, refuse("file_not_found")
		}
		if n.Title != "" {
			f.Title = n.Title
		}
		files = append(files, f)
	}
	id := c.arg("channel_id")
	if id == "" {
		return map[string]any{"files": files}, nil
	}
	c.args["channel"] = id
	ch, no := c.place()
	if no != nil {
		return nil, no
	}
	root, no := ch.root(c.arg("thread_ts"))
	if no != nil {
		return nil, no
	}
	for _, f := range files {
		f.pending = false
	}
	c.w.post(ch, &Message{Type: "message", Subtype: "file_share", ThreadTS: root, Text: c.arg("initial_comment"), User: botUser, BotID: botID, AppID: c.w.app.ID, Files: files})
	return map[string]any{"files": files}, nil
}

func (c *apiCall) filesInfo() (map[string]any, *refusal) {
	f := c.w.files[c.arg("file")]
	if f == nil {
		return nil, refuse("file_not_found")
	}
	return map[string]any{"file": f}, nil
}

// Discard deletes a file, as its owner may.
func (w *Workspace) Discard(id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.files, id)
	w.touch()
}

// serveFile takes the bytes of an upload and gives files out to whom the bot's token opens them; without it Slack shows
// its sign-in page with status 200.
func (w *Workspace) serveFile(rw http.ResponseWriter, r *http.Request) {
	parts := strings.Split(strings.TrimPrefix(r.URL.Path, "/files/"), "/")
	kind := "download"
	if parts[0] == "upload" {
		kind = "upload"
	}
	fault := w.fault(kind)
	if fault != nil && fault.before(rw, r) {
		return
	}
	w.openFile(rw, r, parts)
}

func (w *Workspace) openFile(rw http.ResponseWriter, r *http.Request, parts []string) {
	if parts[0] == "upload" && len(parts) == 2 && r.Method == http.MethodPost {
		w.takeUpload(rw, r, parts[1])
		return
	}
	w.mu.Lock()
	f := w.files[parts[0]]
	open := w.installed && r.Header.Get("Authorization") == "Bearer "+w.app.BotToken
	w.mu.Unlock()
	if f == nil || f.pending {
		http.NotFound(rw, r)
		return
	}
	if !open {
		rw.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(rw, "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body></body></html>") // the caller may have gone
		return
	}
	rw.Header().Set("Content-Type", f.Mimetype)
	_, _ = rw.Write(f.Data) // the caller may have gone
}

func (w *Workspace) takeUpload(rw http.ResponseWriter, r *http.Request, id string) {
	data, err := uploaded(r)
	w.mu.Lock()
	defer w.mu.Unlock()
	f := w.files[id]
	if err != nil || f == nil || !f.pending || len(data) != f.Size {
		http.Error(rw, "the upload is not what was announced", http.StatusBadRequest)
		return
	}
	f.Data = data
	_, _ = io.WriteString(rw, "OK - "+strconv.Itoa(len(data))) // the caller may have gone
}

// uploaded reads the bytes of an upload, sent as they are or as the only file of a form.
func uploaded(r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxFile+1<<20))
	if err != nil {
		return nil, err
	}
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		return body, nil
	}
	part, err := multipart.NewReader(bytes.NewReader(body), params["boundary"]).NextPart()
	if err != nil {
		return nil, err
	}
	return io.ReadAll(part)
}

// fillMultipart reads the plain fields of a form.
func fillMultipart(args map[string]string, body []byte, boundary string) *refusal {
	form := multipart.NewReader(bytes.NewReader(body), boundary)
	for {
		part, err := form.NextPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return refuse("invalid_form_data")
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return refuse("invalid_form_data")
		}
		args[part.FormName()] = string(value)
	}
}
