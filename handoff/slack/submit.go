package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
	"huiyin/handoff/mirror"
)

// submitted does what a dialog was filled in for. What is wrong is shown in the dialog, at the field.
func (p *press) submitted(ctx context.Context) any {
	var take carried
	if p.in.View.PrivateMetadata != "" && json.Unmarshal([]byte(p.in.View.PrivateMetadata), &take) != nil {
		return nil
	}
	answer := p.submitInto(ctx, take)
	if answer == nil && take.Home {
		if err := p.showHome(ctx, p.client, p.in.User.ID, ""); err != nil {
			p.Log.Warn("an app home in Slack is not up to date", "error", err)
		}
	}
	return answer
}

func (p *press) submitInto(ctx context.Context, take carried) any {
	field, err := "", error(nil)
	switch p.in.View.CallbackID {
	case dialogLink:
		field, err = blockCode, p.submitLink(ctx)
	case dialogReply:
		return p.submitReply(ctx, take)
	case dialogTransfer:
		field, err = blockTo, p.submitTransfer(ctx, take)
	case dialogSnooze:
		field, err = blockUntil, p.submitSnooze(ctx, take)
	}
	return p.refused(field, err)
}

// refused is the answer that shows an error at a field of the dialog; nil closes it.
func (p *press) refused(field string, err error) any {
	if err == nil {
		return nil
	}
	text := p.w.explain(err)
	switch {
	case errors.Is(err, errNotLinked):
		text = p.w.notLinked
	case errors.Is(err, errBadCode):
		text = p.w.badCode
	case text == "":
		p.Log.Error("what was submitted in Slack was not done", "error", err)
		text = fmt.Sprintf(p.w.failed, err)
	}
	return slack.NewErrorsViewSubmissionResponse(map[string]string{field: text})
}

func (p *press) submitLink(ctx context.Context) error {
	if _, err := p.link(ctx, p.in.User.ID, p.in.value(blockCode)); err != nil {
		return err
	}
	return p.showHome(ctx, p.client, p.in.User.ID, "")
}

func (p *press) submitTransfer(ctx context.Context, take carried) error {
	if p.agent == 0 {
		return errNotLinked
	}
	chosen := p.in.value(blockTo)
	var to handoff.Target
	id, err := strconv.ParseInt(strings.TrimLeft(chosen, "at"), 10, 64)
	if err != nil {
		return &conversation.FieldError{Field: "to", Message: p.w.to}
	}
	if strings.HasPrefix(chosen, "t") {
		to.TeamID = id
	} else {
		to.AgentID = id
	}
	return p.act(ctx, p.agent, func(tx *db.Tx, agent handoff.Agent) error {
		_, err := p.Desk.Transfer(ctx, tx, take.Conversation, agent, to, strings.TrimSpace(p.in.value(blockNote)))
		return err
	})
}

func (p *press) submitSnooze(ctx context.Context, take carried) error {
	if p.agent == 0 {
		return errNotLinked
	}
	long, err := time.ParseDuration(p.in.value(blockUntil))
	if err != nil {
		return &conversation.FieldError{Field: "until", Message: p.w.until}
	}
	return p.act(ctx, p.agent, func(tx *db.Tx, agent handoff.Agent) error {
		_, err := p.Desk.Snooze(ctx, tx, take.Conversation, agent, tx.Now.Add(long))
		return err
	})
}

// sendJob names a reply whose files are still to be fetched; it waits among the events, so that a crash loses nothing.
const sendJob = "send:"

// job is a reply whose files are still to be fetched.
type job struct {
	User, View, Text string
	Agent            int64
	Take             carried
	Files            []sharedFile
}

func (p *press) submitReply(ctx context.Context, take carried) any {
	if p.agent == 0 {
		return p.refused(blockText, errNotLinked)
	}
	text := p.in.value(blockText)
	var files []sharedFile
	for _, e := range p.in.View.State.Values[blockFiles] {
		files = e.Files
	}
	if len(files)+len(take.Files) > 0 {
		body, err := json.Marshal(job{User: p.in.User.ID, View: p.in.View.ID, Text: text, Agent: p.agent, Take: take, Files: files})
		if err == nil {
			err = p.mayTouch(ctx, take.Conversation)
		}
		if err == nil {
			err = p.enqueue(ctx, sendJob+p.in.View.ID, fmt.Sprint(sendJob, take.Conversation), body)
		}
		return p.refused(blockText, err)
	}
	err := p.send(ctx, outgoing{by: take.By, source: p.in.View.ID, conversation: take.Conversation, agent: p.agent, text: text, seen: take.Seen})
	var newer *newerError
	if errors.As(err, &newer) {
		return p.askAgain(ctx, take, text, newer)
	}
	return p.refused(blockText, err)
}

// askAgain shows the colleague's newer reply in the dialog, with the text kept; sending once more sends it.
func (p *press) askAgain(ctx context.Context, take carried, text string, newer *newerError) any {
	v, err := p.look(ctx, take.Conversation, p.app)
	if err != nil {
		return p.refused(blockText, err)
	}
	take.Seen = newer.seq
	view, err := p.replyDialog(v, take, text, fmt.Sprintf(p.w.newer, escape(newer.name), quote(cut(newer.text, 600))))
	if err != nil {
		return p.refused(blockText, err)
	}
	return slack.NewUpdateViewSubmissionResponse(&view)
}

// sendLater sends a reply once its files are here; what hinders it is told to the writer alone.
func (b *Board) sendLater(ctx context.Context, in stored) error {
	var j job
	if err := json.Unmarshal(in.body, &j); err != nil {
		return nil
	}
	api, err := b.client(ctx)
	if err != nil {
		return err
	}
	var ids []int64
	files, err := b.named(ctx, api, j.Take.Files)
	if err == nil {
		ids, err = api.fetch(ctx, b, "slack:"+j.User, append(files, j.Files...))
	}
	if err == nil {
		err = b.send(ctx, outgoing{by: j.Take.By, source: j.View, conversation: j.Take.Conversation, agent: j.Agent, text: j.Text, files: ids, seen: j.Take.Seen})
	}
	if err == nil || unreachable(err) && !in.last {
		return err
	}
	w := phrasesFor(api.app.Language)
	why := w.explain(err)
	var newer *newerError
	if errors.As(err, &newer) {
		why = fmt.Sprintf(w.newer, newer.name, quote(cut(newer.text, 600)))
	}
	if why == "" {
		return err
	}
	return b.tellAuthor(ctx, api, j, why)
}

// named are the files that a shortcut takes along.
func (b *Board) named(ctx context.Context, api *client, ids []string) (files []sharedFile, err error) {
	for _, id := range ids {
		f, _, _, err := api.GetFileInfoContext(ctx, id, 0, 0)
		var later *mirror.Later
		switch failed := b.failed(ctx, "files.info", err); {
		case err == nil:
		case errors.As(failed, &later), unreachable(err):
			return nil, failed
		default:
			return nil, &fileError{id, err} // it is not there any more, or the like
		}
		files = append(files, sharedFile{ID: f.ID, Name: f.Name, URL: f.URLPrivateDownload, Size: int64(f.Size)})
	}
	return files, nil
}

// tellAuthor tells the writer of a reply why it was not sent, and gives them their text back.
func (b *Board) tellAuthor(ctx context.Context, api *client, j job, why string) error {
	place, err := mirror.RefOf(ctx, b.DB, name, j.Take.Conversation)
	if err != nil {
		return err
	}
	return b.tellUser(ctx, api, j.User, place, fmt.Sprintf(phrasesFor(api.app.Language).prefixHelp, why)+"\n"+quote(cut(j.Text, 1000)))
}

// mayTouch checks early what the change itself checks again: that the agent may work on the conversation now.
func (p *press) mayTouch(ctx context.Context, id int64) error {
	return p.DB.Tx(ctx, func(tx *db.Tx) error {
		c, err := p.Conversations.Load(ctx, tx, id)
		if err != nil {
			return err
		}
		agent, err := p.Desk.Agent(ctx, tx, p.agent)
		if err != nil {
			return err
		}
		if err := p.Desk.MayNote(ctx, tx, c, agent); err != nil {
			return err
		}
		if c.Status == conversation.Resolved {
			return handoff.ErrResolved
		}
		if c.AgentID != 0 && c.AgentID != agent.ID && !agent.Role.Leads() && c.Status != conversation.Pending {
			owner, err := p.Desk.Agent(ctx, tx, c.AgentID)
			if err != nil {
				return err
			}
			return &handoff.OwnedError{Agent: owner}
		}
		return nil
	})
}
