package wechat

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"huiyin/channels/internal/weixin"
)

var (
	appIDPattern    = regexp.MustCompile(`^[A-Za-z0-9_-]{4,64}$`)
	secretPattern   = regexp.MustCompile(`^[!-~]{1,128}$`)
	tokenPattern    = regexp.MustCompile(`^[!-~]{3,64}$`)
	addressPattern  = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
	templatePattern = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
	fieldPattern    = regexp.MustCompile(`^[A-Za-z0-9_]{1,32}$`)
)

func between(least, most int) func(string) error {
	return func(value string) error {
		if n, err := strconv.Atoi(value); err != nil || n < least || n > most {
			return fmt.Errorf("must be %d to %d", least, most)
		}
		return nil
	}
}

func checkQuotas(value string) error {
	_, err := weixin.ParseQuotas(value, occasions()...)
	return err
}

func checkKeywords(value string) error {
	for _, line := range lines(value) {
		if key, reply, ok := strings.Cut(line, "="); !ok || fold(key) == "" || strings.TrimSpace(reply) == "" {
			return fmt.Errorf("%.40q must look like keyword=reply", line)
		}
	}
	return nil
}

func checkNoticeData(value string) error {
	for _, line := range lines(value) {
		if key, content, ok := strings.Cut(line, "="); !ok || !fieldPattern.MatchString(strings.TrimSpace(key)) || strings.TrimSpace(content) == "" {
			return fmt.Errorf("%.40q must look like thing1={text}", line)
		}
	}
	return nil
}

// lines are the lines of a list that say something.
func lines(value string) []string {
	var found []string
	for line := range strings.Lines(value) {
		if line = strings.TrimSpace(line); line != "" {
			found = append(found, line)
		}
	}
	return found
}

// checkMode wants the key where messages are encrypted.
func checkMode(settings map[string]string) error {
	if settings[keyMode] == modePlain || settings[keyAES] != "" {
		return nil
	}
	return wrongSetting(keyAES, "is required unless the mode is plain")
}
