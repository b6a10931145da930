-- +goose Up
CREATE INDEX articles_by_title ON articles (title);
