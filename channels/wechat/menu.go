package wechat

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"huiyin/channels"
	"huiyin/channels/internal/weixin"
	"huiyin/conversation"
)

// The limits of a menu: https://developers.weixin.qq.com/doc/service/api/custommenu/api_createcustommenu
const (
	maxEntries   = 3
	maxBelow     = 5
	maxEntryName = 16 // bytes
	maxBelowName = 60
	maxKey       = 128
	maxAddress   = 1024
	codeNoMenu   = 46003
)

// button is an entry of the menu as WeChat writes it.
type button struct {
	Type     string   `json:"type,omitempty"`
	Name     string   `json:"name"`
	Key      string   `json:"key,omitempty"`
	URL      string   `json:"url,omitempty"`
	AppID    string   `json:"appid,omitempty"`
	PagePath string   `json:"pagepath,omitempty"`
	Buttons  []button `json:"sub_button,omitempty"`
}

// Menu reads the menu that customers see. An entry of a kind that this product does not make comes as a bare label.
// https://developers.weixin.qq.com/doc/service/api/custommenu/api_getmenu
func (o Official) Menu(ctx context.Context, inbox conversation.Inbox) ([]channels.MenuItem, error) {
	acc, err := o.account(inbox)
	if err != nil {
		return nil, err
	}
	var answer struct {
		Menu struct {
			Buttons []button `json:"button"`
		} `json:"menu"`
	}
	err = o.api.Get(ctx, o.remote(acc), "/cgi-bin/menu/get", nil, &answer)
	var refused *weixin.Refusal
	if errors.As(err, &refused) && refused.Code == codeNoMenu {
		return nil, nil
	}
	if err != nil {
		return nil, advice(err)
	}
	return items(answer.Menu.Buttons), nil
}

func items(buttons []button) []channels.MenuItem {
	var list []channels.MenuItem
	for _, b := range buttons {
		item := channels.MenuItem{Label: b.Name, Items: items(b.Buttons)}
		switch b.Type {
		case "click":
			item.Ask = strings.TrimPrefix(b.Key, askPrefix)
		case "view":
			item.URL = b.URL
		case "miniprogram":
			item.URL, item.App = b.URL, channels.MiniApp{ID: b.AppID, Page: b.PagePath}
		}
		list = append(list, item)
	}
	return list
}

// PublishMenu puts a menu in the place of the one before; an empty one takes it away.
func (o Official) PublishMenu(ctx context.Context, inbox conversation.Inbox, menu []channels.MenuItem) error {
	acc, err := o.account(inbox)
	if err != nil {
		return err
	}
	if len(menu) == 0 {
		return advice(o.api.Get(ctx, o.remote(acc), "/cgi-bin/menu/delete", nil, nil))
	}
	buttons, err := top(menu)
	if err != nil {
		return &conversation.FieldError{Field: "menu", Message: err.Error()}
	}
	return advice(o.call(ctx, acc, "/cgi-bin/menu/create", map[string]any{"button": buttons}, nil))
}

// top makes the first floor of a menu.
func top(menu []channels.MenuItem) ([]button, error) {
	if len(menu) > maxEntries {
		return nil, fmt.Errorf("has room for %d entries", maxEntries)
	}
	var buttons []button
	for _, item := range menu {
		if len(item.Items) == 0 {
			b, err := entry(item, maxEntryName)
			if err != nil {
				return nil, err
			}
			buttons = append(buttons, b)
			continue
		}
		b, err := folder(item)
		if err != nil {
			return nil, err
		}
		buttons = append(buttons, b)
	}
	return buttons, nil
}

// folder is an entry with entries below it.
func folder(item channels.MenuItem) (button, error) {
	b := button{Name: item.Label}
	if err := checkName(item.Label, maxEntryName); err != nil {
		return b, err
	}
	if len(item.Items) > maxBelow {
		return b, fmt.Errorf("has room for %d entries below “%s”", maxBelow, item.Label)
	}
	for _, below := range item.Items {
		if len(below.Items) > 0 {
			return b, fmt.Errorf("has two floors only; “%s” is on a third", below.Label)
		}
		next, err := entry(below, maxBelowName)
		if err != nil {
			return b, err
		}
		b.Buttons = append(b.Buttons, next)
	}
	return b, nil
}

// entry is an entry that does something.
func entry(item channels.MenuItem, longest int) (button, error) {
	b := button{Name: item.Label, URL: item.URL}
	if err := checkName(item.Label, longest); err != nil {
		return b, err
	}
	switch {
	case item.App.ID != "":
		b.Type, b.AppID, b.PagePath = "miniprogram", item.App.ID, item.App.Page
		if b.PagePath == "" || !webAddress(b.URL) {
			return b, fmt.Errorf("“%s” opens a Mini Program and needs its page, and a web page for those who cannot open it", item.Label)
		}
	case item.URL != "":
		b.Type = "view"
		if !webAddress(b.URL) {
			return b, fmt.Errorf("the address of “%s” must begin with https:// or http:// and have at most %d bytes", item.Label, maxAddress)
		}
	case strings.TrimSpace(item.Ask) != "":
		b.Type, b.Key = "click", askPrefix+strings.TrimSpace(item.Ask)
		if len(b.Key) > maxKey {
			return b, fmt.Errorf("what “%s” asks is too long: WeChat takes %d bytes, a Chinese character has 3", item.Label, maxKey-len(askPrefix))
		}
	default:
		return b, fmt.Errorf("“%s” neither asks nor opens anything", item.Label)
	}
	return b, nil
}

func checkName(name string, longest int) error {
	if strings.TrimSpace(name) == "" {
		return errors.New("has an entry without a label")
	}
	if len(name) > longest {
		return fmt.Errorf("the label “%s” is too long: WeChat takes %d bytes here, a Chinese character has 3", name, longest)
	}
	return nil
}

func webAddress(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && len(address) <= maxAddress
}

var _ channels.Menus = Official{}
