package conversation

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"huiyin/db"
)

// Match is a contact that may be the same person as another.
type Match struct {
	ContactID int64
	Evidence  Evidence
	Detail    string // what is the same on both sides
	Proven    bool   // else one side only claims it, which is no reason to merge
}

// facts are what is known of whose a contact is, each with whether it is known to be theirs.
type facts map[fact]bool

type fact struct {
	kind  Evidence
	value string
}

func (f facts) add(kind Evidence, value string, proven bool) {
	if value != "" {
		f[fact{kind, value}] = f[fact{kind, value}] || proven
	}
}

// phoneDigits is the least that a telephone number has.
const phoneDigits = 7

// phoneKey is a telephone number as digits, without the prefix of China, so that two ways of writing it are one; empty for
// what is none.
func phoneKey(text string) string {
	var b strings.Builder
	for _, r := range strings.TrimPrefix(strings.TrimSpace(text), "tel:") {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case !strings.ContainsRune("+-() .", r):
			return ""
		}
	}
	digits := strings.TrimPrefix(b.String(), "00")
	if len(digits) == 13 && strings.HasPrefix(digits, "861") {
		digits = digits[2:]
	}
	if len(digits) < phoneDigits || len(digits) > 15 {
		return ""
	}
	return digits
}

func emailKey(text string) string {
	text = strings.ToLower(strings.TrimSpace(text))
	if at := strings.IndexByte(text, '@'); at <= 0 || at == len(text)-1 || strings.ContainsAny(text, " :/") {
		return ""
	}
	return text
}

// factsOf gathers what is known of a contact and of those merged into it.
func (s *Store) factsOf(ctx context.Context, from db.Querier, contactID int64) (facts, error) {
	known := facts{}
	ids, err := s.group(ctx, from, contactID)
	if err != nil {
		return nil, err
	}
	list, args := idMarks(ids)
	contacts, err := s.queryContacts(ctx, from, "id IN ("+list+")", args...)
	if err != nil {
		return nil, err
	}
	for _, c := range contacts {
		known.add(SamePhone, phoneKey(c.Phone), c.PhoneVerified)
		known.add(SameEmail, emailKey(c.Email), c.EmailVerified)
	}
	identities, err := s.Identities(ctx, from, contactID)
	if err != nil {
		return nil, err
	}
	for _, i := range identities {
		known.add(SamePerson, i.Person, true)
		known.add(SamePhone, phoneKey(i.Address), i.Verified)
		known.add(SameEmail, emailKey(i.Address), i.Verified)
	}
	return known, nil
}

// proofs are the facts that are known of both contacts beyond doubt.
func (s *Store) proofs(ctx context.Context, from db.Querier, a, b int64) (map[Evidence]string, error) {
	ours, err := s.factsOf(ctx, from, a)
	if err != nil {
		return nil, err
	}
	theirs, err := s.factsOf(ctx, from, b)
	if err != nil {
		return nil, err
	}
	found := map[Evidence]string{}
	for f, proven := range ours {
		if proven && theirs[f] && (found[f.kind] == "" || f.value < found[f.kind]) {
			found[f.kind] = f.value
		}
	}
	return found, nil
}

// maxMatches bounds how many contacts are proposed as the same person.
const maxMatches = 10

// Matches are other contacts that share a person, a phone or a mail address with this one, proven ones first.
func (s *Store) Matches(ctx context.Context, from db.Querier, contactID int64) ([]Match, error) {
	ours, err := s.factsOf(ctx, from, contactID)
	if err != nil {
		return nil, err
	}
	best := map[int64]Match{}
	for f, proven := range ours {
		others, err := s.sharing(ctx, from, f, contactID)
		if err != nil {
			return nil, err
		}
		for _, id := range others {
			theirs, err := s.factsOf(ctx, from, id)
			if err != nil {
				return nil, err
			}
			m := Match{ContactID: id, Evidence: f.kind, Detail: f.value, Proven: proven && theirs[f]}
			if has, ok := best[id]; !ok || m.compare(has) < 0 {
				best[id] = m
			}
		}
	}
	found := make([]Match, 0, len(best))
	for _, m := range best {
		found = append(found, m)
	}
	slices.SortFunc(found, func(a, b Match) int { return cmp.Or(a.compare(b), cmp.Compare(a.ContactID, b.ContactID)) })
	return found[:min(len(found), maxMatches)], nil
}

func (m Match) compare(o Match) int {
	return cmp.Or(cmp.Compare(truth(o.Proven), truth(m.Proven)), cmp.Compare(string(m.Evidence), string(o.Evidence)), cmp.Compare(m.Detail, o.Detail))
}

// sharing are the contacts, standing for themselves, that share a fact. Numbers are kept as they came, so they are looked
// for in the ways in which they are written.
func (s *Store) sharing(ctx context.Context, from db.Querier, f fact, not int64) ([]int64, error) {
	const standing = " SELECT CASE WHEN root_id = 0 THEN id ELSE root_id END FROM contacts WHERE "
	const reached = " SELECT contact_id FROM identities WHERE "
	const everywhere = "inbox_id IN (SELECT id FROM inboxes) AND address IN (?, ?, ?, ?)"
	var query string
	var args []any
	switch f.kind {
	case SamePerson:
		query, args = reached+"person = ? AND person <> ''", []any{f.value}
	case SamePhone:
		ways := []any{f.value, "+" + f.value, "86" + f.value, "+86" + f.value}
		query, args = standing+"phone IN (?, ?, ?, ?) AND phone <> '' UNION"+reached+everywhere, append(ways, ways...)
	default:
		query, args = standing+"email = ? AND email <> '' UNION"+reached+everywhere, []any{f.value, f.value, f.value, f.value, f.value}
	}
	found, err := s.ids(ctx, from, query+" LIMIT 20", args...)
	if err != nil {
		return nil, fmt.Errorf("find the same person: %w", err)
	}
	slices.Sort(found)
	return slices.DeleteFunc(slices.Compact(found), func(id int64) bool { return id == not }), nil
}
