-- +goose Up
-- Big screens that may see figures, and nothing else.
CREATE TABLE wall_tokens (
  id INTEGER PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  team_id INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL DEFAULT 0
);

-- How somebody wants to be told of what concerns them, as JSON, and up to which notice they were told by mail.
CREATE TABLE notice_wishes (
  agent_id INTEGER NOT NULL PRIMARY KEY,
  wishes TEXT NOT NULL DEFAULT '{}',
  mailed INTEGER NOT NULL DEFAULT 0
);

-- Up to which event notices have been made.
CREATE TABLE notice_state (
  id INTEGER PRIMARY KEY,
  event INTEGER NOT NULL
);
