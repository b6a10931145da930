package mail

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"net"
	"strings"
	"testing"

	"huiyin/conversation"
)

// zone is a table of DNS records in place of the network.
type zone struct {
	txt    map[string][]string
	ip     map[string]string
	broken bool
}

func (z zone) LookupTXT(_ context.Context, name string) ([]string, error) {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if z.broken {
		return nil, &net.DNSError{Err: "timeout", Name: name, IsTimeout: true, IsTemporary: true}
	}
	if t, ok := z.txt[name]; ok {
		return t, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func (z zone) LookupMX(_ context.Context, name string) ([]*net.MX, error) {
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func (z zone) LookupIPAddr(_ context.Context, name string) ([]net.IPAddr, error) {
	if ip, ok := z.ip[strings.TrimSuffix(name, ".")]; ok {
		return []net.IPAddr{{IP: net.ParseIP(ip)}}, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

func (z zone) LookupAddr(context.Context, string) ([]string, error) { return nil, nil }

// keys makes a signing key for a domain, with the record to publish.
func keys(t *testing.T, domain string, old bool) (Key, map[string][]string) {
	t.Helper()
	var der []byte
	if old {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			t.Fatal(err)
		}
		der = x509.MarshalPKCS1PrivateKey(key)
	} else {
		_, key, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		if der, err = x509.MarshalPKCS8PrivateKey(key); err != nil {
			t.Fatal(err)
		}
	}
	key, err := ParseKey(domain, "s1", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})))
	if err != nil {
		t.Fatal(err)
	}
	name, text, err := key.Record()
	if err != nil {
		t.Fatal(err)
	}
	return key, map[string][]string{name: {text}}
}

const letter = "From: Wang <wang@shop.example.cn>\r\nTo: help@example.com\r\nSubject: hello\r\nDate: Sun, 22 Nov 2026 03:00:00 +0000\r\nMessage-ID: <1@shop.example.cn>\r\n\r\nHello there\r\n"

func TestVerdicts(t *testing.T) {
	rsaKey, rsaZone := keys(t, "example.cn", true)
	own, ownZone := keys(t, "shop.example.cn", false)
	other, otherZone := keys(t, "evil.example.net", false)
	sign := func(k Key, mail string) string {
		out, err := k.Sign([]byte(mail))
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	join := func(zones ...map[string][]string) map[string][]string {
		all := map[string][]string{}
		for _, z := range zones {
			for k, v := range z {
				all[k] = v
			}
		}
		return all
	}
	policy := func(text string) map[string][]string { return map[string][]string{"_dmarc.example.cn": {text}} }
	sends := map[string][]string{"shop.example.cn": {"v=spf1 ip4:192.0.2.1 -all"}, "evil.example.net": {"v=spf1 ip4:192.0.2.9 -all"}}
	from := func(ip, sender string) Envelope { return Envelope{IP: net.ParseIP(ip), Hello: "mx.test", From: sender} }
	for _, test := range []struct {
		name, mail string
		zone       zone
		trusted    []string
		envelope   Envelope
		want       conversation.MailVerdicts
	}{
		{"nothing published", letter, zone{}, nil, Envelope{}, conversation.MailVerdicts{DKIM: "none", DMARC: "none"}},
		{"signed by its own domain", sign(own, letter), zone{txt: ownZone}, nil, Envelope{}, conversation.MailVerdicts{DKIM: "pass", DMARC: "none", Signer: "shop.example.cn", Aligned: true}},
		{"signed by its organisation, RSA", sign(rsaKey, letter), zone{txt: join(rsaZone, policy("v=DMARC1; p=reject"))}, nil, Envelope{}, conversation.MailVerdicts{DKIM: "pass", DMARC: "pass", Signer: "example.cn", Aligned: true}},
		{"strict alignment wants the very domain", sign(rsaKey, letter), zone{txt: join(rsaZone, policy("v=DMARC1; p=reject; adkim=s"))}, nil, Envelope{}, conversation.MailVerdicts{DKIM: "pass", DMARC: "fail", Signer: "example.cn"}},
		{"signed by a stranger", sign(other, letter), zone{txt: otherZone}, nil, Envelope{}, conversation.MailVerdicts{DKIM: "pass", DMARC: "none", Signer: "evil.example.net"}},
		{"two signatures, the stranger's on top", sign(other, sign(own, letter)), zone{txt: join(otherZone, ownZone)}, nil, Envelope{}, conversation.MailVerdicts{DKIM: "pass", DMARC: "none", Signer: "shop.example.cn", Aligned: true}},
		{"changed on the way", strings.Replace(sign(own, letter), "Hello there", "Send money", 1), zone{txt: ownZone}, nil, Envelope{}, conversation.MailVerdicts{DKIM: "fail", DMARC: "none"}},
		{"a second From is put on top", "From: ceo@shop.example.cn\r\n" + sign(own, letter), zone{txt: ownZone}, nil, Envelope{}, conversation.MailVerdicts{DMARC: "permerror"}},
		{"the network is down", sign(own, letter), zone{broken: true}, nil, Envelope{}, conversation.MailVerdicts{DKIM: "temperror", DMARC: "temperror"}},
		{"sent by its own server", letter, zone{txt: sends}, nil, from("192.0.2.1", "wang@shop.example.cn"), conversation.MailVerdicts{SPF: "pass", DKIM: "none", DMARC: "none", Aligned: true}},
		{"sent by another's server", letter, zone{txt: join(sends, policy("v=DMARC1; p=none"))}, nil, from("192.0.2.9", "wang@shop.example.cn"), conversation.MailVerdicts{SPF: "fail", DKIM: "none", DMARC: "fail"}},
		{"envelope of another domain that holds", letter, zone{txt: join(sends, policy("v=DMARC1; p=none"))}, nil, from("192.0.2.9", "x@evil.example.net"), conversation.MailVerdicts{SPF: "pass", DKIM: "none", DMARC: "fail"}},
		{"judged by a trusted server", results("mx.google.com; dkim=pass header.i=@shop.example.cn header.s=s header.b=\"a;b\"; spf=pass (google.com: domain of w designates 192.0.2.1; ok) smtp.mailfrom=wang@shop.example.cn; dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=shop.example.cn"), zone{broken: true}, []string{"MX.google.com"}, Envelope{},
			conversation.MailVerdicts{SPF: "pass", DKIM: "pass", DMARC: "pass", Signer: "shop.example.cn", By: "mx.google.com", Aligned: true}},
		{"judged in a stranger's name", results("mx.google.com; dmarc=pass header.from=shop.example.cn"), zone{}, []string{"mx.example.com"}, Envelope{}, conversation.MailVerdicts{DKIM: "none", DMARC: "none"}},
		{"a result about another domain", results("mx.example.com; dmarc=pass header.from=evil.example.net; spf=pass smtp.mailfrom=evil.example.net"), zone{}, []string{"mx.example.com"}, Envelope{}, conversation.MailVerdicts{SPF: "pass", By: "mx.example.com"}},
		{"the topmost of its results counts", results("mx.example.com; dmarc=fail header.from=shop.example.cn\r\nAuthentication-Results: mx.example.com; dmarc=pass header.from=shop.example.cn"), zone{}, []string{"mx.example.com"}, Envelope{}, conversation.MailVerdicts{DMARC: "fail", By: "mx.example.com"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p, err := Parse(strings.NewReader(test.mail), Limits{})
			if err != nil {
				t.Fatal(err)
			}
			got := Judge{Resolver: test.zone, Trusted: test.trusted}.Verdicts(context.Background(), []byte(test.mail), &p, test.envelope)
			if test.want.By == "" {
				test.want.By = "huiyin"
			}
			test.want.Domain = got.Domain
			if test.want.DKIM == "" && test.want.DMARC == "permerror" {
				test.want.DKIM, test.want.Signer = got.DKIM, got.Signer
			}
			if *got != test.want {
				t.Errorf("%+v, want %+v", *got, test.want)
			}
		})
	}
}

func results(value string) string { return "Authentication-Results: " + value + "\r\n" + letter }

func TestNoResolverNoVerdict(t *testing.T) {
	p := Parsed{}
	if v := (Judge{}).Verdicts(context.Background(), nil, &p, Envelope{}); v.Proven() || v != nil {
		t.Errorf("%+v", v)
	}
}

func TestParseKeyRefuses(t *testing.T) {
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	good := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(small)})
	for name, text := range map[string]string{"nothing": "", "no PEM": "secret", "no key": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "cut": string(good[:200])} {
		if _, err := ParseKey("example.cn", "s1", text); err == nil {
			t.Errorf("%s is taken for a key", name)
		}
	}
	key, err := ParseKey(" Example.CN ", " s1 ", string(good))
	if err != nil || key.Domain != "example.cn" {
		t.Errorf("%v, %q", err, key.Domain)
	}
	out, err := key.Sign([]byte(strings.ReplaceAll(letter, "\r\n", "\n")))
	if err != nil || !bytes.HasPrefix(out, []byte("DKIM-Signature:")) {
		t.Errorf("%v, %.40s", err, out)
	}
}
