-- +goose Up
CREATE TABLE article_files (
    file_key   TEXT    NOT NULL,
    article_id INTEGER NOT NULL REFERENCES articles (id),
    PRIMARY KEY (file_key, article_id)
);

CREATE TABLE article_typing (
    agent_id   INTEGER NOT NULL,
    article_id INTEGER NOT NULL,
    version    INTEGER NOT NULL,
    form       TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    PRIMARY KEY (agent_id, article_id)
);
