package hub

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
	"huiyin/knowledge"
	"huiyin/nlu"
)

// actAll carries out what was thought, in the turn's transaction.
func (h *Hub) actAll(ctx context.Context, tx *db.Tx, c *conversation.Conversation, thoughts []thought) error {
	for _, t := range thoughts {
		if err := h.act(ctx, tx, c, t); err != nil {
			return err
		}
	}
	return countUsed(ctx, tx, thoughts)
}

// countUsed counts the articles that are answered with, in one order, so that no two turns wait for each other, and as the last
// thing of a turn: until its commit nobody else can count an answer from them.
func countUsed(ctx context.Context, tx *db.Tx, thoughts []thought) error {
	var ids []int64
	for _, t := range thoughts {
		if t.decision.Act == ActAnswer {
			ids = append(ids, t.decision.Hit.ArticleID)
		}
	}
	slices.Sort(ids)
	for _, id := range ids {
		if err := knowledge.Used(ctx, tx, id); err != nil {
			return err
		}
	}
	return nil
}

func (h *Hub) act(ctx context.Context, tx *db.Tx, c *conversation.Conversation, t thought) error {
	w, d := wordsFor(t.language), t.decision
	if err := h.applyTrigger(ctx, tx, c, d); err != nil {
		return err
	}
	switch d.Act {
	case ActAnswer:
		return h.sendAnswer(ctx, tx, c, t)
	case ActClarify:
		c.Misunderstood++
		return h.say(ctx, tx, c, conversation.Draft{Text: w.regarding(t.about) + w.offer(len(d.Choices)), Content: conversation.Content{Choices: w.choices(d.Choices)}, Explanation: t.why})
	case ActAsk:
		c.Misunderstood++
		return h.say(ctx, tx, c, conversation.Draft{Text: w.regarding(t.about) + w.again(d, c.Misunderstood),
			Content: conversation.Content{Choices: []conversation.Choice{w.humanChoice()}}, Explanation: t.why})
	case ActSmalltalk:
		return h.say(ctx, tx, c, conversation.Draft{Text: w.smalltalk[d.Intent], Explanation: t.why})
	case ActHandoff:
		if err := h.noteUnhelpful(ctx, tx, c, t); err != nil {
			return err
		}
		return h.handOver(ctx, tx, c, t)
	default:
		return h.Conversations.Save(ctx, tx, c)
	}
}

func (h *Hub) sendAnswer(ctx context.Context, tx *db.Tx, c *conversation.Conversation, t thought) error {
	c.Misunderstood = 0
	content := conversation.Content{Markdown: true, Rateable: true, ArticleID: t.decision.Hit.ArticleID}
	if h.writesLetters(t.explanation.Channel) {
		content.Further = t.further()
	}
	if t.explanation.OtherLanguage != "" {
		content.Choices = []conversation.Choice{wordsFor(t.language).humanChoice()}
	}
	text, err := h.fill(ctx, tx, c, t)
	if err != nil {
		return err
	}
	return h.say(ctx, tx, c, conversation.Draft{Text: text, Explanation: t.why, Content: content})
}

// answer is the article's answer; one in another language than the question's says so first.
func (t thought) answer() string {
	if t.explanation.OtherLanguage == "" {
		return t.decision.Hit.Answer
	}
	return wordsFor(t.language).only(t.explanation.OtherLanguage) + "\n\n" + t.decision.Hit.Answer
}

func (h *Hub) say(ctx context.Context, tx *db.Tx, c *conversation.Conversation, d conversation.Draft) error {
	d.Sender = conversation.FromBot
	_, err := h.Conversations.Reply(ctx, tx, c, d)
	return err
}

// handOver gives the conversation to the desk, with the bot's reasons as a note that only agents see.
func (h *Hub) handOver(ctx context.Context, tx *db.Tx, c *conversation.Conversation, t thought) error {
	reason := handoff.Reason(t.decision.Reason)
	err := h.say(ctx, tx, c, conversation.Draft{Private: true, Explanation: t.why,
		Content: conversation.Content{Activity: "bot_handoff", ActivityData: map[string]string{"reason": string(reason)}}})
	if err != nil {
		return err
	}
	category, err := categoryOf(ctx, tx, t)
	if err != nil {
		return err
	}
	return h.Desk.RequestAs(ctx, tx, c, handoff.Ask{Reason: reason, Intent: string(t.explanation.Intent), Category: category,
		Angry: t.explanation.Mood == nlu.MoodAngry})
}

// categoryOf is the category of the article that the talk was about, as far as there is one.
func categoryOf(ctx context.Context, tx *db.Tx, t thought) (string, error) {
	id := t.article
	if hits := t.explanation.Hits; id == 0 && len(hits) > 0 && t.explanation.Policy.Clarify > 0 && hits[0].Confidence >= t.explanation.Policy.Clarify {
		id = hits[0].Article
	}
	if id == 0 {
		return "", nil
	}
	a, err := knowledge.Get(ctx, tx, id)
	if errors.Is(err, knowledge.ErrNotFound) {
		return "", nil
	}
	return a.Content.Category, err
}

func (w words) again(d Decision, misunderstood int) string {
	switch d.Rule {
	case ruleFilesOnly:
		return w.files
	case ruleVoiceOnly:
		return w.voice
	}
	if misunderstood > 1 {
		return w.askAgain
	}
	return w.ask
}

// maxAbout is how much of a question is repeated when a reply names it, in characters.
const maxAbout = 40

// regarding opens a reply to one of several questions.
func (w words) regarding(question string) string {
	if question == "" {
		return ""
	}
	if letters := []rune(question); len(letters) > maxAbout {
		question = string(letters[:maxAbout]) + "…"
	}
	return fmt.Sprintf(w.about, question)
}

// offer is what stands above the articles offered.
func (w words) offer(articles int) string {
	if articles == 1 {
		return w.confirm
	}
	return w.clarify
}

func (w words) choices(hits []knowledge.Hit) []conversation.Choice {
	var choices []conversation.Choice
	for _, hit := range hits {
		choices = append(choices, conversation.Choice{Label: hit.Question, Value: choiceArticle + strconv.FormatInt(hit.ArticleID, 10)})
	}
	none := w.none
	if len(hits) == 1 {
		none = w.other
	}
	return append(choices, conversation.Choice{Label: none, Value: choiceNone}, w.humanChoice())
}
