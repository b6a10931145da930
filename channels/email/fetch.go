package email

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"

	"huiyin/channels"
	"huiyin/conversation"
)

const (
	listBatch  = 500     // mails whose sizes are asked for at a time
	fetchMails = 50      // mails fetched at a time
	fetchBytes = 4 << 20 // and no more of them than that
	parseSlots = 4
)

// listed is a mail in the folder.
type listed struct {
	uid  imap.UID
	size int64
	date time.Time
}

// catchUp takes in all mails behind the place that the folder was read to. Flags play no part: others may set them, and they
// are lost.
func (r *reader) catchUp(ctx context.Context, p *places) error {
	select {
	case <-r.news: // what it rang for is looked at now
	default:
	}
	at := p.of(r.folder)
	if at.Validity != r.opened.UIDValidity { // the numbers are new: what is known by content is not taken again
		at = place{Validity: r.opened.UIDValidity, Scanning: true}
	}
	uids, err := r.behind(at)
	if err != nil {
		return fmt.Errorf("look for mail: %w", err)
	}
	for chunk := range slices.Chunk(uids, listBatch) {
		mails, err := r.list(chunk)
		if err != nil {
			return fmt.Errorf("list mail: %w", err)
		}
		if at.Scanning {
			mails = slices.DeleteFunc(mails, func(m listed) bool { return m.date.Before(r.acct.since()) })
		}
		for len(mails) > 0 {
			n := batchOf(mails)
			at.UID = uint32(mails[n-1].uid)
			if err := r.take(ctx, p, at, mails[:n]); err != nil {
				return err
			}
			mails = mails[n:]
		}
	}
	return r.caughtUp(ctx, p, at, uids)
}

// caughtUp notes that all up to the newest mail has been looked at.
func (r *reader) caughtUp(ctx context.Context, p *places, at place, uids []imap.UID) error {
	to := at
	to.Scanning = false
	if len(uids) > 0 {
		to.UID = max(to.UID, uint32(uids[len(uids)-1]))
	}
	if at.Scanning && r.opened.UIDNext > 0 {
		to.UID = max(to.UID, uint32(r.opened.UIDNext)-1)
	}
	if to == p.of(r.folder) {
		return nil
	}
	return p.save(ctx, r.folder, to, channels.Received{})
}

// batchOf is how many of the mails are fetched at a time.
func batchOf(mails []listed) int {
	var sum int64
	for i, m := range mails[:min(len(mails), fetchMails)] {
		if sum += m.size; sum > fetchBytes && i > 0 {
			return i
		}
	}
	return min(len(mails), fetchMails)
}

// behind lists the mails behind a place in rising order.
func (r *reader) behind(at place) (uids []imap.UID, err error) {
	from := imap.UID(at.UID) + 1
	var set imap.UIDSet
	set.AddRange(from, 0)
	criteria := &imap.SearchCriteria{UID: []imap.UIDSet{set}}
	if since := r.acct.since(); at.Scanning && !since.IsZero() {
		criteria.Since = since.Add(-24 * time.Hour) // the search knows days alone, in the server's zone
	}
	err = r.within(2*r.a.Answer, func() error {
		found, err := r.client.UIDSearch(criteria, nil).Wait()
		if err != nil {
			return err
		}
		uids = found.AllUIDs()
		return nil
	})
	slices.Sort(uids)
	return slices.DeleteFunc(uids, func(u imap.UID) bool { return u < from }), err // n:* gives the last one even when it is before n
}

// list asks for sizes and dates.
func (r *reader) list(uids []imap.UID) (mails []listed, err error) {
	err = r.within(2*r.a.Answer, func() error {
		cmd := r.client.Fetch(imap.UIDSetNum(uids...), &imap.FetchOptions{UID: true, RFC822Size: true, InternalDate: true})
		found, err := cmd.Collect()
		for _, m := range found {
			if m.UID != 0 {
				mails = append(mails, listed{m.UID, m.RFC822Size, m.InternalDate})
			}
		}
		return err
	})
	slices.SortFunc(mails, func(a, b listed) int { return int(int64(a.uid) - int64(b.uid)) })
	return mails, err
}

// take fetches mails and makes them durable with the place behind them. Of a fetch that breaks, the mails before the break are taken.
func (r *reader) take(ctx context.Context, p *places, to place, mails []listed) error {
	raws, broken := r.fetch(mails)
	if broken != nil {
		if raws = unbroken(mails, raws); len(raws) == 0 {
			return fmt.Errorf("fetch mail: %w", broken)
		}
		to.UID = uint32(raws[len(raws)-1].uid)
	}
	got := r.translate(ctx, raws)
	err := p.save(ctx, r.folder, to, together(got))
	if err != nil && ctx.Err() == nil && !errors.Is(err, conversation.ErrUnavailable) {
		err = r.oneByOne(ctx, p, to, got)
	}
	if err != nil {
		return fmt.Errorf("store mail: %w", err)
	}
	if broken != nil {
		return fmt.Errorf("fetch mail: %w", broken)
	}
	if r.acct.markSeen {
		return r.mark(mails)
	}
	return nil
}

// unbroken are the mails that were asked for first and came whole.
func unbroken(asked []listed, came []fetched) []fetched {
	for i, m := range asked {
		if i >= len(came) || came[i].uid != m.uid {
			return came[:i]
		}
	}
	return came
}

// fetched is a mail's bytes, or its header's when it is too large.
type fetched struct {
	uid    imap.UID
	raw    []byte
	header bool
}

func (r *reader) fetch(mails []listed) (all []fetched, err error) {
	var whole, large []imap.UID
	for _, m := range mails {
		if m.size > r.acct.maxSize {
			large = append(large, m.uid)
		} else {
			whole = append(whole, m.uid)
		}
	}
	for _, part := range []struct {
		uids []imap.UID
		of   *imap.FetchItemBodySection
	}{{whole, &imap.FetchItemBodySection{Peek: true}}, {large, &imap.FetchItemBodySection{Peek: true, Specifier: imap.PartSpecifierHeader}}} {
		if len(part.uids) == 0 || err != nil {
			continue
		}
		err = r.within(5*r.a.Answer, func() error {
			some, err := r.fetchPart(part.uids, part.of)
			all = append(all, some...)
			return err
		})
	}
	slices.SortFunc(all, func(a, b fetched) int { return int(int64(a.uid) - int64(b.uid)) })
	return all, err
}

// fetchPart fetches mails, or their headers; with an error come those that were whole before it.
func (r *reader) fetchPart(uids []imap.UID, of *imap.FetchItemBodySection) (all []fetched, err error) {
	cmd := r.client.Fetch(imap.UIDSetNum(uids...), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{of}})
	for m := cmd.Next(); m != nil; m = cmd.Next() {
		f := fetched{header: of.Specifier != ""}
		if err := f.read(m, r.acct.maxSize); err != nil {
			_ = cmd.Close()
			return all, err
		}
		if f.uid != 0 && f.raw != nil {
			all = append(all, f)
		}
	}
	return all, cmd.Close()
}

// read takes one mail off the connection.
func (f *fetched) read(m *imapclient.FetchMessageData, most int64) error {
	for item := m.Next(); item != nil; item = m.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			f.uid = item.UID
		case imapclient.FetchItemDataBodySection:
			if item.Literal == nil {
				continue
			}
			raw, err := io.ReadAll(io.LimitReader(item.Literal, most+1))
			if err != nil {
				return err
			}
			if int64(len(raw)) < min(item.Literal.Size(), most) {
				return io.ErrUnexpectedEOF
			}
			f.raw = raw
		}
	}
	return nil
}

// translate makes messages of mails, several at a time, in their order.
func (r *reader) translate(ctx context.Context, raws []fetched) []channels.Received {
	own := r.a.own(ctx)
	got := make([]channels.Received, len(raws))
	slots := make(chan struct{}, parseSlots)
	var all sync.WaitGroup
	for i, f := range raws {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			got[i], _ = r.a.receive(ctx, r.acct, own, arrived{raw: f.raw, header: f.header}) // reading from memory does not fail
		})
	}
	all.Wait()
	return got
}

func together(all []channels.Received) (one channels.Received) {
	for _, got := range all {
		one.Messages = append(one.Messages, got.Messages...)
		one.Receipts = append(one.Receipts, got.Receipts...)
	}
	return one
}

// oneByOne stores mails singly where they cannot be together, so that one does not hold the others up.
func (r *reader) oneByOne(ctx context.Context, p *places, to place, all []channels.Received) error {
	for _, got := range all {
		before := p.of(r.folder)
		before.Validity, before.Scanning = to.Validity, to.Scanning
		err := acceptOne(ctx, func(ctx context.Context, got channels.Received) error { return p.save(ctx, r.folder, before, got) }, got)
		if err != nil {
			return err
		}
	}
	return p.save(ctx, r.folder, to, channels.Received{})
}

// mark sets the mails as read. It is for people who look at the mailbox: a server that refuses does no harm.
func (r *reader) mark(mails []listed) error {
	var uids []imap.UID
	for _, m := range mails {
		uids = append(uids, m.uid)
	}
	err := r.within(r.a.Answer, func() error {
		return r.client.Store(imap.UIDSetNum(uids...), &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagSeen}}, nil).Close()
	})
	var said *imap.Error
	if errors.As(err, &said) {
		return nil
	}
	return err
}
