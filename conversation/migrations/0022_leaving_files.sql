-- +goose Up
-- Bytes that no row names any more: being deleted, and once gone is 1 deleted. The mark is another at each time.
CREATE TABLE leaving_files (
  sha256 TEXT PRIMARY KEY,
  mark TEXT NOT NULL,
  since INTEGER NOT NULL,
  gone INTEGER NOT NULL DEFAULT 0
);
