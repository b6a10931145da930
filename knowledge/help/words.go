package help

// words are what the pages say in one language.
type words struct {
	Code, HTML, OG, Name, OtherCode, OtherName string

	Title, Intro, Skip, Home, Search, SearchLabel, SearchHint, Clear           string
	Categories, Popular, Newest, Other, Articles, AllOf, Back                  string
	AskAnywhere, Updated, Contents, Related, Yes, No, Helped, Thanks, ThanksNo string
	Counted, TooMany, Why, Comment, Send, Noted, AskTitle, AskText, Ask        string
	ResultsFor, NoResults, NoResultsHint, SeeAll, OneResult, Results           string
	NotFound, NotFoundText, Crumbs, Print, Links, Loading, Chatless            string
	Reasons                                                                    []reason
}

// reason is why an article did not help: the word that is stored, and what readers see.
type reason struct{ Key, Text string }

func wordsFor(language string) words {
	if language == "en" {
		return english()
	}
	return chinese()
}

func english() words {
	return words{Code: "en", HTML: "en", OG: "en_US", Name: "English", OtherCode: "zh", OtherName: "中文",
		Title: "Help centre", Intro: "How can we help?", Skip: "Skip to content", Home: "Help centre", Search: "Search", SearchLabel: "Search the help centre",
		SearchHint: "Describe your question", Clear: "Clear",
		Categories: "Browse by topic", Popular: "Popular questions", Newest: "Recently updated", Other: "Other", Articles: "articles", AllOf: "See all", Back: "Back to the help centre",
		Updated: "Updated", Contents: "On this page", Related: "Related articles", Yes: "Yes", No: "No", Helped: "Did this answer your question?",
		Thanks: "Thank you. Glad it helped.", ThanksNo: "Thank you. What was missing?", Counted: "Thank you, your answer has been counted.",
		TooMany: "There were too many answers from your network. Please try again later.", Why: "What was the matter?", Comment: "Anything to add? (optional, no personal data please)", Send: "Send", Noted: "Thank you. Our editors will read this.",
		AskTitle: "Still need help?", AskText: "Our team answers in the chat and sees which article you read.", AskAnywhere: "Our team answers in the chat.", Ask: "Chat with us",
		ResultsFor: "Results for", NoResults: "Nothing found for", NoResultsHint: "Try other or fewer words, browse the topics, or ask us.", SeeAll: "See all results", OneResult: "result", Results: "results",
		NotFound: "This page is not here", NotFoundText: "It may have moved or been withdrawn. Search for it, or start from the topics.", Crumbs: "You are here", Print: "Print", Links: "More", Loading: "Opening the chat…",
		Chatless: "The chat cannot be opened at the moment. Please try again.",
		Reasons:  []reason{{"unclear", "Hard to understand"}, {"incomplete", "Something is missing"}, {"wrong", "It is wrong or out of date"}, {"other", "It is not what I was looking for"}}}
}

func chinese() words {
	return words{Code: "zh", HTML: "zh-CN", OG: "zh_CN", Name: "中文", OtherCode: "en", OtherName: "English",
		Title: "帮助中心", Intro: "有什么可以帮您？", Skip: "跳到正文", Home: "帮助中心", Search: "搜索", SearchLabel: "搜索帮助中心",
		SearchHint: "输入您的问题，支持拼音", Clear: "清除",
		Categories: "按主题浏览", Popular: "热门问题", Newest: "最近更新", Other: "其他", Articles: "篇文章", AllOf: "查看全部", Back: "返回帮助中心",
		Updated: "更新于", Contents: "本页内容", Related: "相关文章", Yes: "有帮助", No: "没有帮助", Helped: "这篇文章有帮助吗？",
		Thanks: "感谢您的反馈，很高兴能帮到您。", ThanksNo: "感谢您的反馈。哪里还不够好？", Counted: "感谢您，您的反馈已经记录。",
		TooMany: "来自您所在网络的反馈过于频繁，请稍后再试。", Why: "主要问题是", Comment: "补充说明（选填，请勿填写个人信息）", Send: "提交", Noted: "谢谢，编辑会看到您的意见。",
		AskTitle: "没有解决您的问题？", AskText: "联系在线客服，客服会知道您正在看的文章。", AskAnywhere: "在线客服随时为您解答。", Ask: "联系客服",
		ResultsFor: "搜索结果：", NoResults: "没有找到：", NoResultsHint: "换个说法或减少几个字再试，也可以按主题浏览，或直接联系我们。", SeeAll: "查看全部结果", OneResult: "条结果", Results: "条结果",
		NotFound: "找不到这个页面", NotFoundText: "它可能已经移动或下线。您可以搜索，或从主题开始浏览。", Crumbs: "当前位置", Print: "打印", Links: "更多", Loading: "正在打开在线客服…",
		Chatless: "暂时无法打开在线客服，请稍后再试。",
		Reasons:  []reason{{"unclear", "看不懂"}, {"incomplete", "内容不完整"}, {"wrong", "内容有误或过时"}, {"other", "不是我要找的"}}}
}

// reasonKnown tells whether it is one that the pages offer.
func reasonKnown(key string) bool {
	for _, r := range english().Reasons {
		if r.Key == key {
			return true
		}
	}
	return false
}
