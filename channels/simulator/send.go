package simulator

import (
	"slices"
)

// maxText is how many bytes a text may have. The documents name none; beyond it comes 45002.
const maxText = 2048

// outgoing is a message of the account's, in the words of the API.
type outgoing struct {
	To     string                        `json:"touser"`
	Desk   string                        `json:"open_kfid"`
	ID     string                        `json:"msgid"`
	Code   string                        `json:"code"`
	Kind   string                        `json:"msgtype"`
	Text   *struct{ Content string }     `json:"text"`
	Image  *mediaRef                     `json:"image"`
	Voice  *mediaRef                     `json:"voice"`
	Video  *mediaRef                     `json:"video"`
	File   *mediaRef                     `json:"file"`
	News   *struct{ Articles []article } `json:"news"`
	Link   *article                      `json:"link"`
	Card   *card                         `json:"miniprogrampage"`
	KfCard *card                         `json:"miniprogram"`
	Menu   *menuMessage                  `json:"msgmenu"`
	Place  *struct {
		Name, Address       string
		Latitude, Longitude float64
	} `json:"location"`
}

type mediaRef struct {
	Media       string `json:"media_id"`
	Thumb       string `json:"thumb_media_id"`
	Title       string `json:"title"`
	Description string `json:"description"`
}

type article struct {
	Title       string `json:"title"`
	Description string `json:"description"`
	Desc        string `json:"desc"`
	URL         string `json:"url"`
	Picture     string `json:"picurl"`
	Thumb       string `json:"thumb_url"`
	ThumbMedia  string `json:"thumb_media_id"`
}

type card struct {
	Title string `json:"title"`
	App   string `json:"appid"`
	Page  string `json:"pagepath"`
	Thumb string `json:"thumb_media_id"`
}

// customSend is a message of the account's own accord, within an allowance.
// https://developers.weixin.qq.com/doc/service/api/customer/message/api_sendcustommessage.html
func customSend(c *apiCall) (any, *refusal) {
	var in outgoing
	if refused := c.decode(&in); refused != nil {
		return nil, refused
	}
	if refused := c.to(in.To); refused != nil {
		return nil, refused
	}
	kinds := []string{"text", "image", "voice", "video", "news", "msgmenu", "miniprogrampage"}
	if c.account.config.Kind == MiniProgram {
		kinds = []string{"text", "image", "link", "miniprogrampage"}
	}
	if !slices.Contains(kinds, in.Kind) {
		return nil, refuse(40008, "invalid message type")
	}
	line, refused := c.line(in)
	if refused != nil {
		return nil, refused
	}
	if c.account.config.Kind == OfficialAccount && !c.phone.follows {
		return nil, refuse(45015, "response out of time limit or subscription is canceled")
	}
	if allowed, anyOpen := c.phone.take(); !allowed && anyOpen {
		return nil, refuse(45047, "out of response count limit")
	} else if !allowed {
		return nil, refuse(45015, "response out of time limit or subscription is canceled")
	}
	line.How = "custom"
	c.phone.show(line)
	return ok(), nil
}

// line is what the phone will show of a message, or what is wrong with it.
func (c *apiCall) line(in outgoing) (Line, *refusal) {
	line := Line{From: Business, Kind: in.Kind}
	switch {
	case in.Kind == "text" && in.Text != nil:
		line.Text = in.Text.Content
		return line, checkText(line.Text)
	case in.Kind == "image" && in.Image != nil:
		return c.withMedia(line, *in.Image)
	case in.Kind == "voice" && in.Voice != nil:
		return c.withMedia(line, *in.Voice)
	case in.Kind == "video" && in.Video != nil:
		return c.withMedia(line, *in.Video)
	case in.Kind == "file" && in.File != nil:
		return c.withMedia(line, *in.File)
	case in.Kind == "news" && in.News != nil:
		if len(in.News.Articles) != 1 {
			return line, refuse(45008, "article size out of limit")
		}
		return c.withArticle(line, in.News.Articles[0])
	case in.Kind == "link" && in.Link != nil:
		return c.withArticle(line, *in.Link)
	case in.Kind == "miniprogrampage" && in.Card != nil:
		return c.withCard(line, *in.Card)
	case in.Kind == "miniprogram" && in.KfCard != nil:
		return c.withCard(line, *in.KfCard)
	case in.Kind == "msgmenu" && in.Menu != nil:
		return c.withMenu(line, *in.Menu)
	case in.Kind == "location" && in.Place != nil:
		line.Text, line.Description, line.Lat, line.Lng = in.Place.Name, in.Place.Address, in.Place.Latitude, in.Place.Longitude
		return line, nil
	}
	return line, refuse(44004, "empty content")
}

func checkText(text string) *refusal {
	switch {
	case text == "":
		return refuse(44004, "empty content")
	case len(text) > maxText:
		return refuse(45002, "content size out of limit")
	}
	return nil
}

func (c *apiCall) withMedia(line Line, m mediaRef) (Line, *refusal) {
	line.Media, line.Title, line.Description = m.Media, m.Title, m.Description
	stored, refused := c.media(m.Media)
	if refused != nil {
		return line, refused
	}
	if line.Kind == "file" {
		line.Text = stored.name
	}
	if stored.kind != line.Kind {
		return line, refuse(40007, "invalid media_id")
	}
	return line, nil
}

func (c *apiCall) withArticle(line Line, a article) (Line, *refusal) {
	line.Title, line.Description, line.URL, line.Picture = a.Title, a.Description+a.Desc, a.URL, a.Picture+a.Thumb
	if a.Title == "" || a.URL == "" {
		return line, refuse(44004, "empty content")
	}
	if c.account.config.Kind == CustomerService {
		line.Media = a.ThumbMedia
		_, refused := c.media(a.ThumbMedia)
		return line, refused
	}
	return line, nil
}

func (c *apiCall) withCard(line Line, a card) (Line, *refusal) {
	line.Title, line.App, line.Page, line.Media = a.Title, a.App, a.Page, a.Thumb
	if c.account.config.Kind == MiniProgram {
		line.App = c.account.config.AppID
	}
	if line.Page == "" || line.App == "" {
		return line, refuse(44004, "empty content")
	}
	_, refused := c.media(a.Thumb)
	return line, refused
}
