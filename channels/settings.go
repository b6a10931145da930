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

// Apply lays changes over the settings an inbox has and checks the result. A secret sent as its mask stays,
// an empty value takes the setting away, an unknown key is refused.
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
		if s, ok := k.setting(key); !ok || s.Secret {
			value = Mask
		}
		shown[key] = value
	}
	return shown
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
