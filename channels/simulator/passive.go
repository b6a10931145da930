package simulator

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// readAnswer reads the answer to a callback: nil for success. plain is what a sealed answer says.
// https://developers.weixin.qq.com/doc/service/guide/product/message/Passive_user_reply_message.html
func (a *Account) readAnswer(p *Phone, body []byte) (line *Line, plain string, err error) {
	text := bytes.TrimSpace(body)
	if len(text) == 0 || string(text) == "success" {
		return nil, "", nil
	}
	if a.config.Kind != OfficialAccount {
		return nil, "", errors.New("only success, or nothing, is an answer here")
	}
	root, err := readXML(text)
	if err != nil {
		return nil, "", err
	}
	_, sealed := root.below["Encrypt"]
	if sealed && a.config.Mode == Plain {
		return nil, "", errors.New("the answer is sealed in plain mode")
	}
	if !sealed && a.config.Mode == Safe {
		return nil, "", errors.New("the answer is not sealed in safe mode")
	}
	if sealed {
		opened, err := a.openAnswer(root)
		if err != nil {
			return nil, "", err
		}
		plain = string(opened)
		if len(bytes.TrimSpace(opened)) == 0 {
			return nil, plain, errors.New("what was sealed is empty")
		}
		if root, err = readXML(opened); err != nil {
			return nil, plain, err
		}
	}
	line, err = a.readReply(p, root)
	return line, plain, err
}

func (a *Account) openAnswer(root *node) ([]byte, error) {
	sealed := root.get("Encrypt")
	if root.get("MsgSignature") != a.seal.sign(root.get("TimeStamp"), root.get("Nonce"), sealed) {
		return nil, errors.New("the MsgSignature does not fit")
	}
	return a.seal.open(sealed)
}

func (a *Account) readReply(p *Phone, root *node) (*Line, error) {
	if p == nil {
		return nil, errors.New("nobody is there to be answered")
	}
	if to := root.get("ToUserName"); to != p.openID {
		return nil, fmt.Errorf("ToUserName is %q, not the customer", to)
	}
	if from := root.get("FromUserName"); from != a.config.Original {
		return nil, fmt.Errorf("FromUserName is %q, not the account", from)
	}
	if _, err := strconv.ParseInt(root.get("CreateTime"), 10, 64); err != nil {
		return nil, errors.New("CreateTime is no number")
	}
	line := Line{From: Business, Kind: root.get("MsgType")}
	switch line.Kind {
	case "text":
		line.Text = root.get("Content")
		if line.Text == "" || len(line.Text) > maxText {
			return nil, fmt.Errorf("a text of %d bytes", len(line.Text))
		}
		return &line, nil
	case "image":
		line.Media = root.first("Image").get("MediaId")
	case "voice":
		line.Media = root.first("Voice").get("MediaId")
	case "video":
		video := root.first("Video")
		line.Media, line.Title, line.Description = video.get("MediaId"), video.get("Title"), video.get("Description")
	case "news":
		return readNews(line, root)
	default:
		return nil, fmt.Errorf("MsgType %q is not known", line.Kind)
	}
	if m := a.sim.media[line.Media]; m == nil || m.account != a {
		return nil, fmt.Errorf("MediaId %q is not known", line.Media)
	}
	return &line, nil
}

// readNews reads the article of a reply; only one is shown in answer to a message.
func readNews(line Line, root *node) (*Line, error) {
	items := root.first("Articles").below["item"]
	if root.get("ArticleCount") != "1" || len(items) != 1 {
		return nil, errors.New("there must be exactly one article")
	}
	line.Title, line.Description = items[0].get("Title"), items[0].get("Description")
	line.URL, line.Picture = items[0].get("Url"), items[0].get("PicUrl")
	return &line, nil
}
