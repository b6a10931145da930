package simulator

import (
	"fmt"
	"strconv"
)

// enactEvent is an act of the customer's that is no message.
// https://developers.weixin.qq.com/doc/service/guide/product/message/Receiving_event_pushes.html
func (p *Phone) enactEvent(act Act, mini bool) (fields, error) {
	if mini != (act.Do == "enter") && act.Do != "allow" {
		return nil, fmt.Errorf("%w: %s", ErrImpossible, act.Do)
	}
	switch act.Do {
	case "enter":
		// https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/customer-message/receive.html
		p.open(forEnter)
		p.show(Line{From: System, Kind: "entered", Text: act.Scene})
		return append(p.event("user_enter_tempsession"), field{"SessionFrom", act.Scene}), nil
	case "follow":
		return p.follow(act.Scene)
	case "unfollow":
		if !p.follows {
			return nil, fmt.Errorf("%w: the customer does not follow the account", ErrImpossible)
		}
		p.follows = false
		p.shut()
		p.show(Line{From: System, Kind: "unfollowed"})
		return append(p.event("unsubscribe"), field{"EventKey", ""}), nil
	case "scan":
		return p.scan(act.Key)
	case "allow":
		p.allowed[act.Key]++
		p.show(Line{From: System, Kind: "allowed", Text: act.Key})
		return append(p.event("subscribe_msg_popup_event"), field{"SubscribeMsgPopupEvent", fields{{"List", fields{
			{"TemplateId", act.Key}, {"SubscribeStatusString", "accept"}, {"PopupScene", "0"}}}}}), nil
	}
	return p.press(act)
}

func (p *Phone) event(name string) fields { return append(p.base("event"), field{"Event", name}) }

// follow is also what scanning a code comes to for who does not follow yet: the scene comes with it.
func (p *Phone) follow(scene string) (fields, error) {
	if p.follows {
		return nil, fmt.Errorf("%w: the customer follows already", ErrImpossible)
	}
	p.follows, p.since, p.scene = true, p.account.sim.clock(), scene
	p.open(forFollow)
	p.show(Line{From: System, Kind: "followed", Text: scene})
	f := p.event("subscribe")
	if scene == "" {
		return append(f, field{"EventKey", ""}), nil
	}
	return append(f, field{"EventKey", "qrscene_" + scene}, field{"Ticket", p.ticket(scene)}), nil
}

// scan reads a code: the ticket that the account has made, or a scene as if it had.
func (p *Phone) scan(key string) (fields, error) {
	scene := key
	if c, ok := p.account.codes[key]; ok {
		if !c.until.IsZero() && p.account.sim.clock().After(c.until) {
			return nil, fmt.Errorf("%w: the code has run out", ErrImpossible)
		}
		scene = c.scene
	}
	if scene == "" {
		return nil, fmt.Errorf("%w: a code without a scene", ErrImpossible)
	}
	if !p.follows {
		return p.follow(scene)
	}
	p.open(forScan)
	p.show(Line{From: System, Kind: "scanned", Text: scene})
	return append(p.event("SCAN"), field{"EventKey", scene}, field{"Ticket", p.ticket(scene)}), nil
}

// ticket is that of the account's code for a scene, or one that was made elsewhere.
func (p *Phone) ticket(scene string) string {
	for ticket, c := range p.account.codes {
		if c.scene == scene {
			return ticket
		}
	}
	return "TICKET_" + scene
}

// press is a press on the account's menu; only an entry that asks something opens an allowance.
func (p *Phone) press(act Act) (fields, error) {
	if !p.follows {
		return nil, fmt.Errorf("%w: the customer does not follow the account", ErrImpossible)
	}
	b, ok := find(p.account.menu, act)
	if !ok {
		return nil, fmt.Errorf("%w: the menu has no %s %q", ErrImpossible, act.Do, act.Key+act.URL)
	}
	if act.Do == "view" {
		p.show(Line{From: System, Kind: "opened", Text: b.Name, URL: b.URL})
		return append(p.event("VIEW"), field{"EventKey", b.URL}, field{"MenuId", strconv.Itoa(len(p.account.menu))}), nil
	}
	p.open(forClick)
	p.show(Line{From: System, Kind: "pressed", Text: b.Name})
	return append(p.event("CLICK"), field{"EventKey", b.Key}), nil
}

func find(menu []Button, act Act) (Button, bool) {
	for _, b := range menu {
		if b.Type == act.Do && (act.Do == "click" && b.Key == act.Key || act.Do == "view" && b.URL == act.URL) {
			return b, true
		}
		if found, ok := find(b.Sub, act); ok {
			return found, ok
		}
	}
	return Button{}, false
}
