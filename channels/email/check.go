package email

import (
	"context"
	"fmt"
	"net"
	"strings"

	"huiyin/conversation"
)

// Check tries the inbox's roads out one by one: the mailbox with each of its folders, or the door, and the server that mail goes out by.
func (a *Adapter) Check(ctx context.Context, inbox conversation.Inbox) error {
	acct := read(a.kind, inbox)
	var wrong []string
	if acct.listen == "" {
		for _, folder := range acct.folders {
			if err := a.checkFolder(ctx, acct, folder); err != nil {
				wrong = append(wrong, "Receiving (IMAP "+acct.imap.address()+"): "+whyNot(err)+".")
				break
			}
		}
	} else if err := a.checkDoor(acct); err != nil {
		wrong = append(wrong, "Receiving (SMTP): "+err.Error()+".")
	}
	if acct.smtp.host == "" {
		wrong = append(wrong, "Sending: no SMTP server is named, so nothing can be answered.")
	} else if err := a.checkSubmission(ctx, acct); err != nil {
		wrong = append(wrong, "Sending (SMTP "+acct.smtp.address()+"): "+whyNot(err)+".")
	}
	if len(wrong) == 0 {
		return nil
	}
	return fmt.Errorf("%s", strings.Join(wrong, " "))
}

func (a *Adapter) checkFolder(ctx context.Context, acct account, folder string) error {
	r, err := a.openFolder(ctx, acct, folder)
	if err != nil {
		return err
	}
	_ = r.within(a.Answer, func() error { return r.client.Logout().Wait() }) // it was opened, and that is all
	_ = r.client.Close()
	return nil
}

// checkDoor tells whether the address can be listened at; where this node has it open already it can.
func (a *Adapter) checkDoor(acct account) error {
	a.doors.mu.Lock()
	_, open := a.doors.open[acct.listen]
	a.doors.mu.Unlock()
	if open {
		return nil
	}
	ln, err := net.Listen("tcp", acct.listen)
	if err != nil {
		return err
	}
	return ln.Close()
}

func (a *Adapter) checkSubmission(ctx context.Context, acct account) error {
	c, err := a.dialSMTP(ctx, acct)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	if err := c.Mail(acct.address, nil); err != nil { // some servers let others sign in than may write as the address
		return fmt.Errorf("it does not let the inbox write as %s: %w", acct.address, err)
	}
	return c.Quit()
}
