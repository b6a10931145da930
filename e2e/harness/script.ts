import type { Language } from './words'

/** What is said in the story, and what the demo's articles answer. */
export interface Script {
  question: string
  answer: RegExp
  vague: string
  meant: string
  meantAnswer: RegExp
  outOfScope: string
  notUnderstood: RegExp
  canned: string
  cannedSays: RegExp
  thanks: string
  note: string
  handover: string
  again: string
  againAnswer: RegExp
  agent: { email: string; name: string }
  second: { email: string; name: string }
  article: { title: string; find: string; phrasing: string; addition: string }
}

const lin = { email: 'lin@demo.huiyin.example', name: '林晓' }
const anna = { email: 'anna@demo.huiyin.example', name: 'Anna Chen' }

export const scripts: Record<Language, Script> = {
  zh: {
    question: '网速很慢怎么办',
    answer: /签约速率/,
    vague: '密码',
    meant: '怎么修改家里的 Wi-Fi 密码？',
    meantAnswer: /修改密码/,
    outOfScope: '红烧肉怎么做才不腻',
    notUnderstood: /没太明白|没找到答案/,
    canned: '/wait',
    cannedSays: /请您稍等两三分钟/,
    thanks: '好的，这是光猫的照片',
    note: '内部：客户住在老城区，线路上周刚换过',
    handover: '请帮忙看看线路',
    again: '怎么查剩余流量？',
    againAnswer: /流量/,
    agent: lin,
    second: anna,
    article: { title: '宽带网速很慢怎么办？', find: '网速', phrasing: '家里的网跟蜗牛爬似的', addition: '测速时请先暂停下载任务。' },
  },
  en: {
    question: 'my internet is slow',
    answer: /contract speed/,
    vague: 'password',
    meant: 'How do I change my Wi-Fi password?',
    meantAnswer: /Change password/,
    outOfScope: 'How do I bake bread',
    notUnderstood: /did not quite understand|still have no answer/,
    canned: '/wait',
    cannedSays: /two or three minutes/,
    thanks: 'Sure, here is a picture of the modem',
    note: 'Internal: lives in the old town, the line was replaced last week',
    handover: 'please look at the line',
    again: 'How do I check how much data I have left?',
    againAnswer: /data/i,
    agent: anna,
    second: lin,
    article: { title: 'Why is my broadband so slow?', find: 'slow', phrasing: 'my connection crawls like a snail', addition: 'Pause downloads before you test.' },
  },
}
