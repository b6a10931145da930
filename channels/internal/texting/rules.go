package texting

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
)

// The settings that all channels of texts share.
const (
	keySign       = "sign_name"
	keyCountry    = "country"
	keyParts      = "bot_parts"
	keyQuiet      = "quiet_hours"
	keyZone       = "time_zone"
	keyRate       = "rate"
	keyNumberRate = "number_rate"
	keyPrice      = "price"
	keyCurrency   = "currency"
	keyOut        = "opt_out_reply"
	keyIn         = "opt_in_reply"
)

// Settings are those that all channels of texts share.
func Settings() []channels.Setting {
	words := func(zh, en string) channels.Words { return channels.Words{Zh: zh, En: en} }
	return []channels.Setting{
		{Key: keySign, Type: channels.Text, Label: words("短信签名", "Signature"), Check: checkSign,
			Help: words("不带【】。中国大陆的短信必须带已报备的签名。", "Without brackets; put before each text as 【…】. Required in mainland China.")},
		{Key: keyCountry, Type: channels.Text, Default: "86", Label: words("默认国家码", "Country code"), Check: checkCountry,
			Help: words("号码没有国家码时按它补全。", "Completes numbers that come without one.")},
		{Key: keyParts, Type: channels.Number, Default: "2", Label: words("机器人短信最多几条", "Parts of a bot's text, at most"), Check: between(1, 10),
			Help: words("超出时截到句末，附全文链接。", "Longer ones end at a sentence, with a link to the whole article.")},
		{Key: keyQuiet, Type: channels.Text, Label: words("免打扰时段", "Quiet hours"), Check: func(v string) error { _, err := ParseQuiet(v, time.UTC); return err },
			Help: words("如 22:00-08:00。客户半小时内来过短信的不受限。", "Such as 22:00-08:00. Whoever wrote within half an hour is answered all the same.")},
		{Key: keyZone, Type: channels.Text, Default: "Asia/Shanghai", Label: words("时区", "Time zone"), Check: checkZone,
			Help: words("免打扰时段按它计算。", "In which the quiet hours are.")},
		{Key: keyRate, Type: channels.Text, Label: words("发送速率上限", "Rate of the inbox"), Check: checkRate,
			Help: words("如 20/1s。留空不限。", "Such as 20/1s. Empty: no limit.")},
		{Key: keyNumberRate, Type: channels.Text, Default: "10/1h", Label: words("每个号码的上限", "Rate of a number"), Check: checkRate,
			Help: words("如 10/1h。留空不限。", "Such as 10/1h. Empty: no limit.")},
		{Key: keyPrice, Type: channels.Text, Label: words("每条单价", "Price of a part"), Check: checkPrice, Help: words("回复前显示费用，如 0.045。", "Shown before sending, such as 0.045.")},
		{Key: keyCurrency, Type: channels.Text, Default: "CNY", Label: words("币种", "Currency"), Help: words("单价的币种。", "Of the price.")},
		{Key: keyOut, Type: channels.Text, Default: "您已退订，将不再收到我们的短信。回复“恢复订阅”可重新接收。", Label: words("退订确认", "Reply to an opt-out"),
			Help: words("收到退订后只发一次；留空不发。", "Sent once after an opt-out; a single “-” sends none.")},
		{Key: keyIn, Type: channels.Text, Default: "您已恢复接收我们的短信。", Label: words("恢复确认", "Reply to an opt-in"),
			Help: words("客户恢复订阅后发送。", "Sent when a customer opts in again; a single “-” sends none.")},
	}
}

func checkSign(v string) error {
	if strings.ContainsAny(v, "【】[]") || len([]rune(v)) > 20 {
		return fmt.Errorf("must be at most 20 characters without brackets")
	}
	return nil
}

func checkCountry(v string) error {
	if n, err := strconv.Atoi(v); err != nil || n < 1 || n > 999 {
		return fmt.Errorf("must be a country code such as 86")
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

func checkZone(v string) error {
	if _, err := time.LoadLocation(v); err != nil {
		return fmt.Errorf("must be a time zone such as Asia/Shanghai")
	}
	return nil
}

func checkRate(v string) error { _, err := ParseRate(v); return err }

func checkPrice(v string) error {
	if p, err := strconv.ParseFloat(v, 64); err != nil || p < 0 || p > 100 {
		return fmt.Errorf("must be a price such as 0.045")
	}
	return nil
}

// Rules are what an inbox's settings say about its texts.
type Rules struct {
	Form              Form
	Country           string
	quiet             Quiet
	rate, numberRate  Rate
	price             float64
	currency, out, in string
}

// Read reads the rules of an inbox; what was checked when it was saved is taken as it is.
func Read(k channels.Kind, inbox conversation.Inbox) Rules {
	value := func(key string) string { return k.Value(inbox, key) }
	zone, err := time.LoadLocation(value(keyZone))
	if err != nil {
		zone = time.UTC
	}
	r := Rules{Country: value(keyCountry), currency: value(keyCurrency), out: value(keyOut), in: value(keyIn)}
	if sign := value(keySign); sign != "" {
		r.Form.Sign = "【" + sign + "】"
	}
	r.Form.Parts, _ = strconv.Atoi(value(keyParts))
	r.quiet, _ = ParseQuiet(value(keyQuiet), zone)
	r.rate, _ = ParseRate(value(keyRate))
	r.numberRate, _ = ParseRate(value(keyNumberRate))
	r.price, _ = strconv.ParseFloat(value(keyPrice), 64)
	return r
}

// Incoming is a text of a customer's: its number in one spelling, and what it says about wanting texts.
func (r Rules) Incoming(source, from, text string) (conversation.Incoming, bool) {
	number := Number(from, r.Country)
	in := conversation.Incoming{SourceID: source, Address: number, Text: strings.TrimSpace(text), Consent: Consent(text),
		Profile: conversation.Profile{Phone: "+" + number, Verified: true}}
	switch in.Consent {
	case conversation.OptOut:
		in.Say = unless(r.out)
	case conversation.OptIn:
		in.Say = unless(r.in)
	}
	return in, number != ""
}

func unless(words string) string {
	if words == "-" {
		return ""
	}
	return words
}
