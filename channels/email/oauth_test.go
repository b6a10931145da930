package email_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

// serveIMAPXOAUTH2 lets in who has the right token; a refusal comes as the mechanism has it, in a challenge.
func serveIMAPXOAUTH2(ln net.Listener, good *atomic.Value) {
	for {
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		go func() {
			defer conn.Close()
			in := bufio.NewReader(conn)
			say := func(line string) { _, _ = io.WriteString(conn, line+"\r\n") }
			say("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2] hi")
			for {
				line, err := in.ReadString('\n')
				if err != nil {
					return
				}
				f := strings.Fields(line + " x x x x")
				switch strings.ToUpper(f[1]) {
				case "AUTHENTICATE":
					if strings.Contains(decoded(f[3]), "auth=Bearer "+good.Load().(string)+"\x01\x01") {
						say(f[0] + " OK [CAPABILITY IMAP4rev1] in")
						continue
					}
					say("+ eyJzdGF0dXMiOiI0MDAifQ==")
					_, _ = in.ReadString('\n')
					say(f[0] + " NO [AUTHENTICATIONFAILED] Invalid credentials")
				case "SELECT":
					say("* 0 EXISTS\r\n* OK [UIDVALIDITY 1] ok\r\n* OK [UIDNEXT 1] ok\r\n" + f[0] + " OK [READ-WRITE] ok")
				case "LOGOUT":
					say("* BYE\r\n" + f[0] + " OK bye")
				default:
					say(f[0] + " OK ok")
				}
			}
		}()
	}
}

// One token lets in on both roads; where it is refused for good the words say what to do.
func TestBothRoadsTakeAToken(t *testing.T) {
	var fetched atomic.Int32
	tokens := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if scope := r.FormValue("scope"); !strings.Contains(scope, "IMAP.AccessAsUser.All") {
			t.Errorf("scope %q", scope)
		}
		_, _ = fmt.Fprintf(w, `{"access_token":"token%d","expires_in":3600}`, fetched.Add(1))
	}))
	defer tokens.Close()
	var addresses []string
	var good atomic.Value
	good.Store("token")
	for _, serve := range []func(net.Listener, *atomic.Value){serveIMAPXOAUTH2, serveXOAUTH2} {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer ln.Close()
		go serve(ln, &good)
		addresses = append(addresses, ln.Addr().String())
	}
	host, imap := split(addresses[0])
	_, smtp := split(addresses[1])
	s := newStage(t, map[string]string{"imap_host": host, "imap_port": imap, "imap_security": "none", "smtp_host": host, "smtp_port": smtp, "smtp_security": "none", "auth": "oauth_microsoft",
		"oauth_client_id": "client", "oauth_refresh_token": "refresh", "oauth_token_url": tokens.URL})
	if err := s.a.Check(t.Context(), s.inbox); err == nil || !strings.Contains(err.Error(), "Receiving") || !strings.Contains(err.Error(), "Sending") || fetched.Load() != 4 {
		t.Errorf("%d tokens, %v", fetched.Load(), err)
	}
	good.Store("token6") // the fifth is refused, and fetched anew
	if err := s.a.Check(t.Context(), s.inbox); err == nil || strings.Contains(err.Error(), "Receiving") {
		t.Errorf("the second token is taken on the first road: %v", err)
	}
}
