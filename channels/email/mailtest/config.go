package mailtest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"text/template"
	"time"
)

const (
	dovecotProgram = "/usr/sbin/dovecot"
	eximProgram    = "/usr/sbin/exim4"
)

// dovecotConf runs without root, https://doc.dovecot.org/2.3/configuration_manual/howto/rootless/. A password is checked against the
// file, so that a test can change it.
const dovecotConf = `base_dir = {{.Dir}}/run
state_dir = {{.Dir}}/state
log_path = {{.Dir}}/dovecot.log
default_internal_user = {{.User}}
default_internal_group = {{.Group}}
default_login_user = {{.User}}
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{{.Dir}}/cert.pem
ssl_key = <{{.Dir}}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
mail_location = maildir:{{.Dir}}/mail/%n
maildir_very_dirty_syncs = no
mail_max_userip_connections = 100
mailbox_idle_check_interval = 1 s
first_valid_uid = 1
passdb {
  driver = passwd-file
  args = scheme=PLAIN username_format=%n {{.Dir}}/passwd
}
userdb {
  driver = static
  args = uid={{.UID}} gid={{.GID}} home={{.Dir}}/mail/%n
}
service anvil {
  chroot =
}
service imap-login {
  chroot =
  inet_listener imap {
    port = {{.IMAP}}
  }
  inet_listener imaps {
    port = {{.IMAPS}}
  }
}
`

// eximConf takes mail for *.example, and for anybody from who signs in. What a mailbox cannot hold is reported back at once.
const eximConf = `primary_hostname = mail.example
domainlist local_domains = *.example
spool_directory = {{.Dir}}/spool
log_file_path = {{.Dir}}/exim-%s.log
pid_file_path = {{.Dir}}/exim.pid
exim_user = {{.User}}
exim_group = {{.Group}}
deliver_drop_privilege = true
never_users =
local_interfaces = 127.0.0.1
daemon_smtp_ports = {{.SMTP}} : {{.SMTPS}}
tls_on_connect_ports = {{.SMTPS}}
tls_advertise_hosts = *
tls_certificate = {{.Dir}}/cert.pem
tls_privatekey = {{.Dir}}/key.pem
auth_advertise_hosts = *
acl_smtp_rcpt = acl_rcpt
acl_smtp_data = accept
smtp_accept_max = 100
smtp_accept_queue_per_connection = 0
bounce_return_size_limit = 10K
begin acl
acl_rcpt:
  defer  local_parts = later
         message = 4.7.1 Greylisted, come again
  deny   local_parts = unknown
         message = 5.1.1 No such user here
  accept domains = +local_domains
  accept authenticated = *
  deny   message = 5.7.1 Relay access denied
begin routers
elsewhere:
  driver = manualroute
  domains = +local_domains
  route_data = ${lookup{$domain}lsearch{ {{- .Dir}}/routes}}
  transport = smtp
  self = send
full:
  driver = accept
  local_parts = full
  transport = full
local:
  driver = accept
  domains = +local_domains
  local_part_suffix = +*
  local_part_suffix_optional
  condition = ${lookup{$local_part}dsearch,filter=dir{ {{- .Dir}}/mail}{yes}{no}}
  transport = maildir
begin transports
smtp:
  driver = smtp
  hosts_try_fastopen =
  tls_verify_certificates =
maildir:
  driver = appendfile
  maildir_format
  directory = ${lookup{$local_part}dsearch,ret=full,filter=dir{ {{- .Dir}}/mail}}
  user = {{.User}}
  group = {{.Group}}
full:
  driver = appendfile
  maildir_format
  directory = {{.Dir}}/mail/full
  quota = 10
  quota_warn_threshold = 0
  user = {{.User}}
  group = {{.Group}}
begin retry
* quota
* * F,1h,2s
begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_set_id = $auth2
  server_prompts = :
  server_condition = ${if eq{$auth3}{${readfile{ {{- .Dir}}/password}{}}}}
login:
  driver = plaintext
  public_name = LOGIN
  server_set_id = $auth1
  server_prompts = <| Username: | Password:
  server_condition = ${if eq{$auth2}{${readfile{ {{- .Dir}}/password}{}}}}
`

// furnish writes all that the servers read.
func (s *Servers) furnish(users []string) error {
	s.users = users
	for _, user := range users {
		for _, folder := range []string{"cur", "new", "tmp"} {
			if err := os.MkdirAll(s.path(filepath.Join("mail", user, folder)), 0o755); err != nil {
				return err
			}
		}
	}
	for _, folder := range []string{"run", "state", "spool", "mail"} {
		if err := os.MkdirAll(s.path(folder), 0o755); err != nil {
			return err
		}
	}
	if err := s.certify(); err != nil {
		return err
	}
	err := errors.Join(s.SetPassword(Password), os.WriteFile(s.path("routes"), nil, 0o644), copyFile(eximProgram, s.path("exim")))
	if err != nil {
		return err
	}
	user, group, uid, gid, err := account()
	if err != nil {
		return err
	}
	about := map[string]any{"Dir": s.dir, "User": user, "Group": group, "UID": uid, "GID": gid,
		"IMAP": port(s.IMAP), "IMAPS": port(s.IMAPS), "SMTP": port(s.SMTP), "SMTPS": port(s.SMTPS)}
	for name, text := range map[string]string{"dovecot.conf": dovecotConf, "exim.conf": eximConf} {
		var out bytes.Buffer
		form, err := template.New(name).Parse(text)
		if err == nil {
			err = form.Execute(&out, about)
		}
		if err == nil {
			err = os.WriteFile(s.path(name), out.Bytes(), 0o644)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func port(address string) string {
	_, p, _ := net.SplitHostPort(address) // it comes from a listener
	return p
}

// copyFile copies a program without its right to become root.
func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// certify makes the certificate.
func (s *Servers) certify() error {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	form := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail.example"}, DNSNames: []string{"mail.example"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	if err != nil {
		return fmt.Errorf("make certificate: %w", err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return fmt.Errorf("make certificate: %w", err)
	}
	s.Certificate = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	return errors.Join(os.WriteFile(s.path("cert.pem"), []byte(s.Certificate), 0o644),
		os.WriteFile(s.path("key.pem"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}), 0o600))
}
