package webchat

import (
	"slices"
	"strings"

	"huiyin/channels"
	"huiyin/conversation"
)

// allLanguages are what the widget speaks.
func allLanguages() []string { return []string{"zh-CN", "zh-TW", "en"} }

// suffix is what the keys of settings in a language end with.
func suffix(language string) string {
	switch language {
	case "zh-TW":
		return "_tw"
	case "en":
		return "_en"
	}
	return ""
}

func lookSettings() []channels.Setting {
	return []channels.Setting{
		{Key: "languages", Type: channels.List, Default: "zh-CN\nzh-TW\nen", Check: checkLanguages,
			Label: channels.Words{Zh: "语言", En: "Languages"},
			Help:  channels.Words{Zh: "每行一个：zh-CN、zh-TW、en。访客的语言不在其中时用第一个。", En: "One a line: zh-CN, zh-TW, en. Visitors of another language get the first."}},
		{Key: "color", Type: channels.Color, Default: "#1f6feb",
			Label: channels.Words{Zh: "主题色", En: "Colour"},
			Help:  channels.Words{Zh: "按钮与客户气泡的颜色；文字颜色会自动保持可读。", En: "Of buttons and the customer's bubbles; text on it stays readable by itself."}},
		{Key: "theme", Type: channels.Select, Default: "auto", Options: []channels.Option{
			{Value: "auto", Label: channels.Words{Zh: "跟随系统", En: "As the visitor's system"}},
			{Value: "light", Label: channels.Words{Zh: "浅色", En: "Light"}},
			{Value: "dark", Label: channels.Words{Zh: "深色", En: "Dark"}}},
			Label: channels.Words{Zh: "明暗", En: "Theme"},
			Help:  channels.Words{Zh: "聊天窗口的明暗。", En: "Whether the panel is light or dark."}},
		{Key: "position", Type: channels.Select, Default: "right", Options: []channels.Option{
			{Value: "right", Label: channels.Words{Zh: "右下角", En: "Bottom right"}},
			{Value: "left", Label: channels.Words{Zh: "左下角", En: "Bottom left"}}},
			Label: channels.Words{Zh: "位置", En: "Position"},
			Help:  channels.Words{Zh: "按钮与窗口在网页上的位置。", En: "Where button and panel stand on the page."}},
		{Key: "variables", Type: channels.List, Check: checkVariables,
			Label: channels.Words{Zh: "样式变量", En: "Style variables"},
			Help:  channels.Words{Zh: "每行一个 CSS 变量，如 --hy-radius: 8px；可用的变量见文档。", En: "One CSS variable a line, such as --hy-radius: 8px; the documentation lists them."}},
	}
}

// wordSettings are the inbox's own words in each language. Traditional Chinese without words of its own takes the
// simplified ones.
func wordSettings() (list []channels.Setting) {
	for _, l := range []struct{ suffix, zh, en, title, greeting string }{
		{"", "简体中文", "Simplified Chinese", "在线客服", "您好！我是智能助手，请问有什么可以帮您？"},
		{"_tw", "繁体中文", "Traditional Chinese", "線上客服", "您好！我是智慧助理，請問有什麼可以為您服務？"},
		{"_en", "英文", "English", "Customer service", "Hello! I am the assistant. How can I help you?"},
	} {
		list = append(list,
			channels.Setting{Key: "title" + l.suffix, Type: channels.Text, Default: l.title, Check: checkShort,
				Label: channels.Words{Zh: "标题（" + l.zh + "）", En: "Title (" + l.en + ")"},
				Help:  channels.Words{Zh: "聊天窗口顶部的名称。", En: "The name at the top of the panel."}},
			channels.Setting{Key: "greeting" + l.suffix, Type: channels.Multiline, Default: l.greeting,
				Label: channels.Words{Zh: "问候语（" + l.zh + "）", En: "Greeting (" + l.en + ")"},
				Help:  channels.Words{Zh: "打开窗口时首先看到的话。", En: "The first words that a visitor sees."}},
			channels.Setting{Key: "launcher_text" + l.suffix, Type: channels.Text, Check: checkShort,
				Label: channels.Words{Zh: "按钮文字（" + l.zh + "）", En: "Words on the button (" + l.en + ")"},
				Help:  channels.Words{Zh: "图标旁的几个字；留空只显示图标。", En: "A few words beside the icon; empty shows the icon alone."}},
			channels.Setting{Key: "quick_replies" + l.suffix, Type: channels.List, Check: checkQuickReplies,
				Label: channels.Words{Zh: "常见问题按钮（" + l.zh + "）", En: "Suggested questions (" + l.en + ")"},
				Help:  channels.Words{Zh: "每行一个，最多 6 个；点击即发送。", En: "One a line, at most 6; a click sends it."}})
	}
	return list
}

// words is a setting in a language.
func words(inbox conversation.Inbox, key, language string) string {
	if _, own := inbox.Settings[key+suffix(language)]; !own && language == "zh-TW" && inbox.Settings[key] != "" {
		return inbox.Settings[key]
	}
	return kind().Value(inbox, key+suffix(language))
}

func lines(text string) []string { return strings.FieldsFunc(text, isLineEnd) }

// pick is the language of an inbox for a visitor who asks for one: that one, one near it, or the inbox's first.
func pick(inbox conversation.Inbox, asked string) string {
	has := kind().Lines(inbox, "languages")
	for _, wanted := range near(asked) {
		if slices.Contains(has, wanted) {
			return wanted
		}
	}
	if len(has) > 0 {
		return has[0]
	}
	return "zh-CN"
}

// near are the languages that serve somebody who asks for one, best first. Who asks for none or another reads English.
func near(asked string) []string {
	asked = strings.ToLower(strings.ReplaceAll(asked, "_", "-"))
	switch {
	case strings.HasPrefix(asked, "zh-tw"), strings.HasPrefix(asked, "zh-hk"), strings.HasPrefix(asked, "zh-mo"), strings.HasPrefix(asked, "zh-hant"):
		return []string{"zh-TW", "zh-CN"}
	case strings.HasPrefix(asked, "zh"):
		return []string{"zh-CN", "zh-TW"}
	}
	return []string{"en"}
}

// consentText is what a visitor agrees to, in a language.
func consentText(inbox conversation.Inbox, language string) string {
	if english := kind().Value(inbox, "consent_text_en"); english != "" && language == "en" {
		return english
	}
	if text := kind().Value(inbox, "consent_text"); text != "" {
		return text
	}
	return kind().Value(inbox, "consent_text_en")
}
