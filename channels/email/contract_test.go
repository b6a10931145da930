package email_test

import (
	"testing"

	"huiyin/channels/channeltest"
	"huiyin/channels/email"
	"huiyin/channels/email/mailtest"
)

func TestContract(t *testing.T) {
	m := mailtest.Start(t, "support", "li")
	s := newStage(t, at(m))
	channeltest.Run(t, channeltest.Fixture{Adapter: s.a, Inbox: s.inbox, Address: "li@c.example"})
	s.until("all in the mailbox", func() bool { return len(m.Mails("li")) >= 5 })
}

func TestSettingsThatDoNotGoTogether(t *testing.T) {
	k := email.New(email.Options{}).Kind()
	base := map[string]string{"address": "support@shop.example"}
	for name, c := range map[string]struct {
		set map[string]string
		ok  bool
	}{
		"a provider":                {map[string]string{"provider": "qq_enterprise", "password": "x"}, true},
		"own servers":               {map[string]string{"imap_host": "mail.shop.example", "smtp_host": "mail.shop.example"}, true},
		"taken in directly":         {map[string]string{"listen_smtp": "0.0.0.0:25"}, true},
		"no server at all":          {nil, false},
		"no server to send by":      {map[string]string{"imap_host": "mail.shop.example"}, false},
		"OAuth without token":       {map[string]string{"provider": "gmail", "auth": "oauth_google", "oauth_client_id": "x"}, false},
		"OAuth":                     {map[string]string{"provider": "gmail", "auth": "oauth_google", "oauth_client_id": "x", "oauth_refresh_token": "y"}, true},
		"a key without certificate": {map[string]string{"listen_smtp": ":25", "listen_private_key": "x"}, false},
		"a selector without key":    {map[string]string{"listen_smtp": ":25", "dkim_selector": "x"}, false},
		"no DKIM key":               {map[string]string{"listen_smtp": ":25", "dkim_selector": "x", "dkim_private_key": "y"}, false},
		"a host with a port":        {map[string]string{"imap_host": "mail.shop.example:993", "smtp_host": "mail.shop.example"}, false},
		"an address with a name":    {map[string]string{"address": "Shop <support@shop.example>", "provider": "qq"}, false},
		"a header in the name":      {map[string]string{"from_name": "Shop\nBcc: all@x.example", "provider": "qq"}, false},
		"listening nowhere":         {map[string]string{"listen_smtp": "25"}, false},
		"a token address of no use": {map[string]string{"provider": "gmail", "oauth_token_url": "file:///etc/passwd"}, false},
		"no certificate":            {map[string]string{"provider": "qq", "tls_certificate": "x"}, false},
		"sweeping all the time":     {map[string]string{"provider": "qq", "sweep_seconds": "0"}, false},
		"a tenant with a path":      {map[string]string{"provider": "microsoft365", "oauth_tenant": "../x"}, false},
		"a backlog of no such kind": {map[string]string{"provider": "qq", "backlog": "some"}, false},
		"a mail of a gigabyte":      {map[string]string{"provider": "qq", "max_mail_mb": "1024"}, false},
	} {
		set := map[string]string{}
		for _, all := range []map[string]string{base, c.set} {
			for key, value := range all {
				set[key] = value
			}
		}
		if _, err := k.Apply(nil, set); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}
