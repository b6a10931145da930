import { answers } from '../../admin/console/src/i18n/answers'
import { articlelife } from '../../admin/console/src/i18n/articlelife'
import { channels } from '../../admin/console/src/i18n/channels'
import { common } from '../../admin/console/src/i18n/common'
import { customer } from '../../admin/console/src/i18n/customer'
import { desk } from '../../admin/console/src/i18n/desk'
import { editor } from '../../admin/console/src/i18n/editor'
import { find } from '../../admin/console/src/i18n/find'
import { gaps } from '../../admin/console/src/i18n/gaps'
import { deskwork } from '../../admin/console/src/i18n/deskwork'
import { golden } from '../../admin/console/src/i18n/golden'
import { imports } from '../../admin/console/src/i18n/imports'
import { helpcentre } from '../../admin/console/src/i18n/helpcentre'
import { knowledge } from '../../admin/console/src/i18n/knowledge'
import { lead } from '../../admin/console/src/i18n/lead'
import { maildesk } from '../../admin/console/src/i18n/maildesk'
import { mailtext } from '../../admin/console/src/i18n/mailtext'
import { roster } from '../../admin/console/src/i18n/roster'
import { routing } from '../../admin/console/src/i18n/routing'
import { settings } from '../../admin/console/src/i18n/settings'
import { slack } from '../../admin/console/src/i18n/slack'
import { en as phonesEn } from '../../channels/simulator/page/src/en'
import { zh as phonesZh } from '../../channels/simulator/page/src/zh'
import { en as mailboxEn, zh as mailboxZh } from '../../channels/simulator/page/src/mail/words'
import { en as slackEn, zh as slackZh } from '../../channels/simulator/page/src/slack/words'
import { en } from '../../channels/webchat/widget/src/words/en'
import { tw } from '../../channels/webchat/widget/src/words/tw'
import { zh } from '../../channels/webchat/widget/src/words/zh'
import { say as sayLater, type Key } from '../../channels/webchat/widget/src/later/words'

export type Language = 'zh' | 'en'

/** The console's own phrases: a test looks for what the reader of that language sees. */
export const phrases: Record<string, readonly [string, string]> = { ...answers, ...articlelife, ...channels, ...common, ...customer, ...desk, ...deskwork, ...editor, ...find, ...gaps, ...golden, ...helpcentre, ...imports, ...knowledge, ...lead, ...maildesk, ...mailtext, ...roster, ...routing, ...settings, ...slack }
export type Phrase = keyof typeof answers | keyof typeof articlelife | keyof typeof channels | keyof typeof common | keyof typeof customer | keyof typeof desk | keyof typeof deskwork | keyof typeof editor | keyof typeof find | keyof typeof gaps | keyof typeof golden | keyof typeof helpcentre | keyof typeof imports | keyof typeof knowledge | keyof typeof lead | keyof typeof maildesk | keyof typeof mailtext | keyof typeof roster | keyof typeof routing | keyof typeof settings | keyof typeof slack

export function say(language: Language, key: Phrase, values: Record<string, string | number> = {}): string {
  const pair = phrases[key]
  if (!pair) throw new Error(`the console has no phrase ${key}`)
  const text = pair[language === 'zh' ? 0 : 1]
  const forms = text.split('|')
  const chosen = forms.length === 2 && Number(values.n) === 1 ? forms[0] : forms[forms.length - 1]
  return (chosen ?? '').replace(/\{(\w+)\}/g, (all, name: string) => (name in values ? String(values[name]) : all))
}

/** The widget's words, and those of its parts that are fetched when wanted. */
export const widgetWords = { zh, tw, en }
export const laterWord = (language: 'zh' | 'tw' | 'en', key: Key): string => sayLater(language, key)

/** The words of the simulator's phones. */
export const phoneWords = { zh: phonesZh, en: phonesEn }

/** The words of the simulator's mailbox. */
export const mailboxWords = { zh: mailboxZh, en: mailboxEn }

/** The words of Slack's window. */
export const slackWords = { zh: slackZh, en: slackEn }
