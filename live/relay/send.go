package relay

import "context"

// batch bounds what goes to Redis in one round trip.
const batch = 256

// send publishes what was said on this node. What cannot be published now is dropped.
func (r *Relay) send(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case first := <-r.queue:
			all := r.gather(first)
			if err := r.publish(ctx, all); err != nil {
				r.dropped.Add(int64(len(all)))
				rest(ctx, pause)
			}
		}
	}
}

// gather takes what else is waiting; one pulse of a topic says as much as several.
func (r *Relay) gather(first message) []message {
	all, pulsed := []message{first}, map[string]bool{}
	if first.hint == "" {
		pulsed[first.topic] = true
	}
	for len(all) < batch {
		select {
		case m := <-r.queue:
			if m.hint == "" && pulsed[m.topic] {
				continue
			}
			pulsed[m.topic] = pulsed[m.topic] || m.hint == ""
			all = append(all, m)
		default:
			return all
		}
	}
	return all
}

func (r *Relay) publish(ctx context.Context, all []message) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	pipe := r.client.Pipeline()
	for _, m := range all {
		pipe.Publish(ctx, r.prefix+m.topic, r.node+m.hint)
	}
	_, err := pipe.Exec(ctx)
	return err
}
