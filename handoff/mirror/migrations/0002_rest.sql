-- +goose Up
-- Until when a place rests whatever happens: the desk has asked for it, or something has just failed there.
ALTER TABLE mirrors ADD COLUMN rest_until INTEGER NOT NULL DEFAULT 0;
