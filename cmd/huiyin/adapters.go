package main

import "huiyin/channels"

// adapters are all channels that this build speaks.
func adapters(*node) []channels.Adapter {
	return []channels.Adapter{}
}
