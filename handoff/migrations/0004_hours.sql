-- +goose Up
-- Opening hours by name: a time zone, the text of a week and the text of its exceptions (handoff/hours).
CREATE TABLE schedules (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  zone TEXT NOT NULL,
  week TEXT NOT NULL,
  days TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
);

-- Which hours a team has; team 0 is what has no team. A team without a row never closes.
CREATE TABLE schedule_teams (
  team_id INTEGER NOT NULL PRIMARY KEY,
  schedule_id INTEGER NOT NULL REFERENCES schedules (id)
);

-- Files of holidays taken over into a schedule: what they brought and what stood on those days before.
CREATE TABLE schedule_imports (
  id INTEGER PRIMARY KEY,
  schedule_id INTEGER NOT NULL REFERENCES schedules (id),
  file TEXT NOT NULL,
  added TEXT NOT NULL,
  before TEXT NOT NULL,
  agent_id INTEGER NOT NULL DEFAULT 0,
  at INTEGER NOT NULL,
  undone_at INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX schedule_imports_schedule ON schedule_imports (schedule_id, id);

-- Who works when. wanted_by is the colleague who has been asked to take the shift over.
CREATE TABLE shifts (
  id INTEGER PRIMARY KEY,
  agent_id INTEGER NOT NULL REFERENCES agents (id),
  starts_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  wanted_by INTEGER NOT NULL DEFAULT 0,
  first_agent_id INTEGER NOT NULL,
  created_at INTEGER NOT NULL
);
CREATE INDEX shifts_agent ON shifts (agent_id, starts_at);
CREATE INDEX shifts_time ON shifts (ends_at, starts_at);

-- Rules of how fast customers are served. Each change makes a new version, and versions stay.
CREATE TABLE sla_policies (
  id INTEGER PRIMARY KEY,
  place INTEGER NOT NULL,
  version INTEGER NOT NULL,
  deleted_at INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE sla_versions (
  policy_id INTEGER NOT NULL REFERENCES sla_policies (id),
  version INTEGER NOT NULL,
  policy TEXT NOT NULL,
  agent_id INTEGER NOT NULL DEFAULT 0,
  at INTEGER NOT NULL,
  PRIMARY KEY (policy_id, version)
);

-- A clock on a conversation. Times of work are in milliseconds. due_at is when the next alarm falls due; the columns
-- after it are those of every queue.
CREATE TABLE sla_clocks (
  id INTEGER PRIMARY KEY,
  conversation_id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  policy_id INTEGER NOT NULL,
  policy_version INTEGER NOT NULL,
  team_id INTEGER NOT NULL,
  priority INTEGER NOT NULL,
  target INTEGER NOT NULL,
  used INTEGER NOT NULL DEFAULT 0,
  started_at INTEGER NOT NULL,
  running_since INTEGER NOT NULL DEFAULT 0,
  paused_for TEXT NOT NULL DEFAULT '',
  warn_at INTEGER NOT NULL DEFAULT 0,
  deadline INTEGER NOT NULL DEFAULT 0,
  alarms INTEGER NOT NULL DEFAULT 0,
  warned_at INTEGER NOT NULL DEFAULT 0,
  breached_at INTEGER NOT NULL DEFAULT 0,
  ended_at INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER,
  lease_until INTEGER NOT NULL DEFAULT 0,
  lease_token TEXT NOT NULL DEFAULT '',
  attempts INTEGER NOT NULL DEFAULT 0,
  recovered INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX sla_clocks_conversation ON sla_clocks (conversation_id, kind, id);
CREATE UNIQUE INDEX sla_clocks_active ON sla_clocks (conversation_id, kind) WHERE state IN ('running', 'paused');
CREATE INDEX sla_clocks_due ON sla_clocks (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX sla_clocks_deadline ON sla_clocks (deadline) WHERE state = 'running';

-- What happened to clocks, for ever: reports are made of these rows alone. used and target are working time in
-- milliseconds as of the event, by the version of the policy that held then.
CREATE TABLE sla_events (
  id INTEGER PRIMARY KEY,
  clock_id INTEGER NOT NULL,
  conversation_id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  what TEXT NOT NULL,
  at INTEGER NOT NULL,
  policy_id INTEGER NOT NULL,
  policy_version INTEGER NOT NULL,
  target INTEGER NOT NULL,
  used INTEGER NOT NULL,
  deadline INTEGER NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  team_id INTEGER NOT NULL,
  agent_id INTEGER NOT NULL,
  priority INTEGER NOT NULL
);
CREATE INDEX sla_events_conversation ON sla_events (conversation_id, id);
CREATE INDEX sla_events_at ON sla_events (at, what);
