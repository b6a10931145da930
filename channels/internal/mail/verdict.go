package mail

import (
	"bytes"
	"context"
	"errors"
	"net"
	"strings"

	"blitiri.com.ar/go/spf"
	"github.com/emersion/go-msgauth/dkim"
	"github.com/emersion/go-msgauth/dmarc"
	"golang.org/x/net/publicsuffix"

	"huiyin/conversation"
)

// Judge finds out who a mail is proven to be from.
type Judge struct {
	Resolver spf.DNSResolver // *net.Resolver is one
	// Trusted are the mail servers whose Authentication-Results (RFC 8601) are believed: those that take the mail in for
	// us and take off what strangers write in their name. When one has judged, nothing is asked of the network.
	Trusted []string
}

// Envelope is how a mail was handed in; zero when it was fetched out of a mailbox.
type Envelope struct {
	IP          net.IP
	Hello, From string
}

// maxSignatures is how many DKIM signatures of a mail are checked.
const maxSignatures = 5

// Verdicts judges a mail by its bytes as they came.
func (j Judge) Verdicts(ctx context.Context, raw []byte, p *Parsed, e Envelope) *conversation.MailVerdicts {
	v := &conversation.MailVerdicts{Domain: fromDomain(p)}
	if j.trusted(v, p.Header) {
		return v
	}
	if j.Resolver == nil {
		return nil
	}
	v.By = "huiyin"
	j.dkim(ctx, v, raw)
	spfDomain := j.spf(ctx, v, e)
	signed := v.DKIM == "pass" && related(v.Signer, v.Domain)
	sent := v.SPF == "pass" && related(spfDomain, v.Domain)
	j.dmarc(ctx, v, spfDomain)
	v.Aligned = v.Domain != "" && (v.DMARC == "pass" || v.DMARC == "none" && (signed || sent))
	return v
}

// fromDomain is the domain that the verdicts are about: that of the one From address. A mail that names several is
// proven by none.
func fromDomain(p *Parsed) string {
	if len(p.From) != 1 || len(p.Header.All("From")) != 1 {
		return ""
	}
	return domainOf(p.From[0].Address)
}

func domainOf(address string) string {
	return strings.ToLower(address[strings.LastIndexByte(address, '@')+1:])
}

// related tells whether two domains are of one organisation (relaxed alignment of RFC 7489, 3.1).
func related(a, b string) bool { return a != "" && organisation(a) == organisation(b) }

// organisation is the part of a domain that one can register.
func organisation(domain string) string {
	domain = strings.ToLower(strings.TrimSuffix(domain, "."))
	org, err := publicsuffix.EffectiveTLDPlusOne(domain)
	if err != nil {
		return domain
	}
	return org
}

// dkim checks the signatures. One of the From address's own domain counts most.
func (j Judge) dkim(ctx context.Context, v *conversation.MailVerdicts, raw []byte) {
	results, err := dkim.VerifyWithOptions(bytes.NewReader(crlf(raw)), &dkim.VerifyOptions{
		MaxVerifications: maxSignatures, LookupTXT: func(domain string) ([]string, error) { return j.Resolver.LookupTXT(ctx, domain) }})
	v.DKIM = "none"
	if err != nil && !errors.Is(err, dkim.ErrTooManySignatures) {
		v.DKIM = "permerror"
	}
	for _, r := range results {
		word := dkimWord(r.Err)
		better := v.DKIM != "pass" && (word == "pass" || v.DKIM == "none")
		if better || word == "pass" && related(r.Domain, v.Domain) && !related(v.Signer, v.Domain) {
			v.DKIM, v.Signer = word, ""
			if word == "pass" {
				v.Signer = strings.ToLower(r.Domain)
			}
		}
	}
}

func dkimWord(err error) string {
	switch {
	case err == nil:
		return "pass"
	case dkim.IsTempFail(err):
		return "temperror"
	case dkim.IsPermFail(err):
		return "permerror"
	}
	return "fail"
}

// crlf writes a mail with the line ends that it travelled with.
func crlf(raw []byte) []byte {
	if bytes.Count(raw, []byte("\n")) == bytes.Count(raw, []byte("\r\n")) {
		return raw
	}
	return bytes.ReplaceAll(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")), []byte("\n"), []byte("\r\n"))
}

// spf asks whether the sending server may send for the envelope's domain (RFC 7208) and returns that domain.
func (j Judge) spf(ctx context.Context, v *conversation.MailVerdicts, e Envelope) string {
	if e.IP == nil {
		return ""
	}
	domain := domainOf(e.From)
	if e.From == "" {
		domain = strings.ToLower(e.Hello)
	}
	result, _ := spf.CheckHostWithSender(e.IP, e.Hello, e.From, spf.WithContext(ctx), spf.WithResolver(j.Resolver))
	v.SPF = string(result)
	return domain
}

// dmarc asks what the From address's domain, or its organisation, wants (RFC 7489, 6.6.3), and judges by it.
func (j Judge) dmarc(ctx context.Context, v *conversation.MailVerdicts, spfDomain string) {
	if v.Domain == "" {
		v.DMARC = "permerror"
		return
	}
	options := &dmarc.LookupOptions{LookupTXT: func(domain string) ([]string, error) { return j.Resolver.LookupTXT(ctx, domain) }}
	record, err := dmarc.LookupWithOptions(v.Domain, options)
	if org := organisation(v.Domain); errors.Is(err, dmarc.ErrNoPolicy) && org != v.Domain {
		record, err = dmarc.LookupWithOptions(org, options)
	}
	switch {
	case errors.Is(err, dmarc.ErrNoPolicy):
		v.DMARC = "none"
	case err != nil && dmarc.IsTempFail(err):
		v.DMARC = "temperror"
	case err != nil:
		v.DMARC = "permerror"
	case v.DKIM == "pass" && aligned(v.Signer, v.Domain, record.DKIMAlignment), v.SPF == "pass" && aligned(spfDomain, v.Domain, record.SPFAlignment):
		v.DMARC = "pass"
	case v.DKIM == "temperror" || v.SPF == "temperror":
		v.DMARC = "temperror"
	default:
		v.DMARC = "fail"
	}
}

func aligned(a, b string, mode dmarc.AlignmentMode) bool {
	if mode == dmarc.AlignmentStrict {
		return a != "" && a == b
	}
	return related(a, b)
}
