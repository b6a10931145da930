package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
)

type migrateCmd struct {
	where `embed:""`
	JSON  bool `name:"json" help:"Print JSON."`
}

// Run brings the database forward and prints where each domain stands.
func (c migrateCmd) Run(std streams) error {
	ctx := context.Background()
	p, err := c.open(ctx)
	if err != nil {
		return err
	}
	defer p.db.Close()
	versions, err := p.db.Versions(ctx, migrations()...)
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(std.out).Encode(versions)
	}
	var domains []string
	for d := range versions {
		domains = append(domains, d)
	}
	slices.Sort(domains)
	for _, d := range domains {
		if _, err := fmt.Fprintf(std.out, "%-14s %d\n", d, versions[d]); err != nil {
			return err
		}
	}
	return nil
}
