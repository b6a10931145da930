package knowledge

import "strings"

// columnWords are the words that people write above a column, beside the column's own name.
func columnWords() map[string]string {
	return map[string]string{
		"key":         "编号|faq_id|id|faq id|序号|知识编号|问题编号|no|no.|number",
		"category":    "分类|类别|目录|知识分类|所属分类|问题分类|栏目|categories|topic|folder|section",
		"tags":        "标签|关键词|关键字|tag|keywords|labels",
		"status":      "状态|发布状态|state",
		"language":    "语言|语种|lang|locale",
		"question":    "问题|标准问题|标准问|标准问法|提问|问|标题|知识标题|问题标题|title|q|faq|standard question|question title",
		"similar":     "相似问题|相似问法|相似问|扩展问|扩展问题|同义问|其他问法|similar questions|similar question|variations|alternative questions|utterances",
		"answer":      "答案|回答|回复|标准答案|解答|内容|答复|答|a|answers|response|reply|content|body|answer text",
		"audience":    "对象|受众|visibility",
		"valid_from":  "生效时间|生效日期|开始日期|valid from|start date",
		"valid_until": "失效时间|失效日期|截止日期|有效期至|valid until|end date|expires",
		"variants":    "变体",
		"notes":       "内部备注|内部说明|备注|internal notes|internal note",
		"related":     "相关知识|关联知识|相关文章|related articles",
	}
}

// columnName tells what a column is by the words above it; words that say nothing come back as they are.
func columnName(cell string) string {
	cell = strings.ToLower(strings.Trim(strings.TrimSpace(cell), "*：:"))
	for target, words := range columnWords() {
		if cell == target || strings.Contains("|"+words+"|", "|"+cell+"|") {
			return target
		}
	}
	if target, ok := inLanguage(cell); ok {
		return target
	}
	return cell
}

// inLanguage knows a text in one language: "question.en", "answer (zh)", "英文答案", "English question".
func inLanguage(cell string) (string, bool) {
	for word, language := range map[string]string{"中文": "zh", "英文": "en", "英语": "en", "chinese": "zh", "english": "en", "zh": "zh", "en": "en"} {
		for _, rest := range []string{strings.TrimPrefix(cell, word), strings.TrimSuffix(strings.TrimSuffix(cell, ")"), word)} {
			rest = strings.Trim(rest, " _.-()（）")
			if rest == strings.Trim(cell, " _.-()（）") || rest == "" {
				continue
			}
			for _, target := range []string{"question", "similar", "answer"} {
				if rest == target || strings.Contains("|"+columnWords()[target]+"|", "|"+rest+"|") {
					return target + "." + language, true
				}
			}
		}
	}
	return "", false
}

func statusNamed(cell string) Status {
	switch name := strings.ToLower(strings.TrimSpace(cell)); name {
	case "草稿":
		return Draft
	case "已发布", "发布", "启用":
		return Published
	case "已归档", "归档", "停用":
		return Archived
	default:
		return Status(name)
	}
}

func languageNamed(cell string) string {
	switch name := strings.TrimSpace(cell); strings.ToLower(name) {
	case "中文", "汉语", "简体中文", "chinese", "zh-cn":
		return "zh"
	case "英文", "英语", "english", "en-us":
		return "en"
	default:
		return name
	}
}

func audienceNamed(cell string) Audience {
	switch name := strings.ToLower(strings.TrimSpace(cell)); name {
	case "", "public", "公开", "客户":
		return Public
	case "internal", "内部":
		return Internal
	default:
		return Audience(name)
	}
}

// splitList divides a cell: one a line, or divided by "|" when it is one line.
func splitList(cell string) []string {
	if strings.Contains(cell, "\n") {
		return strings.Split(cell, "\n")
	}
	return strings.Split(cell, "|")
}

func splitTags(cell string) []string {
	if strings.ContainsAny(cell, "\n|") {
		return splitList(cell)
	}
	return strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(",;，；、", r) })
}
