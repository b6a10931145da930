package wecom

// failure says in words why a message that WeCom had taken did not reach the customer
// (https://developer.work.weixin.qq.com/document/path/94699, fail_type of msg_send_fail).
func failure(kind int) string {
	switch kind {
	case 1:
		return "not delivered: the customer service account was deleted"
	case 2:
		return "not delivered: the WeCom app is switched off"
	case 4:
		return "not delivered: the customer's last message is more than 48 hours ago"
	case 5:
		return "not delivered: the conversation has ended in WeCom"
	case 6:
		return "not delivered: more messages than WeCom allows after the customer's last one"
	case 7, 9:
		return "not delivered: the account is not bound to a Channels account"
	case 8:
		return "not delivered: the company is not verified with WeCom"
	case 10:
		return "not delivered: the customer refuses messages of this account"
	default:
		return "not delivered, for a reason that WeCom does not tell"
	}
}
