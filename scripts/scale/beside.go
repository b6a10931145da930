package main

import (
	"os"
	"path/filepath"
)

// beside finds what it costs a second node to follow the first one's events, through Redis: what both spend on a turn more
// than one alone. They share the turns.
func (b *bench) beside(k *costs) error {
	data, err := os.MkdirTemp("", "huiyin-scale-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(data) }()
	if err := shareKey(b.data, data); err != nil {
		return err
	}
	redis, address, err := startRedis()
	if err != nil {
		return err
	}
	defer redis.stop()
	b.node.stop()
	both := []string{"--redis", address, "--attachments", filepath.Join(b.data, "shared")}
	if b.node, err = b.serve(b.url, b.data, both...); err != nil {
		return err
	}
	second, err := b.serve(b.url, data, both...)
	if err != nil {
		return err
	}
	defer second.stop()
	if _, _, _, err := b.load(steadyRate, steadyPeople, steadyFor/2); err != nil {
		return err
	}
	began, err := processorTime(second.pid())
	if err != nil {
		return err
	}
	l, before, after, err := b.load(steadyRate, steadyPeople, steadyFor)
	if err != nil {
		return err
	}
	ended, err := processorTime(second.pid())
	if err != nil {
		return err
	}
	events, turns := after.events-before.events, float64(l.Accepted)
	k.Follow = max(0, ((after.node-before.node)+(ended-began)).Seconds()-k.Steady.Node*turns) / events
	k.FollowStore = max(0, (after.store-before.store).Seconds()-k.Steady.Store*turns) / events
	b.tell("following an event", k.Follow, k.FollowStore)
	return nil
}
