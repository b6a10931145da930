package mail

import (
	"strings"
	"testing"
)

const dsn = "From: MAILER-DAEMON@mx.example.com (Mail Delivery System)\nSubject: Undelivered Mail Returned to Sender\nReturn-Path: <>\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n" +
	"--b\nContent-Type: text/plain\n\nI'm sorry to have to inform you\n--b\nContent-Type: message/delivery-status\n\n" +
	"Reporting-MTA: dns; mx.example.com\nOriginal-Envelope-Id: m-42\n\nFinal-Recipient: rfc822; nobody@shop.example\nOriginal-Recipient: rfc822;Sales@shop.example\nAction: failed\nStatus: 5.1.1\nRemote-MTA: dns; in.shop.example\nDiagnostic-Code: smtp; 550 5.1.1 <nobody@shop.example>:\n Recipient address rejected\n\n" +
	"Final-Recipient: rfc822; slow@shop.example\nAction: delayed\nStatus: 4.4.1 (no answer)\n" +
	"--b\nContent-Type: message/rfc822\n\nMessage-ID: <7.x@example.com>\nIn-Reply-To: <6@shop.example>\nSubject: =?utf-8?B?6K6i5Y2V?=\n\nhello\n--b--\n"

func TestBounce(t *testing.T) {
	p := read(t, dsn)
	b := p.Bounce
	if b == nil || b.EnvelopeID != "m-42" || b.MessageID != "7.x@example.com" || b.InReplyTo != "6@shop.example" || b.Subject != "订单" || len(b.Recipients) != 2 {
		t.Fatalf("%+v", b)
	}
	want := BounceRecipient{Address: "Sales@shop.example", Action: "failed", Status: "5.1.1", Diagnostic: "550 5.1.1 <nobody@shop.example>: Recipient address rejected", RemoteMTA: "in.shop.example"}
	if b.Recipients[0] != want || !b.Recipients[0].Failed() || b.Recipients[1].Failed() || b.Recipients[1].Status != "4.4.1" || !b.Failed() {
		t.Errorf("%+v", b.Recipients)
	}
	if p.Automatic != "bounce" || !strings.HasPrefix(p.Text, "I'm sorry") {
		t.Errorf("automatic %q, text %q", p.Automatic, p.Text)
	}
}

func TestBouncesOfOtherForms(t *testing.T) {
	headersOnly := strings.Replace(dsn, "Content-Type: message/rfc822", "Content-Type: text/rfc822-headers", 1)
	if b := read(t, headersOnly).Bounce; b == nil || b.MessageID != "7.x@example.com" {
		t.Errorf("%+v", b)
	}
	withoutOriginal := dsn[:strings.Index(dsn, "--b\nContent-Type: message/rfc822")] + "--b--\n"
	if b := read(t, withoutOriginal).Bounce; b == nil || b.MessageID != "" || len(b.Recipients) != 2 {
		t.Errorf("%+v", b)
	}
	receipt := strings.NewReplacer("report-type=delivery-status", "report-type=disposition-notification", "message/delivery-status", "message/disposition-notification").Replace(dsn)
	if p := read(t, receipt); p.Bounce != nil || p.Automatic == "" {
		t.Errorf("a receipt is %+v, %q", p.Bounce, p.Automatic)
	}
}

func TestBounceWithoutAReport(t *testing.T) {
	for _, test := range []struct{ name, body, address, status, id string }{
		{"qmail", "Hi. This is the qmail-send program at mx.example.com.\nI'm afraid I wasn't able to deliver your message.\n\n<nobody@shop.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <help@example.com>\nMessage-ID: <7.x@example.com>\nSubject: hello\n\nhi", "nobody@shop.example", "5.1.1", "7.x@example.com"},
		{"exim", "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  nobody@shop.example\n    550 5.7.1 not wanted\n\n------ This is a copy of the message, including all the headers. ------\n\nMessage-Id: <7.x@example.com>\n\nhi", "nobody@shop.example", "5.7.1", "7.x@example.com"},
		{"qq", "很抱歉，您的邮件被退回，因为以下原因：\n收件人邮件地址（nobody@shop.example）不存在，邮件无法送达。\nhost in.shop.example said: 550 Mailbox not found", "nobody@shop.example", "5.0.0", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := read(t, "From: MAILER-DAEMON@mx.example.com\nReturn-Path: <>\n\n"+test.body).Bounce
			if b == nil || len(b.Recipients) != 1 || b.Recipients[0].Address != test.address || b.Recipients[0].Status != test.status || b.MessageID != test.id {
				t.Errorf("%+v", b)
			}
		})
	}
	if p := read(t, "From: mailer-daemon@mx.example.com\n\nHello, this is no report."); p.Bounce != nil || p.Automatic != "bounce" {
		t.Errorf("%+v, %q", p.Bounce, p.Automatic)
	}
}

func FuzzBounce(f *testing.F) {
	f.Add(dsn)
	f.Fuzz(func(t *testing.T, mail string) {
		checkBounds(t, parse([]byte(mail), Limits{}.orDefaults()))
	})
}
