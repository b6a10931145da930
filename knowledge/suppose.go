package knowledge

import (
	"context"
	"maps"
	"slices"
	"time"

	"huiyin/db"
	"huiyin/nlu"
)

// Copy is what customers' searches use at one moment, with what was learnt from it. It stays as it is while articles change, and
// a supposition makes another one of it. It asks no disk: the memory has every term that the index on disk has.
type Copy struct {
	corpus  *corpus
	edition int64
	at      time.Time
}

// Supposition is a change that nobody has made yet.
type Supposition struct {
	Publish   []int64    // articles whose newest content would be given to customers
	Unpublish []int64    // articles that would be drafts again
	Archive   []int64    // articles that would be archived
	Synonyms  [][]string // what the list of synonyms would be; nil: as it is
}

// Copy gives the knowledge as it is now, everything learnt that has changed.
func (x *Index) Copy(ctx context.Context) (*Copy, error) {
	if err := x.Refresh(ctx); err != nil {
		return nil, err
	}
	x.mu.RLock()
	learnt := x.corpus.learned != nil && x.taught == x.edition
	x.mu.RUnlock()
	if !learnt {
		if err := x.Learn(ctx); err != nil {
			return nil, err
		}
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	return &Copy{corpus: x.corpus.clone(), edition: x.edition, at: x.from.Now()}, nil
}

// Edition is the same for copies between which nothing has changed, on one node.
func (c *Copy) Edition() int64 { return c.edition }

// Search finds the articles that may answer a customer, as Index.Search does.
func (c *Copy) Search(ctx context.Context, a nlu.Analysis, o Options) ([]Hit, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if o.At.IsZero() {
		o.At = c.at
	}
	q, list := c.corpus.best(a, o, nil)
	if len(q.terms)+len(q.unknown) == 0 {
		return []Hit{}, nil
	}
	return c.corpus.hits(q, list, o), nil
}

// supposedAtOnce is how many parts of the phrasings are learnt from at the same time: somebody waits for it.
const supposedAtOnce = 2

// Suppose gives the knowledge as it will be after a change, when it is learnt. Contents are read from the database. In a small base
// everything is learnt anew, and what is supposed is what will be. In a large one only which words point to which article is; how
// much each feature counts is fitted to a sample of all articles, which moves a little with every learning whatever has changed,
// and is kept, so that what is found changed is the change's doing.
func (x *Index) Suppose(ctx context.Context, from *Copy, s Supposition) (*Copy, error) {
	c := from.corpus.clone()
	if s.Synonyms != nil {
		c.resay(s.Synonyms)
	}
	for _, id := range s.Publish {
		found, err := storedByID(ctx, x.from, id)
		if err != nil {
			return nil, err
		}
		if found == nil {
			if found, err = archivedByID(ctx, x.from, id); err != nil || found == nil {
				return nil, orNotFound(err)
			}
		}
		c.put(id, found.published(c))
	}
	for _, id := range s.Unpublish {
		if e := c.entries[id]; e != nil && e.live != nil {
			c.put(id, &entry{id: id, key: e.key, status: Draft, draft: e.variantFor(true)})
		}
	}
	for _, id := range s.Archive {
		c.put(id, nil)
	}
	c.weigh()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	c.install(learnAgain(c.published(), c.synonyms, from.corpus.learned))
	return &Copy{corpus: c, at: from.at}, ctx.Err()
}

func orNotFound(err error) error {
	if err == nil {
		return ErrNotFound
	}
	return err
}

// archivedByID reads an article that is archived; nil when it is gone.
func archivedByID(ctx context.Context, from db.Querier, id int64) (*stored, error) {
	page, err := storedWhere(ctx, from, " WHERE a.id = ?", id)
	if err != nil || len(page) == 0 {
		return nil, err
	}
	return &page[0], nil
}

// published is the searchable form of an article whose newest content customers get.
func (s *stored) published(c *corpus) *entry {
	if !s.isNew {
		return s.entry(c)
	}
	return &entry{id: s.id, key: s.key, status: Published, live: c.variant(s.newID, s.newNo, s.draft)}
}

// clone copies what a change of articles writes to; articles themselves never change.
func (c *corpus) clone() *corpus {
	n := &corpus{numbers: maps.Clone(c.numbers), kinds: slices.Clone(c.kinds), df: slices.Clone(c.df), common: slices.Clone(c.common),
		idf: slices.Clone(c.idf), weight: slices.Clone(c.weight), entries: maps.Clone(c.entries), phrasings: c.phrasings, synonyms: c.synonyms,
		learned: c.learned}
	n.weigh()
	n.install(c.learned)
	return n
}

// resay cuts every text anew under another list of synonyms.
func (c *corpus) resay(groups [][]string) {
	entries := maps.Clone(c.entries)
	for id := range entries {
		c.put(id, nil)
	}
	if c.synonyms = nil; len(groups) > 0 {
		c.synonyms = nlu.NewGroups(groups)
	}
	for _, id := range slices.Sorted(maps.Keys(entries)) {
		old := entries[id]
		e := &entry{id: id, key: old.key, status: old.status}
		if old.live != nil {
			e.live = c.variant(old.live.revision, old.live.number, old.live.content)
		}
		if old.draft != nil {
			e.draft = c.variant(old.draft.revision, old.draft.number, old.draft.content)
		}
		c.put(id, e)
	}
}

// learnAgain learns from articles of which few have changed since something was learnt.
func learnAgain(articles []entry, synonyms *nlu.Groups, before *learned) *learned {
	s := newStudent(articles, synonyms)
	if len(s.lessons) == 0 {
		return nil
	}
	if before == nil || before.matcher == nil || !before.sampled || s.tooMany() {
		s.teachers(supposedAtOnce)
		return s.study()
	}
	s.readLessons()
	whole, again := s.learnFrom(noFold), *before
	again.matcher, again.model, again.classes = whole.matcher, whole.model, s.classes
	return &again
}
