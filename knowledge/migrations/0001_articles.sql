-- +goose Up
CREATE TABLE articles (
    id                    INTEGER PRIMARY KEY,
    external_key          TEXT UNIQUE,
    status                TEXT    NOT NULL,
    category              TEXT    NOT NULL DEFAULT '',
    title                 TEXT    NOT NULL DEFAULT '',
    search_text           TEXT    NOT NULL DEFAULT '',
    draft_revision_id     INTEGER NOT NULL DEFAULT 0,
    published_revision_id INTEGER NOT NULL DEFAULT 0,
    revisions             INTEGER NOT NULL DEFAULT 0,
    used                  INTEGER NOT NULL DEFAULT 0,
    helpful               INTEGER NOT NULL DEFAULT 0,
    unhelpful             INTEGER NOT NULL DEFAULT 0,
    created_at            INTEGER NOT NULL,
    updated_at            INTEGER NOT NULL,
    version               INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX articles_newest ON articles (updated_at, id);
CREATE INDEX articles_by_status ON articles (status, updated_at, id);
CREATE INDEX articles_by_category ON articles (category);

CREATE TABLE article_tags (
    article_id INTEGER NOT NULL REFERENCES articles (id),
    tag        TEXT    NOT NULL,
    PRIMARY KEY (tag, article_id)
);
CREATE INDEX article_tags_by_article ON article_tags (article_id);

CREATE TABLE article_revisions (
    id          INTEGER PRIMARY KEY,
    article_id  INTEGER NOT NULL REFERENCES articles (id),
    number      INTEGER NOT NULL,
    author_id   INTEGER NOT NULL DEFAULT 0,
    author_name TEXT    NOT NULL DEFAULT '',
    at          INTEGER NOT NULL,
    note        TEXT    NOT NULL DEFAULT '',
    content     TEXT    NOT NULL,
    UNIQUE (article_id, number)
);

CREATE TABLE knowledge_changes (
    n          INTEGER PRIMARY KEY,
    article_id INTEGER NOT NULL,
    at         INTEGER NOT NULL
);
