package mirror

import (
	"context"
	"sync"
	"time"

	"huiyin/live"
)

// Sealer keeps a desk's secrets encrypted at rest.
type Sealer interface {
	Seal(purpose, text string) (string, error)
	Unseal(purpose, sealed string) (string, error)
}

// settingsEach is how soon another node's change of the settings is seen.
const settingsEach = 5 * time.Second

// Configured is the work of a desk whose settings may change at any time, on any node.
type Configured struct {
	Live  *live.Hub
	Topic string // pulses when the settings change
	// Version reads which settings there are now.
	Version func(ctx context.Context) (int64, error)
	// Work reads the settings and gives their version and what they ask for; nil when the desk is switched off.
	Work func(ctx context.Context) (version int64, work func(context.Context), err error)
	// Failed is told why the settings could not be read; they are read again.
	Failed func(error)
}

// Run does what the settings ask for until ctx ends. When they change it begins anew with them, once the old work is over.
func (c Configured) Run(ctx context.Context) {
	changes := c.Live.Subscribe(c.Topic)
	defer changes.Close()
	tick := time.NewTicker(settingsEach)
	defer tick.Stop()
	var running sync.WaitGroup
	defer running.Wait()
	for ctx.Err() == nil {
		version, work, err := c.Work(ctx)
		if err != nil && ctx.Err() == nil {
			c.Failed(err)
		}
		during, end := context.WithCancel(ctx)
		if err == nil && work != nil {
			running.Go(func() { work(during) })
		}
		for changed := false; !changed; {
			select {
			case <-ctx.Done():
			case <-changes.Pulses():
			case <-tick.C:
			}
			now, failed := c.Version(ctx)
			changed = ctx.Err() != nil || err != nil || failed == nil && now != version
		}
		end()
		running.Wait()
	}
}
