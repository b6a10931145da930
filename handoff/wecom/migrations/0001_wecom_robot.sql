-- +goose Up
-- How the robots are set up: one row. The addresses hold the robots' keys and are sealed.
CREATE TABLE wecom_robot (
  id INTEGER PRIMARY KEY,
  settings TEXT NOT NULL,
  sealed TEXT NOT NULL DEFAULT '',
  version INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
);
