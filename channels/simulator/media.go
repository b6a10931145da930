package simulator

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"
)

// media is a temporary file.
type media struct {
	account       *Account
	kind          string // image, voice, video, thumb, file
	name, content string // its name and type
	body          []byte
	until         time.Time
}

// mediaLives is how long a temporary file is kept.
// https://developers.weixin.qq.com/doc/service/api/material/temporary/api_uploadtempmedia.html
const mediaLives = 3 * 24 * time.Hour

// mediaRule is what a kind of file may be.
type mediaRule struct {
	most  int
	code  int // of a file that is larger
	types []string
}

const megabyte = 1 << 20

func mediaRules(kind Kind) map[string]mediaRule {
	if kind == CustomerService { // https://developer.work.weixin.qq.com/document/path/96484
		return map[string]mediaRule{"image": {10 * megabyte, 40009, []string{".jpg", ".jpeg", ".png"}}, "voice": {2 * megabyte, 40006, []string{".amr"}},
			"video": {10 * megabyte, 40011, []string{".mp4"}}, "file": {20 * megabyte, 40006, nil}}
	}
	return map[string]mediaRule{"image": {10 * megabyte, 40009, []string{".jpg", ".jpeg", ".png", ".gif", ".bmp"}},
		"voice": {2 * megabyte, 40010, []string{".amr", ".mp3"}}, "video": {10 * megabyte, 40011, []string{".mp4"}},
		"thumb": {64 << 10, 40012, []string{".jpg", ".jpeg"}}}
}

// keep stores a file that the customer sent; the caller holds the lock.
func (s *Simulator) keep(a *Account, kind string, act Act) string {
	if kind == "shortvideo" {
		kind = "video"
	}
	m := &media{account: a, kind: kind, name: act.Name, content: act.Type, body: act.Content, until: s.clock().Add(mediaLives)}
	if m.name == "" {
		m.name = kind + map[string]string{"image": ".jpg", "voice": ".amr", "video": ".mp4"}[kind]
	}
	if m.content == "" {
		m.content = typeOf(m.name, m.body)
	}
	id := s.random(48)
	s.media[id] = m
	s.shelf = append(s.shelf, id)
	for s.shelved += len(m.body); s.shelved > keptBytes && len(s.shelf) > 1; s.shelf = s.shelf[1:] {
		s.shelved -= len(s.media[s.shelf[0]].body)
		delete(s.media, s.shelf[0])
	}
	return id
}

// keptBytes bounds all files together; beyond it the oldest goes.
const keptBytes = 128 << 20

func typeOf(name string, body []byte) string {
	if strings.HasSuffix(name, ".amr") {
		return "audio/amr"
	}
	if byName := mime.TypeByExtension(path.Ext(name)); byName != "" {
		return byName
	}
	return http.DetectContentType(body)
}

// media finds a file that is still kept, of the account that asks.
func (c *apiCall) media(id string) (*media, *refusal) {
	m := c.sim.media[id]
	if m == nil || m.account != c.account || c.sim.clock().After(m.until) {
		return nil, refuse(40007, "invalid media_id")
	}
	return m, nil
}

func mediaUpload(c *apiCall) (any, *refusal) {
	kind := c.query.Get("type")
	rule, known := mediaRules(c.account.config.Kind)[kind]
	if !known {
		return nil, refuse(40004, "invalid media type")
	}
	name, content, body, err := c.part()
	switch {
	case err != nil:
		return nil, refuse(41005, "media data missing")
	case len(body) > rule.most:
		return nil, refuse(rule.code, "invalid "+kind+" size")
	case len(body) <= 5:
		return nil, refuse(40006, "invalid media size")
	case rule.types != nil && !slices.Contains(rule.types, strings.ToLower(path.Ext(name))):
		return nil, refuse(40005, "invalid file type")
	}
	id := c.sim.keep(c.account, kind, Act{Name: name, Type: content, Content: body})
	type uploaded struct {
		Code  *int   `json:"errcode,omitempty"`
		Text  string `json:"errmsg,omitempty"`
		Kind  string `json:"type"`
		Media string `json:"media_id,omitempty"`
		Thumb string `json:"thumb_media_id,omitempty"`
		At    any    `json:"created_at"`
	}
	at := c.sim.now().Unix()
	if c.account.config.Kind == CustomerService {
		return uploaded{Code: new(int), Text: "ok", Kind: kind, Media: id, At: number(at)}, nil
	}
	if kind == "thumb" {
		return uploaded{Kind: kind, Thumb: id, Media: id, At: at}, nil
	}
	return uploaded{Kind: kind, Media: id, At: at}, nil
}

// part reads the file of a form.
func (c *apiCall) part() (name, content string, body []byte, err error) {
	_, params, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil {
		return "", "", nil, err
	}
	form := multipart.NewReader(bytes.NewReader(c.body), params["boundary"])
	for {
		p, err := form.NextPart()
		if err != nil {
			return "", "", nil, err
		}
		if p.FormName() != "media" {
			continue
		}
		if p.FileName() == "" {
			return "", "", nil, errors.New("the file has no name")
		}
		body, err = io.ReadAll(p)
		return p.FileName(), typeOf(p.FileName(), body), body, err
	}
}

// mediaGet gives a file back; of an Official Account's video it tells only where it is.
// https://developers.weixin.qq.com/doc/service/api/material/temporary/api_getmedia.html
func mediaGet(c *apiCall) (any, *refusal) {
	id := c.query.Get("media_id")
	m, refused := c.media(id)
	if refused != nil {
		return nil, refused
	}
	if m.kind == "video" && c.account.config.Kind == OfficialAccount {
		return map[string]string{"video_url": c.url("/picture/" + id)}, nil
	}
	return file{m.name, m.content, m.body}, nil
}

// picture serves what a PicUrl or video_url points at, which needs no token.
func (s *Simulator) picture(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	m := s.media[r.PathValue("id")]
	s.mu.Unlock()
	if m == nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", m.content)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
	_, _ = w.Write(m.body)
}

// url is an address of the API's.
func (s *Simulator) url(path string) string { return strings.TrimRight(s.base, "/") + path }

func (c *apiCall) url(path string) string {
	if c.sim.base == "" {
		return "http://" + c.r.Host + path
	}
	return c.sim.url(path)
}
