package webchat

import (
	"errors"
	"net/url"
	"strings"

	"huiyin/channels"
)

// Name is the kind of a web chat inbox.
const Name = "webchat"

// Kind describes the channel and its settings.
func (a *Adapter) Kind() channels.Kind { return kind() }

func kind() channels.Kind {
	return channels.Kind{Name: Name, Title: channels.Words{Zh: "网页聊天", En: "Web chat"}, Settings: append(accessSettings(), lookSettings()...)}
}

func accessSettings() []channels.Setting {
	return []channels.Setting{
		{Key: "origins", Type: channels.List, Check: checkOrigins,
			Label: channels.Words{Zh: "允许嵌入的网站", En: "Sites that may embed it"},
			Help: channels.Words{Zh: "每行一个，如 https://www.example.com 或 https://*.example.com；留空表示任何网站。",
				En: "One a line, such as https://www.example.com or https://*.example.com; empty means any site."}},
		{Key: "identity_secret", Type: channels.Text, Secret: true, Check: checkSecret,
			Label: channels.Words{Zh: "身份签名密钥", En: "Identity secret"},
			Help: channels.Words{Zh: "贵网站服务器用它计算已登录用户 id 的 HMAC-SHA256，访客身份才会被采信。",
				En: "Your site's server makes the HMAC-SHA256 of a signed-in user's id with it; only then is the visitor's identity believed."}},
		{Key: "pre_chat", Type: channels.Select, Default: "off", Options: []channels.Option{
			{Value: "off", Label: channels.Words{Zh: "不询问", En: "Ask nothing"}},
			{Value: "optional", Label: channels.Words{Zh: "可以跳过", En: "May be skipped"}},
			{Value: "required", Label: channels.Words{Zh: "必须填写", En: "Required"}}},
			Label: channels.Words{Zh: "开始前的表单", En: "Form before the first message"},
			Help:  channels.Words{Zh: "首次提问前询问称呼、邮箱、电话。", En: "Asks for name, email and phone before the first question."}},
	}
}

func lookSettings() []channels.Setting {
	list := []channels.Setting{
		{Key: "languages", Type: channels.List, Default: "zh-CN\nen", Check: checkLanguages,
			Label: channels.Words{Zh: "语言", En: "Languages"},
			Help:  channels.Words{Zh: "每行一个：zh-CN、en。访客的语言不在其中时用第一个。", En: "One a line: zh-CN, en. Visitors of another language get the first."}},
		{Key: "color", Type: channels.Color, Default: "#1f6feb",
			Label: channels.Words{Zh: "主题色", En: "Colour"},
			Help:  channels.Words{Zh: "按钮与客户气泡的颜色；文字颜色会自动保持可读。", En: "Of buttons and the customer's bubbles; text on it stays readable by itself."}},
		{Key: "theme", Type: channels.Select, Default: "auto", Options: []channels.Option{
			{Value: "auto", Label: channels.Words{Zh: "跟随系统", En: "As the visitor's system"}},
			{Value: "light", Label: channels.Words{Zh: "浅色", En: "Light"}},
			{Value: "dark", Label: channels.Words{Zh: "深色", En: "Dark"}}},
			Label: channels.Words{Zh: "明暗", En: "Theme"},
			Help:  channels.Words{Zh: "聊天窗口的明暗。", En: "Whether the panel is light or dark."}},
	}
	for _, l := range []struct{ suffix, zh, en, title, greeting string }{
		{"", "中文", "Chinese", "在线客服", "您好！我是智能助手，请问有什么可以帮您？"},
		{"_en", "英文", "English", "Customer service", "Hello! I am the assistant. How can I help you?"},
	} {
		list = append(list,
			channels.Setting{Key: "title" + l.suffix, Type: channels.Text, Default: l.title,
				Label: channels.Words{Zh: "标题（" + l.zh + "）", En: "Title (" + l.en + ")"},
				Help:  channels.Words{Zh: "聊天窗口顶部的名称。", En: "The name at the top of the panel."}},
			channels.Setting{Key: "greeting" + l.suffix, Type: channels.Multiline, Default: l.greeting,
				Label: channels.Words{Zh: "问候语（" + l.zh + "）", En: "Greeting (" + l.en + ")"},
				Help:  channels.Words{Zh: "打开窗口时首先看到的话。", En: "The first words that a visitor sees."}},
			channels.Setting{Key: "quick_replies" + l.suffix, Type: channels.List, Check: checkQuickReplies,
				Label: channels.Words{Zh: "常见问题按钮（" + l.zh + "）", En: "Suggested questions (" + l.en + ")"},
				Help:  channels.Words{Zh: "每行一个，最多 6 个；点击即发送。", En: "One a line, at most 6; a click sends it."}})
	}
	return list
}

const maxQuickReplies = 6

func checkQuickReplies(value string) error {
	if n := len(strings.FieldsFunc(value, isLineEnd)); n > maxQuickReplies {
		return errors.New("has more than 6 lines")
	}
	return nil
}

func checkLanguages(value string) error {
	for _, l := range strings.FieldsFunc(value, isLineEnd) {
		if l != "zh-CN" && l != "en" {
			return errors.New("knows zh-CN and en")
		}
	}
	return nil
}

const minSecret = 16

func checkSecret(value string) error {
	if len(value) < minSecret {
		return errors.New("must have at least 16 characters")
	}
	return nil
}

func checkOrigins(value string) error {
	for _, line := range strings.FieldsFunc(value, isLineEnd) {
		u, err := url.Parse(strings.Replace(line, "://*.", "://any.", 1))
		if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || strings.Trim(u.Path, "/") != "" ||
			u.RawQuery != "" || u.User != nil || strings.Contains(u.Host, "*") {
			return errors.New(line + " is not a site such as https://www.example.com")
		}
	}
	return nil
}

func isLineEnd(r rune) bool { return r == '\n' || r == '\r' }
