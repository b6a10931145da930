package channels

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"huiyin/conversation"
)

// Mask stands for a secret that is set; sending it back leaves the secret as it is.
const Mask = "••••••••"

// maxSetting bounds one setting's value, in bytes.
const maxSetting = 10_000

var colorPattern = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// Apply lays changes over the settings an inbox has and checks the result. A secret sent as its mask stays, and so does
// each line of a secret list; an empty value takes the setting away, an unknown key is refused.
func (k Kind) Apply(has, changes map[string]string) (map[string]string, error) {
	next := map[string]string{}
	for key, value := range has {
		next[key] = value
	}
	for key, value := range changes {
		s, ok := k.setting(key)
		if !ok {
			return nil, &conversation.FieldError{Field: "settings." + key, Message: "there is no such setting; known are " + k.keys()}
		}
		if s.Secret && value == Mask {
			continue
		}
		if s.Secret && s.Type == List {
			value = unmaskLines(has[key], value)
		}
		if s.Secret && strings.Contains(value, Mask) {
			return nil, &conversation.FieldError{Field: "settings." + key, Message: "there is no such secret yet; enter it"}
		}
		next[key] = s.normal(strings.TrimSpace(value))
		if next[key] == "" {
			delete(next, key)
		}
	}
	for _, s := range k.Settings {
		if err := s.check(next[s.Key]); err != nil {
			return nil, &conversation.FieldError{Field: "settings." + s.Key, Message: err.Error()}
		}
	}
	if k.Check != nil {
		if err := k.Check(next); err != nil {
			return nil, err
		}
	}
	return next, nil
}

// Masked is what may be shown of an inbox's settings.
func (k Kind) Masked(settings map[string]string) map[string]string {
	shown := map[string]string{}
	for key, value := range settings {
		s, ok := k.setting(key)
		switch {
		case ok && s.Secret && s.Type == List:
			value = maskLines(value)
		case !ok || s.Secret:
			value = Mask
		}
		shown[key] = value
	}
	return shown
}

// maskLines shows the names of a secret list's lines, which are name=secret.
func maskLines(value string) string {
	var shown []string
	for line := range strings.Lines(value) {
		if name, _, named := strings.Cut(strings.TrimSpace(line), "="); named {
			shown = append(shown, strings.TrimSpace(name)+"="+Mask)
		}
	}
	if len(shown) == 0 {
		return Mask
	}
	return strings.Join(shown, "\n")
}

// unmaskLines puts the secrets that an inbox has back into the lines that were sent as shown.
func unmaskLines(has, sent string) string {
	var lines []string
	for line := range strings.Lines(sent) {
		line = strings.TrimSpace(line)
		for old := range strings.Lines(has) {
			if old = strings.TrimSpace(old); maskLines(old) == line {
				line = old
				break
			}
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// Value is a setting of an inbox, or its default.
func (k Kind) Value(inbox conversation.Inbox, key string) string {
	if v, ok := inbox.Settings[key]; ok {
		return v
	}
	s, _ := k.setting(key)
	return s.Default
}

// Lines is the value of a list setting.
func (k Kind) Lines(inbox conversation.Inbox, key string) []string {
	return strings.FieldsFunc(k.Value(inbox, key), func(r rune) bool { return r == '\n' || r == '\r' })
}

func (k Kind) setting(key string) (Setting, bool) {
	i := slices.IndexFunc(k.Settings, func(s Setting) bool { return s.Key == key })
	if i < 0 {
		return Setting{}, false
	}
	return k.Settings[i], true
}

func (k Kind) keys() string {
	var keys []string
	for _, s := range k.Settings {
		keys = append(keys, s.Key)
	}
	return strings.Join(keys, ", ")
}

// normal is a value in the one form that is stored: a switch may be said to be on or off.
func (s Setting) normal(value string) string {
	if s.Type == Boolean && value == "on" {
		return "true"
	}
	if s.Type == Boolean && value == "off" {
		return "false"
	}
	return value
}

func (s Setting) check(value string) error {
	if value == "" {
		if s.Required {
			return fmt.Errorf("is required")
		}
		return nil
	}
	if len(value) > maxSetting {
		return fmt.Errorf("is longer than %d bytes", maxSetting)
	}
	if err := s.checkType(value); err != nil {
		return err
	}
	if s.Check != nil {
		return s.Check(value)
	}
	return nil
}

func (s Setting) checkType(value string) error {
	switch s.Type {
	case Number:
		if _, err := strconv.Atoi(value); err != nil {
			return fmt.Errorf("must be a whole number")
		}
	case Boolean:
		if value != "true" && value != "false" {
			return fmt.Errorf(`must be "true" or "false"`)
		}
	case Color:
		if !colorPattern.MatchString(value) {
			return fmt.Errorf("must be a colour such as #1a73e8")
		}
	case Select:
		if !slices.ContainsFunc(s.Options, func(o Option) bool { return o.Value == value }) {
			return fmt.Errorf("must be one of the choices")
		}
	}
	return nil
}
