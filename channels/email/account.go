package email

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
)

// account is what an inbox's settings say.
type account struct {
	inbox                conversation.Inbox
	address, local, name string // local and domain of the address in lower case
	domain               string
	imap, smtp           server
	username, password   string
	auth                 string
	folders              []string
	listen               string
	listenRate           int
	backlog              string
	backlogFor           time.Duration
	sweep                time.Duration
	markSeen             bool
	maxSize              int64
	keepRaw              time.Duration
	autoEvery            time.Duration
	autoDaily            int
	plus                 string
	limits               []limit
	trusted              string
	value                func(key string) string
}

func read(k channels.Kind, inbox conversation.Inbox) account {
	value := func(key string) string { return k.Value(inbox, key) }
	number := func(key string) int { n, _ := strconv.Atoi(value(key)); return n }
	p := presetOf(value(keyProvider))
	a := account{inbox: inbox, address: strings.ToLower(value(keyAddress)), name: value(keyFromName), auth: value(keyAuth), password: value(keyPassword),
		imap:   reach(p.imap, server{value(keyIMAPHost), value(keyIMAPPort), value(keyIMAPSecurity)}, "993", "143"),
		smtp:   reach(p.smtp, server{value(keySMTPHost), value(keySMTPPort), value(keySMTPSecurity)}, "465", "587"),
		listen: value(keyListen), listenRate: number(keyListenRate), backlog: value(keyBacklog), backlogFor: 24 * time.Hour * time.Duration(number(keyBacklogDays)),
		sweep: time.Second * time.Duration(number(keySweep)), markSeen: value(keyMarkSeen) == "true", maxSize: int64(number(keyMaxSize)) << 20,
		keepRaw: 24 * time.Hour * time.Duration(number(keyKeepRaw)), autoEvery: time.Minute * time.Duration(number(keyAutoEvery)),
		autoDaily: number(keyAutoDaily), plus: value(keyPlus), trusted: value(keyTrusted), value: value}
	a.local, a.domain, _ = cutAddress(a.address)
	if a.username = value(keyUsername); a.username == "" {
		a.username = value(keyAddress)
	}
	for _, folder := range k.Lines(inbox, keyFolder) {
		if folder = strings.TrimSpace(folder); folder != "" {
			a.folders = append(a.folders, folder)
		}
	}
	if a.plus == auto || a.plus == "" {
		a.plus = p.plus
		if a.listen != "" {
			a.plus = plusBoth
		}
	}
	for key, per := range map[string]time.Duration{keyPerMinute: time.Minute, keyPerHour: time.Hour, keyPerDay: 24 * time.Hour} {
		if n := number(key); n > 0 {
			a.limits = append(a.limits, limit{n, per})
		}
	}
	return a
}

// reach is the server that is set, filled up with the provider's.
func reach(known, set server, portTLS, portPlain string) server {
	if set.host == "" {
		set = known
	}
	if set.security == "" {
		set.security = secureTLS
	}
	if set.port == "" && set.security == secureTLS {
		set.port = portTLS
	}
	if set.port == "" {
		set.port = portPlain
	}
	return set
}

func (s server) address() string { return net.JoinHostPort(s.host, s.port) }

// cutAddress splits an address at its last @.
func cutAddress(address string) (local, domain string, ok bool) {
	i := strings.LastIndexByte(address, '@')
	if i < 1 || i == len(address)-1 {
		return "", "", false
	}
	return address[:i], address[i+1:], true
}

// plusOf is the tag of a plus address of the account.
func (a account) plusOf(address string) (tag string, ok bool) {
	local, domain, ok := cutAddress(strings.ToLower(address))
	if !ok || domain != a.domain {
		return "", false
	}
	return strings.CutPrefix(local, a.local+"+")
}

// owns tells whether an address is the account's, with a tag or without.
func (a account) owns(address string) bool {
	_, tagged := a.plusOf(address)
	return tagged || strings.EqualFold(address, a.address)
}

// tls is how the account's servers are trusted.
func (a account) tls(roots *x509.CertPool, host string) *tls.Config {
	if own := a.value(keyTrustCert); own != "" {
		if roots == nil {
			if roots, _ = x509.SystemCertPool(); roots == nil {
				roots = x509.NewCertPool()
			}
		}
		roots = roots.Clone()
		roots.AppendCertsFromPEM([]byte(own))
	}
	return &tls.Config{ServerName: host, RootCAs: roots, MinVersion: tls.VersionTLS12}
}

func checkCertificate(v string) error {
	if !x509.NewCertPool().AppendCertsFromPEM([]byte(v)) {
		return fmt.Errorf("must be a certificate in PEM form")
	}
	return nil
}

func keyPair(certificate, key string) (tls.Certificate, error) {
	return tls.X509KeyPair([]byte(certificate), []byte(key))
}
