package help

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"

	"huiyin/db"
	"huiyin/knowledge"
)

// Settings are how the help centre looks, and whether it is open. Texts are by language.
type Settings struct {
	Open      bool              `json:"open"`
	Indexable bool              `json:"indexable"` // search engines may list it
	Name      map[string]string `json:"name"`
	Intro     map[string]string `json:"intro"`
	Colour    string            `json:"colour"` // as #3b5bdb
	Logo      string            `json:"logo"`   // a picture as a data URL; empty: the name alone
	Links     []Link            `json:"links"`  // at the foot of every page
	BaseURL   string            `json:"base_url"`
	Inbox     int64             `json:"inbox"` // whose chat "ask a human" opens; 0: none

	Version   int64     `json:"-"` // rises with every save; 0: never saved
	ChangedAt time.Time `json:"-"`
	ChangedBy string    `json:"-"`
}

// Link leads from the foot of a page to somewhere else.
type Link struct {
	Text map[string]string `json:"text"`
	URL  string            `json:"url"`
}

// The limits of settings.
const (
	MaxName  = 40
	MaxIntro = 80
	MaxLinks = 8
	MaxURL   = 500
	MaxLogo  = 64 << 10 // characters of the data URL
)

// DefaultColour is that of the pages before somebody chose one.
const DefaultColour = "#3b5bdb"

// Defaults are the settings before the first save: closed, since nobody has said that the articles may be listed in public.
func Defaults() Settings {
	return Settings{Indexable: true, Name: map[string]string{}, Intro: map[string]string{}, Colour: DefaultColour, Links: []Link{}}
}

// ReadSettings reads the settings, or gives the defaults.
func ReadSettings(ctx context.Context, from db.Querier) (Settings, error) {
	s := Defaults()
	var value string
	var at int64
	err := from.QueryRow(ctx, "SELECT value, version, changed_at, changed_by FROM help_settings WHERE id = 1").Scan(&value, &s.Version, &at, &s.ChangedBy)
	if db.NoRows(err) {
		return s, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(value), &s)
	}
	if err != nil {
		return s, fmt.Errorf("read help settings: %w", err)
	}
	s.ChangedAt = db.Time(at)
	return s, nil
}

// SaveSettings stores settings on top of the version that was read; knowledge.ErrConflict when somebody else has saved meanwhile.
func SaveSettings(ctx context.Context, tx *db.Tx, s Settings, by string) error {
	s, err := s.Clean()
	if err != nil {
		return err
	}
	value, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("save help settings: %w", err)
	}
	n := int64(0)
	if s.Version == 0 {
		n, err = tx.Exec(ctx, "INSERT INTO help_settings (id, value, version, changed_at, changed_by) VALUES (1, ?, 1, ?, ?) ON CONFLICT DO NOTHING", string(value), db.Millis(tx.Now), by)
	} else {
		n, err = tx.Exec(ctx, "UPDATE help_settings SET value = ?, version = version + 1, changed_at = ?, changed_by = ? WHERE id = 1 AND version = ?",
			string(value), db.Millis(tx.Now), by, s.Version)
	}
	if err != nil {
		return fmt.Errorf("save help settings: %w", err)
	}
	if n == 0 {
		return knowledge.ErrConflict
	}
	return nil
}

// Clean trims and checks settings; a *knowledge.Invalid names the field that is wrong.
func (s Settings) Clean() (Settings, error) {
	s.Colour = strings.ToLower(strings.TrimSpace(s.Colour))
	if s.Colour == "" {
		s.Colour = DefaultColour
	}
	if _, ok := parseColour(s.Colour); !ok {
		return s, &knowledge.Invalid{Field: "colour", Message: "write a colour as #3b5bdb"}
	}
	var err error
	if s.Name, err = cleanTexts("name", s.Name, MaxName); err != nil {
		return s, err
	}
	if s.Intro, err = cleanTexts("intro", s.Intro, MaxIntro); err != nil {
		return s, err
	}
	if s.BaseURL, err = cleanBase(s.BaseURL); err != nil {
		return s, err
	}
	if s.Logo != "" && (len(s.Logo) > MaxLogo || !logoForm().MatchString(s.Logo)) {
		return s, &knowledge.Invalid{Field: "logo", Message: "a logo is a PNG, JPEG or WebP picture of at most 48 KB"}
	}
	return s, s.cleanLinks()
}

func logoForm() *regexp.Regexp {
	return regexp.MustCompile(`^data:image/(png|jpeg|webp);base64,[A-Za-z0-9+/]+={0,2}$`)
}

func cleanTexts(field string, texts map[string]string, most int) (map[string]string, error) {
	clean := map[string]string{}
	for l, text := range texts {
		if !speaks(l) {
			return nil, &knowledge.Invalid{Field: field, Message: "the help centre speaks zh and en"}
		}
		if text = oneLine(text); text != "" {
			clean[l] = text
		}
		if utf8.RuneCountInString(text) > most || !utf8.ValidString(text) {
			return nil, &knowledge.Invalid{Field: field, Message: fmt.Sprintf("at most %d characters", most)}
		}
	}
	return clean, nil
}

// cleanBase keeps the scheme and the host of the help centre's own address.
func cleanBase(text string) (string, error) {
	text = strings.TrimRight(strings.TrimSpace(text), "/")
	if text == "" {
		return "", nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || len(text) > MaxURL {
		return "", &knowledge.Invalid{Field: "base_url", Message: "write scheme and host alone, as https://help.example.com"}
	}
	return u.Scheme + "://" + strings.ToLower(u.Host), nil
}

func (s *Settings) cleanLinks() error {
	if len(s.Links) > MaxLinks {
		return &knowledge.Invalid{Field: "links", Message: fmt.Sprintf("at most %d links", MaxLinks)}
	}
	clean := make([]Link, 0, len(s.Links))
	for _, l := range s.Links {
		text, err := cleanTexts("links", l.Text, MaxName)
		if err != nil {
			return err
		}
		address := strings.TrimSpace(l.URL)
		if len(text) == 0 && address == "" {
			continue
		}
		u, err := url.Parse(address)
		if err != nil || len(address) > MaxURL || len(text) == 0 || !allowedLink(u) {
			return &knowledge.Invalid{Field: "links", Message: "a link has words, and an address that begins with https://, http://, mailto:, tel: or /"}
		}
		clean = append(clean, Link{text, address})
	}
	s.Links = clean
	return nil
}

func allowedLink(u *url.URL) bool {
	switch u.Scheme {
	case "https", "http":
		return u.Host != ""
	case "mailto", "tel":
		return u.Opaque != ""
	case "":
		return u.Host == "" && strings.HasPrefix(u.Path, "/")
	}
	return false
}

// text is a text in a language, else in another one, else what the pages say by themselves.
func text(texts map[string]string, language, otherwise string) string {
	if t := texts[language]; t != "" {
		return t
	}
	return otherwise
}

// readSettings brings the node's copy up to date.
func (c *Centre) readSettings(ctx context.Context) error {
	s, err := ReadSettings(ctx, c.DB)
	if err != nil {
		return err
	}
	c.settings.Store(&s)
	return nil
}
