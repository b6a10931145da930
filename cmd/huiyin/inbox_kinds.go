package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"huiyin/channels"
)

// shownKind is a kind of channel as the command prints it.
type shownKind struct {
	Kind     string         `json:"kind"`
	Title    string         `json:"title"`
	Settings []shownSetting `json:"settings"`
}

type shownSetting struct {
	Key      string   `json:"key"`
	Type     string   `json:"type"`
	Required bool     `json:"required"`
	Secret   bool     `json:"secret"`
	Default  string   `json:"default,omitempty"`
	Options  []string `json:"options,omitempty"`
	Label    string   `json:"label"`
	Help     string   `json:"help,omitempty"`
}

// Run lists the kinds of channels.
func (c inboxKindsCmd) Run(std streams) error {
	all, err := spoken(nil)
	if err != nil {
		return err
	}
	kinds := []shownKind{}
	for _, a := range all {
		kinds = append(kinds, showKind(a.Kind()))
	}
	if c.JSON {
		return json.NewEncoder(std.out).Encode(kinds)
	}
	for _, k := range kinds {
		if _, err := fmt.Fprint(std.out, k.text()); err != nil {
			return err
		}
	}
	return nil
}

func showKind(k channels.Kind) shownKind {
	shown := shownKind{Kind: k.Name, Title: k.Title.En, Settings: []shownSetting{}}
	for _, s := range k.Settings {
		setting := shownSetting{Key: s.Key, Type: string(s.Type), Required: s.Required, Secret: s.Secret, Default: s.Default, Label: s.Label.En, Help: s.Help.En}
		for _, o := range s.Options {
			setting.Options = append(setting.Options, o.Value)
		}
		shown.Settings = append(shown.Settings, setting)
	}
	return shown
}

func (k shownKind) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s\n", k.Kind, k.Title)
	for _, s := range k.Settings {
		notes := []string{s.Type}
		if len(s.Options) > 0 {
			notes[0] = strings.Join(s.Options, "|")
		}
		if s.Required {
			notes = append(notes, "required")
		}
		if s.Secret {
			notes = append(notes, "secret")
		}
		if s.Default != "" {
			notes = append(notes, fmt.Sprintf("default %q", s.Default))
		}
		fmt.Fprintf(&b, "  %-18s %s (%s)\n", s.Key, s.Label, strings.Join(notes, ", "))
	}
	return b.String()
}
