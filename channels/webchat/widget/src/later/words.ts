import type { Language } from '../words/words'

/** The words of the parts that are fetched when wanted: simplified Chinese, traditional Chinese, English. */
export const table = {
  menu: ['更多选项', '更多選項', 'More options'],
  soundOn: ['打开提示音', '開啟提示音', 'Turn sound on'],
  soundOff: ['关闭提示音', '關閉提示音', 'Turn sound off'],
  leave: ['改为邮件或短信回复我', '改以電子郵件或簡訊回覆我', 'Answer me by email or SMS'],
  past: ['以往的对话', '以往的對話', 'Earlier conversations'],
  transcript: ['保存对话记录', '儲存對話記錄', 'Keep this conversation'],
  pastNone: ['还没有以往的对话。', '還沒有以往的對話。', 'There are no earlier conversations.'],
  pastMore: ['更早的对话', '更早的對話', 'Older ones'],
  open: ['进行中', '進行中', 'Still open'],
  closed: ['已结束', '已結束', 'Closed'],
  with: ['接待：', '接待：', 'With'],
  failed: ['没有加载出来。', '沒有載入。', 'This could not be loaded.'],
  again: ['重试', '重試', 'Try again'],
  article: ['全文', '全文', 'Article'],
  updated: ['更新于', '更新於', 'Updated'],
  leaveWhy: [
    '留下联系方式和问题，我们稍后回复您。您可以放心离开。',
    '留下聯絡方式和問題，我們稍後回覆您。您可以放心離開。',
    'Leave us your question and where to answer. You can close this page then.',
  ],
  leaveBy: ['用什么方式回复您？', '用什麼方式回覆您？', 'How shall we answer?'],
  byEmail: ['邮件', '電子郵件', 'Email'],
  bySms: ['短信', '簡訊', 'SMS'],
  email: ['邮箱地址', '電子郵件地址', 'Email address'],
  phone: ['手机号码', '手機號碼', 'Mobile number'],
  name: ['称呼', '稱呼', 'Name'],
  message: ['留言', '留言', 'Message'],
  optional: ['选填', '選填', 'optional'],
  leaveAgree: ['我同意通过上述方式联系我。', '我同意透過上述方式聯絡我。', 'I agree to be contacted this way.'],
  leaveDo: ['提交', '送出', 'Leave it with us'],
  left: ['已收到。我们会通过您留下的方式回复。', '已收到。我們會透過您留下的方式回覆。', 'Thank you. We will answer where you asked us to.'],
  required: ['请填写此项。', '請填寫此項。', 'Please fill this in.'],
  emailWrong: ['邮箱格式不正确。', '電子郵件格式不正確。', 'This does not look like an email address.'],
  phoneWrong: ['号码格式不正确。', '號碼格式不正確。', 'This does not look like a phone number.'],
  agreeFirst: ['请先勾选同意。', '請先勾選同意。', 'Please agree first.'],
  choose: ['请选择', '請選擇', 'Choose'],
  howWasIt: ['这次服务怎么样？', '這次服務怎麼樣？', 'How did we do?'],
  star1: ['很差', '很差', 'Very bad'],
  star2: ['不太好', '不太好', 'Bad'],
  star3: ['一般', '普通', 'All right'],
  star4: ['满意', '滿意', 'Good'],
  star5: ['非常满意', '非常滿意', 'Very good'],
  comment: ['想对我们说的话（选填）', '想對我們說的話（選填）', 'Anything to add? (optional)'],
  rate: ['提交评价', '送出評價', 'Send rating'],
  rated: ['感谢您的评价！', '感謝您的評價！', 'Thank you for telling us!'],
  change: ['修改', '修改', 'Change it'],
  transcriptWhy: [
    '可以打印，或存成文件。链接在一小时内有效。',
    '可以列印，或存成檔案。連結在一小時內有效。',
    'Print it or keep it as a file. The links work for an hour.',
  ],
  transcriptNone: ['还没有可以保存的对话。', '還沒有可以儲存的對話。', 'There is nothing to keep yet.'],
  print: ['打开可打印的页面', '開啟可列印的頁面', 'Open a page to print'],
  mailTo: ['发送到', '傳送到', 'Send it to'],
  mailed: ['已发送，请查收邮件。', '已傳送，請查收郵件。', 'Sent. Look into your mailbox.'],
  file: ['下载文本文件', '下載文字檔', 'Download a text file'],
  emojiGroups: ['表情', '表情符號', 'Emoji'],
  recording: ['正在录音', '正在錄音', 'Recording'],
  recorded: ['语音消息', '語音訊息', 'Voice message'],
  stop: ['停止录音', '停止錄音', 'Stop recording'],
  cancel: ['取消', '取消', 'Cancel'],
  listen: ['试听', '試聽', 'Listen'],
  pause: ['停止', '停止', 'Stop'],
  sendVoice: ['发送语音', '傳送語音', 'Send voice message'],
  noMicrophone: ['无法使用麦克风，请在浏览器中允许。', '無法使用麥克風，請在瀏覽器中允許。', 'The microphone cannot be used. Please allow it in your browser.'],
  asking: ['正在请求麦克风…', '正在請求麥克風…', 'Asking for the microphone…'],
} as const satisfies Record<string, readonly [string, string, string]>

export type Key = keyof typeof table

/** Says a word in a language. */
export function say(language: Language, key: Key): string {
  const [zh, tw, en] = table[key]
  return { zh, tw, en }[language]
}
