package smpp

import (
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"huiyin/channels"
	"huiyin/channels/internal/texting"
	"huiyin/conversation"
)

const (
	keyHost     = "host"
	keyPort     = "port"
	keyTLS      = "tls"
	keySystem   = "system_id"
	keyPassword = "password"
	keyType     = "system_type"
	keySource   = "source_addr"
	keyBind     = "bind"
	keyWindow   = "window"
	keyPayload  = "payload"
	keyIDs      = "message_ids"
	keyJoin     = "join_seconds"
)

// What the selects may say.
const (
	bindBoth  = "transceiver"
	bindApart = "transmitter_receiver"

	payloadUDH     = "udh"
	payloadSAR     = "sar"
	payloadMessage = "message_payload"

	idsSame   = "same"
	idsHexDec = "hex_dec"
	idsDecHex = "dec_hex"
)

func kind() channels.Kind {
	words := func(zh, en string) channels.Words { return channels.Words{Zh: zh, En: en} }
	return channels.Kind{Name: "sms_smpp", Title: words("短信（SMPP）", "SMS (SMPP)"), Settings: append([]channels.Setting{
		{Key: keyHost, Type: channels.Text, Required: true, Label: words("短信中心地址", "Host of the SMSC"), Check: checkHost,
			Help: words("运营商或聚合商给出的地址，不带端口。", "As the carrier or aggregator names it, without the port.")},
		{Key: keyPort, Type: channels.Number, Default: "2775", Label: words("端口", "Port"), Check: between(1, 65535), Help: words("通常是 2775，TLS 为 3550。", "Usually 2775, with TLS 3550.")},
		{Key: keyTLS, Type: channels.Boolean, Default: "false", Label: words("TLS 加密", "TLS"), Help: words("短信中心支持时应打开。", "Turn it on where the SMSC offers it.")},
		{Key: keySystem, Type: channels.Text, Required: true, Label: words("System ID", "System ID"), Check: atMost(15), Help: words("登录名，最多 15 个字符。", "The name to bind by, at most 15 characters.")},
		{Key: keyPassword, Type: channels.Text, Required: true, Secret: true, Label: words("密码", "Password"), Check: atMost(16),
			Help: words("协议规定最多 8 个字符，多数短信中心接受更长。", "The protocol allows 8 characters; most SMSCs take more.")},
		{Key: keyType, Type: channels.Text, Label: words("System type", "System type"), Check: atMost(12), Help: words("短信中心要求时填写。", "Where the SMSC asks for one.")},
		{Key: keySource, Type: channels.Text, Required: true, Label: words("发送号码", "Sender"), Check: checkSource,
			Help: words("接入号、号码或最多 11 个字母数字。", "A short code, a number, or at most 11 letters and digits.")},
		{Key: keyBind, Type: channels.Select, Default: bindBoth, Label: words("连接方式", "Bind as"), Help: words("由短信中心规定。", "As the SMSC prescribes."), Options: []channels.Option{
			{Value: bindBoth, Label: words("一条收发连接", "transceiver")}, {Value: bindApart, Label: words("收、发各一条", "transmitter and receiver")}}},
		{Key: keyWindow, Type: channels.Number, Default: "10", Label: words("窗口", "Window"), Check: between(1, 1000),
			Help: words("同时等待应答的短信数，不超过短信中心允许的数目。", "Texts that may wait for their response; no more than the SMSC allows.")},
		{Key: keyPayload, Type: channels.Select, Default: payloadUDH, Label: words("长短信方式", "Long texts"), Help: words("由短信中心规定。", "As the SMSC prescribes."), Options: []channels.Option{
			{Value: payloadUDH, Label: words("分条，UDH 头", "parts with a UDH")}, {Value: payloadSAR, Label: words("分条，SAR 参数", "parts with SAR parameters")},
			{Value: payloadMessage, Label: words("整条放入 message_payload", "whole, in message_payload")}}},
		{Key: keyIDs, Type: channels.Select, Default: idsSame, Label: words("短信编号写法", "Message ids"), Help: words("应答与回执的写法不同时选择。", "Where responses and receipts write them differently."), Options: []channels.Option{
			{Value: idsSame, Label: words("相同", "the same in both")}, {Value: idsHexDec, Label: words("应答十六进制，回执十进制", "hexadecimal in responses, decimal in receipts")},
			{Value: idsDecHex, Label: words("应答十进制，回执十六进制", "decimal in responses, hexadecimal in receipts")}}},
		{Key: keyJoin, Type: channels.Number, Default: "10", Label: words("等齐长短信的秒数", "Seconds to wait for all parts"), Check: between(1, 300),
			Help: words("到时仍不齐的按不完整收下。短信中心一次只发一条时填 1。", "What is incomplete by then is taken as it is. 1 where the SMSC sends one at a time.")},
	}, texting.Settings()...)}
}

func checkHost(v string) error {
	if strings.ContainsAny(v, "/@ ") || strings.Contains(v, ":") && net.ParseIP(v) == nil {
		return fmt.Errorf("must be a host such as smsc.example.com, without port")
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

// atMost bounds a C-Octet String, which is ASCII and ends at the first zero.
func atMost(n int) func(string) error {
	return func(v string) error {
		if len(v) > n || !printable(v) {
			return fmt.Errorf("must be at most %d ASCII characters", n)
		}
		return nil
	}
}

func printable(v string) bool {
	for i := range len(v) {
		if v[i] < 0x20 || v[i] > 0x7e {
			return false
		}
	}
	return true
}

func checkSource(v string) error {
	if _, digits := digitsOf(v); digits && len(v) <= 20 || printable(v) && len(v) <= 11 {
		return nil
	}
	return fmt.Errorf("must be a number, or at most 11 letters and digits")
}

// digitsOf is a number without its plus.
func digitsOf(v string) (string, bool) {
	n := strings.TrimPrefix(v, "+")
	for i := range len(n) {
		if n[i] < '0' || n[i] > '9' {
			return v, false
		}
	}
	return n, n != ""
}

// account is what an inbox's settings say about its SMSC.
type account struct {
	host, address, system, password, systemType string
	secure, apart                               bool
	source, payload, ids                        string
	window                                      int
	join                                        time.Duration
}

func read(k channels.Kind, inbox conversation.Inbox) account {
	value := func(key string) string { return k.Value(inbox, key) }
	a := account{host: value(keyHost), address: net.JoinHostPort(value(keyHost), value(keyPort)), system: value(keySystem), password: value(keyPassword),
		systemType: value(keyType), secure: value(keyTLS) == "true", apart: value(keyBind) == bindApart, source: value(keySource),
		payload: value(keyPayload), ids: value(keyIDs)}
	a.window, _ = strconv.Atoi(value(keyWindow))
	a.window = max(1, a.window)
	seconds, _ := strconv.Atoi(value(keyJoin))
	a.join = time.Duration(seconds) * time.Second
	return a
}
