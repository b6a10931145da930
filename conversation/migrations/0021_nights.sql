-- +goose Up
-- Up to which message the bot has looked in a conversation that waits for a person and that none has had; 0: it looks at none.
ALTER TABLE conversations ADD COLUMN bot_seq INTEGER NOT NULL DEFAULT 0;
