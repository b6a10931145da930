package simulator

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
)

// Act is something that the customer does on the phone.
type Act struct {
	Do      string  `json:"do"`                // text, image, voice, video, shortvideo, file, location, link, card, choose, follow, unfollow, scan, click, view, enter, allow
	Text    string  `json:"text,omitempty"`    // also the recognition of a voice, the label of a place
	Name    string  `json:"name,omitempty"`    // of a file
	Type    string  `json:"type,omitempty"`    // of its content
	Content []byte  `json:"content,omitempty"` // of an image, voice, video or file
	Title   string  `json:"title,omitempty"`   // of a link or card
	About   string  `json:"about,omitempty"`   // of a link
	URL     string  `json:"url,omitempty"`     // of a link, or what a menu opens
	App     string  `json:"app,omitempty"`     // of a card, with its page
	Page    string  `json:"page,omitempty"`
	Lat     float64 `json:"lat,omitempty"`
	Lng     float64 `json:"lng,omitempty"`
	Key     string  `json:"key,omitempty"`   // of a menu, the choice of a menu message, a template
	Scene   string  `json:"scene,omitempty"` // of a code, or where the customer comes from
	Line    int     `json:"line,omitempty"`  // of the menu message that is chosen from
}

// ErrImpossible is that the app would not let the customer do this now.
var ErrImpossible = errors.New("the app does not let the customer do that now")

// Do acts on the phone and waits until the account has answered, or does not.
func (p *Phone) Do(ctx context.Context, act Act) (Delivery, error) {
	deliver, err := p.Start(act)
	if err != nil {
		return Delivery{}, err
	}
	return deliver(ctx), nil
}

// Start acts on the phone: what the customer did is on the screen; the function that comes back brings it to the account.
func (p *Phone) Start(act Act) (func(context.Context) Delivery, error) {
	s := p.account.sim
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.account.config.Kind == CustomerService {
		return p.startAtDesk(act)
	}
	if p.account.config.Kind.carries() {
		return p.startText(act)
	}
	body, err := p.enact(act)
	if err != nil {
		return nil, err
	}
	if body == nil {
		return func(context.Context) Delivery { return Delivery{Answer: Success} }, nil
	}
	one := push{p.account, p, body, new(bool)}
	p.last = one.deliver
	return one.deliver, nil
}

// Repeat brings the last callback once more, as WeChat does when it is not sure of the answer.
func (p *Phone) Repeat(ctx context.Context) (Delivery, error) {
	s := p.account.sim
	s.mu.Lock()
	last := p.last
	s.mu.Unlock()
	if last == nil {
		return Delivery{}, fmt.Errorf("%w: nothing was brought yet", ErrImpossible)
	}
	return last(ctx), nil
}

// Forge brings a callback that says what the test wants.
func (p *Phone) Forge(ctx context.Context, body [][2]string) Delivery {
	var f fields
	for _, pair := range body {
		f = append(f, field{pair[0], pair[1]})
	}
	return push{p.account, p, f, new(bool)}.deliver(ctx)
}

// enact shows what the customer did and tells what the account hears of it, nil for nothing; the caller holds the lock.
func (p *Phone) enact(act Act) (fields, error) {
	mini := p.account.config.Kind == MiniProgram
	events := []string{"follow", "unfollow", "scan", "click", "view", "enter", "allow"}
	if slices.Contains(events, act.Do) {
		return p.enactEvent(act, mini)
	}
	known := []string{"text", "image", "voice", "video", "shortvideo", "location", "link", "choose"}
	if mini {
		known = []string{"text", "image", "card"}
	}
	if !slices.Contains(known, act.Do) {
		return nil, fmt.Errorf("%w: %s", ErrImpossible, act.Do)
	}
	if !mini && !p.follows {
		return nil, fmt.Errorf("%w: the customer does not follow the account", ErrImpossible)
	}
	return p.enactMessage(act)
}

// base is how every push begins.
func (p *Phone) base(kind string) fields {
	return fields{{"ToUserName", p.account.config.Original}, {"FromUserName", p.openID},
		{"CreateTime", p.account.sim.now().Unix()}, {"MsgType", kind}}
}

// enactMessage is a message of the customer's.
// https://developers.weixin.qq.com/doc/service/guide/product/message/Receiving_standard_messages.html
// https://developers.weixin.qq.com/miniprogram/dev/framework/server-ability/message-push.html
func (p *Phone) enactMessage(act Act) (fields, error) {
	s := p.account.sim
	id := s.nextID()
	line := Line{From: Customer, Kind: act.Do, Text: act.Text, Title: act.Title, Description: act.About, URL: act.URL,
		App: act.App, Page: act.Page, Lat: act.Lat, Lng: act.Lng, ID: strconv.FormatInt(id, 10)}
	var f fields
	switch act.Do {
	case "text":
		if act.Text == "" {
			return nil, fmt.Errorf("%w: an empty text", ErrImpossible)
		}
		f = append(p.base("text"), field{"Content", act.Text})
	case "choose":
		chosen, err := p.choice(act)
		if err != nil {
			return nil, err
		}
		line.Kind, line.Text = "text", chosen.Text
		f = append(p.base("text"), field{"Content", chosen.Text}, field{"bizmsgmenuid", chosen.ID})
	case "location":
		f = append(p.base("location"), field{"Location_X", act.Lat}, field{"Location_Y", act.Lng}, field{"Scale", int64(16)}, field{"Label", act.Text})
	case "link":
		f = append(p.base("link"), field{"Title", act.Title}, field{"Description", act.About}, field{"Url", act.URL})
	case "card":
		m := s.keep(p.account, "image", Act{Name: "card.png", Type: "image/png", Content: act.Content})
		f = append(p.base("miniprogrampage"), field{"Title", act.Title}, field{"AppId", act.App}, field{"PagePath", act.Page},
			field{"ThumbUrl", s.url("/picture/" + m)}, field{"ThumbMediaId", m})
		line.Kind, line.Media = "miniprogrampage", m
	default:
		f, line.Media = p.enactMedia(act)
	}
	p.show(line)
	p.heard = s.clock()
	if act.Do == "choose" { // counts as a menu click; service/guide/product/kf/intro
		p.open(forClick)
	} else {
		p.open(forMessage)
	}
	return append(f, field{"MsgId", id}), nil
}

// enactMedia is a message with a file, which stays with the provider for three days.
func (p *Phone) enactMedia(act Act) (fields, string) {
	s := p.account.sim
	id := s.keep(p.account, act.Do, act)
	f := p.base(act.Do)
	switch act.Do {
	case "image":
		f = append(f, field{"PicUrl", s.url("/picture/" + id)}, field{"MediaId", id})
	case "voice":
		f = append(f, field{"MediaId", id}, field{"Format", "amr"}, field{"MediaId16K", id})
		if act.Text != "" {
			f = append(f, field{"Recognition", act.Text})
		}
	default:
		thumb := s.keep(p.account, "thumb", Act{Name: "thumb.jpg", Type: "image/jpeg", Content: act.Content})
		f = append(f, field{"MediaId", id}, field{"ThumbMediaId", thumb})
	}
	return f, id
}

// choice finds what the customer presses in a menu message.
func (p *Phone) choice(act Act) (Choice, error) {
	for _, line := range p.screen {
		if line.N != act.Line {
			continue
		}
		for _, c := range line.Choices {
			if c.ID == act.Key && c.Kind == "click" {
				return c, nil
			}
		}
	}
	return Choice{}, fmt.Errorf("%w: line %d has no choice %q", ErrImpossible, act.Line, act.Key)
}
