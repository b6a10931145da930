package simulator

import (
	"context"
	"fmt"
	"time"
)

// welcomeEvery is how seldom a customer is welcomed.
const welcomeEvery = 48 * time.Hour

// startAtDesk is an act of a customer's of WeCom's; the caller holds the lock.
func (p *Phone) startAtDesk(act Act) (func(context.Context) Delivery, error) {
	if act.Do == "enter" {
		return p.ringing(p.enterDesk(act.Scene)), nil
	}
	line := Line{From: Customer, Kind: act.Do, Text: act.Text, Title: act.Title, Description: act.About, URL: act.URL,
		App: act.App, Page: act.Page, Lat: act.Lat, Lng: act.Lng}
	var content map[string]any
	switch act.Do {
	case "text":
		if act.Text == "" {
			return nil, fmt.Errorf("%w: an empty text", ErrImpossible)
		}
		content = map[string]any{"content": act.Text}
	case "choose":
		chosen, err := p.choice(act)
		if err != nil {
			return nil, err
		}
		line.Kind, line.Text = "text", chosen.Text
		content = map[string]any{"content": chosen.Text, "menu_id": chosen.ID}
	case "image", "voice", "video", "file":
		line.Media = p.account.sim.keep(p.account, act.Do, act)
		content = map[string]any{"media_id": line.Media}
		if act.Do == "file" {
			line.Text = p.account.sim.media[line.Media].name
		}
	case "location":
		content = map[string]any{"latitude": act.Lat, "longitude": act.Lng, "name": act.Text, "address": act.About}
	case "link":
		content = map[string]any{"title": act.Title, "desc": act.About, "url": act.URL, "pic_url": ""}
	case "card":
		line.Kind = "miniprogram"
		line.Media = p.account.sim.keep(p.account, "image", act)
		content = map[string]any{"title": act.Title, "appid": act.App, "pagepath": act.Page, "thumb_media_id": line.Media}
	default:
		return nil, fmt.Errorf("%w: %s", ErrImpossible, act.Do)
	}
	return p.ringing(p.write(line, content)), nil
}

// write shows a message of the customer's and queues it. Who writes after the end begins anew.
func (p *Phone) write(line Line, content map[string]any) push {
	p.show(line)
	p.heard = p.account.sim.clock()
	p.open(forKf)
	if p.talk.state == ended {
		p.become(fresh, "")
	}
	return p.queue(fromCustomer, line.Kind, content)
}

// enterDesk is the customer opening the chat; who was not welcomed for long and has not written may be welcomed.
func (p *Phone) enterDesk(scene string) push {
	s := p.account.sim
	event := map[string]any{"event_type": "enter_session", "open_kfid": p.account.config.Original, "external_userid": p.openID, "scene": scene}
	recent := func(at time.Time) bool { return !at.IsZero() && s.clock().Sub(at) < welcomeEvery }
	if !recent(p.talk.welcomed) && !recent(p.heard) {
		event["welcome_code"] = p.code(welcomeLasts, true, true)
	}
	p.show(Line{From: System, Kind: "entered", Text: scene})
	return p.queue(fromSystem, "event", event)
}

func (p *Phone) ringing(ring push) func(context.Context) Delivery {
	p.last = ring.deliver
	return ring.deliver
}
