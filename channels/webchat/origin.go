package webchat

import (
	"net/http"
	"net/url"
	"strings"

	"huiyin/conversation"
)

// allowedOrigin tells whether a page may use the inbox. A client that names no origin is no page of another
// site: browsers always name it there, and other programs can claim what they like.
func allowedOrigin(inbox conversation.Inbox, r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return r.Header.Get("Sec-Fetch-Site") != "cross-site"
	}
	list := kind().Lines(inbox, "origins")
	if len(list) == 0 {
		return true
	}
	from, err := url.Parse(origin)
	if err != nil || from.Host == "" {
		return false
	}
	if strings.EqualFold(from.Host, r.Host) {
		return true
	}
	for _, allowed := range list {
		if matchOrigin(strings.TrimSpace(allowed), from) {
			return true
		}
	}
	return false
}

func matchOrigin(allowed string, from *url.URL) bool {
	scheme, host, ok := strings.Cut(strings.TrimSuffix(allowed, "/"), "://")
	if !ok || !strings.EqualFold(scheme, from.Scheme) {
		return false
	}
	host, given := withoutPort(scheme, strings.ToLower(host)), withoutPort(scheme, strings.ToLower(from.Host))
	if rest, any := strings.CutPrefix(host, "*."); any {
		return strings.HasSuffix(given, "."+rest)
	}
	return host == given
}

// withoutPort takes the port away that the scheme has anyway.
func withoutPort(scheme, host string) string {
	if strings.EqualFold(scheme, "https") {
		return strings.TrimSuffix(host, ":443")
	}
	return strings.TrimSuffix(host, ":80")
}

// allowPage lets the page's script read the answer, also the one that tells it that it may not use the inbox.
func allowPage(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Add("Vary", "Origin")
	if origin := r.Header.Get("Origin"); origin != "" {
		h.Set("Access-Control-Allow-Origin", origin)
		h.Set("Access-Control-Expose-Headers", "Retry-After")
	}
}

// preflight answers a browser that asks before it lets a page call; whether the page may is judged at the call.
func preflight(w http.ResponseWriter, r *http.Request) {
	allowPage(w, r)
	h := w.Header()
	h.Set("Access-Control-Allow-Methods", "GET, POST")
	h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Accept-Language, "+proofHeader)
	h.Set("Access-Control-Max-Age", "7200")
	w.WriteHeader(http.StatusNoContent)
}
