-- +goose Up
ALTER TABLE conversations ADD COLUMN elsewhere INTEGER NOT NULL DEFAULT 0;
