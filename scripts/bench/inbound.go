package main

import (
	"fmt"
	"strconv"
	"time"
)

// How the inbound road is measured: the visitors are so many that none writes more often than a visitor may.
const (
	inboundVisitors = 12_000
	inboundRounds   = 9
	inboundRound    = 250 * time.Millisecond
	openLength      = 60 * time.Second // of the open loop
	openWires       = 128
	openShare       = 0.5 // of the top rate
)

// measureInbound lets visitors' messages be accepted over HTTP by the product on SQLite, beside the bare servers in
// turn, and then at half the top rate by the clock.
func measureInbound(bin string, f figures) error {
	bare, err := startBare()
	if err != nil {
		return err
	}
	defer bare.stop()
	node, err := product{bin: bin}.start()
	if err != nil {
		return err
	}
	defer node.stop()
	people, err := meet(node.address, inboundVisitors)
	if err != nil {
		return err
	}
	for _, n := range connections {
		width, err := strconv.Atoi(n)
		if err != nil {
			return err
		}
		name := "Inbound/connections=" + n
		roads := []*road{{name: "product", address: node.address, request: people.request}}
		for _, b := range []string{"echo", "file", "sqlite"} {
			roads = append(roads, &road{name: b, address: bare.address, request: bareRequests(bare.address, "/"+b)})
		}
		if err := race(width, rounds(inboundRounds), inboundRound, roads...); err != nil {
			return err
		}
		for _, l := range roads {
			l.tell(f, name)
		}
		compare(f, name, "", roads[0], roads[3])
		compare(f, name, "file-", roads[0], roads[2])
		compare(f, name, "echo-", roads[0], roads[1])
	}
	top := f["Inbound/connections=64"]["product/s"]
	return measureOpen(people, top*openShare, f)
}

// measureOpen sends by the clock, whatever comes back: a wait counts from the moment at which a message was due.
func measureOpen(people *visitors, rate float64, f figures) error {
	waits, err := openLoop(people.address, openWires, rate, lasting(openLength), people.request)
	if err != nil {
		return fmt.Errorf("open loop: %w", err)
	}
	f.set("OpenLoop", "rate/s", rate)
	f.set("OpenLoop", "sent", float64(len(waits)))
	for unit, q := range map[string]float64{"p50-ms": 0.5, "p99-ms": 0.99, "p999-ms": 0.999, "max-ms": 1} {
		f.set("OpenLoop", unit, quantile(waits, q))
	}
	return nil
}
