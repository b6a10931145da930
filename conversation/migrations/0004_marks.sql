-- +goose Up
CREATE TABLE answer_marks (
  message_id INTEGER NOT NULL PRIMARY KEY REFERENCES messages (id),
  agent_id INTEGER NOT NULL,
  note TEXT NOT NULL DEFAULT '',
  at INTEGER NOT NULL
);

CREATE TABLE message_originals (
  message_id INTEGER NOT NULL PRIMARY KEY REFERENCES messages (id),
  sealed TEXT NOT NULL,
  at INTEGER NOT NULL
);
