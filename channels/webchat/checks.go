package webchat

import (
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"huiyin/handoff/hours"
)

// This file checks values of settings: what is wrong is said to whoever sets them.

const (
	maxQuickReplies = 6
	maxShort        = 60
	maxLong         = 1000
	minSecret       = 16
	maxKeys         = 10
	maxVariables    = 40
)

func checkShort(value string) error {
	if utf8.RuneCountInString(value) > maxShort || strings.ContainsFunc(value, isLineEnd) {
		return errors.New("may have 60 characters on one line")
	}
	return nil
}

func checkLong(value string) error {
	if utf8.RuneCountInString(value) > maxLong {
		return errors.New("may have 1000 characters")
	}
	return nil
}

func checkQuickReplies(value string) error {
	if n := len(lines(value)); n > maxQuickReplies {
		return errors.New("has more than 6 lines")
	}
	return nil
}

func checkLanguages(value string) error {
	for _, l := range lines(value) {
		if !slices.Contains(allLanguages(), l) {
			return errors.New("knows zh-CN, zh-TW and en")
		}
	}
	return nil
}

func checkMinutes(v string) error {
	if n, err := strconv.Atoi(v); err != nil || n < 0 || n > 1440 {
		return errors.New("must be from 0 to 1440 minutes")
	}
	return nil
}

func checkChannels(value string) error {
	for _, l := range lines(value) {
		if l != byEmail && l != bySMS {
			return errors.New("knows email and sms")
		}
	}
	return nil
}

func checkSecret(value string) error {
	if len(value) < minSecret {
		return errors.New("must have at least 16 characters")
	}
	return nil
}

var keyName = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// parseKeys reads lines "name=secret".
func parseKeys(value string) (keys []identityKey, err error) {
	for _, line := range lines(value) {
		name, secret, ok := strings.Cut(strings.TrimSpace(line), "=")
		name, secret = strings.TrimSpace(name), strings.TrimSpace(secret)
		switch {
		case !ok || !keyName.MatchString(name):
			return nil, errors.New("a line is name=secret; the name has letters, digits, dots, - and _")
		case len(secret) < minSecret:
			return nil, fmt.Errorf("the secret %s must have at least 16 characters", name)
		case slices.ContainsFunc(keys, func(k identityKey) bool { return k.name == name }):
			return nil, fmt.Errorf("the name %s is there twice", name)
		}
		keys = append(keys, identityKey{name, secret})
	}
	if len(keys) > maxKeys {
		return nil, errors.New("has more than 10 lines")
	}
	return keys, nil
}

func checkKeys(value string) error { _, err := parseKeys(value); return err }

func checkForm(value string) error { _, err := parseForm(lines(value)); return err }

func checkGreetings(value string) error { _, err := parseGreetings(lines(value)); return err }

func checkHours(value string) error { _, err := hours.ParseWeek(value); return err }

func checkZone(value string) error {
	if _, err := time.LoadLocation(value); err != nil || value == "Local" {
		return errors.New("is no time zone such as Asia/Shanghai")
	}
	return nil
}

func checkVariables(value string) error { _, err := parseVariables(lines(value)); return err }

var (
	variableName  = regexp.MustCompile(`^--hy-[a-z0-9-]{1,40}$`)
	variableValue = regexp.MustCompile(`^[-A-Za-z0-9 #%.,"'()/+*]{1,200}$`)
)

// parseVariables reads lines "--hy-name: value". A value can neither end its declaration nor load anything.
func parseVariables(list []string) (map[string]string, error) {
	found := map[string]string{}
	for _, line := range list {
		name, value, ok := strings.Cut(line, ":")
		name, value = strings.TrimSpace(name), strings.TrimSuffix(strings.TrimSpace(value), ";")
		low := strings.ToLower(value)
		if !ok || !variableName.MatchString(name) || !variableValue.MatchString(value) || strings.Contains(low, "url") || strings.Contains(low, "image") ||
			strings.Contains(value, "/*") {
			return nil, fmt.Errorf("%q is no line such as --hy-radius: 8px", line)
		}
		found[name] = value
	}
	if len(found) > maxVariables {
		return nil, errors.New("has more than 40 lines")
	}
	return found, nil
}

func checkOrigins(value string) error {
	for _, line := range lines(value) {
		if err := checkOrigin(strings.Replace(line, "://*.", "://any.", 1)); err != nil {
			return errors.New(line + " is not a site such as https://www.example.com")
		}
	}
	return nil
}

var hostShape = regexp.MustCompile(`^[A-Za-z0-9.-]+(:[0-9]{1,5})?$|^\[[0-9a-fA-F:]+\](:[0-9]{1,5})?$`)

func checkOrigin(value string) error {
	u, err := url.Parse(value)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || !hostShape.MatchString(u.Host) || strings.Trim(u.Path, "/") != "" ||
		u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return errors.New(value + " is not a site such as https://www.example.com")
	}
	return nil
}

func isLineEnd(r rune) bool { return r == '\n' || r == '\r' }
