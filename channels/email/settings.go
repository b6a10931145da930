package email

import (
	"fmt"
	"net"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"

	"huiyin/channels"
	"huiyin/channels/internal/letter"
	"huiyin/channels/internal/mail"
	"huiyin/conversation"
)

const (
	keyAddress      = "address"
	keyFromName     = "from_name"
	keyProvider     = "provider"
	keyIMAPHost     = "imap_host"
	keyIMAPPort     = "imap_port"
	keyIMAPSecurity = "imap_security"
	keySMTPHost     = "smtp_host"
	keySMTPPort     = "smtp_port"
	keySMTPSecurity = "smtp_security"
	keyUsername     = "username"
	keyPassword     = "password"
	keyAuth         = "auth"
	keyClientID     = "oauth_client_id"
	keyClientSecret = "oauth_client_secret"
	keyTenant       = "oauth_tenant"
	keyRefresh      = "oauth_refresh_token"
	keyTokenURL     = "oauth_token_url"
	keyFolder       = "folder"
	keyListen       = "listen_smtp"
	keyListenCert   = "listen_certificate"
	keyListenKey    = "listen_private_key"
	keyListenRate   = "listen_per_minute"
	keyBacklog      = "backlog"
	keyBacklogDays  = "backlog_days"
	keySweep        = "sweep_seconds"
	keyMarkSeen     = "mark_seen"
	keyMaxSize      = "max_mail_mb"
	keyKeepRaw      = "keep_raw_days"
	keyAutoEvery    = "auto_answer_minutes"
	keyAutoDaily    = "auto_answer_daily"
	keyPlus         = "plus_addresses"
	keyPerMinute    = "limit_minute"
	keyPerHour      = "limit_hour"
	keyPerDay       = "limit_day"
	keyTrusted      = "trusted_authserv"
	keyTrustCert    = "tls_certificate"
	keyDKIMSelector = "dkim_selector"
	keyDKIMKey      = "dkim_private_key"
)

// What the selects may say.
const (
	authPassword  = "password"
	authGoogle    = "oauth_google"
	authMicrosoft = "oauth_microsoft"

	backlogNew  = "new"
	backlogDays = "days"
	backlogAll  = "all"

	auto = "auto"
)

func words(zh, en string) channels.Words { return channels.Words{Zh: zh, En: en} }

func kind() channels.Kind {
	var all []channels.Setting
	for _, group := range [][]channels.Setting{whoWeAre(), servers(), signIn(), intake(), manners(), listening(), letter.Settings(), signing()} {
		all = append(all, group...)
	}
	return channels.Kind{Name: "email", Title: words("电子邮件", "Email"), Settings: all, Check: checkTogether, Units: 1, Letters: true}
}

func whoWeAre() []channels.Setting {
	var providers []channels.Option
	for _, p := range presets() {
		providers = append(providers, channels.Option{Value: p.name, Label: p.title})
	}
	return []channels.Setting{
		{Key: keyAddress, Type: channels.Text, Required: true, Check: checkAddress, Label: words("邮箱地址", "Address"),
			Help: words("客户写信的地址，回信也由它发出。", "Where customers write, and what replies come from.")},
		{Key: keyFromName, Type: channels.Text, Label: words("发件人名称", "Sender name"), Check: checkLine,
			Help: words("显示在地址前，例如“某某客服”。", "Shown before the address, such as “Acme support”.")},
		{Key: keyProvider, Type: channels.Select, Default: "own", Options: providers, Label: words("邮箱服务商", "Provider"),
			Help: words("选择后下面的服务器可留空。", "With one chosen, the servers below may stay empty.")},
	}
}

func servers() []channels.Setting {
	security := []channels.Option{{Value: secureTLS, Label: words("TLS", "TLS")}, {Value: secureStartTLS, Label: words("STARTTLS", "STARTTLS")},
		{Value: secureNone, Label: words("不加密", "none")}}
	return []channels.Setting{
		{Key: keyIMAPHost, Type: channels.Text, Label: words("收信服务器（IMAP）", "IMAP host"), Check: checkHost, Help: words("留空则按服务商；用 SMTP 直接收信时不需要。", "Empty: the provider's. Not needed where mail is taken in over SMTP.")},
		{Key: keyIMAPPort, Type: channels.Number, Label: words("IMAP 端口", "IMAP port"), Check: between(1, 65535), Help: words("TLS 通常为 993，其他为 143。", "Usually 993 with TLS, else 143.")},
		{Key: keyIMAPSecurity, Type: channels.Select, Options: security, Label: words("IMAP 加密", "IMAP security"), Help: words("留空为 TLS。", "TLS when empty.")},
		{Key: keySMTPHost, Type: channels.Text, Label: words("发信服务器（SMTP）", "SMTP host"), Check: checkHost, Help: words("留空则按服务商。", "Empty: the provider's.")},
		{Key: keySMTPPort, Type: channels.Number, Label: words("SMTP 端口", "SMTP port"), Check: between(1, 65535), Help: words("TLS 通常为 465，STARTTLS 为 587。", "Usually 465 with TLS, 587 with STARTTLS.")},
		{Key: keySMTPSecurity, Type: channels.Select, Options: security, Label: words("SMTP 加密", "SMTP security"), Help: words("留空为 TLS。", "TLS when empty.")},
		{Key: keyTrustCert, Type: channels.Multiline, Check: checkCertificate, Label: words("另外信任的证书（PEM）", "Certificate to trust besides (PEM)"),
			Help: words("自有服务器使用自签证书时填写。", "For an own server whose certificate no public authority signed.")},
	}
}

func signIn() []channels.Setting {
	return []channels.Setting{
		{Key: keyUsername, Type: channels.Text, Check: checkLine, Label: words("登录名", "User name"), Help: words("留空为邮箱地址。", "The address when empty.")},
		{Key: keyPassword, Type: channels.Text, Secret: true, Label: words("密码或授权码", "Password"), Help: words("QQ、163 等须用授权码。", "Many providers want an app password here.")},
		{Key: keyAuth, Type: channels.Select, Default: authPassword, Label: words("登录方式", "Sign in by"), Help: words("Google 与 Microsoft 365 可用 OAuth。", "Google and Microsoft 365 take OAuth."), Options: []channels.Option{
			{Value: authPassword, Label: words("密码", "password")}, {Value: authGoogle, Label: words("OAuth（Google）", "OAuth (Google)")},
			{Value: authMicrosoft, Label: words("OAuth（Microsoft 365）", "OAuth (Microsoft 365)")}}},
		{Key: keyClientID, Type: channels.Text, Label: words("OAuth 客户端 ID", "OAuth client id"), Help: words("在服务商登记的应用。", "Of the app registered with the provider.")},
		{Key: keyClientSecret, Type: channels.Text, Secret: true, Label: words("OAuth 客户端密钥", "OAuth client secret"), Help: words("公共客户端可留空。", "Empty for a public client.")},
		{Key: keyTenant, Type: channels.Text, Check: checkTenant, Label: words("OAuth 租户", "OAuth tenant"), Help: words("Microsoft 365 的租户，留空为 common。", "Of Microsoft 365; common when empty.")},
		{Key: keyRefresh, Type: channels.Text, Secret: true, Label: words("OAuth 刷新令牌", "OAuth refresh token"), Help: words("以它换取访问令牌。", "What access tokens are fetched with.")},
		{Key: keyTokenURL, Type: channels.Text, Check: checkURL, Label: words("OAuth 令牌地址", "OAuth token address"), Help: words("经代理访问时填写，留空为服务商的地址。", "For a proxy; the provider's when empty.")},
	}
}

func intake() []channels.Setting {
	return []channels.Setting{
		{Key: keyFolder, Type: channels.List, Default: "INBOX", Label: words("收信文件夹", "Folders"), Help: words("每行一个。", "One a line.")},
		{Key: keyBacklog, Type: channels.Select, Default: backlogNew, Label: words("已有的邮件", "Mail already there"), Help: words("收信箱建立之前到的邮件。", "What came before the inbox was made."), Options: []channels.Option{
			{Value: backlogNew, Label: words("不收", "left alone")}, {Value: backlogDays, Label: words("收最近几天的", "that of the last days")}, {Value: backlogAll, Label: words("全部收下", "all taken in")}}},
		{Key: keyBacklogDays, Type: channels.Number, Default: "7", Label: words("最近几天", "Of how many days"), Check: between(1, 3650), Help: words("上一项为“最近几天”时有效。", "For the choice above.")},
		{Key: keySweep, Type: channels.Number, Default: "60", Label: words("定期核对（秒）", "Look anyway every (seconds)"), Check: between(5, 3600), Help: words("服务器不报信时也按此查收。", "Also where the server announces nothing.")},
		{Key: keyMarkSeen, Type: channels.Boolean, Default: "true", Label: words("收下后标为已读", "Mark as read when taken"), Help: words("邮件仍留在服务器上。", "Mail stays on the server either way.")},
		{Key: keyMaxSize, Type: channels.Number, Default: "35", Label: words("邮件大小上限（MB）", "Largest mail (MB)"), Check: between(1, 64), Help: words("更大的只收下信头。", "Of a larger one the header is taken.")},
		{Key: keyKeepRaw, Type: channels.Number, Default: "30", Label: words("保留原始邮件（天）", "Keep mail as it came (days)"), Check: between(0, 3650), Help: words("0 为不保留。", "0: not at all.")},
		{Key: keyTrusted, Type: channels.Text, Check: checkLine, Label: words("可信的验证服务器", "Trusted verdicts of"),
			Help: words("其 Authentication-Results 可信的服务器名，例如 mx.example.com。", "The server whose Authentication-Results are believed, such as mx.example.com.")},
	}
}

func manners() []channels.Setting {
	return []channels.Setting{
		{Key: keyAutoEvery, Type: channels.Number, Default: "60", Label: words("自动回信间隔（分钟）", "Minutes between automatic answers"), Check: between(0, 10080),
			Help: words("同一地址在此期间至多收到一封自动回信，再来信由人工处理；0 为不限。", "One address gets at most one in that time; what it writes meanwhile is for a person. 0: no limit.")},
		{Key: keyAutoDaily, Type: channels.Number, Default: "10", Label: words("每日自动回信上限", "Automatic answers a day"), Check: between(0, 1000), Help: words("每个地址；0 为不限。", "To one address; 0: no limit.")},
		{Key: keyPlus, Type: channels.Select, Default: auto, Label: words("加号地址", "Plus addresses"), Help: words("服务器支持 name+tag@ 时，回信与退信更易认出。", "Where name+tag@ works, replies and bounces are recognised more surely."), Options: []channels.Option{
			{Value: auto, Label: words("按服务商", "as the provider has it")}, {Value: plusNone, Label: words("不用", "none")},
			{Value: plusReply, Label: words("回信", "for replies")}, {Value: plusBoth, Label: words("回信与退信", "for replies and bounces")}}},
		{Key: keyPerMinute, Type: channels.Number, Label: words("每分钟发信上限", "Mails a minute"), Check: between(1, 100000), Help: words("留空不限。", "Empty: no limit.")},
		{Key: keyPerHour, Type: channels.Number, Label: words("每小时发信上限", "Mails an hour"), Check: between(1, 100000), Help: words("留空不限。", "Empty: no limit.")},
		{Key: keyPerDay, Type: channels.Number, Label: words("每日发信上限", "Mails a day"), Check: between(1, 1000000), Help: words("留空不限。", "Empty: no limit.")},
	}
}

func listening() []channels.Setting {
	return []channels.Setting{
		{Key: keyListen, Type: channels.Text, Check: checkListen, Label: words("SMTP 收信地址", "Take mail in over SMTP at"),
			Help: words("例如 0.0.0.0:25；填写后不再用 IMAP。", "Such as 0.0.0.0:25; IMAP is not used then.")},
		{Key: keyListenRate, Type: channels.Number, Default: "30000", Check: between(1, 10000000), Label: words("每分钟收信上限", "Mails in a minute"), Help: words("来自同一网络地址；更多的请对方稍后再来。", "From one network address; what is more is told to come later.")},
		{Key: keyListenCert, Type: channels.Multiline, Check: checkCertificate, Label: words("收信证书（PEM）", "Certificate for it (PEM)"), Help: words("留空则自签。", "Made by itself when empty.")},
		{Key: keyListenKey, Type: channels.Multiline, Secret: true, Label: words("证书私钥（PEM）", "Its private key (PEM)"), Help: words("与证书配对。", "Goes with the certificate.")},
	}
}

func signing() []channels.Setting {
	return []channels.Setting{
		{Key: keyDKIMSelector, Type: channels.Text, Check: checkSelector, Label: words("DKIM 选择器", "DKIM selector"), Help: words("邮件服务器自己签名时不需要。", "Not needed where the mail server signs.")},
		{Key: keyDKIMKey, Type: channels.Multiline, Secret: true, Label: words("DKIM 私钥（PEM）", "DKIM private key (PEM)"), Help: words("RSA 或 Ed25519，PKCS #8 或 #1。", "RSA or Ed25519, as PKCS #8 or #1.")},
	}
}

// checkTogether judges settings that are right each by itself.
func checkTogether(settings map[string]string) error {
	wrong := func(key, message string) error {
		return &conversation.FieldError{Field: "settings." + key, Message: message}
	}
	p := presetOf(settings[keyProvider])
	if settings[keyListen] == "" && settings[keyIMAPHost] == "" && p.imap.host == "" {
		return wrong(keyIMAPHost, "name the IMAP server, choose a provider, or set listen_smtp")
	}
	if settings[keyListen] == "" && settings[keySMTPHost] == "" && p.smtp.host == "" {
		return wrong(keySMTPHost, "name the SMTP server or choose a provider")
	}
	if how := settings[keyAuth]; how == authGoogle || how == authMicrosoft {
		for _, key := range []string{keyClientID, keyRefresh} {
			if settings[key] == "" {
				return wrong(key, "is required for OAuth")
			}
		}
	}
	if (settings[keyListenCert] == "") != (settings[keyListenKey] == "") {
		return wrong(keyListenCert, "certificate and private key go together")
	}
	if settings[keyListenCert] != "" {
		if _, err := keyPair(settings[keyListenCert], settings[keyListenKey]); err != nil {
			return wrong(keyListenKey, "does not go with the certificate")
		}
	}
	if (settings[keyDKIMSelector] == "") != (settings[keyDKIMKey] == "") {
		return wrong(keyDKIMSelector, "selector and private key go together")
	}
	if settings[keyDKIMKey] != "" {
		if _, err := mail.ParseKey("example.com", settings[keyDKIMSelector], settings[keyDKIMKey]); err != nil {
			return wrong(keyDKIMKey, err.Error())
		}
	}
	return nil
}

func checkAddress(v string) error {
	a, err := netmail.ParseAddress(v)
	if err != nil || a.Name != "" || !strings.EqualFold(a.Address, v) || len(v) > 254 {
		return fmt.Errorf("must be an address such as support@example.com")
	}
	return nil
}

func checkLine(v string) error {
	if strings.ContainsAny(v, "\r\n\x00") {
		return fmt.Errorf("must be one line")
	}
	return nil
}

func checkHost(v string) error {
	if strings.ContainsAny(v, "/@ \r\n") || strings.Contains(v, ":") && net.ParseIP(v) == nil {
		return fmt.Errorf("must be a host such as mail.example.com, without port")
	}
	return nil
}

func checkListen(v string) error {
	_, port, err := net.SplitHostPort(v)
	if n, wrong := strconv.Atoi(port); err != nil || wrong != nil || n < 1 || n > 65535 {
		return fmt.Errorf("must be an address with a port such as 0.0.0.0:25")
	}
	return nil
}

func checkTenant(v string) error {
	if strings.ContainsAny(v, "/?#% \r\n") {
		return fmt.Errorf("must be the tenant's id or domain")
	}
	return nil
}

func checkSelector(v string) error {
	if strings.Trim(strings.ToLower(v), "abcdefghijklmnopqrstuvwxyz0123456789-_.") != "" {
		return fmt.Errorf("must be a DNS label such as mail2026")
	}
	return nil
}

func checkURL(v string) error {
	if u, err := url.Parse(v); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return fmt.Errorf("must be an address such as https://oauth2.googleapis.com/token")
	}
	return nil
}

func between(least, most int) func(string) error {
	return func(v string) error {
		if n, err := strconv.Atoi(v); err != nil || n < least || n > most {
			return fmt.Errorf("must be from %d to %d", least, most)
		}
		return nil
	}
}
