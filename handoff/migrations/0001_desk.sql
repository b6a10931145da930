-- +goose Up
CREATE TABLE agents (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  email TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL,
  language TEXT NOT NULL DEFAULT 'zh',
  active INTEGER NOT NULL DEFAULT 1,
  presence TEXT NOT NULL DEFAULT 'online',
  seen_at INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
);

CREATE TABLE teams (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL
);

CREATE TABLE team_members (
  team_id INTEGER NOT NULL REFERENCES teams (id),
  agent_id INTEGER NOT NULL REFERENCES agents (id),
  PRIMARY KEY (team_id, agent_id)
);
CREATE INDEX team_members_agent ON team_members (agent_id);

-- One row for each time an agent had a conversation; ended_at = 0: has it now. waited is how long the customer
-- had been queueing when it was claimed, -1 when that tells nothing about waiting.
CREATE TABLE assignments (
  id INTEGER PRIMARY KEY,
  conversation_id INTEGER NOT NULL,
  agent_id INTEGER NOT NULL REFERENCES agents (id),
  team_id INTEGER NOT NULL DEFAULT 0,
  claimed_at INTEGER NOT NULL,
  lease_until INTEGER NOT NULL,
  waited INTEGER NOT NULL DEFAULT -1,
  ended_at INTEGER NOT NULL DEFAULT 0,
  end_reason TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX assignments_held ON assignments (conversation_id) WHERE ended_at = 0;
CREATE INDEX assignments_lease ON assignments (lease_until, agent_id) WHERE ended_at = 0;
CREATE INDEX assignments_agent ON assignments (agent_id) WHERE ended_at = 0;
CREATE INDEX assignments_waits ON assignments (team_id, id) WHERE waited >= 0;
CREATE INDEX assignments_conversation ON assignments (conversation_id, id);

-- When a waiting customer was last told the place in the queue, and whether anybody was on duty when the wait began.
CREATE TABLE places_told (
  conversation_id INTEGER PRIMARY KEY,
  told_at INTEGER NOT NULL,
  staffed INTEGER NOT NULL
);

CREATE TABLE canned_replies (
  id INTEGER PRIMARY KEY,
  shortcut TEXT NOT NULL,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  language TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (language, shortcut)
);
