-- +goose Up
-- How the help centre looks and whether it is open: one row, as JSON.
CREATE TABLE help_settings (
    id         INTEGER PRIMARY KEY,
    value      TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    changed_by TEXT    NOT NULL DEFAULT ''
);

-- Whether an article helped. visitor is a keyed hash of a random number in the visitor's browser and tells nothing about them.
CREATE TABLE help_votes (
    id          INTEGER PRIMARY KEY,
    article_id  INTEGER NOT NULL,
    revision_id INTEGER NOT NULL,
    visitor     TEXT    NOT NULL,
    language    TEXT    NOT NULL,
    helpful     INTEGER NOT NULL,
    reason      TEXT    NOT NULL DEFAULT '',
    comment     TEXT    NOT NULL DEFAULT '',
    at          INTEGER NOT NULL,
    UNIQUE (article_id, visitor)
);
CREATE INDEX help_votes_newest ON help_votes (at, id);

-- What was searched for on a day, and how it ended. Nobody is named.
CREATE TABLE help_searches (
    day      TEXT    NOT NULL,
    language TEXT    NOT NULL,
    term     TEXT    NOT NULL,
    vain     INTEGER NOT NULL DEFAULT 0,
    shown    INTEGER NOT NULL DEFAULT 0,
    opened   INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (day, language, term)
);

-- How often an article was read on a day.
CREATE TABLE help_views (
    day        TEXT    NOT NULL,
    article_id INTEGER NOT NULL,
    views      INTEGER NOT NULL,
    PRIMARY KEY (day, article_id)
);
