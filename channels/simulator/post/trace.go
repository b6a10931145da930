package post

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"
)

// stamp writes what a provider adds above a mail when it puts it into a mailbox: who sent it, where it came by, and
// whether it is what it says it is.
// https://www.rfc-editor.org/rfc/rfc5321#section-4.4 https://www.rfc-editor.org/rfc/rfc8601
func (p *Office) stamp(from, to string, raw []byte) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "Return-Path: <%s>\r\nDelivered-To: %s\r\n", from, to)
	fmt.Fprintf(&b, "Authentication-Results: mx.%s;\r\n\tspf=%s smtp.mailfrom=%s;\r\n\tdkim=%s header.d=%s;\r\n\tdmarc=%s header.from=%s\r\n",
		p.o.Domain, p.verdict(from), domainOf(from), p.verdict(author(raw)), domainOf(author(raw)), p.verdict(author(raw)), domainOf(author(raw)))
	fmt.Fprintf(&b, "Received: from smtp.%s by mx.%s with ESMTPSA for <%s>;\r\n\t%s\r\n", p.o.Domain, p.o.Domain, to, p.o.Now().Format(time.RFC1123Z))
	b.Write(raw)
	return b.Bytes()
}

// verdict is pass for the addresses that the office serves, and none for those of others.
func (p *Office) verdict(address string) string {
	domain := domainOf(address)
	if domain == p.o.Domain {
		return "pass"
	}
	for _, a := range p.o.Accounts {
		if domainOf(a.Address) == domain {
			return "pass"
		}
	}
	return "none"
}

func domainOf(address string) string {
	_, domain := bare(address)
	if domain == "" {
		return "unknown"
	}
	return domain
}

// bounce tells the envelope's sender that a mail did not arrive. What has no sender is a report itself and is dropped.
// https://www.rfc-editor.org/rfc/rfc3464
func (p *Office) bounce(from, to string, raw []byte, why error) {
	if from == "" {
		return
	}
	status, words := "5.1.1", "550 5.1.1 User unknown"
	if errors.Is(why, errFull) {
		status, words = "5.2.2", "552 5.2.2 Mailbox full"
	}
	head, _, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
	mark := "report-" + p.word()
	var b strings.Builder
	fmt.Fprintf(&b, "From: Mail Delivery System <mailer-daemon@%s>\r\nTo: <%s>\r\nSubject: Undelivered Mail Returned to Sender\r\n", p.o.Domain, from)
	fmt.Fprintf(&b, "Date: %s\r\nMessage-ID: <%s@%s>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n", p.o.Now().Format(time.RFC1123Z), p.word(), p.o.Domain)
	fmt.Fprintf(&b, "Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=%q\r\n\r\n", mark)
	fmt.Fprintf(&b, "--%s\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nI'm sorry to have to inform you that your message could not be delivered.\r\n\r\n<%s>: host mx.%s said: %s\r\n\r\n", mark, to, p.o.Domain, words)
	fmt.Fprintf(&b, "--%s\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.%s\r\nArrival-Date: %s\r\n\r\n", mark, p.o.Domain, p.o.Now().Format(time.RFC1123Z))
	fmt.Fprintf(&b, "Final-Recipient: rfc822; %s\r\nOriginal-Recipient: rfc822; %s\r\nAction: failed\r\nStatus: %s\r\nRemote-MTA: dns; mx.%s\r\nDiagnostic-Code: smtp; %s\r\n\r\n", to, to, status, p.o.Domain, words)
	fmt.Fprintf(&b, "--%s\r\nContent-Type: text/rfc822-headers\r\n\r\n%s\r\n\r\n--%s--\r\n", mark, head, mark)
	p.Deliver("", []string{from}, []byte(b.String()))
}
