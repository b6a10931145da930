// The first character of each initial letter in pinyin order; no word begins with i, u or v.
const starts: readonly [string, string][] = [
  ['a', '阿'], ['b', '八'], ['c', '嚓'], ['d', '哒'], ['e', '妸'], ['f', '发'], ['g', '旮'], ['h', '哈'], ['j', '讥'], ['k', '咔'], ['l', '垃'], ['m', '痳'],
  ['n', '拏'], ['o', '噢'], ['p', '妑'], ['q', '七'], ['r', '呥'], ['s', '扨'], ['t', '它'], ['w', '穵'], ['x', '夕'], ['y', '丫'], ['z', '帀'],
]
const collator = new Intl.Collator('zh-Hans-CN-u-co-pinyin')
const sorts = collator.compare('阿', '八') < 0 && collator.compare('七', '夕') < 0

/** The initials of a text's Chinese characters in pinyin, with its other letters: "退款 OK" is "tkok". Needs the browser's own collation. */
export function initials(text: string): string {
  let found = ''
  for (const char of text.toLowerCase()) {
    if (/[a-z0-9]/.test(char)) found += char
    else if (sorts && /\p{Script=Han}/u.test(char)) found += initialOf(char)
  }
  return found
}

function initialOf(char: string): string {
  let letter = ''
  for (const [name, first] of starts) {
    if (collator.compare(char, first) < 0) break
    letter = name
  }
  return letter
}
