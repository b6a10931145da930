package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
)

// A body that never comes is given up.
func TestBodiesMustArrive(t *testing.T) {
	read := make(chan error, 1)
	e := echo.New()
	e.Use(bodyWithin(20 * time.Millisecond))
	e.POST("/", func(c echo.Context) error {
		_, err := io.ReadAll(c.Request().Body)
		read <- err
		return err
	})
	server := httptest.NewServer(e)
	defer server.Close()
	conn, err := net.Dial("tcp", strings.TrimPrefix(server.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := fmt.Fprint(conn, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nslow"); err != nil {
		t.Fatal(err)
	}
	if err := <-read; err == nil {
		t.Error("half a body was taken for a whole one")
	}
	answer, err := http.Post(server.URL, "text/plain", strings.NewReader("whole"))
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if err := <-read; err != nil || answer.StatusCode != http.StatusOK {
		t.Errorf("a whole body: %v, status %d", err, answer.StatusCode)
	}
}
