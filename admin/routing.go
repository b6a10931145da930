package admin

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"huiyin/admin/api"
	"huiyin/db"
	"huiyin/handoff"
	"huiyin/handoff/routing"
)

// GetRoutingSettings shows how customers are ordered and given to agents.
func (s *Server) GetRoutingSettings(ctx context.Context, _ api.GetRoutingSettingsRequestObject) (api.GetRoutingSettingsResponseObject, error) {
	shown, err := s.routingSettings(ctx)
	return api.GetRoutingSettings200JSONResponse(shown), err
}

func (s *Server) routingSettings(ctx context.Context) (api.RoutingSettings, error) {
	found, err := s.Desk.Routing(ctx, s.DB)
	if err != nil {
		return api.RoutingSettings{}, err
	}
	shown := api.RoutingSettings{Version: found.Version, ChangedAt: optTime(found.ChangedAt), ChangedBy: opt(found.ChangedBy), UsualUnits: map[string]int{}}
	if err := convert(found.Settings, &shown.Rules); err != nil {
		return shown, err
	}
	if err := convert(routing.ShippedTeam(), &shown.UsualTeam); err != nil {
		return shown, err
	}
	for _, a := range s.Adapters {
		kind := a.Kind()
		shown.UsualUnits[kind.Name] = routing.Settings{}.Cost(kind.Name, kind.Units)
	}
	shown.Skills, err = s.skills(ctx, found.Settings)
	return shown, err
}

// skills are those that agents have or rules ask for.
func (s *Server) skills(ctx context.Context, of routing.Settings) ([]string, error) {
	all, err := s.Desk.Abilities(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for _, a := range all {
		for skill := range a.Skills {
			names[skill] = true
		}
	}
	for _, n := range of.Needs {
		names[n.Skill] = true
	}
	return words(slices.Sorted(maps.Keys(names))), nil
}

// SaveRoutingSettings changes how customers are ordered and given to agents.
func (s *Server) SaveRoutingSettings(ctx context.Context, r api.SaveRoutingSettingsRequestObject) (api.SaveRoutingSettingsResponseObject, error) {
	next := handoff.RoutingSettings{Version: r.Body.Version, ChangedBy: whoOf(ctx).name()}
	if err := convert(r.Body.Rules, &next.Settings); err != nil {
		return nil, invalid("rules", "teams go by their numbers")
	}
	err := s.write(ctx, func(tx *db.Tx) error {
		before, err := s.Desk.Routing(ctx, tx)
		if err != nil {
			return err
		}
		if err := s.Desk.SaveRouting(ctx, tx, next); err != nil {
			return err
		}
		changed, err := changedMembers(before.Settings, next.Settings)
		if err != nil {
			return err
		}
		return s.note(ctx, tx, "routing_settings_changed", object("settings", next.Version+1), changed)
	})
	if err != nil {
		return nil, err
	}
	shown, err := s.routingSettings(ctx)
	return api.SaveRoutingSettings200JSONResponse(shown), err
}

// convert gives a value the shape of another with the same JSON.
func convert(from, to any) error {
	text, err := json.Marshal(from)
	if err != nil {
		return fmt.Errorf("convert: %w", err)
	}
	if err := json.Unmarshal(text, to); err != nil {
		return fmt.Errorf("convert: %w", err)
	}
	return nil
}

// changedMembers names the members of a value's JSON that differ, with both values, for the audit log.
func changedMembers(before, after any) (string, error) {
	var was, is map[string]json.RawMessage
	if err := convert(before, &was); err != nil {
		return "", err
	}
	if err := convert(after, &is); err != nil {
		return "", err
	}
	text := ""
	for _, name := range slices.Sorted(maps.Keys(is)) {
		if string(was[name]) != string(is[name]) {
			text += name + ": " + string(was[name]) + " → " + string(is[name]) + "; "
		}
	}
	return text, nil
}
