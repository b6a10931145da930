-- +goose Up
-- Who looks after an article and by when they look at it again (0: never), and where its review stands.
ALTER TABLE articles ADD COLUMN owner_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE articles ADD COLUMN review_by INTEGER NOT NULL DEFAULT 0;
ALTER TABLE articles ADD COLUMN review TEXT NOT NULL DEFAULT '';
ALTER TABLE articles ADD COLUMN reviewer_id INTEGER NOT NULL DEFAULT 0;
CREATE INDEX articles_in_review ON articles (review, updated_at, id) WHERE review <> '';
CREATE INDEX articles_review_by ON articles (review_by) WHERE review_by > 0;
CREATE INDEX articles_by_owner ON articles (owner_id, updated_at, id) WHERE owner_id > 0;

-- Every time that somebody was asked to review, and what became of it.
CREATE TABLE article_reviews (
    id           INTEGER PRIMARY KEY,
    article_id   INTEGER NOT NULL REFERENCES articles (id),
    revision_id  INTEGER NOT NULL,
    state        TEXT    NOT NULL,
    asked_by     INTEGER NOT NULL DEFAULT 0,
    asked_name   TEXT    NOT NULL DEFAULT '',
    asked_at     INTEGER NOT NULL DEFAULT 0,
    asked_words  TEXT    NOT NULL DEFAULT '',
    reviewer_id  INTEGER NOT NULL DEFAULT 0,
    decided_by   INTEGER NOT NULL DEFAULT 0,
    decided_name TEXT    NOT NULL DEFAULT '',
    decided_at   INTEGER NOT NULL DEFAULT 0,
    words        TEXT    NOT NULL DEFAULT ''
);
CREATE INDEX article_reviews_of ON article_reviews (article_id, id);

CREATE TABLE article_comments (
    id            INTEGER PRIMARY KEY,
    article_id    INTEGER NOT NULL REFERENCES articles (id),
    revision_id   INTEGER NOT NULL,
    place         TEXT    NOT NULL DEFAULT '',
    text          TEXT    NOT NULL,
    author_id     INTEGER NOT NULL DEFAULT 0,
    author_name   TEXT    NOT NULL DEFAULT '',
    at            INTEGER NOT NULL,
    resolved_name TEXT    NOT NULL DEFAULT '',
    resolved_at   INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX article_comments_of ON article_comments (article_id, id);

-- What is to happen to an article at a time: it is published, it expires, its owner is reminded of it.
CREATE TABLE article_timers (
    id          INTEGER PRIMARY KEY,
    article_id  INTEGER NOT NULL REFERENCES articles (id),
    kind        TEXT    NOT NULL,
    at          INTEGER NOT NULL,
    revision_id INTEGER NOT NULL DEFAULT 0,
    by_id       INTEGER NOT NULL DEFAULT 0,
    by_name     TEXT    NOT NULL DEFAULT '',
    reason      TEXT    NOT NULL DEFAULT '',
    trouble     TEXT    NOT NULL DEFAULT '',
    due_at      INTEGER,
    lease_until INTEGER NOT NULL DEFAULT 0,
    lease_token TEXT    NOT NULL DEFAULT '',
    attempts    INTEGER NOT NULL DEFAULT 0,
    recovered   INTEGER NOT NULL DEFAULT 0,
    UNIQUE (article_id, kind)
);
CREATE INDEX article_timers_due ON article_timers (due_at) WHERE due_at IS NOT NULL;

-- The rules that hold for all articles; one row.
CREATE TABLE knowledge_rules (
    id          INTEGER PRIMARY KEY,
    four_eyes   INTEGER NOT NULL DEFAULT 0,
    review_days INTEGER NOT NULL DEFAULT 0,
    version     INTEGER NOT NULL DEFAULT 1
);

-- Who has an article open, so that two who write in it are told.
CREATE TABLE article_visitors (
    article_id INTEGER NOT NULL,
    agent_id   INTEGER NOT NULL,
    name       TEXT    NOT NULL,
    writing    INTEGER NOT NULL DEFAULT 0,
    seen_at    INTEGER NOT NULL,
    PRIMARY KEY (article_id, agent_id)
);
