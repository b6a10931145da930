package mail

import "strings"

// client is how a mail program writes an answer: %NEW% stands for what is newly written and %OLD% for what is answered,
// in plain text and in HTML. Written after what the programs send, with people and addresses of our own.
type client struct {
	name        string
	plain, html string // "" when the program does not write that form
	signature   string // that is folded
}

const old = "您好，您的订单 A1024 已于今日发出，请注意查收。"

var zhClients = []client{
	{"qq web", "%NEW%\n\n\n------------------&nbsp;原始邮件&nbsp;------------------\n发件人: \"回音客服\" <help@example.com>;\n发送时间: 2026年11月21日(星期六) 上午10:15\n收件人: \"王小明\" <1024@qq.example>;\n主题: 订单发货\n\n%OLD%",
		`<div>%NEW%</div><div><br></div><div style="font-size: 12px;font-family: Arial Narrow;padding:2px 0 2px 0;">------------------&nbsp;原始邮件&nbsp;------------------</div><div style="font-size: 12px;background:#efefef;padding:8px;"><div><b>发件人:</b> "回音客服" &lt;help@example.com&gt;;</div><div><b>发送时间:</b> 2026年11月21日(星期六) 上午10:15</div><div><b>收件人:</b> "王小明"&lt;1024@qq.example&gt;;</div><div></div><div><b>主题:</b> 订单发货</div></div><div><br></div>%OLD%`, ""},
	{"qq web new", "%NEW%\n\n王小明\n1024@qq.example\n\n\n\n         原始邮件\n\n发件人：回音客服 <help@example.com>\n发件时间：2026年11月21日 10:15\n收件人：王小明 <1024@qq.example>\n主题：订单发货\n\n%OLD%",
		"", "-"},
	{"qq phone", "%NEW%\n\n发自我的iPhone\n\n\n------------------ Original ------------------\nFrom: 回音客服 <help@example.com>\nDate: 周六,11月 21,2026 10:15 上午\nTo: 王小明 <1024@qq.example>\nSubject: Re: 订单发货\n\n%OLD%",
		`<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"></head><body><div>%NEW%</div><div><br></div><div><div>发自我的iPhone</div></div><div><br></div><div><div style="font-size:70%;padding:2px 0;">------------------ Original ------------------</div><div style="font-size:70%;background:#f0f0f0;color:#212121;padding:8px;border-radius:4px"><div><b>From:</b> 回音客服 &lt;help@example.com&gt;</div><div><b>Date:</b> 周六,11月 21,2026 10:15 上午</div><div><b>To:</b> 王小明 &lt;1024@qq.example&gt;</div><div><b>Subject:</b> Re: 订单发货</div></div><div><br></div><div>%OLD%</div></div></body></html>`, "发自我的iPhone"},
	{"foxmail", "%NEW%\n\n\n\nwang@example.cn\n \n发件人： 回音客服\n发送时间： 2026-11-21 10:15\n收件人： wang@example.cn\n主题： 订单发货\n%OLD%",
		`<html><head><style>body { line-height: 1.5; }blockquote { margin-top: 0px; margin-bottom: 0px; margin-left: 0.5em; }</style></head><body><div><span></span>%NEW%</div><div><br></div><blockquote style="margin-top: 0px; margin-bottom: 0px; margin-left: 0.5em;"><div>&nbsp;</div><div style="border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm"><div style="PADDING-RIGHT: 8px; PADDING-LEFT: 8px; FONT-SIZE: 12px;FONT-FAMILY:tahoma;COLOR:#000000; BACKGROUND: #efefef; PADDING-BOTTOM: 8px; PADDING-TOP: 8px"><div><b>发件人：</b>&nbsp;<a href="mailto:help@example.com">回音客服</a></div><div><b>发送时间：</b>&nbsp;2026-11-21&nbsp;10:15</div><div><b>收件人：</b>&nbsp;<a href="mailto:wang@example.cn">wang</a></div><div><b>主题：</b>&nbsp;订单发货</div></div></div><div>%OLD%</div></blockquote></body></html>`, "-"},
	{"outlook", "%NEW%\n\n________________________________\n发件人: 回音客服 <help@example.com>\n发送时间: 2026年11月21日 10:15\n收件人: 王小明 <wang@example.cn>\n主题: 订单发货\n\n%OLD%\n",
		`<html><body lang="ZH-CN" link="#0563C1"><div class="WordSection1"><p class="MsoNormal"><span style="font-size:10.5pt;font-family:等线">%NEW%<o:p></o:p></span></p><p class="MsoNormal"><span lang="EN-US"><o:p>&nbsp;</o:p></span></p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>发件人<span lang="EN-US">:</span></b><span lang="EN-US"> </span>回音客服<span lang="EN-US"> &lt;help@example.com&gt; <br></span><b>发送时间<span lang="EN-US">:</span></b><span lang="EN-US"> 2026</span>年<span lang="EN-US">11</span>月<span lang="EN-US">21</span>日<span lang="EN-US"> 10:15<br></span><b>收件人<span lang="EN-US">:</span></b> 王小明<span lang="EN-US"> &lt;wang@example.cn&gt;<br></span><b>主题<span lang="EN-US">:</span></b> 订单发货<o:p></o:p></p></div></div><p class="MsoNormal">%OLD%</p></div></body></html>`, ""},
	{"outlook web", "",
		`<html><body dir="ltr"><div style="font-family: Calibri">%NEW%</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif" style="font-size:11pt" color="#000000"><b>发件人:</b> 回音客服 &lt;help@example.com&gt;<br><b>发送时间:</b> 2026年11月21日 10:15<br><b>收件人:</b> 王小明 &lt;wang@example.cn&gt;<br><b>主题:</b> 订单发货</font><div>&nbsp;</div></div><div>%OLD%</div></body></html>`, ""},
	{"outlook phone", "%NEW%\n\n获取 Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\n发件人: 回音客服 <help@example.com>\n发送时间: Saturday, November 21, 2026 10:15:00 AM\n收件人: 王小明 <wang@example.cn>\n主题: 订单发货\n\n%OLD%", "", "-"},
	{"gmail", "%NEW%\n\n回音客服 <help@example.com> 于2026年11月21日周六 10:15写道：\n\n> %OLD%\n>\n",
		`<div dir="ltr">%NEW%</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">回音客服 &lt;<a href="mailto:help@example.com">help@example.com</a>&gt; 于2026年11月21日周六 10:15写道：<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">%OLD%<br></blockquote></div>`, ""},
	{"gmail taiwan", "%NEW%\n\n回音客服 <help@example.com> 於 2026年11月21日 週六 上午10:15寫道：\n\n> %OLD%\n",
		`<div dir="ltr">%NEW%</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">回音客服 &lt;<a href="mailto:help@example.com">help@example.com</a>&gt; 於 2026年11月21日 週六 上午10:15寫道：<br></div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px #ccc solid;padding-left:1ex">%OLD%</blockquote></div>`, ""},
	{"apple mail", "%NEW%\n\n> 在 2026年11月21日，10:15，回音客服 <help@example.com> 写道：\n> \n> %OLD%\n",
		`<html><body style="overflow-wrap: break-word;">%NEW%<br id="lineBreakAtBeginningOfMessage"><div><br><blockquote type="cite"><div>2026年11月21日 10:15，回音客服 &lt;help@example.com&gt; 写道：</div><br class="Apple-interchange-newline"><div>%OLD%</div></blockquote></div><br></body></html>`, ""},
	{"iphone", "%NEW%\n\n发自我的 iPhone\n\n> 在 2026年11月21日，上午10:15，回音客服 <help@example.com> 写道：\n> \n> %OLD%\n",
		`<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head><body dir="auto">%NEW%<br id="lineBreakAtBeginningOfSignature"><div dir="ltr">发自我的 iPhone</div><div dir="ltr"><br><blockquote type="cite">在 2026年11月21日，上午10:15，回音客服 &lt;help@example.com&gt; 写道：<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">%OLD%</div></blockquote></body></html>`, "发自我的 iPhone"},
	{"163 web", "%NEW%\n\n\n\n\n\n\n\n在 2026-11-21 10:15:00，\"回音客服\" <help@example.com> 写道：\n\n%OLD%\n",
		`<div style="line-height:1.7;color:#000000;font-size:14px;font-family:Arial"><div style="margin: 0;">%NEW%</div><p style="margin: 0;"><br></p><div style="position:relative;zoom:1"></div><div id="divNeteaseMailCard"></div><p style="margin: 0;"><br></p><p>在 2026-11-21 10:15:00，"回音客服" &lt;help@example.com&gt; 写道：</p><blockquote id="isReplyContent" style="PADDING-LEFT: 1ex; MARGIN: 0px 0px 0px 0.8ex; BORDER-LEFT: #ccc 1px solid"><div>%OLD%</div></blockquote></div>`, ""},
	{"163 web new", "%NEW%\n\n\n| |\n王小明\n|\n|\nwang@163.example\n|\n\n\n\n---- 回复的原邮件 ----\n| 发件人 | 回音客服<help@example.com> |\n| 日期 | 2026年11月21日 10:15 |\n| 收件人 | wang@163.example |\n| 主题 | 订单发货 |\n%OLD%",
		`<body><div style="font-size:14px">%NEW%</div><!--😀--><div id="ntes-pcmac-signature" style="font-family:'微软雅黑'"></div><div class="J-reply" style="background-color:#f2f2f2;color:black;padding-top:6px;padding-bottom:6px;border-radius:3px;margin-top:45px;margin-bottom:20px;font-family:'微软雅黑';"><div style="font-size:12px;line-height:1.5;word-break:break-all;margin-left:10px;margin-right:10px">---- 回复的原邮件 ----</div><table width="100%"><tr><td>发件人</td><td>回音客服&lt;help@example.com&gt;</td></tr><tr><td>日期</td><td>2026年11月21日 10:15</td></tr></table></div><blockquote><div>%OLD%</div></blockquote></body>`, "-"},
	{"163 old english", "%NEW%\n\n\nAt 2026-11-21 10:15:00, \"Huiyin\" <help@example.com> wrote:\n>%OLD%\n", "", ""},
	{"netease phone", "%NEW%\n\n\n\n发自我的网易邮箱平板适配版\n在2026年11月21日 10:15，回音客服<help@example.com> 写道：\n%OLD%", "", "发自我的网易邮箱平板适配版"},
	{"aliyun", "%NEW%\n\n\n------------------------------------------------------------------\n发件人：回音客服 <help@example.com>\n发送时间：2026年11月21日(星期六) 10:15\n收件人：王小明 <wang@example.cn>\n主　题：订单发货\n\n%OLD%\n",
		`<div class="__aliyun_email_body_block"><div style="font-family:Tahoma,Arial,STHeiti,SimSun;font-size:14px;color:#000000;"><div>%NEW%</div><div><br></div></div><blockquote style="margin-right:0;margin-top:0;margin-bottom:0;"><div style="font-family:Tahoma,Arial,STHeiti,SimSun"><div>------------------------------------------------------------------</div><div>发件人：回音客服 &lt;help@example.com&gt;</div><div>发送时间：2026年11月21日(星期六) 10:15</div><div>收件人：王小明 &lt;wang@example.cn&gt;</div><div>主　题：订单发货</div></div><div><br></div><div>%OLD%</div></blockquote></div>`, ""},
	{"thunderbird", "%NEW%\n\n在 2026/11/21 10:15, 回音客服 写道:\n> %OLD%\n",
		`<html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8"></head><body><p>%NEW%<br></p><div class="moz-cite-prefix">在 2026/11/21 10:15, 回音客服 写道:<br></div><blockquote type="cite" cite="mid:1@example.com"><pre class="moz-quote-pre" wrap="">%OLD%</pre></blockquote></body></html>`, ""},
	{"windows mail", "%NEW%\n\n从 Windows 版邮件发送\n\n发件人: 回音客服\n发送时间: 2026年11月21日 10:15\n收件人: 王小明\n主题: 订单发货\n\n%OLD%",
		`<html><body lang=ZH-CN><div class=WordSection1><p class=MsoNormal>%NEW%</p><p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p><p class=MsoNormal>从 Windows 版<a href="https://go.microsoft.com/fwlink/?LinkId=550986">邮件</a>发送</p><p class=MsoNormal><o:p>&nbsp;</o:p></p><div style='mso-element:para-border-div;border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p class=MsoNormal><b>发件人: </b><a href="mailto:help@example.com">回音客服</a><br><b>发送时间: </b>2026年11月21日 10:15<br><b>收件人: </b>王小明<br><b>主题: </b>订单发货</p></div><p class=MsoNormal>%OLD%</p></div></body></html>`, "从 Windows 版邮件发送"},
	{"huawei phone", "%NEW%\n\n发自我的华为手机\n-------- 原始邮件 --------\n发件人： 回音客服 <help@example.com>\n日期： 2026年11月21日周六 10:15\n收件人： wang@example.cn\n主 题： 订单发货\n%OLD%", "", "发自我的华为手机"},
	{"sina", "%NEW%\n----- 原始邮件 -----\n发件人：回音客服 <help@example.com>\n收件人：wang@sina.example\n主题：订单发货\n日期：2026年11月21日 10点15分\n\n%OLD%",
		`<div>%NEW%</div><div id="origbody"><div style="background: #f2f2f2;">----- 原始邮件 -----<br>发件人：回音客服 &lt;help@example.com&gt;<br>收件人：wang@sina.example<br>主题：订单发货<br>日期：2026年11月21日 10点15分</div><br>%OLD%</div>`, ""},
	{"wecom", "",
		`<div class="mail-content"><div>%NEW%</div><div><br></div><div id="original-content"><div style="font-size:12px;padding:2px 0;">------------------&nbsp;Original&nbsp;------------------</div><div style="background:#efefef;"><div><b>From: </b>&nbsp;"回音客服"&lt;help@example.com&gt;;</div><div><b>Date: </b>&nbsp;Sat, Nov 21, 2026 10:15 AM</div><div><b>To: </b>&nbsp;"王小明"&lt;wang@example.cn&gt;;</div><div><b>Subject: </b>&nbsp;订单发货</div></div><div>%OLD%</div></div></div>`, ""},
	{"feishu", "",
		`<div><div>%NEW%</div><div class="history-quote-wrapper" id="lark-mail-quote-1"><div style="padding:12px;background:rgb(245,246,247)"><div>发件人: 回音客服&lt;help@example.com&gt;</div><div>日期: 2026年11月21日(周六) 10:15</div><div>主题: 订单发货</div><div>收件人: 王小明&lt;wang@example.cn&gt;</div></div><div>%OLD%</div></div></div>`, ""},
	{"bottom posted", "在 2026年11月21日 10:15, 回音客服 写道：\n> %OLD%\n>\n\n%NEW%\n", "", ""},
}

// variants fills a client's forms.
func (c client) fill(text string) (plain, html string) {
	put := strings.NewReplacer("%NEW%", text, "%OLD%", old)
	return put.Replace(c.plain), put.Replace(c.html)
}
