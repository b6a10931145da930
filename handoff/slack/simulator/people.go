package simulator

import "strings"

// User is a person in the workspace, or the app's bot.
type User struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	RealName string `json:"real_name"`
	Email    string `json:"-"`
	Locale   string `json:"locale,omitempty"`
	IsBot    bool   `json:"is_bot"`
	Deleted  bool   `json:"deleted"`
	Away     bool   `json:"-"`
}

// profile is the user as users.info shows it. https://docs.slack.dev/reference/objects/user-object
func (u *User) profile(team string) map[string]any {
	return map[string]any{"id": u.ID, "team_id": team, "name": u.Name, "real_name": u.RealName, "deleted": u.Deleted, "is_bot": u.IsBot, "locale": u.Locale,
		"profile": map[string]any{"real_name": u.RealName, "display_name": u.Name, "email": u.Email}}
}

// Join adds a person and returns the id.
func (w *Workspace) Join(name, realName, email string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	u := &User{ID: w.id("U"), Name: name, RealName: realName, Email: email}
	w.users = append(w.users, u)
	w.touch()
	return u.ID
}

// Leave deactivates a person's account.
func (w *Workspace) Leave(id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if u := w.user(id); u != nil {
		u.Deleted = true
	}
	w.touch()
}

// People are the users, the bot first.
func (w *Workspace) People() []User {
	w.mu.Lock()
	defer w.mu.Unlock()
	people := make([]User, 0, len(w.users))
	for _, u := range w.users {
		people = append(people, *u)
	}
	return people
}

// user finds a user; the caller holds the lock.
func (w *Workspace) user(id string) *User {
	for _, u := range w.users {
		if u.ID == id {
			return u
		}
	}
	return nil
}

func (c *apiCall) usersInfo() (map[string]any, *refusal) {
	u := c.w.user(c.arg("user"))
	if u == nil {
		return nil, refuse("user_not_found")
	}
	return map[string]any{"user": u.profile(c.w.team.ID)}, nil
}

func (c *apiCall) usersLookup() (map[string]any, *refusal) {
	email := c.arg("email")
	for _, u := range c.w.users {
		if u.Email != "" && strings.EqualFold(u.Email, email) && !u.Deleted {
			return map[string]any{"user": u.profile(c.w.team.ID)}, nil
		}
	}
	return nil, refuse("users_not_found")
}

func (c *apiCall) usersList() (map[string]any, *refusal) {
	members := make([]map[string]any, 0, len(c.w.users))
	for _, u := range c.w.users {
		members = append(members, u.profile(c.w.team.ID))
	}
	return map[string]any{"members": members, "response_metadata": map[string]string{"next_cursor": ""}}, nil
}

func (c *apiCall) usersPresence() (map[string]any, *refusal) {
	u := c.w.user(c.arg("user"))
	if u == nil {
		return nil, refuse("user_not_found")
	}
	if u.Away {
		return map[string]any{"presence": "away"}, nil
	}
	return map[string]any{"presence": "active"}, nil
}

func (c *apiCall) authTest() (map[string]any, *refusal) {
	return map[string]any{"url": "https://" + c.w.team.Domain + ".slack.com/", "team": c.w.team.Name, "user": "huiyin", "team_id": c.w.team.ID,
		"user_id": botUser, "bot_id": botID, "is_enterprise_install": false}, nil
}

func (c *apiCall) teamInfo() (map[string]any, *refusal) {
	return map[string]any{"team": c.w.team}, nil
}

func (c *apiCall) botsInfo() (map[string]any, *refusal) {
	return map[string]any{"bot": map[string]any{"id": botID, "app_id": c.w.app.ID, "user_id": botUser, "name": c.w.app.Name}}, nil
}
