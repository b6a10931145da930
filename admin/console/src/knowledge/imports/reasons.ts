import { language, tryT } from '../../i18n'

/**
 * What the server says of a row or a file that it cannot take, in Chinese: the sentence it says, and ours; {1} is what the first
 * bracket holds. English is shown as the server says it.
 */
const sentences: readonly (readonly [RegExp, string])[] = [
  [/^write the question$/, '没有写问题'],
  [/^write the answer before publishing$/, '要发布就得有答案'],
  [/^a published article needs an answer in the language of its question$/, '要发布就得有答案，且与问题同一种语言'],
  [/^a language is a short code such as zh or en$/, '语言要写代码，如 zh 或 en'],
  [/^at most (\d+) characters \(these are (\d+)\)$/, '最多 {1} 个字（现在 {2} 个）'],
  [/^at most (\d+) (tags|languages|similar questions|related articles|variants)$/, '{2}最多 {1} 个'],
  [/^a category has at most (\d+) levels$/, '分类最多 {1} 级'],
  [/^contains an invisible control character; delete it$/, '含有看不见的控制字符，请删去'],
  [/^this is not readable text; save the file as UTF-8$/, '文字是乱码；请把文件另存为 UTF-8'],
  [/^a key is one line$/, '内部编号只能是一行'],
  [/^another article has this key$/, '另一篇文章已用这个内部编号'],
  [/^"?(.*?)"? is not a status; use draft, published or archived$/, '“{1}”不是状态；请写草稿、已发布或已归档'],
  [/^write a date as (\S+), or a time as (\S+)$/, '日期请写成 {1}，时间请写成 {2}'],
  [/^an article is public or internal$/, '对象只能是公开或内部'],
  [/^the end must be after the beginning$/, '失效时间要晚于生效时间'],
  [/^the year must have four digits$/, '年份要写四位'],
  [/^two variants are for the same customers$/, '两个变体针对同样的客户'],
  [/^a variant is for a channel, a tier of customers, or both$/, '变体要写明渠道、客户等级，或两者都写'],
  [/^a second person must approve what is published; import it as a draft$/, '发布前要由第二个人批准；请作为草稿导入'],
  [/^a second person must approve what is published; it is a draft$/, '发布前要由第二个人批准；已存为草稿'],
  [/^somebody published or withdrew it while the import was under way; what the file says is a draft$/, '导入期间有人发布或撤下了它；文件里的内容已存为草稿'],
  [/^you may not (?:edit|publish|review) articles of this category$/, '这个分类不归您管'],
  [/^this article is not there any more$/, '这篇文章已经不在了'],
  [/^there is no such article; nothing is created$/, '没有这篇文章；按所选不新增'],
  [/^there is such an article; it is left as it is$/, '已有这篇文章；按所选不修改'],
  [/^there is no related article (.+)$/, '没有找到相关文章：{1}'],
  [/^the source has changed since the file was written \(revision (\d+) then, (\d+) now\): (.+)$/, '导出之后原文改过（当时第 {1} 版，现在第 {2} 版）：{3}'],
  [/^which article this is cannot be read; leave this column as it was$/, '看不出是哪篇文章；请不要改这一列'],
  [/^the language of the translation is not named$/, '没有写明译成哪种语言'],
  [/^choose two languages, such as zh and en$/, '请选两种语言，如中文和英文'],
  [/^nothing stands below this heading; it becomes a draft$/, '这个标题下没有正文；存为草稿'],
  [/^pictures are not taken along: (.+)$/, '这些图片没有带进来：{1}'],
  [/^not a JSON object of an article: (.+)$/, '这一行不是一篇文章的 JSON：{1}'],
  [/^write the text by language, as in (.+)$/, '请按语言写，如 {1}'],
  [/^write the answer as text, like the question$/, '答案请和问题一样写成文字'],
  [/^write a (?:list of questions|list of keys|JSON list), as in (.+)$/, '请写成列表，如 {1}'],
  [/^(\S+) stands for the article in the row above, and there is none$/, '{1} 表示上一行的文章，但上面没有'],
  [/^(?:the )?lines between --- and --- cannot be read: (.+)$/, '两行 --- 之间的内容读不懂：{1}'],
  [/^the part before the text is too long$/, '正文前面的部分太长'],
  [/^the quotes or commas of this line cannot be read$/, '这一行的引号或逗号读不懂'],
  [/^a quotation mark is not closed; what follows it to the end of the file is in this row$/, '有一个引号没有配对；它之后直到文件末尾都成了这一行的内容'],
  [/^a cell is longer than 4 MB; perhaps a quotation mark is not closed$/, '有一格超过 4 MB；可能是引号没有配对'],
  [/^column (\w+): broken characters; save the file as UTF-8$/, '{1} 列有乱码；请把文件另存为 UTF-8'],
  [/^column (\w+): longer than (\d+) characters$/, '{1} 列超过 {2} 个字'],
  [/^column (\w+): a formula without a result; write the text itself$/, '{1} 列是没有结果的公式；请直接写文字'],
  [/^column (\w+): (.+)$/, '{1} 列：{2}'],
  [/^the row has more than (\d+) columns$/, '这一行超过 {1} 列'],
  [/^this line is longer than 4 MB$/, '这一行超过 4 MB'],
  [/^a text in the file is longer than 4 MB$/, '文件里有一段文字超过 4 MB'],
  [/^the file is empty$/, '文件是空的'],
  [/^nothing to read is in this file$/, '这个文件里没有可读的内容'],
  [/^the first line must name the columns: (.+)$/, '第一行要写列名：{1}'],
  [/^the column (.+) occurs twice$/, '“{1}”这一列出现了两次'],
  [/^say which column holds the question$/, '请指明哪一列是问题'],
  [/^"?(.*?)"? is not something that a column can be$/, '“{1}”不能作为列的含义'],
  [/^more than (\d+) articles; divide the file$/, '超过 {1} 篇文章；请拆分文件'],
  [/^the table has more than (\d+) rows; divide it$/, '表格超过 {1} 行；请拆分'],
  [/^(?:the file is )?larger than (\d+) MB; divide (?:it|the file)$/, '超过 {1} MB；请拆分文件'],
  [/^the texts of the file are larger than (\d+) MB; divide it$/, '文件里的文字超过 {1} MB；请拆分'],
  [/^(.+) is larger than (\d+) MB$/, '{1} 超过 {2} MB'],
  [/^the file unfolds to more than (\d+) times its size; such files are not read$/, '文件解压后超过原来的 {1} 倍；这样的文件不读'],
  [/^the file unfolds to more than (\d+) MB; divide it$/, '文件解压后超过 {1} MB；请拆分'],
  [/^the archive holds (\d+) files; at most (\d+) are read$/, '压缩包里有 {1} 个文件；最多读 {2} 个'],
  [/^the archive holds no \.md, \.html or \.docx files$/, '压缩包里没有 .md、.html 或 .docx 文件'],
  [/^only \.md, \.html and \.docx are read from an archive$/, '压缩包里只读 .md、.html 和 .docx'],
  [/^the name of this file leads out of the archive$/, '这个文件名指向压缩包之外'],
  [/^the file is damaged: it cannot be unpacked$/, '文件损坏，解不开'],
  [/^the file is damaged: (.+) (?:is missing in it|cannot be unpacked|cannot be read)$/, '文件损坏：{1} 读不出来'],
  [/^the file is protected by a password; save it without one$/, '文件有密码；请去掉密码再存'],
  [/^this is an old \.xls file, or one protected by a password; save it as \.xlsx without a password$/, '这是旧的 .xls 文件，或有密码；请存为没有密码的 .xlsx'],
  [/^this is an OpenDocument file; save it as \.xlsx or \.csv$/, '这是 OpenDocument 文件；请存为 .xlsx 或 .csv'],
  [/^this is a binary \.xlsb file; save it as \.xlsx$/, '这是二进制的 .xlsb 文件；请存为 .xlsx'],
  [/^this archive is not a spreadsheet$/, '这个压缩包不是表格'],
  [/^the file has no visible sheet$/, '文件里没有可见的工作表'],
  [/^there is no sheet (.+) in the file$/, '文件里没有工作表“{1}”'],
  [/^this is not a Word file of the form \.docx$/, '这不是 .docx 格式的 Word 文件'],
  [/^the page cannot be read: (.+)$/, '网页读不出来：{1}'],
  [/^the file holds XML declarations that such a document does not need; it is not read$/, '文件含有这类文档不需要的 XML 声明；不读'],
  [/^this is not an XLIFF 1\.2 file with texts$/, '这不是带文字的 XLIFF 1.2 文件'],
  [/^documents of the form (\S+) are not supported; save it as (.+)$/, '不支持 {1} 文档；请存为 .docx 或 .html'],
  [/^spreadsheets of the form (\S+) are not supported; save it as (.+)$/, '不支持 {1} 表格；请存为 .xlsx 或 CSV'],
  [/^the supported forms are (.+)$/, '支持的格式有 .xlsx、.csv、.jsonl、.docx、.html、.md、.zip 和 .xliff'],
  [/^articles are matched by key or by question$/, '文章按内部编号或问题认出'],
  [/^a file can create, update, or both$/, '文件可以新增、更新，或两者都可以'],
  [/^translations go out as xlsx, csv or xliff$/, '译文可以导出为 XLSX、CSV 或 XLIFF'],
  [/^"?(.*?)"? is not a form of table; use csv or xlsx$/, '“{1}”不是表格格式；请用 CSV 或 XLSX'],
  [/^a sheet holds at most (\d+) rows; use CSV$/, '一张工作表最多 {1} 行；请用 CSV'],
  [/^row (\d+): a cell of a spreadsheet holds at most (\d+) characters; use CSV or JSONL$/, '第 {1} 行：一格最多 {2} 个字；请用 CSV 或 JSONL'],
  [/^documents are divided at headings of level 1 to (\d+)$/, '文档按 1 到 {1} 级标题拆分'],
  [/^the import was cut off; nothing of it is left$/, '导入中断，已全部收回'],
  [/^the import was given up because it had come to a halt$/, '导入停住了，已放弃'],
]

const counted: Record<string, string> = { tags: '标签', languages: '语言', 'similar questions': '相似问题', 'related articles': '相关文章', variants: '变体' }

/** The sentence in Chinese; '' for one that is not known. */
export function inChinese(said: string): string {
  for (const [pattern, ours] of sentences) {
    const found = pattern.exec(said)
    if (found) return ours.replace(/\{(\d)\}/g, (_, n: string) => { const part = found[Number(n)] ?? ''; return counted[part] ?? part })
  }
  for (let at = said.indexOf('; '); at > 0; at = said.indexOf('; ', at + 1)) {
    const [first, rest] = [inChinese(said.slice(0, at)), inChinese(said.slice(at + 2))]
    if (first && rest) return `${first}；${rest}`
  }
  return ''
}

/** What the server says, in the reader's language, behind the name of the field that it is about. */
export function reason(message: string, field = ''): string {
  const name = field ? tryT(`imports.to.${field}`, '') : ''
  if (language.value !== 'zh') return name ? `${name}: ${message}` : message
  const ours = inChinese(message)
  return name ? `${name}：${ours || message}` : ours || message
}

/** The same for what begins with the name of its field: "file: the file is empty". */
export function reasonOf(text: string): string {
  const parts = /^([a-z_]+(?:\.[a-z]+)?): (.+)$/s.exec(text)
  return parts ? reason(parts[2] ?? '', parts[1]) : reason(text)
}
