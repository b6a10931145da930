package nlu

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
)

// signal says what a phrase tells about the customer.
type signal struct {
	anger     int  // 1 displeased … 3 angry
	joy       bool // pleased
	urgency   int  // 1 soon … 3 at once
	complaint bool // makes a complaint
	threat    bool // a complaint when the customer is displeased as well
}

// feelings is what the signals of a message add up to.
type feelings struct {
	mood      Mood
	urgency   int
	complains bool   // makes a complaint, by the phrase below
	by        string // the phrase
	complaint bool   // complains, or asks about complaining
	signals   []string
}

// angryFrom is the sum of anger from which a customer counts as angry.
const angryFrom = 3

// signalBook lists the phrases that tell mood, urgency and complaint. Phrases without a signal shield a longer
// word from a shorter one (垃圾短信 is no abuse).
var signalBook = sync.OnceValue(func() lexicon[signal] {
	book := lexicon[signal]{}
	book.add(signal{}, "垃圾短信|垃圾邮件|垃圾箱|垃圾分类|垃圾桶|垃圾电话|垃圾信息|垃圾文件|垃圾清理|我妈的|妈妈的|她妈的|爸妈的|愤怒的小鸟|急诊|急救|应急|紧急联系人|紧急电话|紧急呼叫|马上就好|曝光度|曝光量|曝光补偿|"+
		"防诈骗|反诈骗|举报电话|举报中心|没用过|没用完|没用到|没用了|没用的话|律师费|律师证|不着急|不急|不生气|不慢|"+
		"fire tv|fire stick|fire wall|scam calls|scam call|scam likely|scam email|scam text|not urgent|no rush|no hurry|not bad|not angry|not upset|not a complaint")
	book.add(signal{complaint: true, anger: 1}, "投诉|举报你们|我要举报|12315|12300|12321|12378|12381|工信部|银保监|银保监会|消协|消费者协会|消保委|消委会|曝光你们|曝光|315晚会|黑猫|告你们|我要告|去告|要告|起诉|"+
		"法院见|法庭见|律师函|维权|给个说法|给我个说法|给我一个说法|要个说法|讨个说法|讨说法|要说法|霸王条款|欺诈消费者|欺骗消费者|找媒体|找记者|发微博曝光|"+
		"complain|complaint|complaints|complaining|better business bureau|bbb|trading standards|ombudsman|small claims|legal action|take legal action|sue you|suing|see you in court|take you to court|"+
		"hear from my lawyer|hear from my attorney|contact my lawyer|call my lawyer|calling my lawyer|talk to my lawyer|speak to my lawyer|speak to my solicitor|get a lawyer|getting a lawyer|hire a lawyer|report you|consumer protection|cfpb|this is a scam|its a scam|you scammed me|scammed by you|scam company|youre scammers|you are scammers|what a scam|total scam|complete scam|rip off|ripoff|ripped off|ripping me off")
	book.add(signal{threat: true, anger: 1}, "骗子公司|欺诈|乱扣费|乱扣|乱收费|恶意扣费|强制消费|捆绑消费|诱导消费|媒体|记者|赔偿|赔偿损失|索赔|举报|scam|scammer|scammers|my lawyer|my attorney|my solicitor|lawyer|attorney|court|sue|fraudsters|compensation|demand a refund")
	book.add(signal{anger: 3, complaint: true}, "骗子|一群骗子|都是骗子")
	book.add(signal{anger: 3}, "垃圾|辣鸡|气死|气死我了|气死人|气炸|气疯|怒了|愤怒|火大|忍无可忍|欺人太甚|岂有此理|什么玩意|什么东西啊|什么狗屁|狗屁|放屁|他妈|妈的|tmd|nmd|nmsl|尼玛|你妈|操你|我操|卧槽|草泥马|傻逼|傻b|傻x|煞笔|沙比|sb|脑残|智障|弱智|白痴|蠢货|"+
		"废物|滚蛋|快滚|给我滚|滚出来|去死|神经病|有病吧|王八蛋|混蛋|无耻|不要脸|臭不要脸|流氓|黑心|强盗|恶心|倒闭吧|赶紧倒闭|迟早倒闭|太过分了|太过分|欺负人|欺负消费者|什么破|破公司|坑爹|丧尽天良|吃相难看|店大欺客|暴怒|怒火|发火|抓狂|崩溃|混账|"+
		"ridiculous|outrageous|disgusting|disgusted|disgrace|disgraceful|furious|pissed|pissed off|fuck|fucking|fuckin|fucked|wtf|wth|shit|shitty|bullshit|crap|damn|damned|goddamn|bastards|bastard|assholes|asshole|idiot|idiots|moron|morons|stupid bot|stupid company|thieves|crooks|criminals|hate you|i hate|hate this|worst|screw you|livid|enraged|outraged|sick of|fed up|"+
		"unacceptable|appalling|pathetic|is garbage|is trash|total garbage|absolute garbage|garbage company|garbage service|piece of garbage|piece of trash|such garbage|this garbage|incompetent|liars|liar|lied to me|stealing my money|stole my money|angry|so mad|really mad|what the hell|what the heck|go to hell|shut up|😡|🤬|👿|💢")
	book.add(signal{anger: 2}, "生气|很生气|恼火|差评|坑人|坑钱|坑我|太坑|真坑|好坑|骗人|骗我|骗钱|欺骗|忽悠|离谱|过分|推卸责任|踢皮球|推来推去|敷衍|烦死|烦死了|态度恶劣|态度差|态度很差|态度太差|服务差|服务太差|服务态度差|太差劲|差劲|太差|很差|真差|这么差|糟糕|太烂|真烂|很烂|好烂|烂透|受够|受够了|受不了|无法忍受|"+
		"不可理喻|耍我|玩我|耍人|逗我|搞笑呢|有没有搞错|有冇搞错|太恶心|破网|破网站|破软件|破系统|破手机|破宽带|破app|破玩意|什么意思啊|什么态度|太慢了|慢死|慢死了|非常不满|很不满|极其不满|极度不满|再也不用|再也不买|再也不会|说话不算|言而无信|店家黑|火死|"+
		"terrible|horrible|awful|useless|rude|annoyed|annoying|frustrated|frustrating|upset|waste of time|wasting my time|joke of a|a joke|lousy|dreadful|shameful|shame on you|never again|disappointed|disappointing|very disappointed|dissatisfied|not satisfied|unsatisfied|unhappy|not happy|not acceptable|sucks|poor service|bad service|bad experience|mad|mislead|misleading|misled|cheated|cheating|lied|overcharged|😠|😤|👎|🙄")
	book.add(signal{anger: 1}, "不满|不满意|不高兴|不开心|不爽|失望|无语|好烦|真烦|很烦|烦人|没人管|没人理|没人回|没人接|没人处理|没人回复|不理人|不理我|不处理|不解决|没解决|没用|根本没用|一点用没有|浪费时间|浪费我时间|等了半天|等了好久|等了很久|等好久|等半天|多少次了|多少遍|说了多少|几次了|第几次|"+
		"老是|总是|一直不|一直没|又断了|又坏了|太慢|很慢|好慢|搞什么|搞什么鬼|什么鬼|怎么搞的|怎么还没|怎么还不|凭什么|扯淡|扯皮|推脱|推诿|推三阻四|闹哪样|欠抽|穷疯|死磕|抠门|缺斤短两|装样子|难道|说得过去|说的过去|谁来负责|谁负责|损失谁|居然|竟然|呵呵了|也是醉了|合理的解释|合理解释|解释解释|这就是服务|就是你们的服务|合法吗|不作为|区别对待|打了无数|无数次|至今|迟迟|拖延|莫名其妙|不靠谱|不合理|太贵|坑|答非所问|听不懂人话|听唔明|难用|很难用|太难用|难受|郁闷|委屈|不公平|不负责|不负责任|垮|卡死|卡爆|"+
		"still not|still havent|still waiting|not working again|again and again|nobody answers|no one answers|nobody helps|no one helps|no response|no reply|keep getting|keeps failing|keeps crashing|fails every time|bad|poor|slow|too slow|confusing|not helpful|unhelpful|doesnt help|did not help|didnt help|not fair|unfair|too expensive|how many times|for the third time|for the second time|ignored|ignoring me|makes no sense|😞|😒|😔|😢|😭|😩|😫")
	book.add(signal{joy: true}, "满意|很满意|太好了|太棒了|太棒|很棒|真棒|棒极了|非常好|真好|很好|挺好|不错|点赞|给力|好评|厉害|完美|赞|贴心|周到|开心|高兴|很喜欢|喜欢你们|好用|靠谱|专业|very good|great|awesome|perfect|excellent|wonderful|amazing|love it|love you|i love|happy|fantastic|brilliant|very helpful|so helpful|good job|great job|well done|nice work|satisfied|pleased|lovely|superb|impressed|delighted|glad|👍|😊|😀|😁|😄|❤|😍|🥰|🌹|💯|🎉")
	book.add(signal{urgency: 3}, "着火|起火|冒烟|漏电|触电|爆炸|煤气泄漏|盗刷|被盗刷|被盗|被盗了|盗用|被盗用|被骗|被骗了|被诈骗|遭诈骗|报警|救命|出人命|受伤|自杀|不想活|生命危险|emergency|hacked|stolen|fraud|fraudulent|unauthorized|unauthorised|gas leak|on fire|catching fire|suicide|kill myself|identity theft|scammed|robbed|not authorized by me|🆘|🚨")
	book.add(signal{urgency: 2}, "紧急|十万火急|急急|加急|立刻|立即|马上|赶紧|火速|急需|很急|特别急|非常急|好急|真的急|着急|很着急|急死|急用|挺急|比较急|刻不容缓|等不及|来不及|等着用|快点|赶快|丢了|丢失|遗失|urgent|urgently|immediately|right away|asap|as soon as possible|at once|hurry|hurry up|time sensitive|critical|desperate|desperately|straight away|cannot wait|cant wait|lost my card|deadline")
	book.add(signal{urgency: 1}, "尽快|尽早|早点|快一点|催|催一下|催促|急|今天之内|今天必须|什么时候能|还要多久|right now|soon|quickly|quick|fast as possible|today please|waiting for days|still waiting")
	return book
})

var asksAboutComplaint = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:怎么|怎样|如何|咋|哪里|哪儿|在哪|去哪|哪个|哪些|什么|向谁|找谁|打什么|能不能|可不可以|可以|能否).{0,8}(?:投诉|举报|维权|起诉)|(?:投诉|举报|维权|起诉|12315|消协|工信部)(?:的)?(?:电话|热线|渠道|流程|邮箱|方式|方法|平台|入口|时效|时限|进度|结果|部门|中心|建议|网站|地址|号码|材料|单|记录|处理|率|多久|需要|要多久|要什么|有什么|怎么|吗)` +
		`|\b(?:how|where|what|who|which|can i|is there|do you have)\b.*\b(?:complain|complaint|complaints|ombudsman)\b|\b(?:complaint|complaints) (?:number|form|procedure|process|e ?mail|department|dept|status|policy|team|line|phone|address|page|desk|handling|reference)\b`)
})

var notFeltZh = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:不|没|没有|别|不要|不会|不是|不想|无需|不用|并不|并非|未|不必|唔|冇)(?:再|去|是|想|要|太|很|算|打算|那么|怎么|给|会)?$`)
})

var notFeltEn = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\b(?:not|dont|doesnt|didnt|isnt|wasnt|arent|aint|never|no|wont|without|hardly)(?: (?:a|an|the|that|so|very|really|too|all|at|any|been|want|going|to|make|file|feel|be|my)){0,3} ?$`)
})

// feel adds up the signals of a message; the original text shows shouting, which the normal form hides.
func feel(text string, pieces []piece) feelings {
	f := feelings{mood: MoodNeutral, signals: []string{}}
	anger, joy, threat := 0, false, ""
	for i := 0; i < len(pieces); {
		e, ok := signalBook().longest(pieces[i:])
		if !ok {
			i++
			continue
		}
		s := e.role
		if s != (signal{}) && isNegated(pieces, i) {
			s = negated(s)
		}
		i += len(e.words)
		if s == (signal{}) {
			continue
		}
		f.note(e.phrase, s.urgency)
		anger, joy = anger+s.anger, joy || s.joy
		if s.threat {
			threat = e.phrase
		}
		if s.complaint {
			f.complain(e.phrase, join(clauseOf(pieces, i-1)))
		}
	}
	f.settle(anger, joy, threat, text)
	return f
}

func (f *feelings) note(phrase string, urgency int) {
	f.urgency = max(f.urgency, urgency)
	if !slices.Contains(f.signals, phrase) {
		f.signals = append(f.signals, phrase)
	}
}

// complain notes a complaint, or a question about complaints.
func (f *feelings) complain(phrase, clause string) {
	f.complaint = true
	if !f.complains && !asksAboutComplaint().MatchString(clause) {
		f.complains, f.by = true, phrase
	}
}

// settle turns the sums into a mood. Shouting makes a displeased customer an angry one and never a calm one.
func (f *feelings) settle(anger int, joy bool, threat, text string) {
	if anger > 0 {
		anger += shouting(text)
	}
	if f.complaint && !f.complains && anger == 1 {
		anger = 0
	}
	switch {
	case anger >= angryFrom:
		f.mood = MoodAngry
	case anger > 0:
		f.mood = MoodDispleased
	case joy:
		f.mood = MoodPleased
	}
	if threat != "" && anger > 1 {
		f.complaint = true
		if !f.complains {
			f.complains, f.by = true, threat
		}
	}
}

// shouting is 1 for runs of ! or ?, or for English in capitals.
func shouting(text string) int {
	marks, upper, lower := 0, 0, 0
	for _, r := range text {
		switch {
		case r == '!' || r == '?' || r == '！' || r == '？':
			if marks++; marks >= 3 {
				return 1
			}
			continue
		case unicode.IsUpper(r):
			upper++
		case unicode.IsLower(r):
			lower++
		}
		marks = 0
	}
	if upper >= 10 && upper > 4*lower {
		return 1
	}
	return 0
}

// negated is what a signal means behind a "not": less joy is displeasure, no anger is nothing.
func negated(s signal) signal {
	if s.joy {
		return signal{anger: 1}
	}
	return signal{}
}

// isNegated looks at the words before a phrase in its clause.
func isNegated(pieces []piece, at int) bool {
	const window = 5
	start := at
	for start > 0 && at-start < window && pieces[start-1].clause == pieces[at].clause {
		start--
	}
	before := join(pieces[start:at])
	if strings.HasSuffix(before, "要不") || strings.HasSuffix(before, "能不能") {
		return false
	}
	return notFeltZh().MatchString(before) || notFeltEn().MatchString(before)
}

// clauseOf gives the pieces of the clause that a piece belongs to.
func clauseOf(pieces []piece, at int) []piece {
	start, end := at, at+1
	for start > 0 && pieces[start-1].clause == pieces[at].clause {
		start--
	}
	for end < len(pieces) && pieces[end].clause == pieces[at].clause {
		end++
	}
	return pieces[start:end]
}
