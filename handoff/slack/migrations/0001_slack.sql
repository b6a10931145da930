-- +goose Up
-- How the app is set up: one row. Secrets are sealed.
CREATE TABLE slack_app (
  id INTEGER PRIMARY KEY,
  settings TEXT NOT NULL,
  sealed TEXT NOT NULL DEFAULT '',
  version INTEGER NOT NULL,
  problem TEXT NOT NULL DEFAULT '',
  changed_at INTEGER NOT NULL
);

-- Which agent is which user in Slack, proven from both sides.
CREATE TABLE slack_users (
  agent_id INTEGER NOT NULL PRIMARY KEY,
  user_id TEXT NOT NULL UNIQUE,
  on_duty INTEGER NOT NULL DEFAULT 0,
  acted_at INTEGER NOT NULL DEFAULT 0,
  linked_at INTEGER NOT NULL
);

CREATE TABLE slack_codes (
  agent_id INTEGER NOT NULL PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE,
  tries INTEGER NOT NULL DEFAULT 0,
  expires_at INTEGER NOT NULL
);

-- What Slack has told us; a row is the job of heeding it, and keeps a repeat from being heeded twice.
CREATE TABLE slack_events (
  id INTEGER PRIMARY KEY,
  event_id TEXT NOT NULL UNIQUE,
  channel TEXT NOT NULL DEFAULT '',
  body TEXT NOT NULL DEFAULT '',
  at INTEGER NOT NULL,
  due_at INTEGER,
  lease_until INTEGER NOT NULL DEFAULT 0,
  lease_token TEXT NOT NULL DEFAULT '',
  attempts INTEGER NOT NULL DEFAULT 0,
  recovered INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX slack_events_due ON slack_events (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX slack_events_channel ON slack_events (channel, id) WHERE due_at IS NOT NULL;
CREATE INDEX slack_events_at ON slack_events (at);
