package letter

import (
	"huiyin/channels"
	"huiyin/conversation"
)

// The settings of an inbox that say how it writes.
const (
	settingSignature   = "signature"
	settingSignatureEn = "signature_en"
	settingGreets      = "letter_greets"
	settingDiscloses   = "letter_discloses"
	settingQuotes      = "letter_quotes"
	settingNumbers     = "letter_numbers"
)

// Settings are what an inbox may say of its letters.
func Settings() []channels.Setting {
	return []channels.Setting{
		{Key: settingSignature, Type: channels.Multiline, Label: channels.Words{Zh: "签名（中文）", En: "Signature, Chinese"},
			Help: channels.Words{Zh: "写在每封邮件末尾；坐席的名字在它上面。", En: "Stands at the end of each mail, below the agent's name."}},
		{Key: settingSignatureEn, Type: channels.Multiline, Label: channels.Words{Zh: "签名（英文）", En: "Signature, English"},
			Help: channels.Words{Zh: "用于英文邮件；留空时用中文签名。", En: "For mails in English; empty: the Chinese one."}},
		{Key: settingGreets, Type: channels.Boolean, Default: "true", Label: channels.Words{Zh: "自动回复带称呼", En: "Automatic mails greet by name"},
			Help: channels.Words{Zh: "用客户自己写的名字。", En: "By the name that the customer writes."}},
		{Key: settingDiscloses, Type: channels.Boolean, Default: "true", Label: channels.Words{Zh: "注明由智能助手生成", En: "Say when no person wrote a mail"},
			Help: channels.Words{Zh: "写在自动回复的末尾。", En: "At the end of automatic mails."}},
		{Key: settingNumbers, Type: channels.Boolean, Default: "true", Label: channels.Words{Zh: "转人工回执写受理编号", En: "Receipts tell a number"},
			Help: channels.Words{Zh: "编号只供查询；邮件归入哪个会话从不看编号。", En: "For asking after it only; a quoted number never decides which conversation a mail joins."}},
		{Key: settingQuotes, Type: channels.Boolean, Default: "true", Label: channels.Words{Zh: "回信下方附原文", En: "Answers repeat the mail below"},
			Help: channels.Words{Zh: "便于客户看到回的是哪一封。", En: "So that customers see which one is answered."}},
	}
}

// StyleOf reads an inbox's settings.
func StyleOf(kind channels.Kind, inbox conversation.Inbox) Style {
	on := func(key string) bool { return kind.Value(inbox, key) == "true" }
	return Style{Signature: map[string]string{"zh": kind.Value(inbox, settingSignature), "en": kind.Value(inbox, settingSignatureEn)},
		Greets: on(settingGreets), Discloses: on(settingDiscloses), Quotes: on(settingQuotes), Numbers: on(settingNumbers)}
}
