package webchat

import (
	"net/http"
	"net/netip"
	"strings"
)

// addressOf is the network address that a request comes from, for counting; "" when it is this machine's own.
// A proxy stands on a private address, and only then is the last entry it wrote into X-Forwarded-For believed.
func addressOf(r *http.Request) string {
	near, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	from := near.Addr().Unmap()
	if from.IsLoopback() || from.IsPrivate() {
		if far, ok := forwarded(r); ok {
			return block(far)
		}
		if from.IsLoopback() {
			return ""
		}
	}
	return block(from)
}

func forwarded(r *http.Request) (netip.Addr, bool) {
	lines := r.Header.Values("X-Forwarded-For")
	if len(lines) == 0 {
		return netip.Addr{}, false
	}
	last := lines[len(lines)-1]
	last = last[strings.LastIndexByte(last, ',')+1:]
	far, err := netip.ParseAddr(strings.TrimSpace(last))
	return far.Unmap(), err == nil
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
