package simulator

import (
	"bytes"
	"encoding/json"
	"strings"
)

// menuMessage is a message with choices to press.
type menuMessage struct {
	Head string          `json:"head_content"`
	Tail string          `json:"tail_content"`
	List json.RawMessage `json:"list"`
}

// officialChoice is an entry of an Official Account's menu message.
type officialChoice struct {
	ID      json.RawMessage `json:"id"`
	Content string          `json:"content"`
}

// kfChoice is an entry of WeCom's, which can do more than ask.
// https://developer.work.weixin.qq.com/document/path/94677
type kfChoice struct {
	Type  string `json:"type"`
	Click struct {
		ID      string `json:"id"`
		Content string `json:"content"`
	} `json:"click"`
	View struct {
		URL     string `json:"url"`
		Content string `json:"content"`
	} `json:"view"`
	Card struct {
		App     string `json:"appid"`
		Page    string `json:"pagepath"`
		Content string `json:"content"`
	} `json:"miniprogram"`
	Text struct {
		Content   string `json:"content"`
		NoNewline int    `json:"no_newline"`
	} `json:"text"`
}

const (
	maxKfChoices = 50
	maxMenuText  = 1024
	maxClickID   = 128
	maxClickText = 128
)

func (c *apiCall) withMenu(line Line, m menuMessage) (Line, *refusal) {
	line.Text, line.Tail = m.Head, m.Tail
	if c.account.config.Kind == CustomerService {
		return withKfMenu(line, m)
	}
	var list []officialChoice
	if json.Unmarshal(m.List, &list) != nil || len(list) == 0 {
		return line, refuse(47001, "data format error")
	}
	if len(m.Head)+len(m.Tail) > maxText {
		return line, refuse(45002, "content size out of limit")
	}
	for _, one := range list {
		id := strings.Trim(string(bytes.TrimSpace(one.ID)), `"`)
		if id == "" || one.Content == "" {
			return line, refuse(44004, "empty content")
		}
		line.Choices = append(line.Choices, Choice{Kind: "click", ID: id, Text: one.Content})
	}
	return line, nil
}

func withKfMenu(line Line, m menuMessage) (Line, *refusal) {
	var list []kfChoice
	if len(m.List) > 0 && json.Unmarshal(m.List, &list) != nil {
		return line, refuse(47001, "data format error")
	}
	if len(m.Head) > maxMenuText || len(m.Tail) > maxMenuText {
		return line, refuse(45002, "content size out of limit")
	}
	if len(list) == 0 && m.Head == "" {
		return line, refuse(44004, "empty content")
	}
	if len(list) > maxKfChoices {
		return line, refuse(95008, "menu list size out of limit")
	}
	for _, one := range list {
		choice := Choice{Kind: one.Type}
		switch one.Type {
		case "click":
			choice.ID, choice.Text = one.Click.ID, one.Click.Content
		case "view":
			choice.URL, choice.Text = one.View.URL, one.View.Content
		case "miniprogram":
			choice.ID, choice.URL, choice.Text = one.Card.App, one.Card.Page, one.Card.Content
		case "text":
			choice.Text = one.Text.Content
		default:
			return line, refuse(95009, "invalid menu type")
		}
		if choice.Text == "" || len(choice.ID) > maxClickID || one.Type == "click" && len(choice.Text) > maxClickText {
			return line, refuse(40058, "invalid parameter")
		}
		line.Choices = append(line.Choices, choice)
	}
	return line, nil
}
