// Command scale works out what larger installations need: a discrete-event simulation of nodes on a PostgreSQL, fed with
// costs that `scale measure` finds on a running node. It prints the tables of docs/scale.md.
//
//	scale measure [FILE]   measure, with HUIYIN_BIN and HUIYIN_TEST_POSTGRES, and write the costs
//	scale [FILE]           simulate with the costs in FILE
package main

import (
	"fmt"
	"io"
	"os"
)

const costsFile = "scripts/scale/costs.json"

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "scale:", err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	measuring := len(args) > 0 && args[0] == "measure"
	if measuring {
		args = args[1:]
	}
	file := costsFile
	if len(args) > 0 {
		file = args[0]
	}
	if measuring {
		k, err := measure(os.Getenv("HUIYIN_BIN"), os.Getenv("HUIYIN_TEST_POSTGRES"), os.Stderr)
		if err != nil {
			return err
		}
		return k.write(file)
	}
	k, err := readCosts(file)
	if err != nil {
		return err
	}
	_, err = io.WriteString(out, report(k))
	return err
}
