package wecom

import (
	"strconv"

	"huiyin/channels"
	"huiyin/conversation"
)

// The activity lines of this channel; the console has words for them.
const (
	ActivityEntered     = "entered"           // data: scene
	ActivityColleague   = "wecom_colleague"   // data: by, text
	ActivityTaken       = "wecom_taken"       // data: by
	ActivityTransferred = "wecom_transferred" // data: from, by
	ActivityEnded       = "wecom_ended"       // data: by
	ActivityResumed     = "wecom_resumed"     // data: by
	ActivityRecalled    = "recalled"          // data: message, the provider's id
	ActivityRejecting   = "wecom_rejecting"   // data: on
)

// event are the parts of the events (https://developer.work.weixin.qq.com/document/path/94699).
type event struct {
	Type     string `json:"event_type"`
	Account  string `json:"open_kfid"`
	Customer string `json:"external_userid"`

	Scene       string `json:"scene"`
	SceneParam  string `json:"scene_param"`
	WelcomeCode string `json:"welcome_code"`
	Channels    struct {
		Nickname string `json:"nickname"`
	} `json:"wechat_channels"`

	FailedID string `json:"fail_msgid"`
	FailType int    `json:"fail_type"`

	Change      int    `json:"change_type"`
	OldServicer string `json:"old_servicer_userid"`
	NewServicer string `json:"new_servicer_userid"`

	RecalledID string `json:"recall_msgid"`
	Servicer   string `json:"servicer_userid"`
	Reject     int    `json:"reject_switch"`
}

// event adds what an event means. Those that belong to no customer, such as a colleague who stops receiving, have no
// conversation to be shown in.
func (a *Adapter) event(inbox conversation.Inbox, m message, to *channels.Received) {
	e := m.Event
	if e.Account != "" && e.Account != a.value(inbox, keyAccount) {
		return
	}
	if e.Type == "msg_send_fail" {
		if e.FailedID != "" {
			to.Receipts = append(to.Receipts, conversation.Receipt{ProviderID: whole(e.FailedID), State: conversation.Failed, Reason: failure(e.FailType)})
		}
		return
	}
	in := conversation.Incoming{SourceID: m.ID, Address: orElse(e.Customer, m.Customer), SentAt: m.at()}
	if in.Address == "" {
		return
	}
	switch e.Type {
	case "enter_session":
		a.entered(inbox, e, &in)
	case "session_status_change":
		in.Activity, in.Data = sessionChange(e)
		in.Elsewhere = conversation.TakenElsewhere
		if in.Activity == ActivityEnded {
			in.Elsewhere = conversation.EndedElsewhere
		}
	case "user_recall_msg":
		in.Activity, in.Data = ActivityRecalled, data("message", e.RecalledID)
	case "servicer_recall_msg":
		in.Activity, in.Data = ActivityRecalled, data("message", e.RecalledID, "by", e.Servicer)
	case "reject_customer_msg_switch_change":
		in.Activity, in.Data = ActivityRejecting, data("by", e.Servicer, "on", strconv.FormatBool(e.Reject == 1))
	}
	if in.Activity != "" {
		to.Messages = append(to.Messages, in)
	}
}

// entered is the customer opening the conversation: where they come from, and the welcome, which goes out under the code
// that the event brings (https://developer.work.weixin.qq.com/document/path/96428: once, within 20 seconds).
func (a *Adapter) entered(inbox conversation.Inbox, e event, in *conversation.Incoming) {
	in.Activity = ActivityEntered
	in.Data = data("scene", orElse(e.SceneParam, e.Scene), "channel", e.Channels.Nickname)
	if e.SceneParam != "" && e.Scene != plainScene {
		in.Data["code"] = e.Scene
	}
	welcome := a.value(inbox, keyWelcome)
	if e.WelcomeCode == "" || welcome == "" {
		return
	}
	in.Say, in.Ticket = welcome, e.WelcomeCode
}

// sessionChange says who has the conversation in the WeCom app now.
func sessionChange(e event) (string, map[string]string) {
	switch e.Change {
	case 1:
		return ActivityTaken, data("by", e.NewServicer)
	case 2:
		return ActivityTransferred, data("from", e.OldServicer, "by", e.NewServicer)
	case 3:
		return ActivityEnded, data("by", e.OldServicer)
	case 4:
		return ActivityResumed, data("by", e.NewServicer)
	}
	return "", nil
}

// data makes the data of an activity from pairs, leaving out what is empty.
func data(pairs ...string) map[string]string {
	d := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			d[pairs[i]] = pairs[i+1]
		}
	}
	return d
}
