package smpp

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/linxGnu/gosmpp/data"
)

// deliver is the body of a deliver_sm.
func deliver(class, coding byte, text []byte, parameters ...[]byte) []byte {
	b := append([]byte{0, 1, 1}, "8613800138000\x00\x00\x0110690001\x00"...)
	b = append(b, class, 0, 0, 0, 0, 0, 0, coding, 0, byte(len(text)))
	return append(append(b, text...), bytes.Join(parameters, nil)...)
}

func parameter(tag uint16, value ...byte) []byte {
	b := binary.BigEndian.AppendUint16(nil, tag)
	return append(binary.BigEndian.AppendUint16(b, uint16(len(value))), value...)
}

func framed(length int, body ...byte) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(length))
	return append(append(b, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 1), body...)
}

func TestFrames(t *testing.T) {
	var length errFrame
	for name, c := range map[string]struct {
		raw  []byte
		want func(error) bool
	}{
		"nothing":                      {nil, func(err error) bool { return err == io.EOF }},
		"half a header":                {framed(16)[:9], func(err error) bool { return err == io.ErrUnexpectedEOF }},
		"a header":                     {framed(16), func(err error) bool { return err == nil }},
		"a length of zero":             {framed(0), func(err error) bool { return errors.As(err, &length) }},
		"a length of fifteen":          {framed(15), func(err error) bool { return errors.As(err, &length) }},
		"a body that is missing":       {framed(20), func(err error) bool { return err != nil && !errors.As(err, &length) }},
		"a body that is cut":           {framed(20, 1, 2), func(err error) bool { return err == io.ErrUnexpectedEOF }},
		"the longest":                  {framed(maxFrame, make([]byte, maxFrame-16)...), func(err error) bool { return err == nil }},
		"one more than the longest":    {framed(maxFrame + 1), func(err error) bool { return errors.As(err, &length) }},
		"two gigabytes":                {framed(1 << 31), func(err error) bool { return errors.As(err, &length) }},
		"the largest number":           {framed(1<<32 - 1), func(err error) bool { return errors.As(err, &length) }},
		"text instead of the protocol": {[]byte("GET / HTTP/1.1\r\n\r\n"), func(err error) bool { return errors.As(err, &length) }},
	} {
		if _, err := readFrame(bytes.NewReader(c.raw)); !c.want(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDeliveries(t *testing.T) {
	header := func(h ...byte) []byte { return append(append([]byte{byte(len(h))}, h...), "hi"...) }
	for _, c := range []struct {
		name string
		body []byte
		want string // the text and the place; "bad"
	}{
		{"plain", deliver(0, 0, []byte("hi")), "hi 0/0"},
		{"empty", deliver(0, 0, nil), " 0/0"},
		{"payload", deliver(0, 0, nil, parameter(0x0424, 'h', 'i')), "hi 0/0"},
		{"payload beside a text: the text counts", deliver(0, 0, []byte("hi"), parameter(0x0424, 'x')), "hi 0/0"},
		{"an empty payload", deliver(0, 0, nil, parameter(0x0424)), " 0/0"},
		{"a parameter nobody knows", deliver(0, 0, []byte("hi"), parameter(0x1401, 1, 2, 3)), "hi 0/0"},
		{"one parameter twice", deliver(0, 0, nil, parameter(0x0424, 'h', 'i'), parameter(0x0424, 'x')), "hi 0/0"},
		{"a parameter cut in its tag", append(deliver(0, 0, []byte("hi")), 4), "bad"},
		{"a parameter cut in its length", append(deliver(0, 0, []byte("hi")), 4, 0x24, 0), "bad"},
		{"a parameter longer than the PDU", append(deliver(0, 0, []byte("hi")), 4, 0x24, 0, 9, 1), "bad"},
		{"a parameter of 64 KiB that is not there", append(deliver(0, 0, []byte("hi")), 4, 0x24, 0xff, 0xff), "bad"},
		{"no body", nil, "bad"},
		{"no end of the service type", []byte("CMT"), "bad"},
		{"no end of the source", append([]byte{0, 1, 1}, "86138"...), "bad"},
		{"no destination", append([]byte{0, 1, 1}, "86138\x00"...), "bad"},
		{"no end of the destination", append([]byte{0, 1, 1}, "86138\x00\x00\x01106"...), "bad"},
		{"cut at the class", deliver(0, 0, nil)[:27], "bad"},
		{"sm_length beyond the end", func() []byte { b := deliver(0, 0, []byte("hi")); b[len(b)-3] = 9; return b }(), "bad"},
		{"sm_length short of the end", func() []byte { b := deliver(0, 0, []byte("hithere")); b[len(b)-8] = 2; return b }(), "bad"},
		{"no sm_length", deliver(0, 0, nil)[:len(deliver(0, 0, nil))-1], "bad"},
		{"first of two", deliver(0x40, 0, header(0, 3, 7, 2, 1)), "hi 1/2"},
		{"second of two, 16 bits", deliver(0x40, 0, header(8, 4, 1, 7, 2, 2)), "hi 2/2"},
		{"two elements", deliver(0x40, 0, header(5, 4, 1, 2, 3, 4, 0, 3, 7, 2, 1)), "hi 1/2"},
		{"an element nobody knows", deliver(0x40, 0, header(0x24, 1, 5)), "hi 0/0"},
		{"the first of one is whole", deliver(0x40, 0, header(0, 3, 7, 1, 1)), "hi 0/0"},
		{"the third of two is whole", deliver(0x40, 0, header(0, 3, 7, 2, 3)), "hi 0/0"},
		{"the nought of two is whole", deliver(0x40, 0, header(0, 3, 7, 2, 0)), "hi 0/0"},
		{"one of none", deliver(0x40, 0, header(0, 3, 7, 0, 1)), "hi 0/0"},
		{"an element of a wrong length", deliver(0x40, 0, header(0, 2, 7, 2)), "hi 0/0"},
		{"255 parts", deliver(0x40, 0, header(0, 3, 7, 255, 255)), "hi 255/255"},
		{"a header of no length", deliver(0x40, 0, append([]byte{0}, "hi"...)), "hi 0/0"},
		{"a header longer than the text", deliver(0x40, 0, []byte{9, 0, 3, 7, 2, 1}), "bad"},
		{"a header of 255", deliver(0x40, 0, []byte{255}), "bad"},
		{"an element longer than the header", deliver(0x40, 0, header(0, 9, 7, 2, 1)), "bad"},
		{"an element without a length", deliver(0x40, 0, header(0)), "bad"},
		{"a header and no text", deliver(0x40, 0, []byte{5, 0, 3, 7, 2, 1}), " 1/2"},
		{"announced and not there", deliver(0x40, 0, nil), "bad"},
		{"in the payload", deliver(0x40, 0, nil, parameter(0x0424, header(0, 3, 7, 2, 1)...)), "hi 1/2"},
		{"not announced", deliver(0, 0, header(0, 3, 7, 2, 1)), "é@ " + "…"},
		{"SAR", deliver(0, 0, []byte("hi"), parameter(0x020c, 1, 7), parameter(0x020e, 2), parameter(0x020f, 2)), "hi 2/2"},
		{"SAR without the number", deliver(0, 0, []byte("hi"), parameter(0x020c, 1, 7), parameter(0x020e, 2)), "hi 0/0"},
		{"SAR, a reference of one byte", deliver(0, 0, []byte("hi"), parameter(0x020c, 7), parameter(0x020e, 2), parameter(0x020f, 2)), "hi 0/0"},
		{"SAR, the fifth of two", deliver(0, 0, []byte("hi"), parameter(0x020c, 1, 7), parameter(0x020e, 2), parameter(0x020f, 5)), "hi 0/0"},
	} {
		d, err := parseDelivery(frame{id: data.DELIVER_SM, body: c.body})
		got := fmt.Sprintf("%s %d/%d", textOf(d.data, d.coding), d.part.n, d.part.total)
		if err != nil {
			got = "bad"
		}
		if got != c.want && !strings.HasSuffix(c.want, "…") || err != nil && c.want != "bad" {
			t.Errorf("%s: %q, %v; want %q", c.name, got, err, c.want)
		}
	}
}

func TestDataSM(t *testing.T) {
	body := append([]byte{0, 1, 1}, "8613800138000\x00\x00\x0110690001\x00\x00\x00\x08"...)
	d, err := parseDelivery(frame{id: data.DATA_SM, body: append(body, parameter(0x0424, 0x4f, 0x60)...)})
	if err != nil || textOf(d.data, d.coding) != "你" || d.source != "8613800138000" || d.dest != "10690001" {
		t.Errorf("%+v, %v", d, err)
	}
}

func TestTexts(t *testing.T) {
	for _, c := range []struct {
		name   string
		coding byte
		raw    []byte
		want   string
	}{
		{"GSM-7", 0, []byte{0, 'h', 'i'}, "@hi"},
		{"GSM-7, extended", 0, []byte{0x1b, 0x65, 0x1b, 0x3c}, "€["},
		{"GSM-7, an escape at the end", 0, []byte{'a', 0x1b}, "a\ufffd"},
		{"GSM-7, eight bits", 0, []byte{0xe9}, "\ufffd"},
		{"ASCII", 1, []byte("a@b_c$"), "a@b_c$"},
		{"ASCII that is not", 1, []byte{'a', 0xff}, "a\ufffd"},
		{"Latin-1", 3, []byte{0xe9, 0xdf}, "éß"},
		{"UCS-2", 8, []byte{0x4f, 0x60, 0x59, 0x7d}, "你好"},
		{"an emoji", 8, []byte{0xd8, 0x3d, 0xde, 0x00}, "😀"},
		{"a lone high surrogate", 8, []byte{0xd8, 0x3d, 0x00, 'a'}, "\ufffda"},
		{"a lone low surrogate", 8, []byte{0xde, 0x00, 0x00, 'a'}, "\ufffda"},
		{"half a unit", 8, []byte{0x4f, 0x60, 0x59}, "你\ufffd"},
		{"a zero inside", 8, []byte{0, 'a', 0, 0, 0, 'b'}, "ab"},
		{"binary", 4, []byte{1, 0xff}, "[binary: 01ff]"},
		{"binary, by the other value", 2, []byte{1}, "[binary: 01]"},
		{"Shift-JIS", 5, []byte{0x82, 0xa0}, "あ"},
		{"Cyrillic", 6, []byte{0xbf}, "П"},
		{"Hebrew", 7, []byte{0xe0}, "א"},
		{"Korean", 14, []byte{0xb0, 0xa1}, "가"},
		{"GBK", 15, []byte{0xc4, 0xe3}, "你"},
		{"GBK that is not", 15, []byte{0xff, 0xff}, "\ufffd"},
		{"a class, GSM-7", 0xf0, []byte("hi"), "hi"},
		{"a class, eight bits", 0xf5, []byte{1}, "[binary: 01]"},
		{"a class, UCS-2", 0x18, []byte{0x4f, 0x60}, "你"},
		{"waiting, UCS-2", 0xe0, []byte{0x4f, 0x60}, "你"},
		{"waiting, GSM-7", 0xd0, []byte("hi"), "hi"},
		{"reserved", 9, []byte("hi"), "hi"},
		{"nothing", 8, nil, ""},
	} {
		if got := textOf(c.raw, c.coding); !strings.HasPrefix(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestReports(t *testing.T) {
	form := "id:00A1 sub:001 dlvrd:001 submit date:2611220100 done date:2611220101 stat:%s err:%s text:id:9 stat:REJECTD"
	for _, c := range []struct {
		name string
		ids  string
		body []byte
		want string
	}{
		{"text", "", deliver(4, 0, fmt.Appendf(nil, form, "DELIVRD", "000")), "a1 delivered "},
		{"small letters", "", deliver(4, 0, []byte("ID:a1 Stat:delivrd")), "a1 delivered "},
		{"undeliverable", "", deliver(4, 0, fmt.Appendf(nil, form, "UNDELIV", "011")), "a1 failed the carrier could not deliver the text (error 011)"},
		{"expired", "", deliver(4, 0, fmt.Appendf(nil, form, "EXPIRED", "000")), "a1 failed the phone could not be reached in time"},
		{"rejected", "", deliver(4, 0, fmt.Appendf(nil, form, "REJECTD", "")), "a1 failed the carrier or the phone rejected the text"},
		{"deleted", "", deliver(4, 0, fmt.Appendf(nil, form, "DELETED", "1")), "a1 failed the carrier deleted the text (error 1)"},
		{"on its way", "", deliver(4, 0, fmt.Appendf(nil, form, "ENROUTE", "")), "nothing"},
		{"accepted", "", deliver(4, 0, fmt.Appendf(nil, form, "ACCEPTD", "")), "nothing"},
		{"unknown", "", deliver(4, 0, fmt.Appendf(nil, form, "UNKNOWN", "")), "nothing"},
		{"a word of their own", "", deliver(4, 0, fmt.Appendf(nil, form, "MA:0001", "")), "nothing"},
		{"no id", "", deliver(4, 0, []byte("stat:DELIVRD")), "nothing"},
		{"no state", "", deliver(4, 0, []byte("id:1")), "nothing"},
		{"nothing said", "", deliver(4, 0, nil), "nothing"},
		{"parameters", "", deliver(4, 0, nil, parameter(0x1e, 'A', '1', 0), parameter(0x427, 2)), "a1 delivered "},
		{"parameters before the text", "", deliver(4, 0, []byte("id:9 stat:UNDELIV"), parameter(0x1e, 'A', '1', 0), parameter(0x427, 2)), "a1 delivered "},
		{"parameters without the class", "", deliver(0, 0, nil, parameter(0x1e, 'A', '1', 0), parameter(0x427, 5)), "a1 failed the carrier could not deliver the text"},
		{"a fault by its parameter", "", deliver(4, 0, nil, parameter(0x1e, '1'), parameter(0x427, 5), parameter(0x423, 3, 0, 27)), "1 failed the carrier could not deliver the text (error 27)"},
		{"a state nobody knows", "", deliver(4, 0, nil, parameter(0x1e, '1'), parameter(0x427, 99)), "nothing"},
		{"state nought", "", deliver(4, 0, nil, parameter(0x1e, '1'), parameter(0x427, 0)), "nothing"},
		{"in between", "", deliver(0x20, 0, fmt.Appendf(nil, form, "ENROUTE", "")), "nothing"},
		{"response hexadecimal", idsHexDec, deliver(4, 0, []byte("id:0000000161 stat:DELIVRD")), "161 delivered "},
		{"response decimal", idsDecHex, deliver(4, 0, []byte("id:A1 stat:DELIVRD")), "161 delivered "},
		{"no number in spite of the setting", idsHexDec, deliver(4, 0, []byte("id:x-1 stat:DELIVRD")), "x-1 delivered "},
		{"an id of zeros", "", deliver(4, 0, []byte("id:000 stat:DELIVRD")), "000 delivered "},
		{"our reference alone", "", deliver(4, 0, []byte("stat:DELIVRD"), parameter(0x204, 1, 2)), " delivered "},
		{"in the payload", "", deliver(4, 0, nil, parameter(0x424, []byte("id:1 stat:DELIVRD")...)), "1 delivered "},
		{"a customer who writes like one", "", deliver(0, 0, []byte("id:1 stat:DELIVRD")), "a text"},
		{"a user's acknowledgement", "", deliver(0x10, 0, []byte("ok")), "a text"},
	} {
		d, err := parseDelivery(frame{id: data.DELIVER_SM, body: c.body})
		if err != nil {
			t.Fatal(c.name, err)
		}
		r, ok := d.report(account{ids: c.ids}).outcome()
		got := fmt.Sprintf("%s %s %s", r.ProviderID, r.State, r.Reason)
		if !ok {
			got = "nothing"
		}
		if !d.isReceipt() {
			got = "a text"
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if a := (account{ids: idsHexDec}); a.responseID("000000A1") != a.receiptID("161") {
		t.Error("hexadecimal and decimal are two")
	}
}

func TestRefusals(t *testing.T) {
	for status, retry := range map[data.CommandStatusType]bool{data.ESME_RINVSRCADR: false, data.ESME_RINVDSTADR: false, data.ESME_RINVMSGLEN: false, data.ESME_RINVESMCLASS: false,
		0xC1: false, data.ESME_RPROVNOTALLWD: false, data.ESME_RX_R_APPN: false, data.ESME_RSYSERR: true, data.ESME_RX_T_APPN: true, 0xFF: true, data.ESME_RSUBMITFAIL: true, 0x0401: false} {
		if e := refusal(status, 1); e.Retry != retry || e.Uncertain || e.Taken != 1 || e.Reason == "" {
			t.Errorf("%x: %+v", status, e)
		}
	}
}

func TestSettings(t *testing.T) {
	good := map[string]string{"host": "smsc.example.com", "system_id": "a", "password": "b", "source_addr": "10690001"}
	for _, c := range []struct {
		key, value string
		ok         bool
	}{
		{"host", "10.0.0.1", true}, {"host", "::1", true}, {"host", "smsc:2775", false}, {"host", "smpp://x", false}, {"host", "", false},
		{"port", "0", false}, {"port", "65535", true}, {"port", "65536", false}, {"window", "0", false}, {"window", "1000", true}, {"window", "x", false},
		{"system_id", "0123456789abcdef", false}, {"system_id", "a\x00b", false}, {"password", strings.Repeat("x", 17), false},
		{"source_addr", "+8613800138000", true}, {"source_addr", "StarBridge", true}, {"source_addr", "twelve chars", false}, {"source_addr", "星桥", false},
		{"source_addr", strings.Repeat("1", 21), false}, {"bind", "receiver", false}, {"payload", "sar", true}, {"join_seconds", "0", false}, {"tls", "maybe", false},
	} {
		with := map[string]string{c.key: c.value}
		if _, err := kind().Apply(good, with); (err == nil) != c.ok {
			t.Errorf("%s=%q: %v", c.key, c.value, err)
		}
	}
}

func TestSources(t *testing.T) {
	for v, want := range map[string][2]byte{"10690001": {0, 1}, "+8613800138000": {1, 1}, "8613800138000": {1, 1}, "Star": {5, 0}} {
		a, err := source(v)
		if err != nil || a.Ton() != want[0] || a.Npi() != want[1] || strings.HasPrefix(a.Address(), "+") {
			t.Errorf("%s: %+v, %v", v, a, err)
		}
	}
	if _, err := compose(account{source: "1"}, "1", strings.Repeat("长", 67*256), 1); err == nil {
		t.Error("256 parts")
	}
	if _, err := compose(account{source: "1", payload: payloadMessage}, "1", strings.Repeat("长", 17_000), 1); err == nil {
		t.Error("a payload that is too long")
	}
	if _, err := compose(account{source: "1"}, strings.Repeat("1", 30), "x", 1); err == nil {
		t.Error("a number that is too long")
	}
}

// FuzzFrames feeds a session's reader.
func FuzzFrames(f *testing.F) {
	f.Add(framed(16))
	f.Add(framed(16+len(deliver(0x40, 8, []byte{5, 0, 3, 1, 2, 1, 0x4f})), deliver(0x40, 8, []byte{5, 0, 3, 1, 2, 1, 0x4f})...))
	f.Add(framed(1 << 31))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r := bytes.NewReader(raw)
		for {
			p, err := readFrame(r)
			if err != nil {
				return
			}
			if len(p.body) > maxFrame {
				t.Fatal("a giant")
			}
			p.messageID()
			if a := answer(p, 0); binary.BigEndian.Uint32(a) != uint32(len(a)) {
				t.Fatal("an answer of another length")
			}
		}
	})
}

func FuzzDelivery(f *testing.F) {
	f.Add(deliver(0, 0, []byte("hi")), false)
	f.Add(deliver(0x40, 8, []byte{5, 0, 3, 1, 2, 1, 0x4f, 0x60}), false)
	f.Add(deliver(4, 0, []byte("id:1 stat:DELIVRD err:1"), parameter(0x1e, '1'), parameter(0x427, 2), parameter(0x204, 0, 1)), true)
	f.Fuzz(func(t *testing.T, body []byte, asData bool) {
		id := data.DELIVER_SM
		if asData {
			id = data.DATA_SM
		}
		d, err := parseDelivery(frame{id: id, body: body})
		if err != nil {
			return
		}
		if d.part.total > 0 && (d.part.n < 1 || d.part.n > d.part.total) {
			t.Fatal(d.part)
		}
		d.report(account{ids: idsHexDec}).outcome()
		if text := textOf(d.data, d.coding); strings.ContainsRune(text, 0) {
			t.Fatalf("%q", text)
		}
	})
}

// FuzzCompose wants what we send to be read back as the same text by an independent reader of the wire.
func FuzzCompose(f *testing.F) {
	f.Add("hello", 0)
	f.Add(strings.Repeat("€", 200), 1)
	f.Add(strings.Repeat("👨‍👩‍👧", 60), 2)
	f.Fuzz(func(t *testing.T, text string, how int) {
		text = strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "?")
		acct := account{source: "1", payload: []string{payloadUDH, payloadSAR, payloadMessage}[max(0, how)%3]}
		parts, err := compose(acct, "8613800138000", text, 7)
		if err != nil {
			return
		}
		var joined joins
		for i, p := range parts {
			raw := marshal(p)
			if len(raw) > maxFrame {
				t.Fatal("a giant")
			}
			d, err := parseDelivery(frame{id: data.DELIVER_SM, body: raw[headerSize:]})
			if err != nil {
				t.Fatal(err)
			}
			if len(parts) == 1 {
				if got := textOf(d.data, d.coding); got != text {
					t.Fatalf("%q became %q", text, got)
				}
				return
			}
			for _, j := range joined.add(d, asked{}, theTime).take {
				if i != len(parts)-1 || j.text() != text {
					t.Fatalf("%q became %q", text, j.text())
				}
			}
		}
	})
}
