package webchat

import (
	"sync"

	"huiyin/channels"
)

// Name is the kind of a web chat inbox.
const Name = "webchat"

// Kind describes the channel and its settings.
func (a *Adapter) Kind() channels.Kind { return kind() }

func kind() channels.Kind { return theKind() }

// theKind is made once: its settings are looked up several times in every request.
var theKind = sync.OnceValue(makeKind)

func makeKind() channels.Kind {
	var all []channels.Setting
	for _, part := range [][]channels.Setting{accessSettings(), identitySettings(), formSettings(), lookSettings(), behaviourSettings(), wordSettings()} {
		all = append(all, part...)
	}
	return channels.Kind{Name: Name, Title: channels.Words{Zh: "网页聊天", En: "Web chat"}, Settings: all, Units: 3, Buttons: true}
}

func accessSettings() []channels.Setting {
	return []channels.Setting{
		{Key: "origins", Type: channels.List, Check: checkOrigins,
			Label: channels.Words{Zh: "允许嵌入的网站", En: "Sites that may embed it"},
			Help: channels.Words{Zh: "每行一个，如 https://www.example.com 或 https://*.example.com；留空表示任何网站。",
				En: "One a line, such as https://www.example.com or https://*.example.com; empty means any site."}},
		{Key: "proof_of_work", Type: channels.Boolean, Default: "false",
			Label: channels.Words{Zh: "新访客先做一道计算题", En: "New visitors' browsers solve a puzzle"},
			Help: channels.Words{Zh: "访客的浏览器计算不到一秒，批量机器人则很费力；正常时不必打开。",
				En: "Takes a visitor's browser less than a second and costs bots dearly; not needed in quiet times."}},
		{Key: "files_origin", Type: channels.Text, Check: checkOrigin,
			Label: channels.Words{Zh: "文件专用域名", En: "Separate origin for files"},
			Help: channels.Words{Zh: "可选，如 https://files.example.com，指向本服务；客户上传的文件只从那里打开。",
				En: "Optional, such as https://files.example.com, led to this server; what customers upload is opened only from there."}},
	}
}

func identitySettings() []channels.Setting {
	return []channels.Setting{
		{Key: "identity_secret", Type: channels.Text, Secret: true, Check: checkSecret,
			Label: channels.Words{Zh: "身份签名密钥", En: "Identity secret"},
			Help: channels.Words{Zh: "贵网站服务器用它签发已登录用户的身份（JWT 或 id 的 HMAC-SHA256），访客身份才会被采信。",
				En: "Your site's server signs who its signed-in users are with it (a JWT, or the HMAC-SHA256 of the id); only then is it believed."}},
		{Key: "identity_keys", Type: channels.List, Secret: true, Check: checkKeys,
			Label: channels.Words{Zh: "更多签名密钥（轮换）", En: "More identity secrets (for rotation)"},
			Help: channels.Words{Zh: "每行一个：名称=密钥，名称即 JWT 的 kid。先加新的，换完再删旧的。",
				En: "One a line: name=secret; the name is the JWT's kid. Add the new one, change over, take the old one away."}},
	}
}

func formSettings() []channels.Setting {
	return []channels.Setting{
		{Key: "pre_chat", Type: channels.Select, Default: "off", Options: []channels.Option{
			{Value: "off", Label: channels.Words{Zh: "不询问", En: "Ask nothing"}},
			{Value: "optional", Label: channels.Words{Zh: "可以跳过", En: "May be skipped"}},
			{Value: "required", Label: channels.Words{Zh: "必须填写", En: "Required"}}},
			Label: channels.Words{Zh: "开始前的表单", En: "Form before the first message"},
			Help:  channels.Words{Zh: "首次提问前询问的资料。", En: "What is asked for before the first question."}},
		{Key: "pre_chat_fields", Type: channels.List, Default: "name*\nemail\nphone", Check: checkForm,
			Label: channels.Words{Zh: "表单的栏目", En: "Fields of the form"},
			Help: channels.Words{Zh: "每行一个，* 表示必填：name、email、phone，或 键 | text/email/phone/select | 中文 | English | 选项, 选项",
				En: "One a line, * means required: name, email, phone, or key | text/email/phone/select | 中文 | English | option, option"}},
		{Key: "consent_text", Type: channels.Multiline, Check: checkLong,
			Label: channels.Words{Zh: "同意说明（中文）", En: "Words of consent (Chinese)"},
			Help:  channels.Words{Zh: "填写表单或留言时须勾选同意；留空则不问。", En: "To be agreed to with the form or when leaving a message; empty asks nothing."}},
		{Key: "consent_text_en", Type: channels.Multiline, Check: checkLong,
			Label: channels.Words{Zh: "同意说明（英文）", En: "Words of consent (English)"},
			Help:  channels.Words{Zh: "留空则用中文的。", En: "Empty: the Chinese ones."}},
		{Key: "storage", Type: channels.Select, Default: "keep", Options: []channels.Option{
			{Value: "keep", Label: channels.Words{Zh: "需要时即保存", En: "Kept as needed"}},
			{Value: "ask", Label: channels.Words{Zh: "访客开始聊天后才保存", En: "Only once the visitor chats or agrees"}}},
			Label: channels.Words{Zh: "浏览器中的保存", En: "What the browser keeps"},
			Help:  channels.Words{Zh: "从不使用 Cookie。选后者时，发出首条消息或网页调用 huiyin.consent(true) 之前浏览器不保存任何东西。", En: "Never a cookie. With the second choice nothing is kept before the first message or huiyin.consent(true)."}},
	}
}

func behaviourSettings() []channels.Setting {
	return []channels.Setting{
		{Key: "greetings", Type: channels.List, Check: checkGreetings,
			Label: channels.Words{Zh: "主动问候规则", En: "Greeting rules"},
			Help: channels.Words{Zh: "每行一条：page=/路径* delay=秒 lang=zh-CN visitors=new 或 returning | 文字；条件可省略，先符合者先显示。",
				En: "One a line: page=/path* delay=seconds lang=en visitors=new or returning | text; conditions may be left out, the first that holds is shown."}},
		{Key: "hours", Type: channels.List, Check: checkHours,
			Label: channels.Words{Zh: "服务时间", En: "Opening hours"},
			Help:  channels.Words{Zh: "每行一条，如 mon-fri 09:00-12:00 13:00-18:00；留空则不显示。", En: "One a line, such as mon-fri 09:00-12:00 13:00-18:00; empty shows none."}},
		{Key: "time_zone", Type: channels.Text, Default: "Asia/Shanghai", Check: checkZone,
			Label: channels.Words{Zh: "时区", En: "Time zone"},
			Help:  channels.Words{Zh: "服务时间所用的时区，如 Asia/Shanghai。", En: "Of the opening hours, such as Asia/Shanghai."}},
		{Key: "leave_message", Type: channels.List, Default: "email\nsms", Check: checkChannels,
			Label: channels.Words{Zh: "留言的回复方式", En: "Ways to answer a message left"},
			Help:  channels.Words{Zh: "每行一个：email、sms；由客服人员据此答复。", En: "One a line: email, sms; an agent answers that way."}},
		{Key: channels.SettingAwayAfter, Type: channels.Number, Default: "3", Check: checkMinutes,
			Label: channels.Words{Zh: "离开后改用邮件（分钟）", En: "Continue by mail after (minutes)"},
			Help: channels.Words{Zh: "访客留了邮箱并离开时，这么久没有收到的坐席回复改由邮件收信箱发出；0 为不用。",
				En: "When a visitor who gave an address has left, an agent's reply that no page got goes out by an email inbox after so long; 0: never."}},
		{Key: "sound", Type: channels.Boolean, Default: "false",
			Label: channels.Words{Zh: "默认开启提示音", En: "Sound on by default"},
			Help:  channels.Words{Zh: "访客可以自行关闭。", En: "Visitors can switch it off."}},
		{Key: "rating", Type: channels.Boolean, Default: "true",
			Label: channels.Words{Zh: "结束后请客户评分", En: "Ask for a rating at the end"},
			Help:  channels.Words{Zh: "1 至 5 分，可附一句话。", En: "1 to 5, with a comment if they like."}},
	}
}
