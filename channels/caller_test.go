package channels

import (
	"net/http/httptest"
	"testing"
)

func TestCaller(t *testing.T) {
	for name, test := range map[string]struct {
		remote    string
		forwarded []string
		want      string
	}{
		"somebody":                     {"203.0.113.7:5000", nil, "203.0.113.7"},
		"somebody who lies":            {"203.0.113.7:5000", []string{"1.2.3.4"}, "203.0.113.7"},
		"this machine":                 {"[::1]:5000", nil, "::1"},
		"behind a proxy":               {"127.0.0.1:5000", []string{"203.0.113.7"}, "203.0.113.7"},
		"behind a proxy, lying to it":  {"10.0.0.2:5000", []string{"1.2.3.4, 203.0.113.7"}, "203.0.113.7"},
		"lying in a line of its own":   {"10.0.0.2:5000", []string{"1.2.3.4", "203.0.113.7"}, "203.0.113.7"},
		"a proxy that writes nonsense": {"10.0.0.2:5000", []string{"unknown"}, "10.0.0.2"},
		"an old address in a new coat": {"[::ffff:203.0.113.7]:5000", nil, "203.0.113.7"},
		"no address":                   {"pipe", []string{"203.0.113.7"}, "invalid IP"},
	} {
		t.Run(name, func(t *testing.T) {
			r := httptest.NewRequest("GET", "/", nil)
			r.RemoteAddr = test.remote
			for _, line := range test.forwarded {
				r.Header.Add("X-Forwarded-For", line)
			}
			if got := Caller(r).String(); got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}
