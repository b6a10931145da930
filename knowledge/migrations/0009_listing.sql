-- +goose Up
-- A page of a category, and how many of its articles stand where, come from the index alone.
CREATE INDEX articles_in_category ON articles (category, status, updated_at, id);
DROP INDEX articles_by_category;
