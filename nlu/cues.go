package nlu

import "sync"

// cue is a kind of wording that tells how satisfied somebody is. Both languages of a cue share its weight, so that what was
// fitted in one holds for the other.
type cue int

const (
	cueInsult     cue = iota // names and curses
	cueAppalled              // strong words about the service
	cueLetDown               // disappointed, at a loss for words
	cueComplain              // complaints, authorities, the public
	cueCheated               // deceived, charged without asking
	cueStillOpen             // waiting, and how long
	cueNoReply               // nobody answers
	cueAgain                 // again, every time
	cueUnsolved              // it still does not work
	cueRhetorical            // questions that want no answer
	cueShirking              // attitude, passing the buck
	cueLeaving               // never again, leaving
	cueThanks
	cuePraise
	cueSolved   // done, understood
	cuePolite   // please, may I ask
	cueAsking   // how, where, can I
	cueFailure  // does not work
	cueMoney    // charged, refund
	cueSuggest  // suggestions, hopes
	cueSoft     // friendly particles
	cueNegation // not
	cueYou      // you people
	cueCustomer // we customers
	cueEffort   // what was already tried
	cueDegree   // really, at all, even
	cueSarcasm
	cueSadFace
	cueGladFace
	cueDuration // days, months
	cueLaw      // rights, law, reason
	cueDemand   // an explanation, at once
	cues
)

// cueWords are the wordings of each cue, written for this program.
var cueWords = [cues]string{
	cueInsult: "垃圾|辣鸡|骗子|流氓|无耻|不要脸|黑心|奸商|土匪|强盗|脑残|智障|白痴|傻逼|傻b|煞笔|sb|他妈|妈的|tmd|特么|尼玛|你妈|操|草|卧槽|我靠|靠|屁|狗屁|放屁|屎|滚|去死|王八蛋|混蛋|废物|猪|蠢|贱|坑爹|逼|婊|狗|畜生|缺德|鸟|鬼|病|神经|变态|" +
		"garbage|trash|crooks|thieves|liars|idiot|idiots|moron|morons|stupid|fuck|fucking|fucked|shit|bullshit|crap|damn|hell|wtf|bastard|bastards|asshole|dumb|scum|pathetic|clowns",
	cueAppalled: "太差|很差|真差|差劲|最差|极差|差|烂|太烂|恶心|太过分|过分|离谱|坑|太坑|坑人|坑钱|气死|气愤|愤怒|怒|火大|忍无可忍|受够|受够了|受不了|崩溃|抓狂|无法忍受|难以忍受|忍|恨|倒闭|关门|丢人|不可理喻|岂有此理|不能忍|可恶|可恨|可耻|恶劣|糟糕|糟|脸|良心|" +
		"terrible|horrible|awful|worst|disgusting|disgraceful|ridiculous|outrageous|unacceptable|appalling|furious|angry|mad|livid|sick of|fed up|hate|joke|shame|shocking|dreadful|atrocious",
	cueLetDown: "失望|无语|心寒|心塞|心累|伤心|郁闷|不满|不满意|不爽|不高兴|烦|烦死|烦人|闹心|头疼|糟心|纠结|醉了|晕|累|哭|悲剧|杯具|呵|唉|哎|可怜|苦逼|蛋疼|伤不起|无奈|遗憾|后悔|" +
		"disappointed|disappointing|unhappy|upset|annoyed|annoying|frustrated|frustrating|dissatisfied|sad|tired of|let down|poor|bad",
	cueComplain: "投诉|举报|工信部|12315|12300|消协|消费者协会|315|曝光|维权|起诉|告你们|告|律师|法院|法律|媒体|记者|电视台|找说法|讨说法|说法|公道|上访|监管|部门|微博上|扩散|大家|转发|" +
		"complain|complaint|complaints|report you|lawyer|lawsuit|sue|ombudsman|bbb|trading standards|court|go public|media|legal",
	cueCheated: "骗|欺骗|被骗|忽悠|坑我|乱扣费|乱扣|乱收费|偷偷|擅自|私自|强制|强行|霸王|霸王条款|莫名其妙|莫名|诱导|虚假|虚假宣传|耍|耍我|玩我|宰|偷|黑|吸费|恶意|捆绑|无故|无缘无故|平白无故|不知情|未经|没开通|没定|没订|欺负|欺诈|诈骗|歧视|坑害|圈钱|" +
		"scam|scammed|fraud|cheated|misled|mislead|misleading|lied|lie|ripped off|rip off|overcharged|without asking|without my consent|never agreed|hidden fee|hidden fees|stole|steal|trick|tricked",
	cueStillOpen: "还没|还没有|还不|仍然|至今|迟迟|一直|一直没|一直不|到现在|等|等了|等到|等待|多久|半天|几天|好几天|好久|很久|久|尽快|什么时候|啥时候|何时|拖|拖延|拖着|催|进度|还要|还得|还在|现在还|都没|都没有|都不|" +
		"still|still waiting|waiting|waited|wait|how long|not yet|delayed|delay|so long|forever|days ago|weeks ago|no update|overdue",
	cueNoReply: "没人|没有人|没回复|没有回复|不回复|不回|没回|不理|没理|没人理|没消息|没反应|没有反应|没有答复|没答复|没下文|打不通|打不进|接不通|没人接|不接|占线|联系不上|没联系|没有联系|没电话|没人管|不管|无人|不处理|没处理|没有处理|装死|人呢|在哪|不见|没动静|没人处理|忙线|" +
		"no one|nobody|no response|no reply|no answer|never answered|never replied|ignored|ignoring|unanswered|hung up|cannot reach|cant reach|on hold|silence",
	cueAgain: "又|再次|再|多次|无数次|每次|总是|老是|天天|每天|经常|第二次|第三次|几次|好几次|n次|次次|反复|一而再|屡次|三番五次|还是|依然|依旧|照样|仍|仍旧|永远|从来|已经|都|" +
		"again|again and again|every time|always|constantly|repeatedly|keep|keeps|third time|second time|many times|multiple times|several times|once more|never",
	cueUnsolved: "没解决|没有解决|解决不了|不能解决|不解决|未解决|无法解决|没用|没有用|不管用|没法用|不好用|不行|还是不行|处理不了|没结果|没有结果|不了了之|没效果|无效|没变|没改善|没好|试过|试了|没区别|一样|白|白费|敷衍|官方|模板|复读机|套话|废话|机器人|答非所问|推脱|" +
		"not solved|unresolved|not fixed|does not work|doesnt work|didnt work|did not work|didnt help|not helpful|useless|no use|pointless|waste of time|same problem|same answer|copy paste|robot|nothing happened|not working",
	cueRhetorical: "难道|凭什么|什么意思|几个意思|怎么回事|搞什么|搞毛|怎么搞|怎么搞的|有没有搞错|为毛|为什么|为啥|为何|算什么|算不算|什么玩意|什么东西|什么鬼|什么情况|咋回事|谁来|合理吗|合法吗|是吗|有意思吗|有意思|逗我|开玩笑|搞笑|有吗|能不能|还能|还有|好意思|怎么能|怎么会|怎么可以|怎么还|干嘛|干什么|吃的|干嘛的|吗|么|" +
		"why|how come|what is going on|whats going on|are you kidding|seriously|really|is this a joke|who is responsible|how is this|how can you|what kind of|do you even|is that how",
	cueShirking: "态度|服务态度|客服|人工客服|推卸|踢皮球|推来推去|互相推|不负责|责任|承诺|说话不算|说好|说好的|答应|借口|理由|解释|素质|水平|效率|办事|服务|这服务|管理|专业|员工|工作人员|营业员|领导|负责|负责人|" +
		"attitude|rude|unprofessional|incompetent|excuse|excuses|promised|promise|responsible|responsibility|customer service|service|staff|manager|supervisor|passed around|transferred|blame",
	cueLeaving: "再也不|再不|不会再|以后不|换掉|换卡|换号|转网|携号转网|销户|销号|注销|卸载|取消|退网|退订|退货|退款|退钱|退票|弃|抛弃|拉黑|不买|不用了|别用|别买|慎|慎重|慎用|千万别|拒绝|黑名单|抵制|移动|对手|最后一次|" +
		"never again|cancel|cancelling|cancelled|leaving|switching|switch to|close my account|refund|money back|return|uninstall|last time|avoid|stay away|boycott|competitor",
	cueThanks: "谢谢|感谢|多谢|谢啦|谢了|谢|thx|thanks|辛苦|辛苦了|有劳|非常感谢|感激|3q|thank you|thank|appreciate|grateful|cheers|much obliged",
	cuePraise: "喜欢|赞|点赞|不错|很好|真好|太好了|好用|给力|爱|爱你|开心|高兴|满意|棒|厉害|优秀|完美|漂亮|好看|贴心|周到|热情|耐心|及时|惊喜|靠谱|感动|幸福|支持|力挺|表扬|值得|点个赞|好评|方便|快|速度|" +
		"great|good|excellent|awesome|perfect|love|nice|helpful|amazing|wonderful|fantastic|happy|pleased|satisfied|impressed|quick|fast|friendly|brilliant|well done",
	cueSolved: "解决了|已解决|已经解决|好了|可以了|搞定|搞定了|收到|收到了|明白|明白了|知道了|了解|了解了|懂了|ok|okay|恢复|恢复了|行|好的|好|嗯|恩|嗯嗯|哦|对|是的|是|有了|能用了|正常了|成功|原来|没事|没问题|" +
		"solved|resolved|fixed|works now|working now|got it|understood|ok|okay|alright|i see|received|sorted|done|fine",
	cuePolite: "请问|麻烦|您好|你好|请|请教|请求|帮忙|帮|帮我|求助|求|求解|拜托|不好意思|打扰|能否|可否|咨询|问一下|想问|想请问|请帮|您|" +
		"please|could you|may i|would you|hello|hi|excuse me|kindly|wondering|can you|help|i would like",
	cueAsking: "怎么|如何|哪里|哪儿|多少|可以|是不是|有没有|怎样|怎么办|怎么样|哪个|能|可不可以|要不要|需要|想|什么|几|啥|" +
		"how do|how to|where|which|what|can i|is there|do you have|when",
	cueFailure: "打不开|不能|无法|不了|卡|断|断线|断网|慢|太慢|坏|坏了|死机|没信号|掉线|失败|错误|出错|故障|登不上|上不了|连不上|用不了|没有|没法|崩|崩溃了|黑屏|闪退|重启|失灵|问题|异常|缺|丢|漏|bug|不显示|不动|不行|不稳定|差评|发热|烫|瑕疵|裂|" +
		"broken|cannot|cant|unable|crash|crashes|crashed|fails|failed|error|slow|down|disconnect|no signal|not working|wont|doesnt|problem|issue|bug|defective",
	cueMoney:    "扣费|扣|扣钱|扣款|钱|收费|费用|话费|费|赔|赔偿|补偿|贵|多收|欠费|流量|月租|余额|元|块|块钱|charged|charge|fee|fees|money|bill|billed|pay|paid|expensive|cost|compensation",
	cueSuggest:  "建议|希望|期待|加油|最好|改进|改善|优化|能够|增加|提个|意见|反馈|想要|如果|可否|suggest|suggestion|hope|would be nice|feature|improve|improvement|looking forward|wish|feedback",
	cueSoft:     "哈|哈哈|嘻嘻|嘿嘿|呢|哦|噢|喔|啦|呀|哟|亲|亲爱的|宝贝|么么|么么哒|萌|小编|大大|童鞋|妹子|小|耶|哇|咯|滴|撒|哒|木有|肿么|酱紫|lol|haha|hehe|cool|yay|wow",
	cueNegation: "不|没|无|别|未|非|勿|不会|不是|不要|不想|不让|不给|no|not|dont|didnt|isnt|wasnt|none|nothing|without",
	cueYou:      "你们|贵司|贵公司|你们公司|你司|你家|尔等|你们的|尼们|这家|这种公司|公司|企业|运营商|店|商家|卖家|官方|you guys|you people|your company|this company|your team|your staff|your service|company|your",
	cueCustomer: "消费者|用户|客户|老百姓|百姓|顾客|老用户|老客户|我们|大家|上帝|屌丝|customer|customers|consumers|loyal|paying customer|years with you|as a customer",
	cueEffort:   "打了|打电话|打客服|客服电话|电话|10010|10000|10086|跑了|去了|营业厅|问了|反映|反馈|报修|咨询了|找了|说了|联系了|私信|私信了|提交|申请|报了|告知|回复|答复|called|phoned|emailed|wrote|contacted|spoke|visited|tried|asked|reported|sent|told",
	cueDegree:   "太|真|真的|实在|根本|简直|竟然|居然|竟|到底|究竟|完全|一点|从来|绝对|彻底|非常|十分|极其|这么|那么|多么|如此|死|死了|严重|动不动|随便|连|only|so|totally|completely|absolutely|extremely|even|at all|actually|literally",
	cueSarcasm:  "呵呵|真行|牛逼|牛b|牛|佩服|服了|服气|奇葩|高端|神奇|神马|神|高大上|有才|好样的|不愧|果然|伟大|良心企业|人才|大爷|爷|老大|老子|老纸|姐|哥|劳资|真是|可真|congratulations|bravo|how nice|oh great|wonderful job|thanks for nothing|good luck|surprise|of course",
	cueSadFace:  "怒|怒骂|抓狂|泪|鄙视|黑线|失望|生病|衰|哼|晕|吐|委屈|汗|弱|伤心|悲伤|挖鼻屎|挖鼻|围观|打脸|拍砖|😡|😠|🤬|😤|😭|😢|😞|😒|👎|🙄|😩|💔|😔",
	cueGladFace: "嘻嘻|爱你|心|偷笑|可爱|花心|给力|鲜花|太开心|害羞|亲亲|抱抱|礼物|鼓掌|酷|耶|赞|good|哈哈|微笑|呲牙|调皮|😊|😀|😁|😄|👍|❤|😍|🥰|🌹|🎉|😂|🙏",
	cueDuration: "天|天了|个月|月|年|年了|小时|分钟|周|星期|昨天|前天|上周|上个月|今天|一天|一个月|一年|整天|半年|半个月|两天|三天|几天了|days|weeks|months|years|hours|minutes|yesterday|last week|last month|all day|since",
	cueLaw:      "合理|合法|规定|权益|权利|法规|条款|合同|协议|诚信|信用|道德|义务|公平|正规|资格|证据|录音|垄断|国家|社会|政府|律法|rights|law|legal|contract|policy|fair|unfair|terms|honest|principle|evidence|regulator",
	cueDemand:   "给个|给我|给个说法|给个解释|给个答复|给个交代|交代|解释一下|必须|马上|立即|立刻|赶紧|赶快|快点|速度|速|尽快|请给|要求|给出|明确|答复|负责|赔|解决|处理|demand|explain|explanation|must|immediately|now|right now|fix this|do something|today|asap|urgent|at once|answer me",
}

// cueBook finds the cues of a text.
var cueBook = sync.OnceValue(func() lexicon[cue] {
	book := lexicon[cue]{}
	for c, words := range cueWords {
		book.add(cue(c), words)
	}
	return book
})

// cueCounts counts the cues of a text, each place for the longest of each cue that begins there.
func cueCounts(pieces []piece) (counts [cues]float64) {
	book := cueBook()
	for i := range pieces {
		if book[pieces[i].text] == nil {
			continue
		}
		var seen [cues]bool
		book.at(pieces[i:], true, func(e entry[cue]) {
			if !seen[e.role] {
				seen[e.role] = true
				counts[e.role]++
			}
		})
	}
	return counts
}
