package post

import (
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

// View is what a customer's mail program shows: the lists; a mail's words are asked for by themselves.
type View struct {
	Address  string   `json:"address"`
	Domain   string   `json:"domain"`
	Accounts []string `json:"accounts"` // whom the page suggests to write to
	Away     bool     `json:"away"`
	Mails    []Mail   `json:"mails"` // newest first
}

// Look is a customer's mailbox.
func (p *Office) Look(name string) View {
	p.mu.Lock()
	defer p.mu.Unlock()
	b := p.box(name)
	v := View{Address: b.Address(), Domain: p.o.Domain, Accounts: []string{}, Away: b.away, Mails: slices.Clone(b.mails)}
	for _, a := range p.o.Accounts {
		v.Accounts = append(v.Accounts, a.Address)
	}
	slices.Reverse(v.Mails)
	if v.Mails == nil {
		v.Mails = []Mail{}
	}
	return v
}

// maxDraft bounds what a page sends: a mail with its files in base64.
const maxDraft = 4 << 20

// Pages serves what a page asks for beyond the lists; name tells whose mailbox it is. It is mounted without its prefix.
func (p *Office) Pages(name func(*http.Request) (string, error)) http.Handler {
	mux := http.NewServeMux()
	at := func(pattern string, do func(b *Box, w http.ResponseWriter, r *http.Request)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			who, err := name(r)
			if err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
			do(p.Box(who), w, r)
		})
	}
	at("GET /{n}", (*Box).serveMail)
	at("GET /{n}/raw", (*Box).serveRaw)
	at("GET /{n}/files/{file}", (*Box).serveFile)
	at("POST /send", (*Box).takeDraft)
	at("POST /away", (*Box).takeAway)
	return mux
}

// shown is a mail with its words.
type shown struct {
	Mail
	Text string `json:"text"`
	HTML string `json:"html"`
}

func (b *Box) asked(w http.ResponseWriter, r *http.Request) (Mail, bool) {
	n, _ := strconv.Atoi(r.PathValue("n"))
	m, ok := b.Open(n)
	if !ok {
		http.Error(w, "there is no such mail", http.StatusNotFound)
	}
	return m, ok
}

func (b *Box) serveMail(w http.ResponseWriter, r *http.Request) {
	if m, ok := b.asked(w, r); ok {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(shown{m, m.Text, m.HTML})
	}
}

func (b *Box) serveRaw(w http.ResponseWriter, r *http.Request) {
	if m, ok := b.asked(w, r); ok {
		harmless(w, "text/plain; charset=utf-8")
		_, _ = w.Write(m.raw)
	}
}

func (b *Box) serveFile(w http.ResponseWriter, r *http.Request) {
	m, ok := b.asked(w, r)
	if !ok {
		return
	}
	i, err := strconv.Atoi(r.PathValue("file"))
	if err != nil || i < 0 || i >= len(m.Files) {
		http.Error(w, "there is no such file", http.StatusNotFound)
		return
	}
	harmless(w, "application/octet-stream")
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(m.Files[i].Name))
	_, _ = w.Write(m.Files[i].Content)
}

// harmless lets a browser show or save what came by mail, and nothing more.
func harmless(w http.ResponseWriter, kind string) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
	w.Header().Set("Cache-Control", "no-store")
}

// read takes JSON only, so that no other site's form can write.
func read(w http.ResponseWriter, r *http.Request, into any) bool {
	err := errors.New("send JSON")
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind == "application/json" {
		err = json.NewDecoder(http.MaxBytesReader(w, r.Body, maxDraft)).Decode(into)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
	}
	return err == nil
}

func (b *Box) takeDraft(w http.ResponseWriter, r *http.Request) {
	var d Draft
	if !read(w, r, &d) {
		return
	}
	m, err := b.Send(d)
	if err != nil {
		http.Error(w, err.Error(), http.StatusConflict)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(m)
}

func (b *Box) takeAway(w http.ResponseWriter, r *http.Request) {
	var on struct {
		On bool `json:"on"`
	}
	if read(w, r, &on) {
		b.Away(on.On)
		w.WriteHeader(http.StatusNoContent)
	}
}
