package wecom

import (
	"fmt"
	"strings"
	"time"

	"huiyin/conversation"
)

// content are the parts of the message types (https://developer.work.weixin.qq.com/document/path/94699).
type content struct {
	Text struct {
		Content string `json:"content"`
		MenuID  string `json:"menu_id"`
	} `json:"text"`
	Image    mediaPart `json:"image"`
	Voice    mediaPart `json:"voice"`
	Video    mediaPart `json:"video"`
	File     mediaPart `json:"file"`
	Location struct {
		Latitude  float64 `json:"latitude"`
		Longitude float64 `json:"longitude"`
		Name      string  `json:"name"`
		Address   string  `json:"address"`
	} `json:"location"`
	Link struct {
		Title string `json:"title"`
		Desc  string `json:"desc"`
		URL   string `json:"url"`
	} `json:"link"`
	Card struct {
		UserID string `json:"userid"`
	} `json:"business_card"`
	MiniProgram struct {
		Title string `json:"title"`
		AppID string `json:"appid"`
		Page  string `json:"pagepath"`
	} `json:"miniprogram"`
	Menu struct {
		Head string `json:"head_content"`
		Tail string `json:"tail_content"`
	} `json:"msgmenu"`
	Product struct {
		Title string `json:"title"`
		Price string `json:"sales_price"`
		Shop  string `json:"shop_nickname"`
	} `json:"channels_shop_product"`
	Order struct {
		ID     string `json:"order_id"`
		Titles string `json:"product_titles"`
		Price  string `json:"price_wording"`
		State  string `json:"state"`
		Shop   string `json:"shop_nickname"`
	} `json:"channels_shop_order"`
	Merged struct {
		Title string `json:"title"`
	} `json:"merged_msg"`
	Channels struct {
		Nickname string `json:"nickname"`
		Title    string `json:"title"`
	} `json:"channels"`
}

type mediaPart struct {
	ID   string `json:"media_id"`
	Name string `json:"file_name"`
}

// incoming is a customer's message.
func (m message) incoming() conversation.Incoming {
	in := conversation.Incoming{SourceID: m.ID, Address: m.Customer, SentAt: m.at()}
	in.Text, in.Media = m.words(), m.media()
	if in.Text == "" && len(in.Media) == 0 {
		in.Text = "[" + orElse(m.Type, "unknown") + "]"
	}
	if m.Type == "text" && m.Text.MenuID != "" && m.Text.MenuID != noValue {
		in.Choice = m.Text.MenuID
	}
	return in
}

// at is when it was sent; the provider's clock is told in seconds.
func (m message) at() time.Time {
	if m.Time <= 0 {
		return time.Time{}
	}
	return time.Unix(m.Time, 0)
}

// words is what a message says; a card says what can be read on it.
func (m message) words() string {
	switch m.Type {
	case "text":
		return m.Text.Content
	case "location":
		l := m.Location
		return card("位置", l.Name, l.Address, fmt.Sprintf("%.6f,%.6f", l.Latitude, l.Longitude))
	case "link":
		return card("链接", m.Link.Title, m.Link.Desc, m.Link.URL)
	case "business_card":
		return card("名片", m.Card.UserID)
	case "miniprogram":
		return card("小程序", m.MiniProgram.Title, m.MiniProgram.AppID+"/"+strings.TrimPrefix(m.MiniProgram.Page, "/"))
	case "msgmenu":
		return strings.TrimSpace(m.Menu.Head + "\n" + m.Menu.Tail)
	default:
		return m.shopWords()
	}
}

func (m message) shopWords() string {
	switch m.Type {
	case "channels_shop_product":
		return card("商品", m.Product.Title, m.Product.Price, m.Product.Shop)
	case "channels_shop_order":
		o := m.Order
		return card("订单", o.ID, o.Titles, o.Price, o.State, o.Shop)
	case "merged_msg":
		return card("聊天记录", m.Merged.Title)
	case "channels":
		return card("视频号", m.Channels.Nickname, m.Channels.Title)
	case "meeting":
		return "[会议]"
	case "schedule":
		return "[日程]"
	case "note":
		return "[笔记]"
	}
	return ""
}

// card writes a card as lines, headed by what it is.
func card(what string, lines ...string) string {
	text := "[" + what + "]"
	for i, line := range lines {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if i == 0 {
			text += " " + line
		} else {
			text += "\n" + line
		}
	}
	return text
}

// media is the file that a message brings. The provider keeps it for three days
// (https://developer.work.weixin.qq.com/document/path/90254).
func (m message) media() []conversation.Media {
	part, kind, mime := m.File, "file", ""
	switch m.Type {
	case "image":
		part, kind = m.Image, "image"
	case "voice":
		part, kind, mime = m.Voice, "voice", "audio/amr"
	case "video":
		part, kind, mime = m.Video, "video", "video/mp4"
	case "file":
	default:
		return nil
	}
	if part.ID == "" {
		return nil
	}
	return []conversation.Media{{Ref: part.ID, Kind: kind, Name: part.Name, Type: mime}}
}

// servicer is what a colleague wrote in the WeCom app. The customer has it already, so it comes as a line that shows who
// said what, and is not sent again.
func (m message) servicer() conversation.Incoming {
	said := m.words()
	if said == "" {
		said = "[" + orElse(m.Type, "unknown") + "]"
	}
	return conversation.Incoming{SourceID: m.ID, Address: m.Customer, SentAt: m.at(), Activity: ActivityColleague, Elsewhere: conversation.SaidElsewhere,
		Data: map[string]string{"by": m.Servicer, "text": said}}
}

func orElse(text, other string) string {
	if text == "" {
		return other
	}
	return text
}
