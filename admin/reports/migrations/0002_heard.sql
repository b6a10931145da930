-- +goose Up
-- Of what customers wrote on a day: the last message that is counted, so that the next can be added without reading the others. 0: not known.
ALTER TABLE report_facts ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;
