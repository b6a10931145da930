package live

import (
	"bytes"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"
)

// acceptKey is what every accepted key is hashed with (RFC 6455 §1.3).
const acceptKey = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

var errNotUpgraded = errors.New("the request is no WebSocket's")

// upgrade answers the opening handshake (RFC 6455 §4.2) and takes the connection over. What it may not take it has
// answered itself.
func upgrade(w http.ResponseWriter, r *http.Request, protocol string) (net.Conn, io.Reader, error) {
	if status := refuses(r); status != 0 {
		if status == http.StatusUpgradeRequired {
			w.Header().Set("Sec-WebSocket-Version", "13")
			w.Header().Set("Connection", "Upgrade")
			w.Header().Set("Upgrade", "websocket")
		}
		http.Error(w, errNotUpgraded.Error(), status)
		return nil, nil, errNotUpgraded
	}
	conn, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		http.Error(w, errNotUpgraded.Error(), http.StatusNotImplemented)
		return nil, nil, fmt.Errorf("take the connection over: %w", err)
	}
	var b bytes.Buffer
	b.WriteString("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
		accepted(r.Header.Get("Sec-WebSocket-Key")) + "\r\n")
	if protocol != "" && slices.Contains(tokens(r.Header.Values("Sec-WebSocket-Protocol")), protocol) {
		b.WriteString("Sec-WebSocket-Protocol: " + protocol + "\r\n")
	}
	b.WriteString("\r\n")
	_ = conn.SetDeadline(time.Time{}) // what the server set for the request ends with it
	_ = conn.SetWriteDeadline(time.Now().Add(writeTimeout))
	if _, err := conn.Write(b.Bytes()); err != nil {
		return nil, nil, errors.Join(err, conn.Close())
	}
	_ = conn.SetWriteDeadline(time.Time{})
	early, err := buffered.Reader.Peek(buffered.Reader.Buffered())
	if err != nil || len(early) == 0 {
		return conn, conn, nil
	}
	return conn, io.MultiReader(bytes.NewReader(bytes.Clone(early)), conn), nil
}

// refuses is the status that a request is refused with; 0 when it may become a WebSocket.
func refuses(r *http.Request) int {
	key, err := base64.StdEncoding.DecodeString(r.Header.Get("Sec-WebSocket-Key"))
	switch {
	case r.Method != http.MethodGet:
		return http.StatusMethodNotAllowed
	case !r.ProtoAtLeast(1, 1) || !has(r.Header.Values("Connection"), "upgrade") || !has(r.Header.Values("Upgrade"), "websocket"):
		return http.StatusBadRequest
	case r.Header.Get("Sec-WebSocket-Version") != "13":
		return http.StatusUpgradeRequired
	case err != nil || len(key) != 16 || len(r.Header.Values("Sec-WebSocket-Key")) != 1:
		return http.StatusBadRequest
	}
	return 0
}

func accepted(key string) string {
	sum := sha1.Sum([]byte(key + acceptKey)) // RFC 6455 §1.3; it guards nothing
	return base64.StdEncoding.EncodeToString(sum[:])
}

// tokens are the words of a header that lists some.
func tokens(values []string) (list []string) {
	for _, line := range values {
		for part := range strings.SplitSeq(line, ",") {
			list = append(list, strings.TrimSpace(part))
		}
	}
	return list
}

func has(values []string, word string) bool {
	return slices.ContainsFunc(tokens(values), func(t string) bool { return strings.EqualFold(t, word) })
}
