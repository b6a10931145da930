package slack

import "encoding/json"

// Manifest is the app as Slack's "create an app from a manifest" takes it, for this installation.
// https://docs.slack.dev/reference/app-manifest
func Manifest(publicURL string, socket bool) (string, error) {
	settings := map[string]any{"org_deploy_enabled": false, "socket_mode_enabled": socket, "token_rotation_enabled": false,
		"event_subscriptions": map[string]any{"bot_events": []string{"app_home_opened", "app_uninstalled", "channel_archive", "channel_deleted", "channel_unarchive",
			"group_archive", "group_deleted", "group_unarchive", "member_joined_channel", "message.channels", "message.groups", "tokens_revoked"}},
		"interactivity": map[string]any{"is_enabled": true}}
	command := map[string]any{"command": "/huiyin", "description": "Link your account, go online or away", "usage_hint": "link CODE | online | away", "should_escape": false}
	if !socket {
		settings["event_subscriptions"].(map[string]any)["request_url"] = publicURL + EventsPath
		settings["interactivity"].(map[string]any)["request_url"] = publicURL + ActionsPath
		command["url"] = publicURL + ActionsPath
	}
	text, err := json.MarshalIndent(map[string]any{
		"display_information": map[string]any{"name": "Huiyin", "description": "Customer service hand-offs, worked from Slack threads", "background_color": "#1f4e8c"},
		"features": map[string]any{
			"app_home":       map[string]any{"home_tab_enabled": true, "messages_tab_enabled": false},
			"bot_user":       map[string]any{"display_name": "Huiyin", "always_online": true},
			"shortcuts":      []map[string]any{{"name": "Send to customer", "type": "message", "callback_id": shortcutSend, "description": "Send this message to the customer of the thread"}},
			"slash_commands": []map[string]any{command}},
		"oauth_config": map[string]any{"scopes": map[string]any{"bot": []string{"channels:history", "channels:join", "channels:read", "chat:write", "commands", "files:read",
			"files:write", "groups:history", "groups:read", "users:read"}}},
		"settings": settings}, "", "  ")
	return string(text), err
}

// Where Slack calls us when Socket Mode is not used.
const (
	EventsPath  = "/hooks/slack/events"
	ActionsPath = "/hooks/slack/actions"
)
