package email

import "huiyin/channels"

// preset is how a provider's mail servers are reached, as its help pages say.
type preset struct {
	name       string
	title      channels.Words
	imap, smtp server
	plus       string // how far plus addresses work there
}

// server is where and how a mail server is reached.
type server struct {
	host, port, security string
}

const (
	secureTLS      = "tls"
	secureStartTLS = "starttls"
	secureNone     = "none"

	plusNone  = "none"
	plusReply = "reply"
	plusBoth  = "both"
)

// presets are the providers that are known.
// https://service.exmail.qq.com/cgi-bin/help?subtype=1&id=28&no=1000585 · https://service.mail.qq.com/detail/0/310 ·
// https://help.mail.163.com/faqDetail.do?code=d7a5dc8471cd0c0e8b4b8f4f8e49998b374173cfe9171305fa1ce630d7f67ac2a5feb28b66796d3b ·
// https://help.aliyun.com/zh/document_detail/36576.html · https://support.google.com/mail/answer/7126229 ·
// https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/pop3-and-imap4/pop3-and-imap4
func presets() []preset {
	words := func(zh, en string) channels.Words { return channels.Words{Zh: zh, En: en} }
	return []preset{
		{name: "own", title: words("自有邮件服务器", "own mail server")},
		{"qq_enterprise", words("腾讯企业邮", "Tencent Exmail (QQ 企业邮)"), server{"imap.exmail.qq.com", "993", secureTLS}, server{"smtp.exmail.qq.com", "465", secureTLS}, plusNone},
		{"qq", words("QQ 邮箱", "QQ Mail"), server{"imap.qq.com", "993", secureTLS}, server{"smtp.qq.com", "465", secureTLS}, plusNone},
		{"netease_163", words("网易 163 邮箱", "NetEase 163"), server{"imap.163.com", "993", secureTLS}, server{"smtp.163.com", "465", secureTLS}, plusNone},
		{"netease_enterprise", words("网易企业邮", "NetEase enterprise mail"), server{"imap.qiye.163.com", "993", secureTLS}, server{"smtp.qiye.163.com", "465", secureTLS}, plusNone},
		{"aliyun", words("阿里企业邮", "Aliyun enterprise mail"), server{"imap.qiye.aliyun.com", "993", secureTLS}, server{"smtp.qiye.aliyun.com", "465", secureTLS}, plusNone},
		{"gmail", words("Gmail", "Gmail"), server{"imap.gmail.com", "993", secureTLS}, server{"smtp.gmail.com", "587", secureStartTLS}, plusReply},
		{"microsoft365", words("Microsoft 365", "Microsoft 365"), server{"outlook.office365.com", "993", secureTLS}, server{"smtp.office365.com", "587", secureStartTLS}, plusReply},
	}
}

func presetOf(name string) preset {
	for _, p := range presets() {
		if p.name == name {
			return p
		}
	}
	return preset{}
}
