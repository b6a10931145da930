package admin

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"

	"huiyin/admin/api"
	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
)

// ListContactCodes shows the codes sent from a conversation, and which inboxes can send one.
func (s *Server) ListContactCodes(ctx context.Context, r api.ListContactCodesRequestObject) (api.ListContactCodesResponseObject, error) {
	c, err := s.seen(ctx, s.DB, r.Id)
	if err != nil {
		return nil, err
	}
	found, err := s.Conversations.Verifications(ctx, s.DB, c.ID, s.DB.Now())
	if err != nil {
		return nil, err
	}
	inboxes, err := s.Conversations.Inboxes(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	shown := api.ContactCodes{Items: make([]api.ContactCode, 0, len(found)), Inboxes: []api.CodeInbox{}}
	for _, v := range found {
		shown.Items = append(shown.Items, viewCode(v))
	}
	for _, i := range inboxes {
		a, _ := s.adapter(i.Kind)
		if reacher, ok := a.(channels.Reacher); ok {
			shown.Inboxes = append(shown.Inboxes, api.CodeInbox{Id: i.ID, Name: i.Name, Channel: i.Kind, To: api.CodeInboxTo(reacher.Reach(i, "").Means)})
		}
	}
	return api.ListContactCodes200JSONResponse(shown), nil
}

func viewCode(v conversation.Verification) api.ContactCode {
	return api.ContactCode{Id: v.ID, Address: conversation.Masked(v.Address), State: api.ContactCodeState(v.State), CreatedAt: v.CreatedAt, ExpiresAt: v.ExpiresAt}
}

// codeText is what a code goes out with, by the customer's language.
func codeText(language, code string) string {
	if language == "en" {
		return code + " is your code. It proves to the colleague who serves you that this address is yours, and lasts ten minutes. If you did not ask for it, do nothing."
	}
	return "您的验证码是 " + code + "，10 分钟内有效。用于向正在接待您的客服确认此号码属于您；如非本人操作，请忽略。"
}

// SendContactCode sends a code to an address that the customer says is theirs. It goes past the outbox: the code must not
// stand in any message that colleagues can read.
func (s *Server) SendContactCode(ctx context.Context, r api.SendContactCodeRequestObject) (api.SendContactCodeResponseObject, error) {
	inbox, address, err := s.reached(ctx, r.Body.InboxId, r.Body.Address)
	if err != nil {
		return nil, err
	}
	code, err := newCode()
	if err != nil {
		return nil, err
	}
	var v conversation.Verification
	var c *conversation.Conversation
	err = s.write(ctx, func(tx *db.Tx) error {
		if c, err = s.taken(ctx, tx, r.Id); err != nil {
			return err
		}
		if err := s.Desk.MayReply(ctx, tx, c, whoOf(ctx).actor()); err != nil {
			return err
		}
		v, err = s.Conversations.BeginVerification(ctx, tx, conversation.Verification{ConversationID: c.ID, InboxID: inbox.ID, Address: address,
			AgentID: whoOf(ctx).agent.ID}, code)
		if err != nil {
			return err
		}
		return s.note(ctx, tx, "contact_code_sent", object("conversation", c.ID), conversation.Masked(address))
	})
	if err != nil {
		return nil, err
	}
	if err := s.SendNow(ctx, inbox, address, codeText(c.Language, code)); err != nil {
		return nil, s.unsent(ctx, v, err)
	}
	return api.SendContactCode201JSONResponse(viewCode(v)), nil
}

// unsent notes that a code did not go out and says why.
func (s *Server) unsent(ctx context.Context, v conversation.Verification, why error) error {
	ctx = context.WithoutCancel(ctx)
	dropped := s.DB.Tx(ctx, func(tx *db.Tx) error { return s.Conversations.DropVerification(ctx, tx, v.ID) })
	var refused *channels.SendError
	if errors.As(why, &refused) {
		return errors.Join(dropped, conflict("not_sent", "the code could not be sent: "+refused.Reason))
	}
	return errors.Join(dropped, conflict("not_sent", "the code could not be sent: the provider could not be reached"))
}

// reached finds the inbox that can write first to an address, and the address in its spelling.
func (s *Server) reached(ctx context.Context, inboxID int64, said string) (conversation.Inbox, string, error) {
	inbox, err := s.Conversations.Inbox(ctx, s.DB, inboxID)
	if err != nil {
		return inbox, "", invalid("inbox_id", "there is no such inbox")
	}
	a, _ := s.adapter(inbox.Kind)
	reacher, ok := a.(channels.Reacher)
	if !ok {
		return inbox, "", invalid("inbox_id", "this channel cannot write first; choose one for texts or mail")
	}
	address := reacher.Reach(inbox, said).Address
	if address == "" {
		return inbox, "", invalid("address", "this is no address that the inbox can write to")
	}
	return inbox, address, nil
}

// newCode is a code that nobody can guess.
func newCode() (string, error) {
	most := new(big.Int).Exp(big.NewInt(10), big.NewInt(conversation.CodeDigits), nil)
	n, err := rand.Int(rand.Reader, most)
	if err != nil {
		return "", fmt.Errorf("make code: %w", err)
	}
	return fmt.Sprintf("%0*d", conversation.CodeDigits, n), nil
}

// CheckContactCode takes the code as the customer told it to the agent. A wrong one is counted, so the transaction commits.
func (s *Server) CheckContactCode(ctx context.Context, r api.CheckContactCodeRequestObject) (api.CheckContactCodeResponseObject, error) {
	var proved *conversation.Verification
	err := s.write(ctx, func(tx *db.Tx) error {
		c, err := s.taken(ctx, tx, r.Id)
		if err != nil {
			return err
		}
		if err := s.Desk.MayReply(ctx, tx, c, whoOf(ctx).actor()); err != nil {
			return err
		}
		if proved, err = s.Conversations.Typed(ctx, tx, c, r.Body.Code); err != nil || proved == nil {
			return err
		}
		return s.note(ctx, tx, "contact_code_proved", object("conversation", c.ID), conversation.Masked(proved.Address))
	})
	if err == nil && proved == nil {
		err = conversation.ErrWrongCode
	}
	if err != nil {
		return nil, err
	}
	proved.State = conversation.CodeProved
	return api.CheckContactCode200JSONResponse(viewCode(*proved)), nil
}
