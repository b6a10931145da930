-- +goose Up
-- What happened in each conversation that reports count, measured from its rows; n is its place among them.
CREATE TABLE report_facts (
  conversation_id INTEGER NOT NULL,
  n INTEGER NOT NULL,
  kind TEXT NOT NULL,
  day INTEGER NOT NULL,
  hour INTEGER NOT NULL,
  inbox_id INTEGER NOT NULL,
  team_id INTEGER NOT NULL,
  agent_id INTEGER NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (conversation_id, n)
);
CREATE INDEX report_facts_day ON report_facts (kind, day, conversation_id);

-- The same, summed up by day. spread says how the values lie, as bucket:count.
CREATE TABLE report_days (
  day INTEGER NOT NULL,
  kind TEXT NOT NULL,
  inbox_id INTEGER NOT NULL,
  team_id INTEGER NOT NULL,
  agent_id INTEGER NOT NULL,
  n INTEGER NOT NULL,
  total INTEGER NOT NULL,
  spread TEXT NOT NULL,
  PRIMARY KEY (day, kind, inbox_id, team_id, agent_id)
);

CREATE TABLE report_hours (
  day INTEGER NOT NULL,
  hour INTEGER NOT NULL,
  kind TEXT NOT NULL,
  inbox_id INTEGER NOT NULL,
  team_id INTEGER NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (day, hour, kind, inbox_id, team_id)
);

-- How far the measuring has come; turn rises with every step, so that of several nodes one makes it.
CREATE TABLE report_state (
  id INTEGER PRIMARY KEY,
  turn INTEGER NOT NULL,
  zone TEXT NOT NULL,
  rules INTEGER NOT NULL,
  event INTEGER NOT NULL,
  measured INTEGER NOT NULL,
  at INTEGER NOT NULL
);
