-- +goose Up
CREATE TABLE inboxes (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  bot INTEGER NOT NULL DEFAULT 1,
  team_id INTEGER NOT NULL DEFAULT 0,
  settings TEXT NOT NULL DEFAULT '{}',
  secrets TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  archived_at INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE contacts (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL DEFAULT '',
  phone TEXT NOT NULL DEFAULT '',
  email TEXT NOT NULL DEFAULT '',
  language TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  attributes TEXT NOT NULL DEFAULT '{}',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
);
CREATE INDEX contacts_phone ON contacts (phone) WHERE phone <> '';
CREATE INDEX contacts_email ON contacts (email) WHERE email <> '';
CREATE INDEX contacts_name ON contacts (name) WHERE name <> '';

CREATE TABLE identities (
  id INTEGER PRIMARY KEY,
  inbox_id INTEGER NOT NULL REFERENCES inboxes (id),
  address TEXT NOT NULL,
  contact_id INTEGER NOT NULL REFERENCES contacts (id),
  conversation_id INTEGER NOT NULL DEFAULT 0,
  verified INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  UNIQUE (inbox_id, address)
);
CREATE INDEX identities_contact ON identities (contact_id);

CREATE TABLE conversations (
  id INTEGER PRIMARY KEY,
  inbox_id INTEGER NOT NULL REFERENCES inboxes (id),
  contact_id INTEGER NOT NULL REFERENCES contacts (id),
  identity_id INTEGER NOT NULL REFERENCES identities (id),
  status TEXT NOT NULL,
  priority INTEGER NOT NULL DEFAULT 1,
  team_id INTEGER NOT NULL DEFAULT 0,
  agent_id INTEGER NOT NULL DEFAULT 0,
  subject TEXT NOT NULL DEFAULT '',
  language TEXT NOT NULL DEFAULT '',
  tags TEXT NOT NULL DEFAULT '',
  last_seq INTEGER NOT NULL DEFAULT 0,
  last_message_at INTEGER NOT NULL,
  preview TEXT NOT NULL DEFAULT '',
  last_sender TEXT NOT NULL DEFAULT '',
  unread INTEGER NOT NULL DEFAULT 0,
  agent_read_seq INTEGER NOT NULL DEFAULT 0,
  contact_read_seq INTEGER NOT NULL DEFAULT 0,
  waiting_since INTEGER NOT NULL DEFAULT 0,
  queued_at INTEGER NOT NULL DEFAULT 0,
  queue_order INTEGER NOT NULL DEFAULT 0,
  snoozed_until INTEGER NOT NULL DEFAULT 0,
  handoff_reason TEXT NOT NULL DEFAULT '',
  misunderstood INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  resolved_at INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER,
  lease_until INTEGER NOT NULL DEFAULT 0,
  lease_token TEXT NOT NULL DEFAULT '',
  attempts INTEGER NOT NULL DEFAULT 0,
  recovered INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX conversations_due ON conversations (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX conversations_place ON conversations (status, inbox_id, team_id, last_message_at, id);
CREATE INDEX conversations_agent ON conversations (agent_id, status, last_message_at, id) WHERE agent_id <> 0;
CREATE INDEX conversations_queue ON conversations (queue_order, id) WHERE queue_order <> 0;
CREATE INDEX conversations_snoozed ON conversations (snoozed_until) WHERE snoozed_until <> 0;
CREATE INDEX conversations_contact ON conversations (contact_id, id);

CREATE TABLE conversation_tags (
  conversation_id INTEGER NOT NULL REFERENCES conversations (id),
  tag TEXT NOT NULL,
  PRIMARY KEY (conversation_id, tag)
);
CREATE INDEX conversation_tags_tag ON conversation_tags (tag, conversation_id);

CREATE TABLE messages (
  id INTEGER PRIMARY KEY,
  conversation_id INTEGER NOT NULL REFERENCES conversations (id),
  seq INTEGER NOT NULL,
  inbox_id INTEGER NOT NULL,
  sender TEXT NOT NULL,
  agent_id INTEGER NOT NULL DEFAULT 0,
  text TEXT NOT NULL DEFAULT '',
  html TEXT NOT NULL DEFAULT '',
  content TEXT NOT NULL DEFAULT '',
  private INTEGER NOT NULL DEFAULT 0,
  source_id TEXT NOT NULL DEFAULT '',
  provider_id TEXT NOT NULL DEFAULT '',
  delivery TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL DEFAULT '',
  helpful INTEGER,
  explanation TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  due_at INTEGER,
  lease_until INTEGER NOT NULL DEFAULT 0,
  lease_token TEXT NOT NULL DEFAULT '',
  attempts INTEGER NOT NULL DEFAULT 0,
  recovered INTEGER NOT NULL DEFAULT 0,
  UNIQUE (conversation_id, seq)
);
CREATE UNIQUE INDEX messages_source ON messages (inbox_id, source_id) WHERE source_id <> '';
CREATE INDEX messages_provider ON messages (inbox_id, provider_id) WHERE provider_id <> '';
CREATE INDEX messages_due ON messages (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX messages_open ON messages (conversation_id, seq) WHERE due_at IS NOT NULL;

CREATE TABLE attachments (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  message_id INTEGER NOT NULL DEFAULT 0,
  conversation_id INTEGER NOT NULL DEFAULT 0,
  owner TEXT NOT NULL DEFAULT '',
  sha256 TEXT NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  size INTEGER NOT NULL,
  width INTEGER NOT NULL DEFAULT 0,
  height INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
);
CREATE INDEX attachments_message ON attachments (message_id) WHERE message_id <> 0;
CREATE INDEX attachments_loose ON attachments (created_at) WHERE message_id = 0;
CREATE INDEX attachments_sha256 ON attachments (sha256);

CREATE TABLE events (
  n INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  conversation_id INTEGER NOT NULL,
  seq INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE tallies (
  inbox_id INTEGER NOT NULL,
  team_id INTEGER NOT NULL,
  agent_id INTEGER NOT NULL,
  status TEXT NOT NULL,
  total INTEGER NOT NULL,
  unread INTEGER NOT NULL,
  PRIMARY KEY (inbox_id, team_id, agent_id, status)
);

