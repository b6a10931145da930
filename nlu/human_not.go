package nlu

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// notHuman finds words that look like a request for a person and are not; they are taken out before the rules look.
var notHuman = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(strings.Join(slices.Concat(zhNotHuman(), enNotHuman()), "|"))
})

// zhNotHuman: other work by hand, facts about the service, people who are no agents, talk about talking.
func zhNotHuman() []string {
	return []string{
		`人工(?:智能|费|成本|呼吸|授精|受精|流产|湖|降雨|降雪|林|岛|草坪|草|翻译|关节|晶体|耳蜗|合成|养殖|繁殖|心脏|甜味|色素|牛黄|神经|审核|核验|复核|鉴定|鉴别|审批|培育|种植|钻石|肉|骨|泪液|取卵|天气|增雨|影响天气|干预|喂养|成色|标注|搬运|装卸|计费|收费|价格|多少钱|工资)`,
		`(?:人工)?(?:客服|服务)的?(?:人员)?的?(?:电话|热线|号码|邮箱|微信|qq|地址|工号|时间|工作时间|营业时间|上班|几点|系统|软件|岗位|招聘|工资|外包|待遇|培训|话术|态度|好做|是做什么|做什么|是什么|怎么样|中心在|收费|费)`,
		`真人(?:秀|cs|版|电影|认证|照片|头像|娃娃|发音|朗读|游戏|视频|验证|出镜|娱乐|快打|真事)`,
		`(?:职业|产品|项目|区域|销售|大堂|店铺|理财|基金)经理`,
		`经理(?:人|岗|证|招聘)`,
		`领导(?:力|人|班子|干部|小组)`,
		`负责人(?:是谁|信息|变更|身份|姓名|证件|手机|电话)`,
		`法人`,
		`老板娘`,
		`管理员(?:密码|账号|权限)`,
		`(?:在|是)(?:跟|和|与|同).{0,9}(?:对话|聊天|聊|说话|交谈|谈话|谈|沟通|讲话|交流)`,
		`工作人员(?:上门|到场)`,
		`(?:店家|卖家)(?:退|发|拒|不|没|说|同意)`,
	}
}

// enNotHuman: other agents and operators, facts about the service, jobs, talk about talking.
func enNotHuman() []string {
	return []string{
		`(?:travel|real estate|estate|insurance|secret|booking|letting|purchasing|cleaning|user|free|sports|ticket|shipping|customs|double|chemical|oxidizing|reducing|foreign|talent|literary|local|lettings?|tax|transfer|payment|collection) agents?\b`,
		`\bagents? (?:fees?|commission|number|codes?|ids?|near|login|portal|program|banking|orange|smith|of shield|in [a-z]+)\b`,
		`\bhuman (?:resources?|rights?|body|errors?|nature|anatomy|race|trafficking|brain|capital|history|life|blood|dna|genome|skin|population|heart|verification|beings? (?:have|are)|evolution|readable)\b`,
		`\b(?:become|becoming|be|being|as|am|become|work as|hire|hiring|recruit)(?: an?| the| your)?(?: customer service| support| sales| real| licensed| human)* ?(?:agents?|representatives?|operators?|csrs?|managers?|supervisors?|human|person)\b`,
		`\b(?:customer (?:service|support|care|help)|support|contact|agent|help ?desk|hotline|tech support|call cent(?:er|re)|manager|operator)(?: team)?s? (?:phone|telephone|tel|numbers?|e ?mails?|hours?|line number|salary|jobs?|address|tickets?|plan|contract|levels?|for (?:windows|mac|ios|android|linux)|opening|contact (?:number|details|info)|available hours|vacanc\w+|fees?)\b`,
		`\b(?:what|when|which)(?: are| is)? (?:the |your )?(?:phone |telephone |contact )?(?:numbers?|hours?|email|address) (?:for|of|to) (?:the |your )?(?:customer (?:service|support|care)|support|help ?desk)\b`,
		`\b(?:sales|union|house|state|elected) representatives?`,
		`house of representatives`,
		`\b(?:mobile|network|phone|cell|tour|forklift|telecom|machine|mathematical|logical|boolean|system|bitwise|ternary|comparison|rental) operators?`,
		`operators? (?:overload\w*|precedence)`,
		`\b(?:password|account|product|project|branch|bank|task|file|device|download|event|case|relationship|general|property|package|window) managers?`,
		`managers? (?:role|account|position|job|login|app)\b`,
		`(?:child|life|technical|moral|emotional|legal|roaming|5g|language) support\b`,
		`\bsupport (?:for|of|the|this|my|apple|android|group|act)\b`,
		`\b(?:am i|if im|im|i am|was i|are we)(?: really| actually| just| now)*(?: talking| speaking| chatting)(?: to| with)\b.*`,
		`\b(?:im|i am|are you|youre|you are|r u|is this)(?: really| actually| just)*(?: not)? an? (?:\w+ )?(?:chat ?bot|bot|robot|machine|computer|human|person|human being|ai|real person)\b`,
		`\b(?:fees?|charges?|costs?|charged|price|pay) (?:for|to) (?:talk|speak|call|contact)(?:ing)?\b.*`,
		`\bwhat(?: is|s| are| does| do)(?: an?| the| your)? (?:live |human |real |support |service )*(?:agents?|operators?|representatives?|reps?)\b`,
		`\bwho(?: is|s) (?:your|the|my) (?:manager|supervisor|agent|representative)s?`,
		`\b(?:act|think|talk|sound|sounds|behave|speak|look|feel) (?:\w+ ){0,3}like an? (?:\w+ )?(?:human|person|human being|bot|robot)\b`,
		`\b(?:do i (?:have|need) to|should i|must i|(?:will|would) i (?:have|need) to) (?:contact|call|talk|speak|chat|get|ask|see|visit|go)\b.{0,60}`,
		`\b(?:per|in|each|another|missing|first|third|which|what) person\b`,
		`\bperson of\b`,
		`\bperson to person\b`,
	}
}
