-- +goose Up
-- Whether who waits was told that what they add is kept for when somebody is there again.
ALTER TABLE waits ADD COLUMN noted INTEGER NOT NULL DEFAULT 0;
