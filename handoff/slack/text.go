package slack

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"
)

// maxSection is the most characters of one section.
const maxSection = 2900

// escape makes a text that says in mrkdwn what it says: no mention, no link of its own making.
// https://docs.slack.dev/messaging/formatting-message-text#escaping
func escape(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}

// quote shows a text as a quotation, so that it cannot be taken for the app's own words.
func quote(text string) string {
	return "> " + strings.ReplaceAll(escape(strings.TrimSpace(text)), "\n", "\n> ")
}

// cut shortens a text to so many characters.
func cut(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return string(runes[:most-1]) + "…"
}

func section(text string) slack.Block {
	return slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, cut(text, maxSection), false, true), nil, nil)
}

func small(text string) slack.Block {
	return slack.NewContextBlock("", slack.NewTextBlockObject(slack.MarkdownType, cut(text, maxSection), false, true))
}

func plain(text string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, text, false, false)
}

// message is a message of a thread: its text in as many sections as it takes, and under it what became of it.
func message(text, delivery string) []slack.MsgOption {
	var blocks []slack.Block
	for _, part := range parts(text) {
		blocks = append(blocks, section(part))
	}
	if delivery != "" {
		blocks = append(blocks, small(delivery))
	}
	return []slack.MsgOption{slack.MsgOptionText(cut(text, maxSection), false), slack.MsgOptionBlocks(blocks...)}
}

// maxSections bounds how long a message is shown in Slack; the console shows all of it.
const maxSections = 12

// parts cuts a text at line ends into pieces that fit a section; quotations go on as quotations.
func parts(text string) []string {
	var found []string
	var now strings.Builder
	size := 0
	for _, line := range strings.SplitAfter(text, "\n") {
		for _, piece := range pieces(line) {
			n := len([]rune(piece))
			if size+n > maxSection && size > 0 {
				found = append(found, now.String())
				now.Reset()
				size = 0
			}
			now.WriteString(piece)
			size += n
		}
	}
	if size > 0 {
		found = append(found, now.String())
	}
	if len(found) > maxSections {
		found = append(found[:maxSections-1], "…")
	}
	return found
}

// pieces cuts a line that is longer than a section.
func pieces(line string) []string {
	runes := []rune(line)
	head := ""
	if strings.HasPrefix(line, "> ") {
		head = "> "
	}
	var found []string
	for len(runes) > maxSection {
		found = append(found, string(runes[:maxSection-3])+"\n")
		runes = append([]rune(head), runes[maxSection-3:]...)
	}
	return append(found, string(runes))
}

// hash tells whether a card says the same as before.
func hash(text string, blocks []slack.Block) string {
	raw, err := json.Marshal(blocks)
	if err != nil { // blocks are made of strings
		raw = nil
	}
	sum := sha256.Sum256(append([]byte(text), raw...))
	return hex.EncodeToString(sum[:12])
}

// moment is a time that Slack shows in each reader's own time zone.
// https://docs.slack.dev/messaging/formatting-message-text#date-formatting
func moment(t time.Time) string {
	return fmt.Sprintf("<!date^%d^{date_short_pretty} {time}|%s>", t.Unix(), t.UTC().Format("2006-01-02 15:04 UTC"))
}
