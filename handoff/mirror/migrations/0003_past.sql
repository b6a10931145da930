-- +goose Up
-- Where conversations stood at a desk before they moved on, so that who still speaks there can be told.
CREATE TABLE mirror_past (
  board TEXT NOT NULL,
  ref TEXT NOT NULL,
  conversation_id INTEGER NOT NULL,
  PRIMARY KEY (board, ref)
);
