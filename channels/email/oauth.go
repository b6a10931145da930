package email

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"huiyin/channels"
)

// Access tokens for IMAP and SMTP by OAuth 2, RFC 6749 section 6.
// https://developers.google.com/identity/protocols/oauth2 · https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow ·
// https://developers.google.com/gmail/imap/xoauth2-protocol

const (
	googleTokens    = "https://oauth2.googleapis.com/token"
	microsoftTokens = "https://login.microsoftonline.com/%s/oauth2/v2.0/token"
	microsoftScope  = "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access"
	maxTokenAnswer  = 64 << 10
)

func (a account) oauth() bool { return a.auth == authGoogle || a.auth == authMicrosoft }

func (a account) tokenURL() string {
	if set := a.value(keyTokenURL); set != "" {
		return set
	}
	if a.auth == authGoogle {
		return googleTokens
	}
	tenant := a.value(keyTenant)
	if tenant == "" {
		tenant = "common"
	}
	return fmt.Sprintf(microsoftTokens, url.PathEscape(tenant))
}

// withToken signs in by an access token; one that is refused is fetched anew, once.
func (a *Adapter) withToken(ctx context.Context, acct account, signIn func(token string) error) error {
	refused := ""
	for {
		token, err := a.accessToken(ctx, acct, refused)
		if err != nil {
			return authError{err}
		}
		err = signIn(token)
		if err == nil {
			return nil
		}
		if refused != "" || !saidNo(err) {
			return authError{err}
		}
		refused = token
	}
}

// saidNo tells whether the server answered, as opposed to a connection that broke.
func saidNo(err error) bool {
	return !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, context.Canceled)
}

func (a *Adapter) accessToken(ctx context.Context, acct account, refused string) (string, error) {
	fetch := func(ctx context.Context) (string, time.Duration, error) { return a.refresh(ctx, acct) }
	if a.Tokens == nil {
		token, _, err := fetch(ctx)
		return token, err
	}
	key := "email " + strconv.FormatInt(acct.inbox.ID, 10) + " " + sum([]byte(acct.tokenURL() + acct.value(keyRefresh)))[:16]
	return a.Tokens(ctx, key, refused, fetch)
}

// refresh asks the provider for an access token.
func (a *Adapter) refresh(ctx context.Context, acct account) (token string, lives time.Duration, err error) {
	form := url.Values{"grant_type": {"refresh_token"}, "client_id": {acct.value(keyClientID)}, "refresh_token": {acct.value(keyRefresh)}}
	if secret := acct.value(keyClientSecret); secret != "" {
		form.Set("client_secret", secret)
	}
	if acct.auth == authMicrosoft {
		form.Set("scope", microsoftScope)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, acct.tokenURL(), strings.NewReader(form.Encode()))
	if err != nil {
		return "", 0, fmt.Errorf("ask for an access token: %w", err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := a.HTTP.Do(r)
	if err != nil {
		return "", 0, fmt.Errorf("ask for an access token: %w", err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxTokenAnswer))
	if err != nil {
		return "", 0, fmt.Errorf("ask for an access token: %w", err)
	}
	token, lives, err = readToken(answer.StatusCode, body)
	if err != nil {
		err = channels.Told(err, answer.Header, time.Now())
	}
	return token, lives, err
}

// readToken reads the answer of a token endpoint, RFC 6749 sections 5.1 and 5.2.
func readToken(status int, body []byte) (token string, lives time.Duration, err error) {
	var said struct {
		Token       string `json:"access_token"`
		Expires     int64  `json:"expires_in"`
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	if err := json.Unmarshal(body, &said); err != nil {
		return "", 0, fmt.Errorf("the token server answers with no JSON (status %d)", status)
	}
	if said.Error == "invalid_grant" {
		return "", 0, fmt.Errorf("the refresh token is refused; sign in again and set a new one (%s)", firstLine(said.Description))
	}
	if said.Error != "" || said.Token == "" {
		return "", 0, fmt.Errorf("the token server refuses: %s %s", said.Error, firstLine(said.Description))
	}
	if said.Expires <= 0 || said.Expires > 86400 {
		said.Expires = 3600
	}
	return said.Token, time.Duration(said.Expires) * time.Second, nil
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return strings.TrimSpace(s)
}

// xoauth2 is the SASL mechanism XOAUTH2.
type xoauth2 struct{ user, token string }

// Start gives the only response there is.
func (x xoauth2) Start() (mech string, ir []byte, err error) {
	return "XOAUTH2", []byte("user=" + x.user + "\x01auth=Bearer " + x.token + "\x01\x01"), nil
}

// Next answers the challenge that tells of a failure with nothing, so that the server may fail the command.
func (x xoauth2) Next([]byte) ([]byte, error) { return []byte{}, nil }
