package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
)

// evalCmd measures how well questions are answered, on files of questions whose answers are known.
type evalCmd struct {
	Answers evalAnswersCmd `cmd:"" help:"Ask a knowledge base many questions and measure the answers."`
	Intents evalIntentsCmd `cmd:"" help:"Learn intents from examples and measure how they are recognised."`
	Mood    evalMoodCmd    `cmd:"" help:"Read conversations and measure how dissatisfied customers are told from others."`
}

// evalAnswersCmd measures the road from a question to a decision, with the shipped policy.
type evalAnswersCmd struct {
	KB      string            `name:"kb" required:"" placeholder:"FILE" help:"Articles: JSONL of faq_id, question, answer."`
	Similar string            `placeholder:"FILE" help:"Similar questions: TSV of text and faq_id, with a header line."`
	Queries string            `required:"" placeholder:"FILE" help:"Questions: TSV of text and faq_id (several with commas), with a header line."`
	Reject  map[string]string `placeholder:"NAME=FILE" help:"Questions that no article answers: TSV, first column, with a header line."`
	JSON    bool              `name:"json" help:"Print one JSON object."`
}

// Run measures and prints.
func (c evalAnswersCmd) Run(std streams) error {
	result, err := measureAnswers(c.KB, c.Similar, c.Queries, c.Reject)
	if err != nil {
		return err
	}
	return printResult(std.out, c.JSON, result)
}

// evalIntentsCmd measures the learner by itself: what it learns from the examples of intents it is asked about.
type evalIntentsCmd struct {
	Train string `required:"" placeholder:"FILE" help:"Examples: TSV of text and intent, with a header line."`
	Valid string `placeholder:"FILE" help:"More questions with known intents, measured as valid_accuracy."`
	Test  string `required:"" placeholder:"FILE" help:"Questions with known intents."`
	OOS   string `name:"oos" placeholder:"FILE" help:"Questions of no intent."`
	JSON  bool   `name:"json" help:"Print one JSON object."`
}

// Run measures and prints.
func (c evalIntentsCmd) Run(std streams) error {
	result, err := measureIntents(c.Train, c.Valid, c.Test, c.OOS)
	if err != nil {
		return err
	}
	return printResult(std.out, c.JSON, result)
}

// printResult prints the fields of a result in the order of their names, as JSON or one a line.
func printResult(out io.Writer, asJSON bool, result any) error {
	data, err := json.MarshalIndent(result, "", "  ")
	if err != nil {
		return fmt.Errorf("print result: %w", err)
	}
	if asJSON {
		_, err = fmt.Fprintf(out, "%s\n", data)
		return err
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return fmt.Errorf("print result: %w", err)
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		var line bytes.Buffer
		if err := json.Compact(&line, fields[name]); err != nil {
			return fmt.Errorf("print result: %w", err)
		}
		if _, err := fmt.Fprintf(out, "%-18s %s\n", name, line.Bytes()); err != nil {
			return err
		}
	}
	return nil
}
