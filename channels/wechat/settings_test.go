package wechat

import (
	"strings"
	"testing"
)

func TestSettingsAreChecked(t *testing.T) {
	for key, values := range map[string]map[string]bool{
		keyAppID:    {testApp: true, "wx 1": false, "../x": false},
		keyToken:    {"abc": true, "ab": false, "a b c": false, "你好吗": false},
		keyAES:      {testKey: true, testKey[:42]: false, strings.Repeat("-", 43): false},
		keyMode:     {modeSafe: true, "secret": false},
		keyBase:     {"https://proxy.example.com/wx": true, "http://127.0.0.1:8081": true, "proxy.example.com": false, "ftp://x": false, "https://u:p@x": false, "https://x?y": false},
		keyPassive:  {"on": true, "off": true, "true": true, "sometimes": false},
		keyWait:     {"4500": true, "500": true, "4801": false, "0": false, "soon": false},
		keyQuotas:   {"message=5/48h\nmenu=3/1m": true, "message=5": false, "payment=5/48h": false},
		keyKeywords: {"价格=九元": true, "价格": false, "=x": false, "x= ": false},
		keyNotice:   {noticeSubscribe: true, "letter": false},
		keyData:     {"thing1={text}": true, "thing 1=x": false, "x": false},
		keyOriginal: {"gh_0123456789ab": true, "a b": false},
		keyTemplate: {"ngqIpbwh8bUfcSsECmogfXcV14J0tQlEpBO27izEYtY": true, "a b": false},
	} {
		for value, ok := range values {
			if _, err := officialKind().Apply(settings(), map[string]string{key: value}); (err == nil) != ok {
				t.Errorf("%s %q: %v", key, value, err)
			}
		}
	}
	for mode, ok := range map[string]bool{"": false, modeSafe: false, modeCompatible: false, modePlain: true} {
		if _, err := officialKind().Apply(settings(keyAES, "", keyMode, ""), map[string]string{keyMode: mode}); (err == nil) != ok {
			t.Errorf("mode %q without a key: %v", mode, err)
		}
	}
	if _, err := miniKind().Apply(settings(), map[string]string{keyFormat: "yaml"}); err == nil {
		t.Error("a format that there is not")
	}
}
