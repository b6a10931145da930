package admin

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"huiyin/admin/api"
	"huiyin/db"
)

// noticeWishes is how somebody wants to be told of what concerns them. It is stored as JSON: fields are added, never renamed.
type noticeWishes struct {
	QuietFrom   string              `json:"quiet_from"` // "22:00"; empty: never quiet
	QuietTo     string              `json:"quiet_to"`
	MailMinutes int                 `json:"mail_minutes"` // unseen for so long, it is told by mail; 0: never
	Kinds       map[string]kindWish `json:"kinds"`
}

type kindWish struct {
	Push  bool `json:"push"`
	Sound bool `json:"sound"`
	Mail  bool `json:"mail"`
}

func defaultNoticeWishes() noticeWishes {
	w := noticeWishes{MailMinutes: 10, Kinds: map[string]kindWish{}}
	for _, k := range noticeKinds() {
		w.Kinds[k] = kindWish{Push: true, Sound: true, Mail: slices.Contains([]string{NoticeMention, NoticeBadRating, NoticeReviewAsked, NoticeReviewReturned, NoticeArticleDue, NoticeArticleTimer}, k)}
	}
	return w
}

// quiet tells whether a local time lies in the quiet hours, which may pass midnight.
func (w noticeWishes) quiet(local time.Time) bool {
	from, err1 := time.Parse("15:04", w.QuietFrom)
	to, err2 := time.Parse("15:04", w.QuietTo)
	if err1 != nil || err2 != nil || from.Equal(to) {
		return false
	}
	now := local.Hour()*60 + local.Minute()
	begin, end := from.Hour()*60+from.Minute(), to.Hour()*60+to.Minute()
	if begin < end {
		return now >= begin && now < end
	}
	return now >= begin || now < end
}

func (s *Server) noticeWishesOf(ctx context.Context, from db.Querier, agentID int64) (noticeWishes, int64, error) {
	w := defaultNoticeWishes()
	var text string
	var mailed int64
	err := from.QueryRow(ctx, "SELECT wishes, mailed FROM notice_wishes WHERE agent_id = ?", agentID).Scan(&text, &mailed)
	if db.NoRows(err) {
		return w, 0, nil
	}
	if err != nil {
		return w, 0, fmt.Errorf("read notice wishes: %w", err)
	}
	if err := json.Unmarshal([]byte(text), &w); err != nil {
		return w, 0, fmt.Errorf("notice wishes of agent %d: %w", agentID, err)
	}
	return w, mailed, nil
}

// GetNoticeWishes shows how the caller wants to be told.
func (s *Server) GetNoticeWishes(ctx context.Context, _ api.GetNoticeWishesRequestObject) (api.GetNoticeWishesResponseObject, error) {
	w, _, err := s.noticeWishesOf(ctx, s.DB, whoOf(ctx).agent.ID)
	return api.GetNoticeWishes200JSONResponse(viewNoticeWishes(w)), err
}

// SaveNoticeWishes changes it.
func (s *Server) SaveNoticeWishes(ctx context.Context, r api.SaveNoticeWishesRequestObject) (api.SaveNoticeWishesResponseObject, error) {
	if whoOf(ctx).key != nil {
		return nil, forbidden("a key is told of nothing")
	}
	b, w := r.Body, defaultNoticeWishes()
	w.QuietFrom, w.QuietTo, w.MailMinutes = val(b.QuietFrom), val(b.QuietTo), b.MailMinutes
	for field, at := range map[string]string{"quiet_from": w.QuietFrom, "quiet_to": w.QuietTo} {
		if _, err := time.Parse("15:04", at); at != "" && err != nil {
			return nil, invalid(field, "write the time like 22:00")
		}
	}
	for _, k := range b.Kinds {
		if _, known := w.Kinds[k.Kind]; !known {
			return nil, invalid("kinds", "there are no notices of the kind "+k.Kind)
		}
		w.Kinds[k.Kind] = kindWish{Push: k.Push, Sound: k.Sound, Mail: k.Mail}
	}
	text, err := json.Marshal(w)
	if err != nil {
		return nil, fmt.Errorf("write notice wishes: %w", err)
	}
	err = s.write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO notice_wishes (agent_id, wishes) VALUES (?, ?)
 ON CONFLICT (agent_id) DO UPDATE SET wishes = excluded.wishes`, whoOf(ctx).agent.ID, string(text))
		return wrap("save notice wishes", err)
	})
	return api.SaveNoticeWishes200JSONResponse(viewNoticeWishes(w)), err
}

func viewNoticeWishes(w noticeWishes) api.NoticeWishes {
	shown := api.NoticeWishes{QuietFrom: opt(w.QuietFrom), QuietTo: opt(w.QuietTo), MailMinutes: w.MailMinutes, Kinds: []api.NoticeWish{}}
	for _, k := range noticeKinds() {
		one := w.Kinds[k]
		shown.Kinds = append(shown.Kinds, api.NoticeWish{Kind: k, Push: one.Push, Sound: one.Sound, Mail: one.Mail})
	}
	return shown
}
