package nlu

import (
	"regexp"
	"strings"
	"sync"
)

// humanRule is one family of ways to ask for a person. Needs are words of which a clause must hold one before
// the pattern is tried: most messages hold none, and patterns are slow.
type humanRule struct {
	name    string
	needs   []string
	pattern *regexp.Regexp
}

// Who can be asked for. The strong names mean customer service by themselves, the weak ones need a verb.
const (
	zhStrong = `(?:人工(?:客服|服务|坐席|座席|席位|专席|台|咨询)?|真人(?:客服|服务)?|活人|客服(?:人员|专员|经理|代表|主管|小姐姐|小姐|小哥|妹妹|mm)?|服务人员|工作人员|坐席|座席|话务员|接线员|接线生|值班人员)`
	zhWeak   = `(?:专员|经理|主管|领导|负责人|上级|上司|管理人员|管理员|管事的|管事儿的|老板|店长|店家|卖家|人类|真正的人|真的人|懂的人|负责的人|专人)`
	zhYour   = `(?:你们|您们|你哋|贵司|贵公司|你家|你|您)?(?:公司|平台|银行|店|这边|这里|那边)?(?:的|嘅)?`
	zhOne    = `(?:一个|一位|一名|一下|个|位|下|名|点)?(?:真正的|真的|手动|在线|专业|专门的|高级|值班|值班的|当班|后台|售后|技术|客服部的?)*`
	zhEnd    = `(?:啊|呀|吧|呢|吗|么|嘛|啦|了|哦|喔|呗|好吗|行吗|可以吗|谢谢|好不好|行不行|快点|快|马上|立刻|赶紧|ok|please)*$`
	enOne    = `(?:an? |the |some |any |one of your |one of the |your |my |another |actual |real |live |different |proper |senior |higher |human |customer |support |service |an actual |a live |a real |a human )*`
	enStrong = `(?:human beings?|humans?|representatives?|reps?|operators?|agents?|csrs?|customer (?:service|support|care|care team)|helpdesk|help desk|live (?:chat|support|help)|support(?: team| staff| agent| desk| line| person)?|tech(?:nical)? support|call cent(?:er|re)|receptionist|attendant|consultant)`
	enPerson = `(?:persons?|people|someone|somebody|anyone|anybody|advis[eo]rs?|associates?|specialists?|managers?|supervisors?|staff(?: members?)?|team members?|employees?|man|woman|individual|expert|professional)`
	enAfter  = `(?: (?:please|pls|plz|now|right now|asap|immediately|today|who|that|to|instead|not|and|because|thanks|thank you|on|for|about|regarding|here|from|rather|or|at once|again|this|is|if|so|but|can|could|in your|in customer|directly|urgently|with)\b|$)`
)

// humanRules are tried in order on every clause; see their names for what each is about.
var humanRules = sync.OnceValue(func() []humanRule {
	zhAny := `(?:` + zhStrong + `|` + zhWeak + `)`
	strongWords := []string{"人工", "真人", "活人", "客服", "人员", "坐席", "座席", "话务", "接线"}
	anyWords := append([]string{"专员", "经理", "主管", "领导", "负责", "上级", "上司", "管理", "管事", "老板", "店长", "店家", "卖家", "人类", "的人", "专人"}, strongWords...)
	enWords := []string{"human", "rep", "operator", "agent", "csr", "customer", "help", "live", "support", "call cent", "reception", "attendant", "consultant", "manager", "supervisor"}
	enPeople := append([]string{"person", "people", "someone", "somebody", "anyone", "anybody", "advis", "associate", "specialist", "manager", "supervisor", "staff", "team", "employee", "man", "individual", "expert", "professional"}, enWords...)
	rule := func(name string, needs []string, pattern string) humanRule {
		return humanRule{name, needs, regexp.MustCompile(pattern)}
	}
	return []humanRule{
		rule("zh transfer", anyWords, `(?:转接|转到|转给|转为|转成|转去|转驳|驳去|接驳|接通|接入|切换|切到|换成|转|接|换|切)(?:到|至|成|为|个|一个|一位|位|去|一下|下|你们|你们的|我|在线)*`+zhOne+zhAny),
		rule("zh call for", anyWords, `(?:找|叫|喊|呼叫|呼|让|请|搵|揾|派|安排|联系|联络|接触|有请|连线|连接|见|给个|给一个|给我|帮我接|帮我找|帮我叫|帮我转)(?:到|上|下|一下|来)?`+zhYour+zhOne+zhAny),
		rule("zh want", strongWords, `(?:要|想要|需要|必须|想|希望|只要|请求|申请|要求|使用|人家要|我找)(?:跟|和|与|同|有|用|是|的|打|进|一下)*`+zhYour+zhOne+zhStrong),
		rule("zh speak with", []string{"说", "谈", "聊", "讲", "沟通", "交谈", "对话", "通话", "交流", "倾", "通电话", "反映"}, `(?:跟|和|与|同|找|有)`+zhYour+zhOne+`(?:`+zhStrong+`|`+zhWeak+`|(?:一个|个|一位|位|有个|真)人)(?:来|直接|当面|好好|可以|能)*(?:说|谈|聊|讲|沟通|交谈|对话|通话|交流|倾|通电话|反映)|(?:只想|就想|只要|想|要)(?:跟|和|与|同)人(?:说|聊|谈|沟通|讲|倾|对话|交流)`),
		rule("zh somebody come", []string{"人"}, `(?:找|叫|喊|来|换|搵|揾|派|有没有|给我|让)(?:一个|个|一位|位|几个|点)(?:真的|真正的|正常|懂行的|懂的|能说话的|会说话的|能解决问题的|能处理的|能做主的|负责的|活|真|大活)?(?:的)?人(?:来|过来|出来|跟我|和我|同我|给我|帮我|帮忙|帮下|回|处理|接待|接电话|解决|解答|说话|说|聊|谈|倾|行不行|行吗|好吗|可以吗|吧|啊|呀|呗|吗|嘛|得未|工|$)|(?:找|叫|喊|搵|揾)人(?:来|帮|跟我|同我|和我|给我|处理|解决|说|聊|倾|回我|回复|接)`),
		rule("zh somebody", []string{"人"}, `^(?:我|要|想|请|快|快点|赶紧|马上|直接|给我|帮我|麻烦|你|那|就)*(?:找|换|叫|喊|给|来|见|搵|揾)(?:个|一个|点)?(?:活|真)?人(?:来|过来|工|谢谢)?`+zhEnd),
		rule("zh anyone there", []string{"人"}, `^(?:请问|那|现在|到底|里面|这里|这边|你们那|你们|后台|究竟|喂|都)*(?:有没有|有冇|有无|有莫有|还有|有|在没|没)(?:一个|个)?(?:真|活|懂的|管事的)?人(?:工|类)?(?:客服|服务|值班)?(?:啊|呀|在线|在|回复|回我|回|理我|理|管管|管|接待|处理|帮我|帮帮我|帮忙|帮|服务|上班|能|可以|我|一下|不在|出来|来)*(?:吗|么|嘛|没有|没|不|啊|呀|呢|吧|嘅|架|了)*$`),
		rule("zh service there", []string{"客服", "人工", "真人"}, `(?:客服|人工|真人)(?:客服|服务|人员|小姐姐)?(?:呢|在吗|在么|在嘛|在不在|在线吗|在线么|有吗|有没有|在哪里|在哪儿|在哪|去哪|死哪|人呢|哪去了|(?:快|赶紧|赶快|马上|给我|滚)*(?:出来|过来|来啊|来吧)|快来|来一下|来个|来人|回复我|回我|理我|说话|帮我|介入)`),
		rule("zh have service", strongWords, `(?:有|有没有|有冇|有无|能不能用|能用|可以用|怎么用|没有|怎么没有|没)(?:一个|个)?(?:在线|活的|真的|人工的)?`+zhStrong+`(?:在线|在|联系|和我|跟我)*(?:(?:可以|能|能够)(?:回答|回复|帮|聊|处理|沟通|解决|解答|说|接|转)|啊|呀|吗|么|嘛|呢|了|吧|的|$)`),
		rule("zh no robot", []string{"机器", "机械", "人机", "自动", "智能", "ai"}, `(?:别|不要|不想|不愿|不愿意|拒绝|不跟|不和|不需要|不用|唔要|唔好|唔想|讨厌|烦|受够|恶心)(?:再|老|总|总是|一直|让|给我|用|拿|派|叫|发|跟|和|与|同|这种|这个|这些|这|死|破|你们|我|的|了|是)*(?:一个|个)?(?:机器人|机械人|机器|人机|自动回复|自动应答|智能客服|智能机器人|ai客服|ai)|(?:一直|总|老|全|都|又|怎么)(?:都|还|全)?是(?:机器人|自动回复|机器|人机)(?:在)?(?:回复|回答|应答|说|聊)?(?:我|啊|呀|呢|吗|的)*$`),
		rule("zh word alone", []string{"人工", "真人", "客服", "支持", "活人", "人类", "人性化", "接线", "话务", "坐席", "座席"}, `^(?:你好|您好|亲|我|要|请|快|快点|赶紧|赶快|马上|立即|立刻|给我|帮我|那就|就|还是|直接|需要|联系|联络|找|技术|在线|官方|平台|售后|售前|手动|按|选|选择|进入|呼叫|真正的|的)*(?:人工|真人|客服|支持|活人|人性化服务|人类|接线生|接线员|话务员|坐席|座席)+(?:客服|服务|人员|坐席|座席|帮助|协助|支持|处理|介入|通道|窗口|入口|台|模式|回答|回复|解答|接听|来|一下)*`+zhEnd),
		rule("zh how to reach", strongWords, `(?:怎么|怎样|如何|咋|哪里|在哪|从哪|怎么才能|怎样才能)(?:能|才能|可以|样)?(?:找到|找|联系到|联系上|联系|转接|转到|转|接通|接到|接|叫|进入|呼叫|跟|和)`+zhYour+zhOne+zhStrong+`|`+zhStrong+`(?:要|该|应该)?(?:怎么|怎样|如何|咋)(?:样)?(?:才能|能)?(?:联系|找|转|接|打|叫|进|呼叫)`),
		rule("zh mixed", enWords, `(?:要|转|找|想要|需要|叫|换|接|联系|跟|和) ?(?:a |an )?(?:human|agent|real person|live agent|representative|operator|customer service|live chat)\b`),
		rule("zh abbreviation", []string{"rg", "ren", "kf", "kefu"}, `^(?:z?rg(?:kf|fw|zx)?|zj?rg|zkf|kf|(?:zhuan ?)?ren ?gong(?: ?ke ?fu| ?fu ?wu)?|zhuan ?ke ?fu|ke ?fu|zhao ?ke ?fu|转rg|转kf)$`),
		rule("en talk to", enPeople, `\b(?:talk|speak|chat|communicate|converse|discuss this|discuss|talking|speaking|chatting|deal|interact|correspond|get in touch|in touch|get in contact|get hold|get a hold|reach out|get through|put through|spoken)(?: it| directly| over| on the phone| live| now| again| immediately| in person)?(?: to| with| of| about this with)? `+enOne+`(?:`+enStrong+`|`+enPerson+`)\b`),
		rule("en someone to talk to", []string{"talk", "speak", "chat", "speaking"}, `\b(?:`+enStrong+`|`+enPerson+`)(?: here| there| available| around| real| live)*(?: that| who| whom)?(?: i| we)?(?: can| could| may| might| should)?(?: to)?(?: actually| just)? (?:talk|speak|chat|speaking|talking)(?: to| with)?(?: me| us| now| please| about this)*$`),
		rule("en connect me", enPeople, `\b(?:connect|transfer|switch|put|pass|hand|direct|route|forward|redirect|patch|refer|escalate|get)(?: me| us| this| it| my call| my case| my issue| this chat| the chat| this call| this case)(?: over| through| off| up| back| directly| straight| on)*(?: to| with| onto| into)? `+enOne+`(?:`+enStrong+`|`+enPerson+`)`+`\b`),
		rule("en give me", enPeople, `\b(?:bring|find|give|show|send|lead|assign|call)(?: me| us| in| over)* `+enOne+`(?:`+enStrong+`|(?:real |live |actual )(?:person|people)|managers?|supervisors?)`+enAfter),
		rule("en transfer to", enWords, `\b(?:connect|transfer|switch|escalate|hand off|handoff|handover|hand over|redirect|route|reroute|forward)(?: to| with| over to)? `+enOne+`(?:`+enStrong+`|managers?|supervisors?)`+enAfter),
		rule("en want", enPeople, `\b(?:want|wants|wanna|need|needs|would like|d like|id like|like|demand|request|requesting|require|prefer|get|gimme|give me|get me|can i have|could i have|may i have|can i get|could i get|rather have|looking for|asking for|asked for|waiting for|where is|wheres|only|mean|meant)(?: to (?:get|have|see|contact|reach|call|use|find|be connected to|be transferred to|be put through to))? (?:an? |the |some |any |your |my |another |actual |real |live |different |human |customer )*(?:human beings?|human|humans|(?:real|live|actual|human) (?:person|people|agent|rep|being|support|help|assistance|service|one|advisor|operator)|representative|rep|operator|agent|csr|(?:customer )?(?:service|support|care) (?:agent|rep|representative|person|advisor)|customer (?:service|support|care)|human (?:help|support|agent|assistance)|live (?:chat|agent|support|person)|manager|supervisor)`+enAfter),
		rule("en need support", []string{"support", "person", "assist"}, `^(?:i|we)?(?: really| just)? ?(?:want|need|would like|require|get)(?: some| the| your| a| tech| technical| customer| human| live)* (?:support|person|human assistance|personal assistance)$`),
		rule("en contact", enWords, `\b(?:contact|contacting|call|calling|phone|ring|reach|email|message|get|ask for|asking for|ask|page|summon|see|find)(?: to| out to| with)? `+enOne+`(?:customer (?:service|support|care)(?: team| agent| rep| representative)?|support(?: team| agent| staff)?|human beings?|human|real person|live (?:agent|person|chat|support)|representative|rep|operator|agent|csr|tech(?:nical)? support|help ?desk)`+enAfter),
		rule("en anyone there", []string{"there", "here", "available", "anyone", "anybody", "someone", "somebody"}, `\b(?:(?:is|are|isnt|arent) there (?:not )?`+enOne+`(?:(?:human|humans|person|people|agent|agents|representative|rep|operator|body|one|support|staff|live chat|human being)|anyone|anybody|someone|somebody|`+enStrong+`)(?: real| live| human| else| actually)*(?: i can| we can| here| there| available| around| online| on| who| that can| that i| who can| whom| to (?:talk|speak|help|assist)|$)|(?:is|are) (?:anyone|anybody|someone|somebody|any (?:human|agent|person|rep|representative)s?|an? (?:human|agent|rep|representative|real person)) (?:real |human |actually )*(?:here|there|available|around|online|home|on the other)|any (?:humans?|real people|real person|agents?|live agents?)(?: here| there| available| online| around)?$|^(?:anyone|anybody|someone|somebody)(?: is)? (?:there|here|around|online|home)$)`),
		rule("en word alone", enPeople, `^(?:(?:hi|hello|hey|ok|okay|yes|no|just|please|pls|plz|now|an?|the|any|get|need|want|me|real|live|actual|human|customer|service|speak|talk|to|your|i said|i say|press|say|can i|could i|0|contact|switch) )*(?:human|humans|human being|agent|agents|representative|rep|operator|real person|live person|actual person|person|real human|real people|csr|customer (?:service|support|care)|live (?:chat|agent|support)|support(?: team| agent)?|help desk|helpdesk|manager|supervisor|customer rep|human (?:support|help|agent|assistance|service)|tech(?:nical)? support)(?: (?:please|pls|plz|now|asap|immediately|right now|representative|rep|agent|human|operator|person|thanks|thank you|required|needed|wanted|only|assistance|request|support|today|help|team|service|staff|chat))*$`),
		rule("en no robot", []string{"bot", "machine", "computer", "ai", "automat", "robot", "virtual"}, `\b(?:dont|do not|not|no|stop|hate|tired of|sick of|enough of|enough|fed up with|rather not|without|instead of|done with|through with|refuse to|cant stand|quit|rid of|no more)(?: want| wanna| like| wish| need| going| willing| interested)*(?: to| in)*(?: talk| speak| chat| deal| interact| talking| speaking| chatting| dealing| use| using| be talking| sending| giving| having| waste my time)*(?: to| with| me| on)*(?: an?| the| this| these| your| some| any| stupid| dumb| damn| automated| silly| useless| more| freaking)* ?(?:chat ?bots?|bots?|robots?|machines?|computers?|ai|automated (?:system|reply|replies|response|responses|messages?|service|answers?|texts?)|automation|virtual (?:assistant|agent))\b`),
		rule("en escalate", []string{"escalat"}, `\b(?:want|need|like|please|must|can you|could you|can i|how do i|how can i|how to)(?: to| you to)* escalate\b|^escalate(?: this| my| it| the| please| now)*(?: case| issue| ticket| matter| complaint| problem| chat)?(?: please| now| immediately)*$`),
		rule("en someone call me", []string{"someone", "somebody", "human", "person", "agent", "manager", "representative"}, `\b(?:have|get|ask|let|want|need|would)(?: like)? (?:someone|somebody|an? (?:human|agent|manager|representative|real person|person|supervisor|rep))(?: from [a-z ]{2,24}?)?(?: to)? (?:call|phone|contact|ring|help|assist|talk to|speak to|speak with|talk with|get back to) (?:me|us)\b|\b(?:can|could|will|would) (?:someone|somebody|an? (?:agent|manager|representative|supervisor|rep))(?: from [a-z ]{2,24}?)?(?: please)? (?:call|phone|contact|ring|get back to) (?:me|us)\b|\b(?:can|could|have|need|want|let) (?:an? |some )?(?:real |live |actual )*(?:human|agent|real person|live person|actual person|human being)(?: please)?(?: to)? (?:help|assist|answer|handle|look|take|respond|reply|fix)`),
	}
})

// notHuman are words that look like a request and are not; they are taken out before the rules look.
var notHuman = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(
		`人工(?:智能|费|成本|呼吸|授精|受精|流产|湖|降雨|降雪|林|岛|草坪|草|翻译|关节|晶体|耳蜗|合成|养殖|繁殖|心脏|甜味|色素|牛黄|神经|审核|核验|复核|鉴定|鉴别|审批|培育|种植|钻石|肉|骨|泪液|取卵|天气|增雨|影响天气|干预|喂养|成色|标注|搬运|装卸|计费|收费|价格|多少钱|工资)` +
			`|(?:人工)?(?:客服|服务)的?(?:人员)?的?(?:电话|热线|号码|邮箱|微信|qq|地址|工号|时间|工作时间|营业时间|上班|几点|系统|软件|岗位|招聘|工资|外包|待遇|培训|话术|态度|好做|是做什么|做什么|是什么|怎么样|中心在|收费|费)` +
			`|真人(?:秀|cs|版|电影|认证|照片|头像|娃娃|发音|朗读|游戏|视频|验证|出镜|娱乐|快打|真事)` +
			`|(?:职业|产品|项目|区域|销售|大堂|店铺|理财|基金)经理|经理(?:人|岗|证|招聘)|领导(?:力|人|班子|干部|小组)|负责人(?:是谁|信息|变更|身份|姓名|证件|手机|电话)|法人|老板娘|管理员(?:密码|账号|权限)` +
			`|(?:travel|real estate|estate|insurance|secret|booking|letting|purchasing|cleaning|user|free|sports|ticket|shipping|customs|double|chemical|oxidizing|reducing|foreign|talent|literary|local|lettings?|tax|transfer|payment|collection) agents?\b` +
			`|\bagents? (?:fees?|commission|number|codes?|ids?|near|login|portal|program|banking|orange|smith|of shield|in [a-z]+)\b` +
			`|\bhuman (?:resources?|rights?|body|errors?|nature|anatomy|race|trafficking|brain|capital|history|life|blood|dna|genome|skin|population|heart|verification|beings? (?:have|are)|evolution|readable)\b` +
			`|\b(?:become|becoming|be|being|as|am|become|work as|hire|hiring|recruit)(?: an?| the| your)?(?: customer service| support| sales| real| licensed| human)* ?(?:agents?|representatives?|operators?|csrs?|managers?|supervisors?|human|person)\b` +
			`|\b(?:customer (?:service|support|care|help)|support|contact|agent|help ?desk|hotline|tech support|call cent(?:er|re)|manager|operator)(?: team)?s? (?:phone|telephone|tel|numbers?|e ?mails?|hours?|line number|salary|jobs?|address|tickets?|plan|contract|levels?|for (?:windows|mac|ios|android|linux)|opening|contact (?:number|details|info)|available hours|vacanc\w+|fees?)\b` +
			`|\b(?:what|when|which)(?: are| is)? (?:the |your )?(?:phone |telephone |contact )?(?:numbers?|hours?|email|address) (?:for|of|to) (?:the |your )?(?:customer (?:service|support|care)|support|help ?desk)\b` +
			`|\b(?:sales|union|house|state|elected) representatives?|house of representatives|\b(?:mobile|network|phone|cell|tour|forklift|telecom|machine|mathematical|logical|boolean|system|bitwise|ternary|comparison|rental) operators?|operators? (?:overload\w*|precedence)` +
			`|\b(?:password|account|product|project|branch|bank|task|file|device|download|event|case|relationship|general|property|package|window) managers?|managers? (?:role|account|position|job|login|app)\b|(?:child|life|technical|moral|emotional|legal|roaming|5g|language) support\b|\bsupport (?:for|of|the|this|my|apple|android|group|act)\b` +
			`|(?:在|是)(?:跟|和|与|同).{0,9}(?:对话|聊天|聊|说话|交谈|谈话|谈|沟通|讲话|交流)` +
			`|\b(?:am i|if im|im|i am|was i|are we)(?: really| actually| just| now)*(?: talking| speaking| chatting)(?: to| with)\b.*|\b(?:im|i am|are you|youre|you are|r u|is this)(?: really| actually| just)*(?: not)? an? (?:\w+ )?(?:chat ?bot|bot|robot|machine|computer|human|person|human being|ai|real person)\b` +
			`|\b(?:fees?|charges?|costs?|charged|price|pay) (?:for|to) (?:talk|speak|call|contact)(?:ing)?\b.*|\bwhat(?: is|s| are| does| do)(?: an?| the| your)? (?:live |human |real |support |service )*(?:agents?|operators?|representatives?|reps?)\b` +
			`|工作人员(?:上门|到场)|(?:店家|卖家)(?:退|发|拒|不|没|说|同意)` +
			`|\bwho(?: is|s) (?:your|the|my) (?:manager|supervisor|agent|representative)s?|\b(?:act|think|talk|sound|sounds|behave|speak|look|feel) (?:\w+ ){0,3}like an? (?:\w+ )?(?:human|person|human being|bot|robot)\b` +
			`|\b(?:do i (?:have|need) to|should i|must i|(?:will|would) i (?:have|need) to) (?:contact|call|talk|speak|chat|get|ask|see|visit|go)\b.{0,60}` +
			`|\b(?:per|in|each|another|missing|first|third|which|what) person\b|\bperson of\b|\bperson to person\b`)
})

// Refusals that stand right before a request turn it round, unless they are part of a question or a threat.
var (
	refusalZh = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?:不用|不要|不需要|无需|勿|别|不想|不必|没必要|没有必要|甭|唔使|唔好|唔要|不打算|不是要|不是想|先不|暂不|暂时不|我不|不愿意?)(?:再|先|给我|帮我|麻烦|你|去|找|要|想|给|帮|劳烦|急着|转|接|换|叫|喊|联系|跟|和|用|到|成)*$`)
	})
	refusedVerb = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?:不|没|没有|唔|别)\|(?:要|想|需要|用|是|必|找|希望)`)
	})
	doublesVerb = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?:要不|想不|需不|用不|是不)\|(?:要|想|需要|用|是)|(?:为什么|怎么|凭什么|干嘛)(?:还|总|都|就)?(?:不|没|没有)\|`)
	})
	questionZh = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?:要不要|想不想|需不需要|用不用|为什么不要|为何不|怎么不|干嘛不|凭什么不|特别|级别|分别|区别|个别)[^不别]*$`)
	})
	refusalEn = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`\b(?:dont|do not|doesnt|does not|didnt|did not|not|no|never|without|wont|no longer|neither|nor|no need)(?: \w+){0,3} ?$`)
	})
	threatEn = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`\b(?:why|if you|unless|until|if i (?:dont|do not|cant)|you (?:dont|do not|wont)|not (?:a|an|the|your) (?:\w+ )?(?:bot|robot|machine|chatbot|computer)|no bot|how come|wont you|will you not)\b`)
	})
)

// findHuman looks for a request for a person, clause by clause. Refused tells that one was found and turned down.
func findHuman(pieces []piece) (rule string, refused bool) {
	for _, clause := range clauses(pieces) {
		text := join(clause)
		if !mayAskHuman(text) {
			continue
		}
		name, denied := humanInClause(notHuman().ReplaceAllString(text, "※"))
		if name != "" {
			return name, false
		}
		refused = refused || denied
	}
	return "", refused
}

// mayAskHuman is the cheap look that spares most clauses the rules.
func mayAskHuman(clause string) bool {
	for _, rule := range humanRules() {
		if containsAny(clause, rule.needs) {
			return true
		}
	}
	return false
}

func humanInClause(clause string) (rule string, refused bool) {
	for _, rule := range humanRules() {
		if !containsAny(clause, rule.needs) {
			continue
		}
		at := rule.pattern.FindStringIndex(clause)
		if at == nil {
			continue
		}
		if !strings.HasSuffix(rule.name, "no robot") && isRefused(clause[:at[0]], clause[at[0]:at[1]]) {
			refused = true
			continue
		}
		return rule.name + ": " + strings.TrimSpace(clause[at[0]:at[1]]), false
	}
	return "", refused
}

// isRefused tells whether the words before a request, or its own verb after a 不, turn it down.
func isRefused(before, request string) bool {
	if doublesVerb().MatchString(before + "|" + request) {
		return false
	}
	if refusalZh().MatchString(before) || refusedVerb().MatchString(before+"|"+request) {
		return !questionZh().MatchString(before)
	}
	return refusalEn().MatchString(before) && !threatEn().MatchString(before)
}

func containsAny(text string, words []string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}
