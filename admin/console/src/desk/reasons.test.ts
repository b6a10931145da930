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
  ['the customer has opted out of messages on this channel', '客户已退订此渠道的消息'],
  ['it waits for the end of the quiet hours', '等免打扰时段结束后发出'],
  ['the carrier did not deliver it: MK:0001 空号', '运营商未送达 (MK:0001 空号)'],
  ['Twilio could not deliver it (error 30003)', 'Twilio 未能送达 (error 30003)'],
  ["Alibaba Cloud does not know the signature; check the inbox's sign_name: status 200, isv.SMS_SIGNATURE_ILLEGAL: x", '阿里云没有这个签名，请检查短信签名 (status 200, isv.SMS_SIGNATURE_ILLEGAL: x)'],
  ["the template's variable takes 35 characters, this has 40", '模板变量最多 35 字，现在 40 字'],
  ['Receiving (IMAP imap.qq.com:993): the mail server refuses the user name or password: LOGIN failed. Sending (SMTP smtp.qq.com:465): the mail server does not answer.', '收信（IMAP imap.qq.com:993）：邮件服务器不接受登录名或密码 (LOGIN failed)。 发信（SMTP smtp.qq.com:465）：邮件服务器没有应答。'],
  ['the provider refused the request (status 404): EOF', '服务商拒绝了请求（状态 404）'],
  ['the carrier refuses the text (status 0x43)', '运营商拒绝了短信 (status 0x43)'],
  ['the phone could not be reached in time (error 001)', '手机在有效期内未能送达 (error 001)'],
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
