package nlu

import (
	"strings"
	"sync"
	"unicode/utf8"
)

// glossaryOf are the words of customer service in English and Chinese, one pair between two bars, several English forms divided
// by commas. The first English form is the one that Chinese is translated to.
const glossaryOf = `account:账户|account number:账号|activate:开通|add:添加|address:地址|after sales:售后|apply for:申请|apply:申请|app:应用|appointment:预约|balance:余额|` +
	`bank card:银行卡|bank:银行|bill,bills:账单|billing:账单|bind,link:绑定|birthday:生日|book:预订|broadband:宽带|broken:坏了|business hours,opening hours:营业时间|` +
	`buy,purchase:购买|call:电话|cancel:取消|card:卡|change:更改|charge,top up,recharge:充值|charged twice:重复扣款|check:查询|city:城市|close:关闭|close an account:销户|code:代码|` +
	`company,companies:企业|complaint:投诉|confirm:确认|contact:联系|contract:合同|cost:费用|coupon,coupons,voucher:优惠券|credit card:信用卡|customer service:客服|damaged:损坏|data:流量|data plan:流量套餐|` +
	`delete:删除|deliver,delivery:配送|delivery time:配送时间|deposit:押金|device:设备|discount,discounts:优惠|document,documents:材料|download:下载|driver:司机|early termination:提前解约|electronic invoice,e-invoice:电子发票|` +
	`email:邮箱|engineer,technician:师傅|exchange:换货|express:快递|family:家庭|fee,fees:费用|fibre,fiber:光纤|fine:罚款|flight:航班|free:免费|gift:赠品|gold:黄金|guarantee,warranty:保修|` +
	`holiday,holidays:节假日|home:家|hotel:酒店|id card:身份证|identity:身份|individual,individuals:个人|insurance:保险|install,installation:安装|instalment,installments:分期|international:国际|internet:网络|` +
	`invoice,invoices:发票|job:工作|landline:固定电话|late:迟到|limit:限额|line:线路|loan:贷款|locked:锁定|log in,login,sign in:登录|log out:退出|lost:丢失|luggage,baggage:行李|manager:经理|` +
	`member,membership:会员|message,messages:消息|missing:缺少|mobile:手机|modem:光猫|month:月|move:移机|move house:搬家|name:姓名|network:网络|new:新|notification:通知|number:号码|` +
	`open an account:开户|open:开门|order,orders:订单|order number:订单号|original price:原价|outage:断网|package,parcel:包裹|paper invoice:纸质发票|parking:停车|passport:护照|password:密码|pay,payment:支付|` +
	`payment method:支付方式|phone:手机|phone number:手机号|picture,photo:图片|pin:密码|plan,plans:套餐|platform:平台|points:积分|policy:政策|postage,shipping fee:运费|postpone:延期|price:价格|print:打印|` +
	`privacy:隐私|product:产品|promotion:活动|province:省|reactivate:复机|receipt:收据|receive:收到|refund,refunds:退款|register,sign up:注册|remote:遥控器|renew,renewal:续费|repair:维修|repair request:报修|` +
	`replace:更换|report a fault:报修|reset:重置|restart,reboot:重启|return,returns:退货|roaming:漫游|router:路由器|salary:工资|school:学校|security:安全|send:发送|service:服务|service area:服务范围|settings:设置|` +
	`ship,shipping:发货|shop,store,branch:营业厅|sim card,sim:电话卡|sign:签收|size:尺寸|slow:慢|speed:网速|software:软件|spam:垃圾短信|status:状态|stock:库存|stolen:被盗|student,students:学生|subscribe:订购|subscription:订阅|` +
	`suspend:停机|suspend service:停机|tax:税|tax number:税号|terms:条款|text message,sms:短信|ticket,tickets:票|time:时间|track,tracking:物流|transfer:转账|travel:旅行|tv:电视|unbind,unlink:解绑|unsubscribe:退订|` +
	`update:更新|upgrade:升级|urgent:紧急|use:使用|username:用户名|verification code,otp:验证码|verification:认证|video:视频|visa:签证|visit:上门|wait:等待|wallet:钱包|warehouse:仓库|wechat:微信|alipay:支付宝|weekday,weekdays:工作日|` +
	`weekend,weekends:周末|wifi,wi fi:无线网|withdraw,withdrawal:提现|work:使用|wrong:错误|year:年`

// askingOf are the words that ask; they say nothing of what is asked about.
const askingOf = `how do i,how to,how can i,how:怎么|how much:多少钱|how long:多久|when:什么时候|where:哪里|why:为什么|what:什么|who:谁|can i,can you:可以`

// fillersOf are words that a translation leaves out.
const (
	fillersEn = " a an the of to in on at for by with from and or is are was were be been am do does did i you he she it we they me my your his her our their this that there please get got have has had would like want need will shall so just some any about into out up if as "
	fillersZh = "的了吗呢啊吧么我你您他她它们是在有要想请问一个下就都也还能会得到给"
)

// glossary is a dictionary in one direction.
type glossary struct {
	words   map[string]string
	asking  map[string]bool // words that say nothing of what is asked about
	longest int             // of its entries, in words or characters
}

var glossaries = sync.OnceValue(func() (g struct{ toZh, toEn glossary }) {
	g.toZh = glossary{words: map[string]string{}, asking: map[string]bool{}}
	g.toEn = glossary{words: map[string]string{}, asking: map[string]bool{}}
	for pair := range strings.SplitSeq(askingOf, "|") {
		english, chinese, _ := strings.Cut(pair, ":")
		g.toEn.asking[chinese] = true
		for form := range strings.SplitSeq(english, ",") {
			g.toZh.asking[form] = true
		}
	}
	for pair := range strings.SplitSeq(glossaryOf+"|"+askingOf, "|") {
		english, chinese, _ := strings.Cut(pair, ":")
		forms := strings.Split(english, ",")
		for _, form := range forms {
			g.toZh.words[form] = chinese
			g.toZh.longest = max(g.toZh.longest, len(strings.Fields(form)))
		}
		if _, known := g.toEn.words[chinese]; !known {
			g.toEn.words[chinese] = forms[0]
		}
		g.toEn.longest = max(g.toEn.longest, utf8.RuneCountInString(chinese))
	}
	return g
})

// Translate looks the words of a question up in a small dictionary of customer service. Share tells how much of what the question
// says was found, from 0 to 1; what was not found is left out. It is no translation that a person should read.
func Translate(text string, to Language) (translated string, share float64) {
	said := plainForm(text)
	switch {
	case said == "" || to == DetectLanguage(said):
		return "", 0
	case to == LanguageChinese:
		return glossaries().toZh.fromWords(said)
	case to == LanguageEnglish:
		return glossaries().toEn.fromHan(said)
	}
	return "", 0
}

func (g glossary) fromWords(said string) (string, float64) {
	words := Words(said)
	var out strings.Builder
	known, all := 0, 0
	for i := 0; i < len(words); {
		n := min(g.longest, len(words)-i)
		for ; n > 0; n-- {
			entry := strings.Join(words[i:i+n], " ")
			if found, ok := g.words[entry]; ok {
				out.WriteString(found)
				if !g.asking[entry] {
					known, all = known+n, all+n
				}
				break
			}
		}
		if n == 0 {
			if !strings.Contains(fillersEn, " "+words[i]+" ") {
				all++
			}
			n = 1
		}
		i += n
	}
	return out.String(), part(known, all)
}

func (g glossary) fromHan(said string) (string, float64) {
	letters := []rune(said)
	var out []string
	known, all := 0, 0
	for i := 0; i < len(letters); {
		n := min(g.longest, len(letters)-i)
		for ; n > 0; n-- {
			entry := string(letters[i : i+n])
			if found, ok := g.words[entry]; ok {
				out = append(out, found)
				if !g.asking[entry] {
					known, all = known+n, all+n
				}
				break
			}
		}
		if n == 0 {
			if isCJK(letters[i]) && !strings.ContainsRune(fillersZh, letters[i]) {
				all++
			}
			n = 1
		}
		i += n
	}
	return strings.Join(out, " "), part(known, all)
}

func part(known, all int) float64 {
	if all == 0 {
		return 0
	}
	return float64(known) / float64(all)
}
