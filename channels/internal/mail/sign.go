package mail

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"

	"github.com/emersion/go-msgauth/dkim"
)

// Key signs the mails of a domain (DKIM, RFC 6376).
type Key struct {
	Domain, Selector string
	signer           crypto.Signer
}

// ErrKey refuses what is no key that mail servers take.
var ErrKey = errors.New("not a private key: PEM of RSA with at least 1024 bits, or of Ed25519")

// ParseKey reads a private key in PEM.
func ParseKey(domain, selector, text string) (Key, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return Key{}, ErrKey
	}
	var parsed any
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		parsed, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	}
	if err != nil {
		return Key{}, ErrKey
	}
	k := Key{Domain: strings.ToLower(strings.TrimSpace(domain)), Selector: strings.TrimSpace(selector)}
	switch key := parsed.(type) {
	case *rsa.PrivateKey:
		if key.N.BitLen() < 1024 {
			return Key{}, ErrKey
		}
		k.signer = key
	case ed25519.PrivateKey:
		k.signer = key
	default:
		return Key{}, ErrKey
	}
	return k, nil
}

// signedFields are the fields that a signature covers (RFC 6376, 5.4.1).
var signedFields = [...]string{"From", "Reply-To", "Subject", "Date", "To", "Cc", "Message-ID", "In-Reply-To", "References", "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Auto-Submitted"}

// Sign puts a signature at the top of a mail.
func (k Key) Sign(raw []byte) ([]byte, error) {
	var out bytes.Buffer
	err := dkim.Sign(&out, bytes.NewReader(crlf(raw)), &dkim.SignOptions{Domain: k.Domain, Selector: k.Selector, Signer: k.signer, Hash: crypto.SHA256,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed, HeaderKeys: append(signedFields[:], "From")})
	if err != nil {
		return nil, fmt.Errorf("sign mail for %s: %w", k.Domain, err)
	}
	return out.Bytes(), nil
}

// Record is the name and the text of the TXT record that lets others check the signatures (RFC 6376, 3.6.1).
func (k Key) Record() (name, text string, err error) {
	kind, public := "rsa", []byte(nil)
	switch key := k.signer.Public().(type) {
	case ed25519.PublicKey:
		kind, public = "ed25519", key
	default:
		if public, err = x509.MarshalPKIXPublicKey(key); err != nil {
			return "", "", fmt.Errorf("public key of %s: %w", k.Domain, err)
		}
	}
	return k.Selector + "._domainkey." + k.Domain, "v=DKIM1; k=" + kind + "; p=" + base64.StdEncoding.EncodeToString(public), nil
}
