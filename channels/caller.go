package channels

import (
	"net/http"
	"net/netip"
	"strings"
)

// Caller is the network address that a request comes from; not valid when there is none. A proxy stands on a private
// address, and only then is the last entry it wrote into X-Forwarded-For believed.
func Caller(r *http.Request) netip.Addr {
	near, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	from := near.Addr().Unmap()
	if from.IsLoopback() || from.IsPrivate() {
		if far, ok := forwarded(r); ok {
			return far
		}
	}
	return from
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
