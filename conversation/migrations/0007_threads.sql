-- +goose Up
CREATE TABLE thread_refs (
  message_id INTEGER PRIMARY KEY REFERENCES messages (id),
  conversation_id INTEGER NOT NULL REFERENCES conversations (id),
  inbox_id INTEGER NOT NULL,
  ref TEXT NOT NULL,
  digest TEXT NOT NULL DEFAULT ''
);
CREATE INDEX thread_refs_ref ON thread_refs (ref, inbox_id);
CREATE INDEX thread_refs_conversation ON thread_refs (conversation_id);

CREATE TABLE participants (
  conversation_id INTEGER NOT NULL REFERENCES conversations (id),
  address TEXT NOT NULL,
  PRIMARY KEY (conversation_id, address)
);

CREATE TABLE kept_originals (
  attachment_id INTEGER PRIMARY KEY,
  until INTEGER NOT NULL
);
CREATE INDEX kept_originals_until ON kept_originals (until);
