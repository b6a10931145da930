package webchat

import (
	"net/http"
	"net/netip"

	"huiyin/channels"
)

// addressOf is the network address that a request comes from, for counting; "" when it is this machine's own.
func addressOf(r *http.Request) string {
	from := channels.Caller(r)
	switch {
	case !from.IsValid():
		return r.RemoteAddr
	case from.IsLoopback():
		return ""
	}
	return block(from)
}

// block is the address itself, or for IPv6 the network that one household has.
func block(a netip.Addr) string {
	if a.Is4() {
		return a.String()
	}
	network, err := a.WithZone("").Prefix(64)
	if err != nil {
		return a.String()
	}
	return network.String()
}
