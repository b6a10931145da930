package admin

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"huiyin/admin/api"
	"huiyin/db"
	"huiyin/handoff/wecom"
)

// GetWecomRobot shows which WeCom groups are told of hand-offs, without the addresses.
func (s *Server) GetWecomRobot(ctx context.Context, _ api.GetWecomRobotRequestObject) (api.GetWecomRobotResponseObject, error) {
	shown, err := s.robotSettings(ctx)
	return api.GetWecomRobot200JSONResponse(shown), err
}

func (s *Server) robotSettings(ctx context.Context) (api.WecomRobotSettings, error) {
	stored, err := s.Robots.Settings(ctx, s.DB)
	if err != nil {
		return api.WecomRobotSettings{}, err
	}
	problem, err := s.Robots.Problem(ctx, s.DB)
	return api.WecomRobotSettings{Version: stored.Version, Enabled: stored.Enabled, Language: api.WecomRobotSettingsLanguage(stored.Language), Minutes: stored.Minutes,
		ApiBase: stored.APIBase, Teams: append([]int64{}, slices.Sorted(maps.Keys(stored.Robots))...), Problem: problem}, err
}

// SaveWecomRobot stores which WeCom groups are told; every node follows.
func (s *Server) SaveWecomRobot(ctx context.Context, r api.SaveWecomRobotRequestObject) (api.SaveWecomRobotResponseObject, error) {
	in := robotInput(r.Body)
	err := s.write(ctx, func(tx *db.Tx) error {
		if err := s.Robots.Save(ctx, tx, in); err != nil {
			return err
		}
		return s.note(ctx, tx, "wecom_robot_changed", object("wecom_robot", in.Version+1), fmt.Sprintf("enabled %t, %d robots, after %d minutes", in.Enabled, len(in.Robots), in.Minutes))
	})
	if err != nil {
		return nil, err
	}
	shown, err := s.robotSettings(ctx)
	return api.SaveWecomRobot200JSONResponse(shown), err
}

func robotInput(in *api.WecomRobotInput) wecom.Settings {
	out := wecom.Settings{Enabled: in.Enabled, Language: string(in.Language), Minutes: in.Minutes, APIBase: val(in.ApiBase), Robots: map[int64]string{}, Version: in.Version}
	for _, one := range in.Robots {
		out.Robots[one.TeamId] = val(one.Webhook)
	}
	return out
}

// CheckWecomRobot has each robot post a test notice.
func (s *Server) CheckWecomRobot(ctx context.Context, r api.CheckWecomRobotRequestObject) (api.CheckWecomRobotResponseObject, error) {
	shown := api.CheckWecomRobot200JSONResponse{}
	if err := s.Robots.Check(ctx, robotInput(r.Body)); err != nil {
		shown.Problem = err.Error()
	}
	return shown, nil
}
