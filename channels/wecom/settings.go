package wecom

import (
	"errors"
	"regexp"
	"strings"

	"huiyin/channels"
	"huiyin/channels/internal/weixin"
	"huiyin/conversation"
)

// Name is the kind of a WeCom customer service inbox.
const Name = "wecom_kf"

// The settings' keys.
const (
	keyCorpID  = "corp_id"
	keySecret  = "secret"
	keyToken   = "token"
	keyAESKey  = "aes_key"
	keyAccount = "open_kfid"
	keyBase    = "api_base"
	keyQuotas  = "quotas"
	keyWelcome = "welcome"
	keyMenu    = "welcome_menu"
)

const defaultBase = "https://qyapi.weixin.qq.com"

// What opens an allowance to send is the customer's message (https://developer.work.weixin.qq.com/document/path/96427).
const (
	grantMessage  = "message"
	defaultQuotas = "message=5/48h"
)

// Kind describes the channel and its settings.
func (a *Adapter) Kind() channels.Kind { return a.kind }

func kind() channels.Kind {
	settings := append(accessSettings(), greetingSettings()...)
	return channels.Kind{Name: Name, Title: channels.Words{Zh: "微信客服（企业微信）", En: "WeCom customer service"},
		Settings: append(settings, channels.BudgetSettings(false)...), Buttons: true}
}

func accessSettings() []channels.Setting {
	return []channels.Setting{
		{Key: keyCorpID, Type: channels.Text, Required: true, Check: weixin.Fits(idPattern, "must be the corp id, such as ww0123456789abcdef"),
			Label: channels.Words{Zh: "企业 ID", En: "Corp ID"},
			Help:  channels.Words{Zh: "企业微信管理后台「我的企业」页底部，以 ww 开头。", En: "At the foot of “My Company” in WeCom's admin console; begins with ww."}},
		{Key: keySecret, Type: channels.Text, Required: true, Secret: true, Check: weixin.Fits(secretPattern, "must be the app's secret"),
			Label: channels.Words{Zh: "应用 Secret", En: "App secret"},
			Help: channels.Words{Zh: "在「微信客服 - 可调用接口的应用」里添加的自建应用的 Secret。",
				En: "Of the app that was added under “Customer service – apps that may call the API”."}},
		{Key: keyAccount, Type: channels.Text, Required: true, Check: weixin.Fits(idPattern, "must be the account's open_kfid, such as wk0123456789"),
			Label: channels.Words{Zh: "客服账号 ID（open_kfid）", En: "Account ID (open_kfid)"},
			Help:  channels.Words{Zh: "客服账号的 open_kfid，以 wk 开头；该账号须设为由 API 管理。", En: "Begins with wk; the account must be managed by the API."}},
		{Key: keyToken, Type: channels.Text, Required: true, Secret: true, Check: weixin.Fits(tokenPattern, "must be letters and digits, at most 32"),
			Label: channels.Words{Zh: "回调 Token", En: "Callback token"},
			Help:  channels.Words{Zh: "与应用「接收消息」配置里的 Token 一致。", En: "The same as in the app's “Receive messages” settings."}},
		{Key: keyAESKey, Type: channels.Text, Required: true, Secret: true, Check: weixin.CheckKey,
			Label: channels.Words{Zh: "EncodingAESKey", En: "EncodingAESKey"},
			Help:  channels.Words{Zh: "与应用「接收消息」配置一致，43 个字符。", En: "The same as in the app's “Receive messages” settings; 43 characters."}},
		{Key: keyBase, Type: channels.Text, Default: defaultBase, Check: weixin.Base(defaultBase),
			Label: channels.Words{Zh: "接口地址", En: "API address"},
			Help: channels.Words{Zh: "只在经代理访问企业微信时修改。服务器的出口 IP 要加入应用的企业可信 IP。",
				En: "Change it only behind a proxy. The server's public address must be among the app's trusted IPs."}},
	}
}

func greetingSettings() []channels.Setting {
	return []channels.Setting{
		{Key: keyWelcome, Type: channels.Multiline, Check: checkWelcome,
			Label: channels.Words{Zh: "欢迎语", En: "Welcome"},
			Help: channels.Words{Zh: "客户进入会话时发送；企业微信只在 48 小时内未发过欢迎语且没有消息往来时允许。留空则不发。",
				En: "Sent when a customer enters; WeCom allows it only when there was no welcome and no message in 48 hours. Empty: none."}},
		{Key: keyMenu, Type: channels.List, Check: checkMenu,
			Label: channels.Words{Zh: "欢迎语下的常见问题", En: "Questions below the welcome"},
			Help:  channels.Words{Zh: "每行一个，最多 10 个；点击即提问。", En: "One a line, at most 10; a tap asks it."}},
		{Key: keyQuotas, Type: channels.Pairs, Default: defaultQuotas, Check: checkQuotas,
			Label: channels.Words{Zh: "回复额度", En: "Send allowances"},
			Help: channels.Words{Zh: "企业微信的规则，官方调整时修改：客户每次来消息后 48 小时内 5 条。",
				En: "WeCom's rules, to change when WeCom does: 5 messages in 48 hours after each of the customer's."}},
	}
}

var (
	idPattern     = regexp.MustCompile(`^[0-9A-Za-z_-]{4,64}$`)
	secretPattern = regexp.MustCompile(`^[!-~]{8,128}$`)
	tokenPattern  = regexp.MustCompile(`^[0-9A-Za-z]{1,32}$`)
)

func checkQuotas(value string) error {
	_, err := weixin.ParseQuotas(value, grantMessage)
	return err
}

func checkWelcome(value string) error {
	if len(channels.PlainText(value)) > maxHead {
		return errors.New("is longer than 1024 bytes (about 340 Chinese characters)")
	}
	return nil
}

func checkMenu(value string) error {
	lines := strings.FieldsFunc(value, func(r rune) bool { return r == '\n' || r == '\r' })
	if len(lines) > maxItems {
		return errors.New("has more than 10 lines")
	}
	for _, line := range lines {
		if len(strings.TrimSpace(line)) > maxLabel {
			return errors.New("has a line longer than 128 bytes (about 42 Chinese characters)")
		}
	}
	return nil
}

// value is a setting of an inbox or its default.
func (a *Adapter) value(inbox conversation.Inbox, key string) string { return a.kind.Value(inbox, key) }

// quotas are the allowances of an inbox; its setting was checked when it was saved.
func (a *Adapter) quotas(inbox conversation.Inbox) weixin.Quotas {
	q, err := weixin.ParseQuotas(a.value(inbox, keyQuotas), grantMessage)
	if err != nil {
		q, _ = weixin.ParseQuotas(defaultQuotas, grantMessage)
	}
	return q
}
