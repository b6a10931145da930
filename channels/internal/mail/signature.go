package mail

import (
	"regexp"
	"strings"
)

// mobile are the lines that phones and programs put below what is written on them.
var mobile = regexp.MustCompile(`(?i)^(` + strings.Join([]string{
	`(sent|posted|written) (from|via|using|with) (my )?\S.{0,60}`, `get outlook for (ios|android|mac)\S*.{0,40}`, `(下载|获取|取得|获得) ?outlook for (ios|android|mac)\S*.{0,40}`,
	`发自我的.{0,40}`, `發自我的.{0,40}`, `发自 ?(华为|荣耀|小米|红米|vivo|oppo|三星|魅族|一加|realme|iphone|ipad|安卓|android|手机|网易|qq邮箱|新浪|outlook|foxmail|企业微信|钉钉|飞书|阿里邮箱|139|189|搜狐).{0,40}`,
	`从我的.{1,30}发送`, `從我的.{1,30}傳送`, `從我的.{1,30}傳送。?`, `来自我的.{1,30}`, `来自(网易邮箱|qq邮箱|华为手机|小米手机|荣耀手机|企业微信|钉钉|outlook).{0,20}`,
	`从 ?(windows 版)?邮件(应用)?发送.{0,20}`, `从 ?windows 版邮件.{0,20}`, `從 ?windows ?的郵件傳送.{0,20}`, `由.{1,20}(手机|邮箱)(客户端)?发送`, `(通过|使用).{1,30}(邮箱|手机|客户端|foxmail|outlook)(客户端)?发送`,
	`iphoneから送信`, `iphone ?から送信`, `von meinem .{1,30} gesendet`, `envoyé de(puis)? mon .{1,30}`, `enviado desde mi .{1,30}`,
}, "|") + `)[。.]?$`)

// contact is what the lines of a signature hold.
var contact = regexp.MustCompile(`(?i)([^\s<>@]+@[^\s<>@]+\.[^\s<>@]+|\b(tel|mobile|phone|fax|email|e-mail|web|www\.)|电话|手机|传真|邮箱|地址|邮编|网址|電話|手機|傳真|微信|QQ ?[:：]?\d{5,})`)

// How large a signature may be.
const (
	maxSignature     = 25  // lines behind "-- "
	maxRuledLines    = 8   // lines behind a drawn line
	maxSignatureLine = 120 // bytes of a line behind a drawn line
)

// signatureOf finds the signature that ends at a line: behind "-- " (RFC 3676, 4.3), behind a drawn line when it says
// how to reach somebody, or the line of a phone. What stands above must say something.
func signatureOf(lines []line, end int) span {
	none := span{end, end}
	last := end
	for last > 0 && lines[last-1].blank() {
		last--
	}
	for i := last - 1; i >= 0 && i >= last-maxSignature && !lines[i].quoted; i-- {
		text := strings.TrimRight(lines[i].text, "\r\u00a0")
		s := strings.TrimSpace(text)
		found := text == "-- " || s == "--" && i < last-1 || isRule(s) && last-i <= maxRuledLines && reaches(lines[i+1:last])
		if found && !blankTo(lines, i) {
			return span{backOverBlank(lines[:end], i), end}
		}
	}
	if last == 0 || lines[last-1].quoted || !mobile.MatchString(bare(lines[last-1].text)) || blankTo(lines, last-1) {
		return none
	}
	return span{backOverBlank(lines[:end], last-1), end}
}

// reaches tells whether the lines are those of a signature: short, and one says how to reach somebody.
func reaches(lines []line) bool {
	found := false
	for _, l := range lines {
		if len(l.text) > maxSignatureLine || l.quoted {
			return false
		}
		found = found || contact.MatchString(l.text)
	}
	return found
}
