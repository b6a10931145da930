package wechat

import (
	"huiyin/channels"
	"huiyin/channels/internal/weixin"
)

// The keys of the settings.
const (
	keyAppID    = "app_id"
	keySecret   = "app_secret"
	keyToken    = "token"
	keyAES      = "aes_key"
	keyMode     = "mode"
	keyFormat   = "format"
	keyBase     = "api_base"
	keyOriginal = "original_id"
	keyPassive  = "passive_reply"
	keyWait     = "passive_wait"
	keyQuotas   = "quotas"
	keyGreeting = "greeting"
	keyKeywords = "keywords"
	keyNotice   = "notice_kind"
	keyTemplate = "notice_template"
	keyData     = "notice_data"
	keyPage     = "notice_page"
)

// How pushes are encrypted, and in which form they come.
const (
	modePlain      = "plain"
	modeCompatible = "compatible"
	modeSafe       = "safe"

	formatAuto = "auto"
	formatXML  = "xml"
	formatJSON = "json"
)

// The two ways of a notice.
const (
	noticeTemplate  = "template"
	noticeSubscribe = "subscribe"
)

// defaultBase is the API's address.
const defaultBase = "https://api.weixin.qq.com"

// The allowances as WeChat documents them:
// https://developers.weixin.qq.com/doc/service/guide/product/kf/intro and
// https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/customer-message/send.html
const (
	officialQuotas = "message=5/48h\nmenu=3/1m\nfollow=3/1m\nscan=3/1m"
	miniQuotas     = "message=5/48h\nenter=2/1m"
)

func officialKind() channels.Kind {
	settings := append(credentials(), baseSetting(),
		channels.Setting{Key: keyPassive, Type: channels.Boolean, Default: "true",
			Label: channels.Words{Zh: "被动回复", En: "Answer in the callback"},
			Help: channels.Words{Zh: "机器人答得及时的，直接在微信的请求里回复，不占回复额度；来不及的改用客服消息。",
				En: "An answer that is ready in time goes back in WeChat's own request and costs no allowance; a later one goes as a customer service message."}},
		channels.Setting{Key: keyWait, Type: channels.Number, Default: "4500", Check: between(500, 4800),
			Label: channels.Words{Zh: "被动回复最长等待（毫秒）", En: "Longest wait for that answer (ms)"},
			Help:  channels.Words{Zh: "微信 5 秒收不到应答就会重发，请留出网络时间：500 到 4800。", En: "WeChat repeats its request after 5 seconds, so leave time for the network: 500 to 4800."}},
		quotaSetting(officialQuotas), originalSetting(),
		greetingSetting(channels.Words{Zh: "关注时的欢迎语", En: "Greeting for new followers"}), keywordSetting(),
		channels.Setting{Key: keyNotice, Type: channels.Select, Default: noticeTemplate,
			Options: []channels.Option{{Value: noticeTemplate, Label: channels.Words{Zh: "模板消息", En: "template message"}},
				{Value: noticeSubscribe, Label: channels.Words{Zh: "订阅通知", En: "subscribe notice"}}},
			Label: channels.Words{Zh: "通知方式", En: "Form of notices"},
			Help: channels.Words{Zh: "额度用完或超过 48 小时后，用哪种消息通知客户。订阅通知需要客户先订阅。",
				En: "How a customer is reached once no message is allowed any more. A subscribe notice needs the customer's subscription."}})
	settings = append(settings, noticeSettings(channels.Words{Zh: "点开通知打开的网页", En: "Web page that the notice opens"})...)
	return channels.Kind{Name: "wechat", Title: channels.Words{Zh: "微信公众号", En: "WeChat Official Account"},
		Settings: append(settings, channels.BudgetSettings(true)...), Check: checkMode, Buttons: true}
}

func miniKind() channels.Kind {
	settings := append(credentials(),
		channels.Setting{Key: keyFormat, Type: channels.Select, Default: formatAuto,
			Options: []channels.Option{{Value: formatAuto, Label: channels.Words{Zh: "自动识别", En: "either"}},
				{Value: formatXML, Label: channels.Words{Zh: "只收 XML", En: "XML only"}}, {Value: formatJSON, Label: channels.Words{Zh: "只收 JSON", En: "JSON only"}}},
			Label: channels.Words{Zh: "数据格式", En: "Data format"},
			Help:  channels.Words{Zh: "小程序后台“消息推送”里选择的数据格式。", En: "The data format chosen under message push in the Mini Program's console."}},
		baseSetting(), quotaSetting(miniQuotas), originalSetting(),
		greetingSetting(channels.Words{Zh: "进入会话时的欢迎语", En: "Greeting on entering the chat"}), keywordSetting())
	settings = append(settings, noticeSettings(channels.Words{Zh: "点开通知打开的小程序页面", En: "Mini Program page that the notice opens"})...)
	return channels.Kind{Name: "wechat_mini", Title: channels.Words{Zh: "微信小程序", En: "WeChat Mini Program"},
		Settings: append(settings, channels.BudgetSettings(true)...), Check: checkMode, Buttons: true}
}

func credentials() []channels.Setting {
	return []channels.Setting{
		{Key: keyAppID, Type: channels.Text, Required: true, Check: weixin.Fits(appIDPattern, "must be an AppID such as wx0123456789abcdef"),
			Label: channels.Words{Zh: "AppID", En: "AppID"},
			Help:  channels.Words{Zh: "微信后台“设置与开发 → 开发接口管理 → 基本配置”里的开发者 ID，以 wx 开头。", En: "The developer ID, which begins with wx: Settings and development → Basic configuration in WeChat's console."}},
		{Key: keySecret, Type: channels.Text, Required: true, Secret: true, Check: weixin.Fits(secretPattern, "must be the AppSecret, without spaces"),
			Label: channels.Words{Zh: "AppSecret", En: "AppSecret"},
			Help:  channels.Words{Zh: "同一页的开发者密码。还要把本服务器的出口 IP 加进那里的 IP 白名单。", En: "The developer password on the same page. This server's outgoing IP address has to be on the IP whitelist there."}},
		{Key: keyToken, Type: channels.Text, Required: true, Secret: true, Check: weixin.Fits(tokenPattern, "must be 3 to 32 letters and digits"),
			Label: channels.Words{Zh: "令牌 Token", En: "Token"},
			Help:  channels.Words{Zh: "自己定的 3 到 32 位英文或数字，与微信后台“服务器配置”里填的一致。", En: "3 to 32 letters and digits of your own, the same here and in WeChat's server configuration."}},
		{Key: keyAES, Type: channels.Text, Secret: true, Check: weixin.CheckKey,
			Label: channels.Words{Zh: "消息加解密密钥 EncodingAESKey", En: "EncodingAESKey"},
			Help:  channels.Words{Zh: "43 位字母和数字，与微信后台一致；明文模式可以不填。", En: "43 letters and digits, the same as in WeChat's console; not needed in plain mode."}},
		{Key: keyMode, Type: channels.Select, Default: modeSafe,
			Options: []channels.Option{{Value: modePlain, Label: channels.Words{Zh: "明文模式", En: "plain"}},
				{Value: modeCompatible, Label: channels.Words{Zh: "兼容模式", En: "compatible"}}, {Value: modeSafe, Label: channels.Words{Zh: "安全模式（推荐）", En: "safe (recommended)"}}},
			Label: channels.Words{Zh: "消息加解密方式", En: "Encryption of messages"},
			Help: channels.Words{Zh: "与微信后台选择的一致。明文模式下消息内容没有签名保护。",
				En: "The same as chosen in WeChat's console. In plain mode the content of messages is not covered by the signature."}},
	}
}

func baseSetting() channels.Setting {
	return channels.Setting{Key: keyBase, Type: channels.Text, Default: defaultBase, Check: weixin.Base(defaultBase),
		Label: channels.Words{Zh: "接口地址", En: "Address of the API"},
		Help:  channels.Words{Zh: "经代理访问微信时填写，例如 https://wechat-proxy.example.com。", En: "For reaching WeChat through a proxy, e.g. https://wechat-proxy.example.com."}}
}

func quotaSetting(standard string) channels.Setting {
	return channels.Setting{Key: keyQuotas, Type: channels.Pairs, Default: standard, Check: checkQuotas,
		Label: channels.Words{Zh: "回复额度", En: "Allowances"},
		Help: channels.Words{Zh: "每行一条“场景=条数/时长”，条数 0 表示不限。微信调整规则时在这里修改。",
			En: "One “occasion=messages/time” a line; 0 messages means any number. Change them here when WeChat changes its rules."}}
}

func originalSetting() channels.Setting {
	return channels.Setting{Key: keyOriginal, Type: channels.Text, Check: weixin.Fits(addressPattern, "must be an id such as gh_0123456789ab"),
		Label: channels.Words{Zh: "原始 ID", En: "Original ID"},
		Help:  channels.Words{Zh: "以 gh_ 开头；填了就只收发给这个账号的消息。", En: "Begins with gh_; when set, only messages for this very account are taken."}}
}

func greetingSetting(label channels.Words) channels.Setting {
	return channels.Setting{Key: keyGreeting, Type: channels.Multiline, Label: label,
		Help: channels.Words{Zh: "支持 Markdown；不填就不发。", En: "Markdown; nothing is sent when it is empty."}}
}

func keywordSetting() channels.Setting {
	return channels.Setting{Key: keyKeywords, Type: channels.Pairs, Check: checkKeywords,
		Label: channels.Words{Zh: "关键词回复", En: "Keyword replies"},
		Help: channels.Words{Zh: `每行一条“关键词=回复”，消息与关键词完全相同才回复；菜单的 key 也算。换行写 \n。`,
			En: `One “keyword=reply” a line, for messages that are the keyword and nothing else; keys of a menu count too. Write \n for a new line.`}}
}

func noticeSettings(page channels.Words) []channels.Setting {
	return []channels.Setting{
		{Key: keyTemplate, Type: channels.Text, Check: weixin.Fits(templatePattern, "must be the id of a template"),
			Label: channels.Words{Zh: "通知的模板 ID", En: "Template of notices"},
			Help:  channels.Words{Zh: "在微信后台申请的模板 ID；不填就不发通知。", En: "The id of a template granted in WeChat's console; without it no notices are sent."}},
		{Key: keyData, Type: channels.Pairs, Default: "thing1={text}\ntime2={time}", Check: checkNoticeData,
			Label: channels.Words{Zh: "模板的字段", En: "Fields of the template"},
			Help: channels.Words{Zh: "每行一条“字段=内容”。{text} 是回复的开头，{time} 是现在的时间。",
				En: "One “field=content” a line. {text} is the beginning of the reply, {time} the time."}},
		{Key: keyPage, Type: channels.Text, Label: page,
			Help: channels.Words{Zh: "可以不填。", En: "May be left empty."}},
	}
}
