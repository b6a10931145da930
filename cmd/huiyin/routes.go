package main

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"huiyin/admin/console"
	"huiyin/channels"
	simulatorpage "huiyin/channels/simulator/page"
	"huiyin/conversation/bucket"
	"huiyin/handoff/slack"
	"huiyin/knowledge"
	"huiyin/knowledge/help"
)

// routes are all paths of the server.
func (n *node) routes() http.Handler {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.Use(bodyWithin(bodyTime))
	n.admin.Register(e)
	e.Any("/hooks/:inbox", func(c echo.Context) error {
		n.hub.ServeHook(c.Response(), c.Request(), c.Param("inbox"))
		return nil
	})
	e.POST(slack.EventsPath, echo.WrapHandler(http.HandlerFunc(n.slack.ServeEvents)))
	e.POST(slack.ActionsPath, echo.WrapHandler(http.HandlerFunc(n.slack.ServeActions)))
	e.GET("/healthz", func(c echo.Context) error { return c.String(http.StatusOK, "ok\n") })
	e.GET("/readyz", n.ready)
	e.GET("/metrics", echo.WrapHandler(n.metrics()))
	desk := echo.WrapHandler(console.Handler())
	e.GET("/console", func(c echo.Context) error { return c.Redirect(http.StatusPermanentRedirect, "/console/") })
	e.Match([]string{http.MethodGet, http.MethodHead}, "/console/*", desk)
	if n.phones != nil {
		e.GET("/simulator", func(c echo.Context) error { return c.Redirect(http.StatusFound, "/simulator/") })
		if n.workspace != nil {
			e.Any(demoSlackPath+"/*", echo.WrapHandler(n.slackWindow()))
		}
		e.Any("/simulator/*", echo.WrapHandler(n.phones.Page("/simulator", simulatorpage.Files())))
	}
	mux := http.NewServeMux()
	n.mountChannels(mux)
	mux.HandleFunc("GET "+articlePath+"{id}", n.help.ServeShort)
	for _, method := range []string{"GET ", "POST "} {
		mux.Handle(method+help.Path, n.help)
		mux.Handle(method+help.Path+"/", n.help)
	}
	mux.HandleFunc("GET /robots.txt", n.help.ServeRobots)
	mux.HandleFunc("GET "+knowledge.FilePath, n.admin.ServeArticleFile)
	mux.HandleFunc("GET "+ratingPath+"{token}", n.serveRating)
	mux.HandleFunc("POST "+ratingPath+"{token}", n.serveRating)
	mux.Handle("GET /", n.site())
	e.Any("/api/*", func(echo.Context) error { return echo.ErrNotFound }) // a problem, not a page
	e.Any("/*", echo.WrapHandler(mux))
	return n.help.OnOwnHost(e)
}

func (n *node) mountChannels(mux *http.ServeMux) {
	for _, a := range n.hub.Adapters() {
		pages, ok := a.(channels.Pages)
		if !ok {
			continue
		}
		for _, r := range pages.Routes(n.hub) {
			mux.Handle(r.Pattern, r.Handler)
		}
	}
}

// bodyTime is how long a request's body may take to arrive: a large file on a slow line, but not for ever.
const bodyTime = 5 * time.Minute

// bodyWithin ends requests that send their body drop by drop to hold a connection.
func bodyWithin(limit time.Duration) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if c.Request().ContentLength != 0 {
				_ = http.NewResponseController(c.Response()).SetReadDeadline(time.Now().Add(limit))
			}
			return next(c)
		}
	}
}

const readyWithin = 2 * time.Second

// ready says whether requests can be served: not stopping, and the database can be written to. A node that cannot store
// files only goes on serving, and says so: with a bucket that is away every node would be taken out of service at once.
func (n *node) ready(c echo.Context) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), readyWithin)
	defer cancel()
	if n.stopping.Load() {
		return c.String(http.StatusServiceUnavailable, "stopping\n")
	}
	found, err := n.storage.ask(ctx)
	switch {
	case err != nil:
		n.log.Error("not ready", "error", err)
		return c.String(http.StatusServiceUnavailable, "the database does not answer\n")
	case found.database != nil:
		return c.String(http.StatusServiceUnavailable, "the database cannot store anything\n")
	case found.files != nil:
		return c.String(http.StatusOK, "ready, but files cannot be stored\n")
	case errors.Is(found.bucket, bucket.ErrRefused):
		return c.String(http.StatusOK, "ready, but files cannot be stored: the bucket refuses\n")
	case found.bucket != nil:
		return c.String(http.StatusOK, "ready, but files cannot be stored: the bucket does not answer\n")
	}
	return c.String(http.StatusOK, "ready\n"+n.clockNote())
}
