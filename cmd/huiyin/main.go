// Command huiyin is the whole product in one file: the server and the commands that look after its data. This
// package reads the configuration, builds the parts, starts them and stops them in mirror order; what they do
// stands in the packages below.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	"gopkg.in/yaml.v3"
)

// commands is the command line. Every flag is also an environment variable HUIYIN_<FLAG> and a key of the
// file given by --config.
type commands struct {
	Config kong.ConfigFlag `help:"Read flags from this YAML file." placeholder:"FILE"`

	Serve    serveCmd    `cmd:"" help:"Run a node."`
	Migrate  migrateCmd  `cmd:"" help:"Bring the database forward to this version (serve does it by itself)."`
	Backup   backupCmd   `cmd:"" help:"Write everything into one file, while the server may go on running."`
	Restore  restoreCmd  `cmd:"" help:"Put a backup into an empty data folder and database."`
	Move     moveCmd     `cmd:"" help:"Move everything from SQLite to PostgreSQL, and compare."`
	User     userCmd     `cmd:"" help:"Make and list accounts of people."`
	APIKey   apikeyCmd   `cmd:"" name:"apikey" help:"Make and list keys of programs."`
	Inbox    inboxCmd    `cmd:"" help:"Put channels into service and set them up."`
	Article  articleCmd  `cmd:"" aliases:"knowledge" help:"Import and export articles."`
	Ledger   ledgerCmd   `cmd:"" help:"Check that every message is accounted for."`
	Load     loadCmd     `cmd:"" help:"Write as many customers at once, and check that nothing is lost or doubled."`
	Simulate simulateCmd `cmd:"" help:"Try settings out on a day, recorded or generated."`
	Eval     evalCmd     `cmd:"" help:"Measure how well questions are answered."`
}

// where says which data a command works on; it works beside a running node.
type where struct {
	Data        string `help:"Folder for everything that is kept, by default the folder data." default:"data" placeholder:"DIR"`
	DB          string `help:"Database: empty for SQLite in the data folder, or postgres://…" placeholder:"URL"`
	Attachments string `help:"Where files are kept, the same for all nodes: a folder, or s3://BUCKET/PREFIX?endpoint=…; empty for attachments in the data folder." placeholder:"DIR"`

	now func() time.Time `kong:"-"` // the machine's clock; nil: time.Now
}

// Exit codes: 1 for what failed, 2 for what was not understood.
const (
	exitFailed = 1
	exitUsage  = 2
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// streams are the process's standard streams, handed in so that commands can be tested.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

func run(args []string, in io.Reader, out, errOut io.Writer) (code int) {
	var c commands
	exited := -1
	parser, err := kong.New(&c, kong.Name("huiyin"),
		kong.Description("Huiyin (回音), a self-hosted customer-service hub."),
		kong.DefaultEnvars("HUIYIN"), kong.Configuration(yamlFile), kong.Writers(out, errOut),
		kong.Exit(func(code int) { exited = code }), kong.Bind(streams{in, out, errOut}))
	if err != nil {
		fmt.Fprintln(errOut, "huiyin:", err)
		return exitUsage
	}
	command, err := parser.Parse(args)
	if exited >= 0 {
		return exited
	}
	if err != nil {
		fmt.Fprintf(errOut, "huiyin: %s; see huiyin --help\n", oneLine(err))
		return exitUsage
	}
	err = command.Run(streams{in, out, errOut})
	var usage usageError
	switch {
	case errors.As(err, &usage):
		fmt.Fprintln(errOut, "huiyin:", oneLine(err))
		return exitUsage
	case err != nil:
		fmt.Fprintln(errOut, "huiyin:", oneLine(err))
		return exitFailed
	}
	return 0
}

// usageError is a call that was not understood.
type usageError struct{ error }

func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }

// yamlFile reads flags from a YAML file: "listen: …", with dashes or underscores in the names.
func yamlFile(r io.Reader) (kong.Resolver, error) {
	values := map[string]any{}
	if err := yaml.NewDecoder(r).Decode(&values); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("configuration file: %w", err)
	}
	return fileValues(values), nil
}

// fileValues are the flags of a configuration file. A name that no flag has is a slip, not a setting without effect.
type fileValues map[string]any

// Validate refuses names that no flag of any command has.
func (f fileValues) Validate(app *kong.Application) error {
	known := map[string]bool{}
	collectFlags(app.Node, known)
	for name := range f {
		if !known[strings.ReplaceAll(name, "_", "-")] {
			return fmt.Errorf("configuration file: there is no flag %q", name)
		}
	}
	return nil
}

func collectFlags(n *kong.Node, known map[string]bool) {
	for _, f := range n.Flags {
		known[f.Name] = true
	}
	for _, child := range n.Children {
		collectFlags(child, known)
	}
}

// Resolve is the value that the file has for a flag.
func (f fileValues) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if v, ok := f[flag.Name]; ok {
		return v, nil
	}
	return f[strings.ReplaceAll(flag.Name, "-", "_")], nil
}
