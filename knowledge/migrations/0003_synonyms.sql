-- +goose Up
CREATE TABLE knowledge_synonyms (
    place INTEGER PRIMARY KEY,
    words TEXT    NOT NULL
);
