package admin

import (
	"context"
	"time"

	"huiyin/admin/api"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

const (
	// boardAhead is how long before a promised time is up a conversation shows as in danger.
	boardAhead = 10 * time.Minute
	// boardRisks and boardQueue bound what the board lists; counts go beyond them.
	boardRisks, boardQueue = 50, 100
)

// GetBoard shows the queues, the agents and what is in danger now, of the caller's teams.
func (s *Server) GetBoard(ctx context.Context, r api.GetBoardRequestObject) (api.GetBoardResponseObject, error) {
	who := whoOf(ctx)
	scope := who.scope()
	if team := val(r.Params.TeamId); team != 0 {
		if !scope.Sees(&conversation.Conversation{TeamID: team}) {
			return nil, notFound()
		}
		scope = conversation.Scope{AgentID: -1, TeamIDs: []int64{team}}
	}
	board := api.GetBoard200JSONResponse{At: s.DB.Now()}
	var err error
	if board.Lines, err = s.boardLines(ctx, scope, val(r.Params.TeamId)); err != nil {
		return nil, err
	}
	if board.Agents, err = s.boardAgents(ctx, who, val(r.Params.TeamId)); err != nil {
		return nil, err
	}
	risks, err := s.riskIDs(ctx)
	if err != nil {
		return nil, err
	}
	if board.Risks, err = s.inScope(ctx, risks, scope, val(r.Params.TeamId), boardRisks); err != nil {
		return nil, err
	}
	waiting, err := s.Conversations.QueueIn(ctx, s.DB, scope, val(r.Params.TeamId), boardQueue)
	if err != nil {
		return nil, err
	}
	board.Queue, err = s.inScope(ctx, waiting, scope, val(r.Params.TeamId), boardQueue)
	return board, err
}

func (s *Server) boardLines(ctx context.Context, scope conversation.Scope, team int64) ([]api.BoardLine, error) {
	lines, err := s.Desk.Lines(ctx, s.DB, scope)
	if err != nil {
		return nil, err
	}
	named, err := s.names.table(ctx)
	if err != nil {
		return nil, err
	}
	shown := []api.BoardLine{}
	for _, l := range lines {
		if team != 0 && l.TeamID != team || l.TeamID == 0 && l.Waiting == 0 && len(lines) > 1 {
			continue
		}
		one := api.BoardLine{TeamId: l.TeamID, Team: opt(named.teams[l.TeamID]), Waiting: l.Waiting, Since: optTime(l.Since), Online: l.Online}
		if l.Waiting > 0 {
			one.AverageSeconds = ptr(int(l.Average.Seconds()))
		}
		if l.Expected > 0 {
			one.ExpectedSeconds = ptr(int(l.Expected.Seconds()))
		}
		shown = append(shown, one)
	}
	return shown, nil
}

// boardAgents are the colleagues of the caller's teams, and those of none.
func (s *Server) boardAgents(ctx context.Context, who *principal, team int64) ([]api.BoardAgent, error) {
	loads, err := s.Desk.Loads(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	since, err := s.Desk.PresentSince(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	shown := []api.BoardAgent{}
	for _, l := range loads {
		if !onBoard(who, l.Agent, team) {
			continue
		}
		shown = append(shown, api.BoardAgent{Agent: api.Person{Id: l.Agent.ID, Name: l.Agent.Name}, Presence: api.Presence(l.Presence), Since: optTime(since[l.Agent.ID]),
			Used: l.Used, Capacity: l.Capacity, Conversations: l.Conversations, Offered: l.Offered, TeamIds: ids(l.Agent.TeamIDs)})
	}
	return shown, nil
}

func onBoard(who *principal, a handoff.Agent, team int64) bool {
	mine := who.scope()
	visible := mine.All || len(a.TeamIDs) == 0
	in := team == 0
	for _, t := range a.TeamIDs {
		visible = visible || mine.Sees(&conversation.Conversation{TeamID: t})
		in = in || t == team
	}
	return visible && in
}

// riskIDs are the conversations with a promised time that is up or nearly so, the most urgent first.
func (s *Server) riskIDs(ctx context.Context) ([]int64, error) {
	clocks, err := s.Desk.Risks(ctx, s.DB, s.DB.Now().Add(boardAhead), maxRisks)
	if err != nil {
		return nil, err
	}
	var list []int64
	seen := map[int64]bool{}
	for _, c := range clocks {
		if !seen[c.ConversationID] {
			seen[c.ConversationID] = true
			list = append(list, c.ConversationID)
		}
	}
	return list, nil
}

// maxRisks bounds how many clocks are looked at for one board.
const maxRisks = 1000

// inScope shows those of some conversations that are in scope, in their order.
func (s *Server) inScope(ctx context.Context, list []int64, scope conversation.Scope, team int64, limit int) ([]api.Conversation, error) {
	found, err := s.Conversations.GetAll(ctx, s.DB, list)
	if err != nil {
		return nil, err
	}
	var visible []*conversation.Conversation
	for _, id := range list {
		if c := found[id]; c != nil && scope.Sees(c) && (team == 0 || c.TeamID == team) && len(visible) < limit {
			visible = append(visible, c)
		}
	}
	v, err := s.viewing(ctx, s.DB, visible...)
	if err != nil {
		return nil, err
	}
	shown := make([]api.Conversation, 0, len(visible))
	for _, c := range visible {
		shown = append(shown, v.conversation(c))
	}
	return shown, nil
}

// SetAgentPresence sets a colleague away or back.
func (s *Server) SetAgentPresence(ctx context.Context, r api.SetAgentPresenceRequestObject) (api.SetAgentPresenceResponseObject, error) {
	err := s.write(ctx, func(tx *db.Tx) error {
		a, err := s.Desk.SetAway(ctx, tx, whoOf(ctx).actor(), r.Id, handoff.Presence(r.Body.Presence))
		if err != nil {
			return err
		}
		return s.note(ctx, tx, "presence_set", object("agent", a.ID), string(r.Body.Presence))
	})
	return api.SetAgentPresence204Response{}, err
}

// JoinConversation lets somebody answer the customer beside the owner.
func (s *Server) JoinConversation(ctx context.Context, r api.JoinConversationRequestObject) (api.JoinConversationResponseObject, error) {
	who := whoOf(ctx).agent.ID
	if r.Body != nil && r.Body.AgentId != nil {
		who = *r.Body.AgentId
	}
	shown, err := s.changed(ctx, func(tx *db.Tx) (*conversation.Conversation, error) {
		return s.Desk.Join(ctx, tx, r.Id, whoOf(ctx).actor(), who)
	})
	return api.JoinConversation200JSONResponse(shown), err
}

// Whisper writes a private note for the agent who has the conversation.
func (s *Server) Whisper(ctx context.Context, r api.WhisperRequestObject) (api.WhisperResponseObject, error) {
	var stored conversation.Message
	err := s.write(ctx, func(tx *db.Tx) error {
		c, err := s.taken(ctx, tx, r.Id)
		if err != nil {
			return err
		}
		if c.AgentID == 0 || c.Status == conversation.Resolved {
			return conflict("no_owner", "nobody has this conversation; write a note instead")
		}
		d := conversation.Draft{Sender: conversation.FromAgent, AgentID: whoOf(ctx).agent.ID, Text: r.Body.Text, Private: true, Content: conversation.Content{Whisper: true}}
		if d.AgentID == 0 {
			d.Sender = conversation.FromSystem
		}
		stored, err = s.Conversations.Reply(ctx, tx, c, d)
		return err
	})
	if err != nil {
		return nil, err
	}
	c, err := s.seen(ctx, s.DB, r.Id)
	if err != nil {
		return nil, err
	}
	v, err := s.viewing(ctx, s.DB, c)
	if err != nil {
		return nil, err
	}
	return api.Whisper201JSONResponse(v.message(stored)), nil
}
