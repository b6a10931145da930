import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { setLanguage } from '../../i18n'
import { inChinese, reason, reasonOf } from './reasons'

afterEach(() => setLanguage('en'))

/** The sentences in the server's code with which rows and files are refused, numbers and names filled in. */
function said(): string[] {
  const root = join(import.meta.dirname, '../../../../../knowledge')
  const files = ['', 'sheet', 'unpack', 'document'].flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(root, folder, name)))
    .filter((name) => /(exchange[a-z_]*|content|audience|translation[a-z_]*|imports_live|[a-z]*\/(sheet|unpack|document)\/[a-z_]+)\.go$/.test(name) && !/_test\.go$/.test(name))
  const text = /(?:Invalid\{"[a-z_.]*"(?: ?\+ ?\w+)?, |Invalid\{field, |Message: |(?:Refused|Fault)\{"\w+", )(?:fmt\.Sprintf\()?(?:"((?:[^"\\]|\\.)*)"|`([^`]*)`)( \+)?/g
  return files.flatMap((name) => [...readFileSync(name, 'utf8').matchAll(text)])
    .map((found) => `${(found[1] ?? found[2] ?? '').replace(/\\"/g, '"').replace(/%d/g, '7').replace(/%[qs]/g, 'x')}${found[3] ? 'x' : ''}`)
    .filter((one) => one.length > 8)
}

describe('why a row is refused', () => {
  it('is told in Chinese, whatever the server says', () => {
    const all = said()
    expect(all.length).toBeGreaterThan(60)
    // What is put together of several pieces of code is tried below as a whole.
    const pieces = ['column x', 'the row has more than x', 'the file is damaged: x', 'the file unfolds to more than x', 'documents of the form x', 'spreadsheets of the form x', 'there is no sheet x', 'the column x']
    expect(all.filter((one) => !inChinese(one) && !pieces.includes(one))).toEqual([])
  })
  it.each([['column B: broken characters; save the file as UTF-8', 'B 列有乱码；请把文件另存为 UTF-8'], ['at most 30 tags', '标签最多 30 个'],
    ['the file is damaged: a.xml is missing in it', '文件损坏：a.xml 读不出来'], ['the column question occurs twice', '“question”这一列出现了两次'],
    ['documents of the form .pdf are not supported; save it as .docx or .html', '不支持 .pdf 文档；请存为 .docx 或 .html'],
    ['the file unfolds to more than 100 times its size; such files are not read', '文件解压后超过原来的 100 倍；这样的文件不读'],
    ['nothing stands below this heading; it becomes a draft; there is no related article 甲', '这个标题下没有正文；存为草稿；没有找到相关文章：甲'],
    ['something new', '']])('%s', (text, want) => expect(inChinese(text)).toBe(want))
  it('names the field in the reader\'s language', () => {
    setLanguage('zh')
    expect([reason('write the question', 'question'), reason('something new', 'answer.en'), reasonOf('file: the file is empty'), reasonOf('at rest')]).toEqual(['问题：没有写问题', '英文答案：something new', '文件是空的', 'at rest'])
    setLanguage('en')
    expect([reason('write the question', 'question'), reason('broken', 'line'), reasonOf('file: the file is empty')]).toEqual(['Question: write the question', 'broken', 'the file is empty'])
  })
})
