-- +goose Up
-- Every import of a file, how far it came, and what became of it. beat_at rises while a node works on it.
CREATE TABLE article_imports (
    id          INTEGER PRIMARY KEY,
    author_id   INTEGER NOT NULL DEFAULT 0,
    author_name TEXT    NOT NULL DEFAULT '',
    name        TEXT    NOT NULL DEFAULT '',
    format      TEXT    NOT NULL,
    dry         INTEGER NOT NULL DEFAULT 0,
    draft       INTEGER NOT NULL DEFAULT 0,
    state       TEXT    NOT NULL,
    done        INTEGER NOT NULL DEFAULT 0,
    added       INTEGER NOT NULL DEFAULT 0,
    changed     INTEGER NOT NULL DEFAULT 0,
    unchanged   INTEGER NOT NULL DEFAULT 0,
    refused     INTEGER NOT NULL DEFAULT 0,
    problem     TEXT    NOT NULL DEFAULT '',
    started_at  INTEGER NOT NULL,
    ended_at    INTEGER NOT NULL DEFAULT 0,
    beat_at     INTEGER NOT NULL DEFAULT 0,
    undone_at   INTEGER NOT NULL DEFAULT 0,
    undone_name TEXT    NOT NULL DEFAULT '',
    kept        INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX article_imports_under_way ON article_imports (beat_at) WHERE state IN ('running', 'undoing', 'failing');

-- What became of each article of a file, and what the article was before.
CREATE TABLE article_import_rows (
    import_id        INTEGER NOT NULL,
    n                INTEGER NOT NULL,
    line             INTEGER NOT NULL,
    source           TEXT    NOT NULL DEFAULT '',
    article_key      TEXT    NOT NULL DEFAULT '',
    title            TEXT    NOT NULL DEFAULT '',
    article_id       INTEGER NOT NULL DEFAULT 0,
    outcome          TEXT    NOT NULL,
    field            TEXT    NOT NULL DEFAULT '',
    message          TEXT    NOT NULL DEFAULT '',
    before_draft     INTEGER NOT NULL DEFAULT 0,
    before_published INTEGER NOT NULL DEFAULT 0,
    before_status    TEXT    NOT NULL DEFAULT '',
    version          INTEGER NOT NULL DEFAULT 0,
    undone           TEXT    NOT NULL DEFAULT '',
    PRIMARY KEY (import_id, n)
);
CREATE INDEX article_import_rows_of ON article_import_rows (import_id, article_id, n);

-- Which column a person took for what, by the words that stand above it.
CREATE TABLE article_import_columns (
    agent_id INTEGER NOT NULL,
    header   TEXT    NOT NULL,
    target   TEXT    NOT NULL,
    PRIMARY KEY (agent_id, header)
);
