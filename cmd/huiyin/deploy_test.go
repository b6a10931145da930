package main

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"huiyin/db/pgtest"
	"huiyin/live/redistest"
)

const deploy = "../../deploy"

func deployed(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(deploy, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// What the files for other programs name must be there: flags of serve, and figures of /metrics.
func TestDeployNamesWhatExists(t *testing.T) {
	t.Parallel()
	s := newServer(t, pgtest.URL(t), "--redis", redistest.Start(t).URL())
	response, err := http.Get(s.url() + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	figures, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"monitoring/alerts.yaml", "monitoring/dashboard.json"} {
		for _, figure := range regexp.MustCompile(`\b(huiyin|process)_[a-z_]+\b`).FindAllString(deployed(t, name), -1) {
			if !strings.Contains(string(figures), "\n"+figure) {
				t.Errorf("%s: there is no figure %s", name, figure)
			}
		}
	}
	help := must(t, callWith("", "serve", "--help")).out
	var variables []string
	for _, name := range []string{"systemd/huiyin.env", "container/compose.yaml", "kubernetes/huiyin.yaml"} {
		variables = append(variables, regexp.MustCompile(`HUIYIN_[A-Z_]+`).FindAllString(deployed(t, name), -1)...)
	}
	slices.Sort(variables)
	for _, v := range slices.Compact(variables) {
		if !strings.Contains(help, "$"+v) && v != "HUIYIN_SECRET_KEY" {
			t.Errorf("serve knows no %s", v)
		}
	}
}

func TestDeployIsYAML(t *testing.T) {
	for name, documents := range map[string]int{"container/compose.yaml": 1, "kubernetes/huiyin.yaml": 5, "monitoring/alerts.yaml": 1, "monitoring/prometheus.yaml": 1} {
		from := yaml.NewDecoder(bytes.NewReader([]byte(deployed(t, name))))
		n := 0
		for {
			var document map[string]any
			err := from.Decode(&document)
			if err == io.EOF {
				break
			}
			if err != nil || len(document) == 0 {
				t.Fatalf("%s: document %d: %v", name, n+1, err)
			}
			n++
		}
		if n != documents {
			t.Errorf("%s has %d documents", name, n)
		}
	}
}
