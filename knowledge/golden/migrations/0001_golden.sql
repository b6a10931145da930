-- +goose Up
CREATE TABLE golden_questions (
    id              INTEGER PRIMARY KEY,
    question        TEXT    NOT NULL,
    language        TEXT    NOT NULL DEFAULT '',
    channel         TEXT    NOT NULL DEFAULT '',
    tier            TEXT    NOT NULL DEFAULT '',
    asked_at        INTEGER NOT NULL DEFAULT 0,
    expect          TEXT    NOT NULL,
    article_id      INTEGER NOT NULL DEFAULT 0,
    note            TEXT    NOT NULL DEFAULT '',
    conversation_id INTEGER NOT NULL DEFAULT 0,
    seq             INTEGER NOT NULL DEFAULT 0,
    author_id       INTEGER NOT NULL DEFAULT 0,
    author_name     TEXT    NOT NULL DEFAULT '',
    created_at      INTEGER NOT NULL,
    deleted_at      INTEGER NOT NULL DEFAULT 0,
    version         INTEGER NOT NULL DEFAULT 1,
    outcome         TEXT    NOT NULL DEFAULT '',
    outcome_at      INTEGER NOT NULL DEFAULT 0,
    broke_at        INTEGER NOT NULL DEFAULT 0,
    decided         TEXT    NOT NULL DEFAULT ''
);
CREATE INDEX golden_questions_by_outcome ON golden_questions (deleted_at, outcome, id);
CREATE INDEX golden_questions_by_source ON golden_questions (conversation_id, seq);

-- What is computed in the background: a replay of a change, a run of the golden questions, a table of questions.
CREATE TABLE golden_jobs (
    id          INTEGER PRIMARY KEY,
    due_at      INTEGER,
    lease_until INTEGER NOT NULL DEFAULT 0,
    lease_token TEXT    NOT NULL DEFAULT '',
    attempts    INTEGER NOT NULL DEFAULT 0,
    recovered   INTEGER NOT NULL DEFAULT 0,
    kind        TEXT    NOT NULL,
    subject     TEXT    NOT NULL DEFAULT '',
    state       TEXT    NOT NULL,
    stopped     INTEGER NOT NULL DEFAULT 0,
    stage       TEXT    NOT NULL DEFAULT '',
    done        INTEGER NOT NULL DEFAULT 0,
    total       INTEGER NOT NULL DEFAULT 0,
    red         INTEGER NOT NULL DEFAULT 0,
    author_id   INTEGER NOT NULL DEFAULT 0,
    author_name TEXT    NOT NULL DEFAULT '',
    created_at  INTEGER NOT NULL,
    finished_at INTEGER NOT NULL DEFAULT 0,
    asked       TEXT    NOT NULL,
    result      TEXT    NOT NULL DEFAULT '',
    problem     TEXT    NOT NULL DEFAULT ''
);
CREATE INDEX golden_jobs_due ON golden_jobs (due_at);
CREATE INDEX golden_jobs_by_subject ON golden_jobs (subject, id);

CREATE TABLE golden_runs (
    id         INTEGER PRIMARY KEY,
    at         INTEGER NOT NULL,
    nightly    INTEGER NOT NULL,
    author     TEXT    NOT NULL DEFAULT '',
    answered   INTEGER NOT NULL,
    offered    INTEGER NOT NULL,
    wrong      INTEGER NOT NULL,
    unanswered INTEGER NOT NULL,
    broke      INTEGER NOT NULL
);

CREATE TABLE golden_night (
    id          INTEGER PRIMARY KEY,
    due_at      INTEGER,
    lease_until INTEGER NOT NULL DEFAULT 0,
    lease_token TEXT    NOT NULL DEFAULT '',
    attempts    INTEGER NOT NULL DEFAULT 0,
    recovered   INTEGER NOT NULL DEFAULT 0,
    minute      INTEGER NOT NULL,
    nightly     INTEGER NOT NULL,
    version     INTEGER NOT NULL DEFAULT 1
);
INSERT INTO golden_night (id, due_at, minute, nightly) VALUES (1, 0, 180, 1);
