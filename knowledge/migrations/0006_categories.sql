-- +goose Up
CREATE TABLE knowledge_categories (
    path  TEXT    PRIMARY KEY,
    place INTEGER NOT NULL DEFAULT 0,
    names TEXT    NOT NULL DEFAULT '{}'
);
INSERT INTO knowledge_categories (path) SELECT DISTINCT category FROM articles WHERE category <> '';
