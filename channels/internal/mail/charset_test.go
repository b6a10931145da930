package mail

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

const (
	simplified  = "您好，我的订单还没有收到，请帮我查一下物流。谢谢！"
	traditional = "您好，我的訂單還沒有收到，請幫我查一下物流。謝謝！"
	japaneseOne = "お世話になっております。注文した商品がまだ届いておりません。"
	koreanOne   = "안녕하세요, 주문한 상품이 아직 도착하지 않았습니다."
	western     = "Grüße aus München, die Bestellung fehlt noch für Frau Müller."
)

func TestCharsets(t *testing.T) {
	for _, test := range []struct {
		name, text, label string
		encode            encoding.Encoding
	}{
		{"utf-8", simplified, "utf-8", nil},
		{"no label", simplified, "", nil},
		{"wrong label gbk", simplified, "gbk", nil},
		{"wrong label latin", western, "iso-8859-1", nil},
		{"unknown label", simplified, "x-nobody-knows", nil},
		{"gbk", simplified, "gbk", simplifiedchinese.GBK},
		{"gb2312 in capitals", simplified, "GB2312", simplifiedchinese.GBK},
		{"gbk in quotes", simplified, `"gbk"`, simplifiedchinese.GBK},
		{"gb18030 beyond gbk", "㐀𠀀" + simplified, "gb18030", simplifiedchinese.GB18030},
		{"gbk characters labelled gb2312", "镕旻" + simplified, "gb2312", simplifiedchinese.GBK},
		{"hz", simplified, "hz-gb-2312", simplifiedchinese.HZGB2312},
		{"big5", traditional, "big5", traditionalchinese.Big5},
		{"iso-2022-jp", japaneseOne, "iso-2022-jp", japanese.ISO2022JP},
		{"iso-2022-jp labelled utf-8", japaneseOne, "utf-8", japanese.ISO2022JP},
		{"iso-2022-jp without a label", japaneseOne, "", japanese.ISO2022JP},
		{"shift_jis", japaneseOne, "shift_jis", japanese.ShiftJIS},
		{"euc-kr as ks_c_5601", koreanOne, "ks_c_5601-1987", korean.EUCKR},
		{"utf-16", simplified, "utf-16", unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)},
		{"utf-7", "Hi +AGE-b+-c &", "utf-7", nil},
		{"gbk without a label", simplified, "", simplifiedchinese.GBK},
		{"gbk labelled utf-8", simplified, "utf-8", simplifiedchinese.GBK},
		{"gbk labelled us-ascii", simplified, "us-ascii", simplifiedchinese.GBK},
		{"gbk labelled iso-8859-1", simplified, "iso-8859-1", simplifiedchinese.GBK},
		{"big5 without a label", traditional, "", traditionalchinese.Big5},
		{"big5 labelled utf-8", traditional, "utf-8", traditionalchinese.Big5},
		{"shift_jis without a label", japaneseOne, "", japanese.ShiftJIS},
		{"euc-kr without a label", koreanOne, "", korean.EUCKR},
		{"a short word of gbk", "中国", "gb2312", simplifiedchinese.GBK},
		{"a short word that is valid utf-8 by accident", "隆", "gb2312", simplifiedchinese.GBK},
	} {
		t.Run(test.name, func(t *testing.T) {
			data := test.text
			if test.encode != nil {
				out, err := test.encode.NewEncoder().String(test.text)
				if err != nil {
					t.Fatal(err)
				}
				data = out
			}
			want := test.text
			if test.label == "utf-7" {
				want = "Hi ab+c &"
			}
			if got := decodeText([]byte(data), test.label); got != want {
				t.Errorf("%q", got)
			}
		})
	}
}

func TestWesternTextIsNotTakenForChinese(t *testing.T) {
	for _, label := range []string{"", "iso-8859-1", "windows-1252", "us-ascii"} {
		if got := decodeText([]byte("Gr\xfc\xdfe aus M\xfcnchen, die Bestellung fehlt noch f\xfcr Frau M\xfcller."), label); got != western {
			t.Errorf("%q: %q", label, got)
		}
	}
}

func TestBrokenUTF8KeepsTheRest(t *testing.T) {
	if got := decodeText([]byte(simplified[:20]+simplified[22:]), "utf-8"); !strings.Contains(got, "没有收到") {
		t.Errorf("%q", got)
	}
}

func TestHeaders(t *testing.T) {
	gbk, _ := simplifiedchinese.GBK.NewEncoder().String("你好")
	for _, test := range []struct{ name, in, want string }{
		{"plain", "hello", "hello"},
		{"two words joined", "=?utf-8?B?5L2g?= =?utf-8?B?5aW9?=", "你好"},
		{"cut within a character", "=?utf-8?B?5L0=?= =?utf-8?B?oOWlvQ==?=", "你好"},
		{"folded", "=?gb2312?B?xOM=?=  =?gb2312?B?usM=?=", "你好"},
		{"without padding", "=?gbk?B?xOO6ww?=", "你好"},
		{"q with underscores", "=?utf-8?Q?a_b=E4=BD=A0?=", "a b你"},
		{"q with spaces", "=?utf-8?Q?a b?=", "a b"},
		{"text between", "Re: =?utf-8?B?5L2g?= and =?utf-8?B?5aW9?=", "Re: 你 and 好"},
		{"no space around", "Re:=?utf-8?B?5L2g?=!", "Re:你!"},
		{"a language", "=?utf-8*zh?B?5L2g?=", "你"},
		{"raw gbk", gbk, "你好"},
		{"raw utf-8", "你好", "你好"},
		{"never ends", "=?utf-8?B?5L2g", "=?utf-8?B?5L2g"},
		{"no such coding", "=?utf-8?X?5L2g?=", "=?utf-8?X?5L2g?="},
		{"iso-2022-jp", "=?ISO-2022-JP?B?GyRCJCIbKEI=?=", "あ"},
		{"wrong label", "=?gb2312?B?5L2g5aW95ZCX?=", "你好吗"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := decodeHeader(test.in); got != test.want {
				t.Errorf("%q, want %q", got, test.want)
			}
		})
	}
}
