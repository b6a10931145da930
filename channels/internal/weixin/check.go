package weixin

import (
	"errors"
	"net/url"
	"regexp"
)

// Fits is the check of a setting by a pattern.
func Fits(p *regexp.Regexp, otherwise string) func(value string) error {
	return func(value string) error {
		if !p.MatchString(value) {
			return errors.New(otherwise)
		}
		return nil
	}
}

// Base is the check of the API's address.
func Base(example string) func(value string) error {
	return func(value string) error {
		u, err := url.Parse(value)
		if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
			return errors.New("must be an address such as " + example)
		}
		return nil
	}
}
