package nlu

import (
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"
)

// ReferenceKind is how a message leans on what was said before it.
type ReferenceKind string

// The kinds of reference.
const (
	ReferNone       ReferenceKind = ""
	ReferElse       ReferenceKind = "the same for something else" // 那企业的呢, and for companies
	ReferMore       ReferenceKind = "more on the same matter"     // 多少钱, how long does it take
	ReferIt         ReferenceKind = "a pronoun"                   // 这个套餐怎么退, how do I cancel it
	ReferCorrection ReferenceKind = "a correction"                // 不对，我说的是宽带; no, I meant broadband
)

// Reference is a message that cannot be understood without the question before it. Rest is what it says of its own: the
// something else, the whole short question, the question without its pronoun, or what was meant instead ("" when a
// correction only says that the answer was wrong).
type Reference struct {
	Kind ReferenceKind
	Rest string
}

// The longest message, in characters, that is taken for a reference; a longer one says enough by itself.
const (
	maxReferZh = 24
	maxReferEn = 80
)

// ReadReference tells whether a message leans on what was said before it. It looks at words only: whether there was a
// question before, and whether the message does better alone, is for the caller.
func ReadReference(text string) Reference {
	said := plainForm(text)
	if said == "" {
		return Reference{}
	}
	zh := DetectLanguage(said) == LanguageChinese
	if zh && utf8.RuneCountInString(said) > maxReferZh || !zh && len(said) > maxReferEn {
		return Reference{}
	}
	forms := referencesEn()
	if zh {
		forms = referencesZh()
	}
	for _, f := range forms {
		if rest, ok := f.read(said); ok {
			return Reference{f.kind, rest}
		}
	}
	return Reference{}
}

// plainForm is the normal form without greeting, outer marks and apostrophes.
func plainForm(text string) string {
	normalized := Normalize(clip(text))
	query := queryOf(normalized, cut(normalized))
	return strings.ReplaceAll(strings.Trim(query, " ?!.,;:~-\"'()"), "'", "")
}

// referenceForm is one way of leaning on what was said. The first submatch that took part is the rest.
type referenceForm struct {
	kind    ReferenceKind
	pattern *regexp.Regexp
	refuse  *regexp.Regexp // a rest like this is a question or a statement of its own
	keep    bool           // the rest is the whole message
}

func (f referenceForm) read(said string) (rest string, ok bool) {
	at := f.pattern.FindStringSubmatch(said)
	if at == nil {
		return "", false
	}
	for _, group := range at[1:] {
		if rest = strings.Trim(group, " ,.;:!?"); rest != "" {
			break
		}
	}
	if f.keep {
		rest = said
	}
	return rest, f.refuse == nil || !f.refuse.MatchString(rest)
}

const wrongZh = `不对|不是|不不|错了|错啦|搞错了|你搞错了|弄错了|理解错了|你理解错了|你没(?:明白|理解|听懂)|答非所问|不是这个(?:意思)?|我不是(?:这个意思|(?:说|问)这个)|我(?:问|说)的不是这个|不是我(?:要|想)问的|你?没(?:有)?回答我的问题|(?:还是|根本|完全|都)?(?:没用|没有用|没啥用|没什么用|不管用|没帮助|没有帮助|没解决|没有解决)|还没(?:有)?解决|还是不行|不起作用`

var referencesZh = sync.OnceValue(func() []referenceForm {
	asks := regexp.MustCompile(`什么|怎么|怎样|多少|多久|多长|几|哪|谁|为何|如何|咋|吗|^(?:我|你|他|还|正|才|都|这|那)|^在$|在等|还在|正在|等着|没|不是`)
	return []referenceForm{
		{kind: ReferCorrection, pattern: regexp.MustCompile(`^(?:` + wrongZh + `|这不是我(?:想|要)的(?:答案)?)(?:吧|啊|呀|哦)?$`)},
		{kind: ReferCorrection, pattern: regexp.MustCompile(`^(?:(?:` + wrongZh + `)[,. !~;]*)?(?:我(?:说|问|指|想问|想说|要问|要说|要办|要)的(?:其实)?是|我是(?:说|问|指|想问|要问|想说)|我的意思是|我指的是)[,: ]*(.+)$`)},
		{kind: ReferCorrection, pattern: regexp.MustCompile(`^(?:不是|不要)[^,.]{1,12}[,. ]*(?:而是|是|要)(.+)$`), refuse: asks},
		{kind: ReferCorrection, pattern: regexp.MustCompile(`^(?:` + wrongZh + `)[,. !~;]+(?:是|要)?(.+)$`)},
		{kind: ReferElse, pattern: regexp.MustCompile(`^(?:那|那么|可|但)?(?:如果|要是|假如|换成|换)?是?(.{1,12}?)的?(?:话)?呢$`), refuse: asks},
		{kind: ReferElse, pattern: regexp.MustCompile(`^(?:那|那么)(?:如果|要是|假如)?是?(.{1,10}?)的?(?:话)?(?:也)?(?:可以|行|能行|支持|有|怎么办|怎么样|怎样|如何)(?:吗|么|不)?$`), refuse: asks},
		{kind: ReferElse, pattern: regexp.MustCompile(`^(?:那|那么)?(?:如果|要是|假如|换成)是?(.{1,10}?)(?:的话)?$`), refuse: asks},
		{kind: ReferMore, keep: true, pattern: regexp.MustCompile(`^(?:` + moreZh + `)+$`)},
		{kind: ReferIt, pattern: regexp.MustCompile(`^(?:那|那么)?(?:它|这个|那个|这种|那种|该)(.{2,16})$`)},
	}
})

// moreZh are the words of a question that names no matter of its own.
const moreZh = `那么|那|请问|大概|大约|一般|通常|一共|总共|具体|到底|最快|最晚|最多|至少|它|这个|这|我|你们|需要|要|得|会|能|可以|应该|是|在|去|到|从|用|` +
	`怎么样|怎么|如何|怎样|咋|什么时候|什么|何时|多少|多久|多长时间|多长|几|哪里|哪儿|哪些|哪|谁|为什么|为啥|钱|费用|价格|价钱|收费|花费|手续费|时间|时候|天|小时|个|工作日|材料|资料|证件|手续|流程|步骤|条件|要求|` +
	`办理|办|申请|操作|弄|搞|开通|取消|查询|查|交|带|准备|吗|么|呢|啊|了|的|呀|有|没有|没|一下|才|好|到账|生效|每个月|每月|一个月|一年|月|年|免费|贵|便宜|地方|地址|电话|入口|线上|网上|手机上|,| `

var referencesEn = sync.OnceValue(func() []referenceForm {
	asks := regexp.MustCompile(`^(?:you|it|that|this|them|then|now|me)$|\b(?:how|what|when|where|why|who|which|do|does|can|could|is|are|will|would|should)\b`)
	long := regexp.MustCompile(`^(?:\S+ ){5,}|^(?:thanks?|thank|please|no|yes|then|now|also|bye|you)\b|\b(?:how|what|when|where|why|who|which|do|does|did|can|could|is|are|was|will|would|should|i|it|he|she|they)\b`)
	open := `(?:and |but |so |ok |okay |then |well |also )*`
	return []referenceForm{
		{kind: ReferCorrection, pattern: regexp.MustCompile(`^(?:no )?(?:(?:thats|that is|this is|its|it is) (?:not|wrong)(?: (?:it|right|correct|what i (?:asked|meant|mean|said|want|wanted|was asking)(?: for| about)?|my question))?|that isnt (?:it|right|what i (?:asked|meant|wanted))|you (?:misunderstood|got (?:me|it|that) wrong|didnt (?:answer|understand)(?: me| my question)?)|not what i (?:asked|meant|wanted)(?: for)?|wrong answer|(?:(?:that|this|it) )?(?:didnt|did not|doesnt|does not) (?:help|work)(?: me)?(?: at all)?|(?:(?:thats|that is|this is|that was) )?not helpful|still (?:not working|doesnt work|does not work))$`)},
		{kind: ReferCorrection, pattern: regexp.MustCompile(`^(?:(?:no|nope|nah|sorry|wrong|not that|actually|(?:thats|that is|its) (?:not (?:it|right|what i (?:asked|meant))|wrong))[ ,.!;]+)*(?:i (?:meant|mean|said|asked about|was asking about|am asking about|was talking about|am talking about|want to ask about|wanted to ask about)|im (?:asking|talking) about|my question (?:is|was)(?: about)?|i was asking)(?: about| to ask)?[ ,:]+(.+)$`)},
		{kind: ReferCorrection, pattern: regexp.MustCompile(`^(?:no|nope|wrong|not that one?|not that)[,.!;]+ ?(?:the )?(.+)$`)},
		{kind: ReferElse, pattern: regexp.MustCompile(`^` + open + `(?:what|how) about (?:for |on |in |at |with |if its |if it is |the )?(.+)$`), refuse: asks},
		{kind: ReferElse, pattern: regexp.MustCompile(`^` + open + `(?:what )?if (?:its|it is|im|i am|i have|we are|we have) (?:a |an |the |in |on )?(.+)$`), refuse: asks},
		{kind: ReferElse, pattern: regexp.MustCompile(`^` + open + `(?:is it the same|is that the same|the same|same|does (?:it|this|that) (?:also )?(?:apply|work|hold|go)) (?:for|to|on|with|in|at) (.+)$`), refuse: asks},
		{kind: ReferElse, pattern: regexp.MustCompile(`^(?:and |or |but )+(?:for |on |in |at |with |from |to )?(?:the |a |an )?(.+)$`), refuse: long},
		{kind: ReferElse, pattern: regexp.MustCompile(`^(?:for|on) (?:the |a |an )?(.+)$`), refuse: long},
		{kind: ReferMore, keep: true, pattern: regexp.MustCompile(`^(?:and |so |ok |then )*(?:how|what|when|where|why|which|who|is|are|can|could|do|does|will|would|must|should)\b(?: (?:` + moreEn + `)){0,9}$`)},
		{kind: ReferIt, pattern: regexp.MustCompile(`^((?:how|what|when|where|why|can|could|do|does|is|will|would|should|who|which)\b.* (?:it|that|this|them|that one|this one))(?: please| then| now| too| online)?$`)},
	}
})

// moreEn are the words of a question that names no matter of its own.
const moreEn = `how|much|long|many|often|soon|far|does|do|did|is|are|will|would|can|could|should|must|may|i|we|you|it|its|that|this|they|them|there|the|a|an|to|for|of|in|on|at|by|from|with|my|your|me|cost|costs|price|fee|fees|charge|charged|charges|take|takes|need|needed|require|required|requirements|documents|document|paperwork|papers|steps|process|time|when|where|why|who|what|which|free|online|pay|apply|get|do|done|start|long|exactly|please|be|have|has|any|day|days|work|expensive|then|possible|go|happen|happens`
