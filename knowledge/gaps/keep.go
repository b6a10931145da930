package gaps

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"huiyin/db"
)

const turnColumns = "message_id, conversation_id, question_id, part, at, day, inbox_id, team_id, language, act, article_id, revision_id, verdict, vain, handed, chosen_id"

// replaceTurns puts the turns of some conversations in the place of the old ones, and moves the sums along. It runs behind the
// step, so that nobody else changes them meanwhile. A question that is still one asked in vain stays in its group.
func replaceTurns(ctx context.Context, tx *db.Tx, old, fresh []turn) error {
	has := make(map[int64]turn, len(old))
	for _, t := range old {
		has[t.message] = t
	}
	days, changed := sums{}, []turn{}
	for _, t := range fresh {
		was, known := has[t.message]
		delete(has, t.message)
		if known && was == t {
			continue
		}
		if known {
			days.add(was, -1)
		}
		days.add(t, 1)
		changed = append(changed, t)
	}
	gone := slices.Collect(maps.Keys(has))
	for _, t := range has {
		days.add(t, -1)
	}
	if len(gone) > 0 {
		if _, err := tx.Exec(ctx, "DELETE FROM gap_turns WHERE message_id IN ("+idList(gone)+")"); err != nil {
			return fmt.Errorf("delete turns: %w", err)
		}
	}
	if err := db.Many(ctx, tx, putTurns, changed, func(v *db.Values, t turn) { v.Add(t.values()...) }); err != nil {
		return fmt.Errorf("keep turns: %w", err)
	}
	return days.apply(ctx, tx)
}

const putTurns = "INSERT INTO gap_turns (" + turnColumns + `) VALUES %s
 ON CONFLICT (message_id) DO UPDATE SET conversation_id = excluded.conversation_id, question_id = excluded.question_id, part = excluded.part, at = excluded.at,
 day = excluded.day, inbox_id = excluded.inbox_id, team_id = excluded.team_id, language = excluded.language, act = excluded.act, article_id = excluded.article_id,
 revision_id = excluded.revision_id, verdict = excluded.verdict, vain = excluded.vain, handed = excluded.handed, chosen_id = excluded.chosen_id`

func (t turn) values() []any {
	return []any{t.message, t.conversation, t.question, t.part, db.Millis(t.at), t.day, t.inbox, t.team, t.language, string(t.act), t.article, t.revision, t.verdict,
		string(t.vain), truth(t.handed), t.chosen}
}

func readTurns(ctx context.Context, from db.Querier, where string, args ...any) ([]turn, error) {
	rows, err := from.Query(ctx, "SELECT "+turnColumns+" FROM gap_turns WHERE "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read turns: %w", err)
	}
	defer rows.Close()
	var list []turn
	for rows.Next() {
		var t turn
		var at int64
		if err := rows.Scan(&t.message, &t.conversation, &t.question, &t.part, &at, &t.day, &t.inbox, &t.team, &t.language, &t.act, &t.article, &t.revision,
			&t.verdict, &t.vain, &t.handed, &t.chosen); err != nil {
			return nil, fmt.Errorf("read turns: %w", err)
		}
		t.at = db.Time(at)
		list = append(list, t)
	}
	return list, rows.Err()
}

// Kind is what a figure of a day counts.
type Kind string

// The kinds of figures. An answer is counted once as answered, and once more when somebody judged it.
const (
	KindAnswered  Kind = "answered"
	KindRight     Kind = "right"
	KindWrong     Kind = "wrong"
	KindClarified Kind = "clarified"
	KindAsked     Kind = "asked"
	KindHandedOff Kind = "handed_off"
)

// Kinds are all kinds, in the order in which pages show them.
func Kinds() []Kind {
	return []Kind{KindAnswered, KindRight, KindWrong, KindClarified, KindAsked, KindHandedOff}
}

// kinds are what a turn counts as.
func (t turn) kinds() []Kind {
	if t.verdict == "" {
		return []Kind{Kind(t.act)}
	}
	return []Kind{Kind(t.act), Kind(t.verdict)}
}

// place is one row of the sums.
type place struct {
	day                            int
	kind                           Kind
	inbox, team, article, revision int64
}

type sums map[place]int64

func (s sums) add(t turn, times int64) {
	for _, k := range t.kinds() {
		s[place{t.day, k, t.inbox, t.team, t.article, t.revision}] += times
	}
}

func (s sums) apply(ctx context.Context, tx *db.Tx) error {
	maps.DeleteFunc(s, func(_ place, n int64) bool { return n == 0 })
	err := db.Many(ctx, tx, `INSERT INTO gap_days (day, kind, inbox_id, team_id, article_id, revision_id, n) VALUES %s
 ON CONFLICT (day, kind, inbox_id, team_id, article_id, revision_id) DO UPDATE SET n = gap_days.n + excluded.n`,
		slices.Collect(maps.Keys(s)), func(v *db.Values, p place) {
			v.Add(p.day, string(p.kind), p.inbox, p.team, p.article, p.revision, s[p])
		})
	if err != nil {
		return fmt.Errorf("keep days: %w", err)
	}
	return nil
}

// replacePairs puts what some conversations propose in the place of what they proposed; what people did with a proposal stays.
func replacePairs(ctx context.Context, tx *db.Tx, ids []int64, fresh []pair) error {
	if len(ids) == 0 {
		return nil
	}
	if _, err := tx.Exec(ctx, "DELETE FROM gap_pairs WHERE state = 'open' AND conversation_id IN ("+idList(ids)+")"); err != nil {
		return fmt.Errorf("delete proposals: %w", err)
	}
	err := db.Many(ctx, tx, `INSERT INTO gap_pairs (turn_id, conversation_id, question_id, reply_id, agent_id, inbox_id, team_id, at, state)
 VALUES %s ON CONFLICT (turn_id) DO NOTHING`, fresh, func(v *db.Values, p pair) {
		v.Add(p.turn, p.conversation, p.question, p.reply, p.agent, p.inbox, p.team, db.Millis(p.at), "open")
	})
	if err != nil {
		return fmt.Errorf("keep proposals: %w", err)
	}
	return nil
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// idList writes numbers for an IN list; they need no placeholders.
func idList(ids []int64) string {
	words := make([]string, len(ids))
	for i, id := range ids {
		words[i] = strconv.FormatInt(id, 10)
	}
	return db.Once + strings.Join(words, ", ")
}
