import { afterEach, expect, it } from 'vitest'
import { setLanguage } from '../i18n'
import { reasonText } from './reasons'

afterEach(() => setLanguage('en'))

it.each([
  ['the provider could not be reached', '连不上服务商'],
  ['WeChat is busy (errcode -1)', '微信繁忙 (errcode -1)'],
  ['WeCom could not be reached: get access token: dial tcp: refused', '连不上企业微信 (get access token: dial tcp: refused)'],
  ['the customer has to write first: the conversation has ended in WeCom', '会话在企业微信里已结束，要等客户先来消息'],
  ['new words: of a cause', 'new words: of a cause'],
  ['handled in the WeCom app by 张三; answer there, or end the conversation there first', '张三 正在企业微信里接待；请在那边回复，或先在那边结束会话'],
  ['something new', 'something new'],
  ['', ''],
])('%s', (reason, want) => {
  setLanguage('zh')
  expect(reasonText(reason)).toBe(want)
})

it('stays English for an English reader', () => {
  setLanguage('en')
  expect(reasonText('WeCom could not be reached')).toBe('WeCom could not be reached')
})
