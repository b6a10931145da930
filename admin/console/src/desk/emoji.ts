/** The emoji on offer, with the words they are found by. */
export const emoji: readonly [string, string][] = [
  ['🙂', 'smile 微笑'], ['😊', 'happy blush 开心 害羞'], ['😄', 'laugh grin 大笑'], ['😅', 'sweat phew 汗 尴尬'], ['😂', 'joy tears 笑哭'], ['😉', 'wink 眨眼'],
  ['😍', 'love heart eyes 喜欢 爱'], ['🤗', 'hug 拥抱'], ['🤔', 'think hmm 思考 想'], ['😐', 'neutral 无语'], ['😔', 'sad sorry 难过 抱歉'], ['😢', 'cry 哭'],
  ['😭', 'sob 大哭'], ['😡', 'angry 生气'], ['😱', 'shock scream 震惊'], ['😴', 'sleep 睡'], ['😷', 'mask ill 口罩 生病'], ['🤒', 'fever 发烧'],
  ['👍', 'ok yes thumbs up good 好 赞'], ['👎', 'no bad thumbs down 差 踩'], ['👌', 'ok fine 好的'], ['🙏', 'thanks please pray 谢谢 拜托 请'], ['👏', 'clap 鼓掌'],
  ['🤝', 'deal handshake 握手 合作'], ['👋', 'hello bye wave 你好 再见'], ['💪', 'strong 加油 强'], ['✌️', 'victory peace 耶'], ['👀', 'look eyes 看'],
  ['❤️', 'heart love 心 爱'], ['💔', 'broken heart 心碎'], ['🎉', 'party congratulations 庆祝 恭喜'], ['🎁', 'gift present 礼物'], ['🌹', 'rose flower 玫瑰 花'],
  ['🌟', 'star 星'], ['🔥', 'fire hot 火'], ['☀️', 'sun weather 太阳 晴'], ['🌧️', 'rain 雨'], ['☕', 'coffee tea 咖啡 茶'], ['🍜', 'noodles food 面 吃饭'],
  ['✅', 'done check yes 完成 对'], ['❌', 'no wrong cross 错 不'], ['❓', 'question 问题 疑问'], ['❗', 'important exclamation 重要 注意'], ['⚠️', 'warning 警告'],
  ['💡', 'idea tip 主意 提示'], ['📌', 'pin 置顶 图钉'], ['📎', 'attachment clip 附件'], ['📷', 'photo camera 照片 截图'], ['📞', 'phone call 电话'],
  ['📱', 'mobile 手机'], ['💻', 'computer 电脑'], ['📶', 'signal network 信号 网络'], ['🔋', 'battery 电池'], ['📧', 'mail 邮件'], ['📦', 'parcel package 包裹 快递'],
  ['🚚', 'delivery truck 送货 物流'], ['🏠', 'home house 家'], ['💳', 'card payment 银行卡 支付'], ['💰', 'money refund 钱 退款'], ['🧾', 'bill receipt invoice 账单 发票'],
  ['📅', 'date calendar 日期 日历'], ['⏰', 'time alarm clock 时间 闹钟'], ['⏳', 'wait 等待'], ['🔒', 'lock safe 锁 安全'], ['🔑', 'key password 钥匙 密码'], ['🛠️', 'repair tools 维修 工具'],
]

/** Those that are found by some words; without words all. */
export function findEmoji(query: string): string[] {
  const words = query.trim().toLowerCase().split(/\s+/).filter(Boolean)
  return emoji.filter(([, names]) => words.every((word) => names.includes(word))).map(([char]) => char)
}
