package simulator

import (
	"encoding/json"
	"unicode/utf8"
)

// block is what is checked of a Block Kit block. https://docs.slack.dev/reference/block-kit/blocks
type block struct {
	Type     string          `json:"type"`
	BlockID  string          `json:"block_id"`
	Text     *textObject     `json:"text"`
	Fields   []textObject    `json:"fields"`
	Elements json.RawMessage `json:"elements"`
	Element  json.RawMessage `json:"element"`
	Label    *textObject     `json:"label"`
}

type textObject struct {
	Type string `json:"type"`
	Text string `json:"text"`
}

// element is what is checked of an interactive element.
type element struct {
	Type     string      `json:"type"`
	ActionID string      `json:"action_id"`
	Text     *textObject `json:"text"`
	Value    string      `json:"value"`
	URL      string      `json:"url"`
}

// The lengths that Slack allows.
const (
	maxSection  = 3000
	maxHeader   = 150
	maxField    = 2000
	maxButton   = 75
	maxValue    = 2000
	maxActionID = 255
	maxActions  = 25
	maxFields   = 10
	maxContext  = 10
)

// checkBlocks refuses the blocks that Slack refuses.
func checkBlocks(raw json.RawMessage) *refusal {
	if len(raw) == 0 {
		return nil
	}
	var blocks []block
	if err := json.Unmarshal(raw, &blocks); err != nil {
		return refuse("invalid_blocks_format")
	}
	if len(blocks) > maxBlocks {
		return refuse("invalid_blocks")
	}
	ids := map[string]bool{}
	for _, b := range blocks {
		if b.BlockID != "" && ids[b.BlockID] || !b.valid() {
			return refuse("invalid_blocks")
		}
		ids[b.BlockID] = true
	}
	return nil
}

func (b block) valid() bool {
	switch b.Type {
	case "section":
		return (b.Text != nil || len(b.Fields) > 0) && b.Text.within(maxSection) && b.fieldsValid()
	case "header":
		return b.Text != nil && b.Text.Type == "plain_text" && b.Text.within(maxHeader)
	case "actions":
		return b.elementsValid(maxActions)
	case "context":
		var parts []json.RawMessage
		return json.Unmarshal(b.Elements, &parts) == nil && len(parts) > 0 && len(parts) <= maxContext
	case "input":
		return b.Label != nil && len(b.Element) > 0
	case "divider", "image", "rich_text", "file", "markdown", "video":
		return true
	}
	return false
}

func (b block) fieldsValid() bool {
	for _, f := range b.Fields {
		if !f.within(maxField) {
			return false
		}
	}
	return len(b.Fields) <= maxFields
}

func (b block) elementsValid(most int) bool {
	var elements []element
	if json.Unmarshal(b.Elements, &elements) != nil || len(elements) == 0 || len(elements) > most {
		return false
	}
	seen := map[string]bool{}
	for _, e := range elements {
		if e.ActionID != "" && seen[e.ActionID] || len(e.ActionID) > maxActionID || utf8.RuneCountInString(e.Value) > maxValue || !e.Text.within(maxButton) {
			return false
		}
		seen[e.ActionID] = true
	}
	return true
}

func (t *textObject) within(most int) bool {
	return t == nil || t.Text != "" && utf8.RuneCountInString(t.Text) <= most
}

// find is the interactive element with an action id in blocks, and the id of its block.
func find(raw json.RawMessage, action string) (e element, blockID string, ok bool) {
	var blocks []struct {
		BlockID   string            `json:"block_id"`
		Elements  []json.RawMessage `json:"elements"`
		Element   json.RawMessage   `json:"element"`
		Accessory json.RawMessage   `json:"accessory"`
	}
	if json.Unmarshal(raw, &blocks) != nil {
		return element{}, "", false
	}
	for _, b := range blocks {
		for _, one := range append(b.Elements, b.Element, b.Accessory) {
			var e element
			if len(one) > 0 && json.Unmarshal(one, &e) == nil && e.ActionID == action {
				return e, b.BlockID, true
			}
		}
	}
	return element{}, "", false
}
