package nlu

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// listed writes entities as kind:text=value, joined by " | ".
func listed(entities []Entity) string {
	parts := make([]string, len(entities))
	for i, e := range entities {
		parts[i] = string(e.Kind) + ":" + e.Text + "=" + e.Value
	}
	return strings.Join(parts, " | ")
}

func TestEntities(t *testing.T) {
	cases := []struct{ name, text, want string }{
		{"none", "我想退款", ""},
		{"empty", "", ""},

		{"mobile", "我的手机13812345678打不通", "phone:13812345678=+8613812345678"},
		{"mobile in groups", "call 138-1234-5678 please", "phone:138-1234-5678=+8613812345678"},
		{"mobile with spaces", "138 1234 5678", "phone:138 1234 5678=+8613812345678"},
		{"mobile with country", "+86 138 1234 5678", "phone:+86 138 1234 5678=+8613812345678"},
		{"mobile with 0086", "008613812345678", "phone:008613812345678=+8613812345678"},
		{"mobile in full width", "电话１３８１２３４５６７８", "phone:１３８１２３４５６７８=+8613812345678"},
		{"two mobiles", "13812345678或13912345678", "phone:13812345678=+8613812345678 | phone:13912345678=+8613912345678"},
		{"mobile is no part of a longer number", "138123456789012", "order:138123456789012=138123456789012"},
		{"landline", "010-12345678", "phone:010-12345678=+861012345678"},
		{"landline with bracket", "(021)6123 4567", "phone:(021)6123 4567=+862161234567"},
		{"landline of a small city", "0755-82345678-801", "phone:0755-82345678-801=+8675582345678"},
		{"landline with extension word", "021-61234567转801", "phone:021-61234567转801=+862161234567"},
		{"landline with country", "+86 21 6123 4567", "phone:+86 21 6123 4567=+862161234567"},
		{"400", "拨打400-800-1234", "phone:400-800-1234=4008001234"},
		{"400 in fours", "4008-001-234 或 400 8001 234", "phone:400 8001 234=4008001234"},
		{"British", "+44 20 7946 0958", "phone:+44 20 7946 0958=+442079460958"},
		{"American", "+1 (415) 555-2671", "phone:+1 (415) 555-2671=+14155552671"},
		{"American without country", "415-555-2671", "phone:415-555-2671=4155552671"},
		{"too short for a phone", "+86 123", ""},

		{"email", "写到 Li.Wei+test@Example.com.cn。", "email:Li.Wei+test@Example.com.cn=li.wei+test@example.com.cn"},
		{"email next to Han", "邮箱是a@b.cn谢谢", "email:a@b.cn=a@b.cn"},
		{"no email", "@客服 你好", ""},

		{"link", "打开https://example.com/a?b=1，然后", "url:https://example.com/a?b=1=https://example.com/a?b=1"},
		{"link at the end of a sentence", "see http://example.com/x.", "url:http://example.com/x=http://example.com/x"},
		{"www", "www.example.com 打不开", "url:www.example.com=www.example.com"},
		{"bare domain", "example.com/help 打不开", "url:example.com/help=example.com/help"},
		{"domain of an email is no link", "a@example.com", "email:a@example.com=a@example.com"},

		{"order with key", "订单号：20260001", "order:20260001=20260001"},
		{"order with traditional key", "訂單號 A12345", "order:A12345=A12345"},
		{"order with verb", "我的工单号是GD-2026-00123", "order:GD-2026-00123=GD-2026-00123"},
		{"order in English", "order number 123456 is late", "order:123456=123456"},
		{"ticket", "Ticket #HY-10023", "order:HY-10023=HY-10023"},
		{"hash", "关于 #10023", "order:10023=10023"},
		{"no order", "in order to pay 5 bills", ""},
		{"letters and digits", "查一下SF1234567890", "order:SF1234567890=SF1234567890"},
		{"many digits", "9876543210 什么时候到", "order:9876543210=9876543210"},
		{"model names are no orders", "iphone15 windows11 covid19", ""},
		{"quantities are no orders", "100mbps 5000mah", ""},
		{"number that is a mobile", "number 13812345678", "phone:13812345678=+8613812345678"},

		{"date", "2026-11-21到期", "date:2026-11-21=2026-11-21"},
		{"date with slashes", "2026/3/5", "date:2026/3/5=2026-03-05"},
		{"date in one", "20261121", "date:20261121=2026-11-21"},
		{"date with two marks is none", "2026-11/21", ""},
		{"impossible date", "2026-02-30", ""},
		{"leap day", "2028-02-29", "date:2028-02-29=2028-02-29"},
		{"Chinese date", "2026年11月21日", "date:2026年11月21日=2026-11-21"},
		{"Chinese date without year", "11月21号", "date:11月21号=--11-21"},
		{"Chinese numerals", "二〇二六年十一月二十一日", "date:二〇二六年十一月二十一日=2026-11-21"},
		{"short year", "26年3月5日", "date:26年3月5日=2026-03-05"},
		{"this year", "今年3月5日", "date:今年3月5日=--03-05"},
		{"English date", "Nov 21, 2026", "date:Nov 21, 2026=2026-11-21"},
		{"English date, day first", "the 21st of November 2026", "date:21st of November 2026=2026-11-21"},
		{"English date without year", "on March 3rd", "date:March 3rd=--03-03"},
		{"month first", "11/21/2026", "date:11/21/2026=2026-11-21"},
		{"day first", "21/11/2026", "date:21/11/2026=2026-11-21"},
		{"either first", "03/04/2026", "date:03/04/2026="},
		{"yesterday", "昨天下午断的", "date:昨天下午="},
		{"last month", "上个月的账单", "date:上个月="},
		{"next Monday", "下周一来", "date:下周一="},
		{"days ago", "三天前寄的", "date:三天前="},
		{"tomorrow", "can you come Tomorrow morning?", "date:Tomorrow morning="},
		{"two weeks ago", "I paid 2 weeks ago", "date:2 weeks ago="},

		{"yuan", "扣了100元", "amount:100元=100.00 CNY"},
		{"yen sign", "¥12.5", "amount:¥12.5=12.50 CNY"},
		{"full-width sign", "￥１２", "amount:￥１２=12.00 CNY"},
		{"ten thousands", "3万块", "amount:3万块=30000.00 CNY"},
		{"fraction of ten thousand", "1.25万元", "amount:1.25万元=12500.00 CNY"},
		{"tenths", "12块5", "amount:12块5=12.50 CNY"},
		{"thousands", "1,234.50元", "amount:1,234.50元=1234.50 CNY"},
		{"Chinese number", "三百五十块钱", "amount:三百五十块钱=350.00 CNY"},
		{"together is no amount", "一块去吧", ""},
		{"coins", "5毛", "amount:5毛=0.50 CNY"},
		{"dollars", "$20 or 30 dollars", "amount:$20=20.00 USD | amount:30 dollars=30.00 USD"},
		{"cents", "99 cents", "amount:99 cents=0.99 USD"},
		{"euros", "€5.5", "amount:€5.5=5.50 EUR"},
		{"k", "USD 2k", "amount:USD 2k=2000.00 USD"},
		{"HK", "HK$100", "amount:HK$100=100.00 HKD"},

		{"identity card", "身份证11010519491231002X", "id_card:11010519491231002X=11010519491231002X"},
		{"identity card in lower case", "11010519491231002x", "id_card:11010519491231002x=11010519491231002X"},
		{"identity card in groups", "110105 19491231 002X", "id_card:110105 19491231 002X=11010519491231002X"},
		{"bad check digit", "110105194912310021", "order:110105194912310021=110105194912310021"},
		{"bank card", "卡号6222021234567890128", "bank_card:6222021234567890128=6222021234567890128"},
		{"bank card in groups", "4111 1111 1111 1111", "bank_card:4111 1111 1111 1111=4111111111111111"},
		{"bank card and a number", "4111 1111 1111 1111 12", "bank_card:4111 1111 1111 1111=4111111111111111"},
		{"amex", "3782-822463-10005", "bank_card:3782-822463-10005=378282246310005"},
		{"no Luhn", "4111111111111112", "order:4111111111111112=4111111111111112"},

		{
			"many", "我13812345678昨天在www.example.com买的，订单号A1234567，付了99元",
			"phone:13812345678=+8613812345678 | date:昨天= | url:www.example.com=www.example.com | order:A1234567=A1234567 | amount:99元=99.00 CNY",
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			entities := findEntities(c.text)
			if got := listed(entities); got != c.want {
				t.Errorf("%q: got  %s\nwant %s", c.text, got, c.want)
			}
			for _, e := range entities {
				if c.text[e.Start:e.End] != e.Text {
					t.Errorf("%q: offsets %d-%d are not %q", c.text, e.Start, e.End, e.Text)
				}
			}
		})
	}
}

func TestEntitiesLimit(t *testing.T) {
	if got := len(findEntities(strings.Repeat("13812345678 ", 500))); got != maxEntities {
		t.Errorf("%d entities, want %d", got, maxEntities)
	}
}

func TestEntitiesAcrossHiddenCharacters(t *testing.T) {
	text := "138\u200b1234\u200b5678"
	entities := findEntities(text)
	if len(entities) != 1 || entities[0].Value != "+8613812345678" || entities[0].Text != text {
		t.Errorf("got %s", listed(entities))
	}
}

func TestMask(t *testing.T) {
	cases := []struct{ name, text, want string }{
		{"nothing", "你好", "你好"},
		{"identity card", "身份证11010519491231002X。", "身份证1101**************。"},
		{"bank card", "卡号6222021234567890128", "卡号***************0128"},
		{"bank card in groups", "4111 1111 1111 1111 谢谢", "**** **** **** 1111 谢谢"},
		{"full width", "４１１１１１１１１１１１１１１１", "************１１１１"},
		{"both", "11010519491231002X/4111111111111111", "1101**************/************1111"},
		{"bad check digits stay", "110105194912310021 4111111111111112", "110105194912310021 4111111111111112"},
		{"phone stays", "13812345678", "13812345678"},
		{"order number stays", "SF1234567890123456", "SF1234567890123456"},
		{"invalid bytes stay", "\xff4111111111111111\xff", "\xff************1111\xff"},
		{"empty", "", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := Mask(c.text); got != c.want {
				t.Errorf("Mask(%q) = %q, want %q", c.text, got, c.want)
			}
		})
	}
}

func TestMaskBeyondAnalysisLimit(t *testing.T) {
	text := strings.Repeat("好 ", maxText) + "4111111111111111"
	if got := Mask(text); strings.Contains(got, "4111") || !strings.HasSuffix(got, "1111") {
		t.Error("a card behind the first 8 KiB is not masked")
	}
}

func FuzzMask(f *testing.F) {
	f.Add("11010519491231002X 4111 1111 1111 1111")
	f.Add("\xff４１１１１１１１１１１１１１１１")
	f.Fuzz(func(t *testing.T, text string) {
		masked := Mask(text)
		if len(masked) > len(text) {
			t.Fatalf("Mask(%q) grew to %q", text, masked)
		}
		if utf8.RuneCountInString(masked) != utf8.RuneCountInString(text) {
			t.Fatalf("Mask(%q) = %q lost a character", text, masked)
		}
	})
}

func TestHanNumber(t *testing.T) {
	cases := []struct {
		text string
		want int
		ok   bool
	}{
		{"三", 3, true},
		{"十", 10, true},
		{"十二", 12, true},
		{"二十", 20, true},
		{"二十一", 21, true},
		{"三百五", 350, true},
		{"三百零五", 305, true},
		{"两千五", 2500, true},
		{"一千零五十", 1050, true},
		{"三万五", 35000, true},
		{"十二万", 120000, true},
		{"一亿两千万", 120000000, true},
		{"二〇二六", 2026, true},
		{"", 0, false},
		{"几百", 0, false},
		{"九亿亿亿亿", 0, false},
		{"九九九九九九九九九九九九九九", 0, false},
	}
	for _, c := range cases {
		got, ok := hanNumber(c.text)
		if ok != c.ok || ok && got != c.want {
			t.Errorf("hanNumber(%q) = %d, %v, want %d, %v", c.text, got, ok, c.want, c.ok)
		}
	}
}

func TestShift(t *testing.T) {
	cases := []struct {
		number string
		places int
		want   string
	}{
		{"12", 0, "12.00"},
		{"12.5", 0, "12.50"},
		{"12.345", 0, "12.345"},
		{"1.25", 4, "12500.00"},
		{"5", -1, "0.50"},
		{"99", -2, "0.99"},
		{"5", -2, "0.05"},
		{"007", 0, "7.00"},
		{"0", 0, "0.00"},
	}
	for _, c := range cases {
		if got := shift(c.number, c.places); got != c.want {
			t.Errorf("shift(%q, %d) = %q, want %q", c.number, c.places, got, c.want)
		}
	}
}
