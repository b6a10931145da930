package admin

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"huiyin/admin/api"
	"huiyin/db"
	"huiyin/handoff/slack"
)

// GetSlack shows how the desk in Slack is set up.
func (s *Server) GetSlack(ctx context.Context, _ api.GetSlackRequestObject) (api.GetSlackResponseObject, error) {
	shown, err := s.slackSettings(ctx)
	return api.GetSlack200JSONResponse(shown), err
}

func (s *Server) slackSettings(ctx context.Context) (api.SlackSettings, error) {
	app, err := s.Slack.App(ctx, s.DB)
	if err != nil {
		return api.SlackSettings{}, err
	}
	health, err := s.Slack.Health(ctx, s.DB)
	if err != nil {
		return api.SlackSettings{}, err
	}
	manifest, err := slack.Manifest(s.PublicURL, app.Socket)
	if err != nil {
		return api.SlackSettings{}, fmt.Errorf("write the manifest: %w", err)
	}
	shown := api.SlackSettings{Version: app.Version, Enabled: app.Enabled, Socket: app.Socket, ApiBase: app.APIBase, Prefix: app.Prefix,
		Language: api.SlackSettingsLanguage(app.Language), Channels: []api.SlackChannel{}, BotTokenSet: app.BotToken != "", AppTokenSet: app.AppToken != "",
		SigningSecretSet: app.SigningSecret != "", Waiting: health.Waiting, Problem: health.Problem, Manifest: manifest,
		EventsUrl: s.PublicURL + slack.EventsPath, ActionsUrl: s.PublicURL + slack.ActionsPath}
	for _, team := range slices.Sorted(maps.Keys(app.Channels)) {
		shown.Channels = append(shown.Channels, api.SlackChannel{TeamId: team, Channel: app.Channels[team]})
	}
	return shown, nil
}

// SaveSlack stores how the desk in Slack is set up; every node follows.
func (s *Server) SaveSlack(ctx context.Context, r api.SaveSlackRequestObject) (api.SaveSlackResponseObject, error) {
	app := slackApp(r.Body)
	err := s.write(ctx, func(tx *db.Tx) error {
		if err := s.Slack.SaveApp(ctx, tx, app); err != nil {
			return err
		}
		return s.note(ctx, tx, "slack_changed", object("slack", app.Version+1), fmt.Sprintf("enabled %t, prefix %q, %d channels", app.Enabled, app.Prefix, len(app.Channels)))
	})
	if err != nil {
		return nil, err
	}
	shown, err := s.slackSettings(ctx)
	return api.SaveSlack200JSONResponse(shown), err
}

func slackApp(in *api.SlackInput) slack.App {
	app := slack.App{Enabled: in.Enabled, Socket: in.Socket, APIBase: val(in.ApiBase), Prefix: in.Prefix, Language: string(in.Language), Channels: map[int64]string{},
		BotToken: val(in.BotToken), AppToken: val(in.AppToken), SigningSecret: val(in.SigningSecret), Version: in.Version}
	for _, c := range in.Channels {
		app.Channels[c.TeamId] = c.Channel
	}
	return app
}

// CheckSlack tries settings out with Slack.
func (s *Server) CheckSlack(ctx context.Context, r api.CheckSlackRequestObject) (api.CheckSlackResponseObject, error) {
	shown := api.CheckSlack200JSONResponse{}
	if err := s.Slack.Check(ctx, slackApp(r.Body)); err != nil {
		shown.Problem = err.Error()
	}
	return shown, nil
}

// slackCodeMinutes is how long a code is good.
const slackCodeMinutes = 10

// GetMySlack tells whether the caller is linked with a user in Slack.
func (s *Server) GetMySlack(ctx context.Context, _ api.GetMySlackRequestObject) (api.GetMySlackResponseObject, error) {
	app, err := s.Slack.App(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	shown := api.GetMySlack200JSONResponse{Available: app.Enabled}
	link, linked, err := s.Slack.LinkOf(ctx, s.DB, whoOf(ctx).actor().ID)
	if err != nil || !linked {
		return shown, err
	}
	shown.User, shown.OnDuty, shown.LinkedAt = opt(link.User), opt(link.OnDuty), optTime(link.LinkedAt)
	return shown, nil
}

// MakeSlackCode makes a code that the caller types in Slack.
func (s *Server) MakeSlackCode(ctx context.Context, _ api.MakeSlackCodeRequestObject) (api.MakeSlackCodeResponseObject, error) {
	agent := whoOf(ctx).actor()
	if agent.ID == 0 {
		return nil, invalid("user", "a key is nobody who could be linked")
	}
	var code string
	err := s.write(ctx, func(tx *db.Tx) (err error) {
		code, err = s.Slack.Code(ctx, tx, agent.ID)
		return err
	})
	return api.MakeSlackCode201JSONResponse{Code: code, Minutes: slackCodeMinutes}, err
}

// UnlinkSlack ends the caller's link with Slack.
func (s *Server) UnlinkSlack(ctx context.Context, _ api.UnlinkSlackRequestObject) (api.UnlinkSlackResponseObject, error) {
	agent := whoOf(ctx).actor()
	err := s.write(ctx, func(tx *db.Tx) error {
		if err := s.Slack.Unlink(ctx, tx, agent.ID); err != nil {
			return err
		}
		return s.note(ctx, tx, "slack_unlinked", object("agent", agent.ID), "")
	})
	return api.UnlinkSlack204Response{}, err
}
