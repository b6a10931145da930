package weixin

import (
	"maps"
	"strings"
	"testing"
)

func TestParseXML(t *testing.T) {
	cases := map[string]struct {
		body string
		want Fields
	}{
		"flat":            {"<xml><A>1</A><B><![CDATA[二]]></B></xml>", Fields{"A": "1", "B": "二"}},
		"declared":        {`<?xml version="1.0" encoding="UTF-8"?>` + "\n<xml>\n <A>1</A>\n</xml>\n", Fields{"A": "1"}},
		"empty":           {"<xml></xml>", Fields{}},
		"empty element":   {"<xml><A/><B></B></xml>", Fields{"A": "", "B": ""}},
		"inner":           {"<xml><Scan><Type>qr</Type><Result>r</Result></Scan></xml>", Fields{"Scan": "", "Scan.Type": "qr", "Scan.Result": "r"}},
		"a list":          {"<xml><L><item>1</item><item>2</item></L></xml>", Fields{"L": "", "L.item": "1"}},
		"CDATA in pieces": {"<xml><A><![CDATA[a]]]]><![CDATA[>b]]></A></xml>", Fields{"A": "a]]>b"}},
		"markup in CDATA": {"<xml><A><![CDATA[</A><B>x</B>]]></A></xml>", Fields{"A": "</A><B>x</B>"}},
		"known entities":  {"<xml><A>&lt;&amp;&#20320;</A></xml>", Fields{"A": "<&你"}},
		"spaces are kept": {"<xml><A>  x </A></xml>", Fields{"A": "  x "}},
	}
	for name, c := range cases {
		got, err := ParseXML([]byte(c.body))
		if err != nil || !maps.Equal(got, c.want) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

func TestHostileXML(t *testing.T) {
	bodies := map[string]string{
		"nothing":               "",
		"text":                  "hello",
		"JSON":                  `{"a":1}`,
		"another root":          "<html></html>",
		"two roots":             "<xml></xml><xml></xml>",
		"cut off":               "<xml><A>1</A>",
		"crossed":               "<xml><A><B></A></B></xml>",
		"external entity":       `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><xml><A>&x;</A></xml>`,
		"external DTD":          `<!DOCTYPE xml SYSTEM "http://example.com/x.dtd"><xml><A>1</A></xml>`,
		"entity bomb":           `<!DOCTYPE z [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><xml><A>&b;</A></xml>`,
		"unknown entity":        "<xml><A>&nbsp;</A></xml>",
		"instruction":           `<?php echo 1?><xml></xml>`,
		"instruction inside":    `<xml><?xml version="1.0"?></xml>`,
		"wrong charset":         `<?xml version="1.0" encoding="GBK"?><xml><A>x</A></xml>`,
		"UTF-16":                "\xff\xfe<\x00x\x00m\x00l\x00>\x00",
		"broken UTF-8":          "<xml><A>\xff\xfe</A></xml>",
		"control character":     "<xml><A>\x00</A></xml>",
		"an element twice":      "<xml><A>1</A><A>2</A></xml>",
		"an empty one twice":    "<xml><A/><A>2</A></xml>",
		"text on the top floor": "<xml>hello<A>1</A></xml>",
		"text behind":           "<xml></xml>hello",
		"a name space":          `<xml xmlns:x="y"><x:A>1</x:A></xml>`,
		"very deep":             "<xml>" + strings.Repeat("<A>", 5000) + strings.Repeat("</A>", 5000) + "</xml>",
		"very many":             "<xml>" + many(5000) + "</xml>",
		"open CDATA":            "<xml><A><![CDATA[x</A></xml>",
		"comment":               "<xml><!-- no --><A>x</A></xml>",
		"text beside tags":      "<xml><A>x<B>y</B></A></xml>",
		"attribute":             "<xml><A b='c'>x</A></xml>",
		"bare ampersand":        "<xml><A>a & b</A></xml>",
		"attribute unquoted":    "<xml a=b></xml>",
	}
	for name, body := range bodies {
		if got, err := ParseXML([]byte(body)); err == nil {
			t.Errorf("%s: taken as %v", name, got)
		}
	}
}

func many(n int) string {
	var b strings.Builder
	for i := range n {
		name := "A" + strings.Repeat("b", i%50) + strings.Repeat("c", i/50)
		b.WriteString("<" + name + "/>")
	}
	return b.String()
}

func FuzzParseXML(f *testing.F) {
	f.Add([]byte("<xml><A>1</A><B><![CDATA[x]]></B></xml>"))
	f.Add([]byte(`<?xml version="1.0"?><xml/>`))
	f.Add([]byte("<xml><L><item>1</item></L></xml>"))
	f.Fuzz(func(t *testing.T, body []byte) {
		if fields, err := ParseXML(body); err == nil && len(fields) > maxNodes {
			t.Errorf("%d fields", len(fields))
		}
	})
}
