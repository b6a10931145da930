package simulator

import "slices"

// Button is an entry of an Official Account's menu.
type Button struct {
	Type  string   `json:"type,omitempty"`
	Name  string   `json:"name"`
	Key   string   `json:"key,omitempty"`
	URL   string   `json:"url,omitempty"`
	App   string   `json:"appid,omitempty"`
	Page  string   `json:"pagepath,omitempty"`
	Media string   `json:"media_id,omitempty"`
	Sub   []Button `json:"sub_button,omitempty"`
}

// menuTypes are the types of an entry without entries below it.
func menuTypes() []string {
	return []string{"click", "view", "miniprogram", "scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin", "location_select", "media_id", "article_id", "article_view_limited"}
}

// menuCreate publishes a menu.
// https://developers.weixin.qq.com/doc/service/api/custommenu/api_createcustommenu.html
func menuCreate(c *apiCall) (any, *refusal) {
	if c.account.config.Kind != OfficialAccount {
		return nil, refuse(48001, "api unauthorized")
	}
	var in struct {
		Buttons []Button `json:"button"`
	}
	if refused := c.decode(&in); refused != nil {
		return nil, refused
	}
	if len(in.Buttons) == 0 || len(in.Buttons) > 3 {
		return nil, refuse(40016, "invalid button size")
	}
	for _, b := range in.Buttons {
		if refused := b.check(16); refused != nil {
			return nil, refused
		}
		if len(b.Sub) > 5 {
			return nil, refuse(40023, "invalid sub button size")
		}
		for _, sub := range b.Sub {
			if refused := sub.check(60); refused != nil {
				return nil, refused
			}
			if len(sub.Sub) > 0 {
				return nil, refuse(40022, "invalid sub button level")
			}
		}
	}
	c.account.menu, c.account.hasMenu = in.Buttons, true
	c.sim.touch()
	return ok(), nil
}

func (b Button) check(name int) *refusal {
	switch {
	case b.Name == "" || len(b.Name) > name:
		return refuse(40018, "invalid button name size")
	case len(b.Sub) > 0:
		return nil
	case !slices.Contains(menuTypes(), b.Type):
		return refuse(40017, "invalid button type")
	case b.Type == "click" && (b.Key == "" || len(b.Key) > 128):
		return refuse(40019, "invalid button key size")
	case (b.Type == "view" || b.Type == "miniprogram") && (b.URL == "" || len(b.URL) > 1024):
		return refuse(40020, "invalid button url size")
	case b.Type == "miniprogram" && (b.App == "" || b.Page == ""):
		return refuse(40166, "invalid weapp appid")
	}
	return nil
}

type buttons struct {
	Buttons []Button `json:"button"`
}

func menuGet(c *apiCall) (any, *refusal) {
	if !c.account.hasMenu {
		return nil, refuse(46003, "menu no exist")
	}
	return map[string]buttons{"menu": {c.account.menu}}, nil
}

// menuInfo is the menu with what the platform's own editor made; sub menus are wrapped in a list.
func menuInfo(c *apiCall) (any, *refusal) {
	open := 0
	if c.account.hasMenu {
		open = 1
	}
	list := []any{}
	for _, b := range c.account.menu {
		if len(b.Sub) == 0 {
			list = append(list, b)
			continue
		}
		list = append(list, map[string]any{"name": b.Name, "sub_button": map[string]any{"list": b.Sub}})
	}
	return map[string]any{"is_menu_open": open, "selfmenu_info": map[string]any{"button": list}}, nil
}

func menuDelete(c *apiCall) (any, *refusal) {
	c.account.menu, c.account.hasMenu = nil, false
	c.sim.touch()
	return ok(), nil
}

// Menu is the menu that the account shows.
func (a *Account) Menu() []Button {
	a.sim.mu.Lock()
	defer a.sim.mu.Unlock()
	return a.menu
}
