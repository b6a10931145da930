package slack

import (
	"context"
	"fmt"
	"strconv"

	"github.com/slack-go/slack"

	"huiyin/conversation"
	"huiyin/handoff"
)

// The actions of the app home.
const (
	actOnline = "online"
	actAway   = "away"
	actLink   = "link"
)

// homeShows bounds how many conversations the app home lists.
const homeShows = 20

// showHome publishes somebody's app home: a warning if there is one, whether they are at the desk, and their conversations.
func (b *Board) showHome(ctx context.Context, api *client, user, warning string) error {
	agentID, err := b.agentOf(ctx, user)
	if err != nil {
		return err
	}
	w := phrasesFor(api.app.Language)
	blocks := []slack.Block{section(w.linkHelp), slack.NewActionBlock("home", slack.NewButtonBlockElement(actLink, "", plain(w.link)))}
	if agentID != 0 {
		if blocks, err = b.homeOf(ctx, api, w, agentID); err != nil {
			return err
		}
	}
	if warning != "" {
		blocks = append([]slack.Block{section("⚠️ " + warning)}, blocks...)
	}
	_, err = api.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: user, View: slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: blocks}}})
	if err != nil {
		return b.failed(ctx, "views.publish", err)
	}
	return nil
}

func (b *Board) homeOf(ctx context.Context, api *client, w phrases, agentID int64) ([]slack.Block, error) {
	agent, err := b.Desk.Agent(ctx, b.DB, agentID)
	if err != nil {
		return nil, err
	}
	at, action, label := w.away, actOnline, w.online
	if agent.Presence == handoff.Online {
		at, action, label = w.online, actAway, w.away
	}
	blocks := []slack.Block{section(fmt.Sprintf(w.hello, "*"+escape(agent.Name)+"*", "*"+at+"*")), slack.NewActionBlock("duty", slack.NewButtonBlockElement(action, "", plain(label))),
		slack.NewDividerBlock(), slack.NewHeaderBlock(plain(w.mine))}
	mine, _, err := b.Conversations.List(ctx, b.DB, conversation.Filter{View: conversation.ViewMine, Scope: handoff.Scope(agent), Limit: homeShows})
	if err != nil {
		return nil, err
	}
	if len(mine) == 0 {
		return append(blocks, small(w.nobody)), nil
	}
	for _, c := range mine {
		v, err := b.look(ctx, c.ID, api.app)
		if err != nil {
			return nil, err
		}
		blocks = append(blocks, v.row()...)
	}
	return blocks, nil
}

// row is a conversation in the app home.
func (v view) row() []slack.Block {
	line := fmt.Sprintf("*<%s|#%d %s>* · %s · %s", v.link, v.c.ID, escape(or(v.contact.Name, v.w.customer)), escape(v.channel), v.standing())
	if v.last != "" {
		line += "\n" + quote(cut(v.last, 200))
	}
	id := strconv.FormatInt(v.c.ID, 10)
	return []slack.Block{section(line), slack.NewActionBlock("row"+id, slack.NewButtonBlockElement(actReply, id, plain(v.w.reply)),
		slack.NewButtonBlockElement(actSnooze, id, plain(v.w.snooze)), slack.NewButtonBlockElement(actResolve, id, plain(v.w.resolve)))}
}
