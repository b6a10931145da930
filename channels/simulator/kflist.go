package simulator

// kfAccounts lists the customer service accounts of a company.
// https://developer.work.weixin.qq.com/document/path/94661
func kfAccounts(c *apiCall) (any, *refusal) {
	list := []map[string]any{}
	for _, a := range c.sim.accounts {
		if a.config.Kind == CustomerService && a.config.AppID == c.account.config.AppID {
			list = append(list, map[string]any{"open_kfid": a.config.Original, "name": a.config.Name, "avatar": "", "manage_privilege": true})
		}
	}
	return struct {
		refusal
		List []map[string]any `json:"account_list"`
	}{ok(), list}, nil
}

// kfContactWay gives the link that customers open.
// https://developer.work.weixin.qq.com/document/path/94665
func kfContactWay(c *apiCall) (any, *refusal) {
	var in struct {
		Desk  string `json:"open_kfid"`
		Scene string `json:"scene"`
	}
	if refused := c.decodeLoose(&in); refused != nil {
		return nil, refused
	}
	if refused := c.seat(in.Desk); refused != nil {
		return nil, refused
	}
	if in.Scene != "" && !ownID.MatchString(in.Scene) {
		return nil, refuse(40058, "invalid scene")
	}
	return struct {
		refusal
		URL string `json:"url"`
	}{ok(), "https://work.weixin.qq.com/kfid/" + in.Desk + "?enc_scene=ENC" + in.Scene}, nil
}

// kfServicers lists who serves customers in WeCom.
// https://developer.work.weixin.qq.com/document/path/94645
func kfServicers(c *apiCall) (any, *refusal) {
	if refused := c.seat(c.query.Get("open_kfid")); refused != nil {
		return nil, refused
	}
	list := []map[string]any{}
	for _, name := range c.account.config.Servicers {
		list = append(list, map[string]any{"userid": name, "status": 0})
	}
	return struct {
		refusal
		List []map[string]any `json:"servicer_list"`
	}{ok(), list}, nil
}

// kfCustomers tells who customers are, a hundred at a time.
// https://developer.work.weixin.qq.com/document/path/95159
func kfCustomers(c *apiCall) (any, *refusal) {
	var in struct {
		IDs []string `json:"external_userid_list"`
	}
	if refused := c.decodeLoose(&in); refused != nil {
		return nil, refused
	}
	if len(in.IDs) == 0 || len(in.IDs) > 100 {
		return nil, refuse(40058, "external_userid_list out of range")
	}
	found, unknown := []map[string]any{}, []string{}
	for _, id := range in.IDs {
		p := c.kfPerson(id)
		if p == nil {
			unknown = append(unknown, id)
			continue
		}
		found = append(found, map[string]any{"external_userid": id, "nickname": p.nickname, "avatar": "", "gender": 0, "unionid": p.unionID})
	}
	return struct {
		refusal
		List    []map[string]any `json:"customer_list"`
		Unknown []string         `json:"invalid_external_userid"`
	}{ok(), found, unknown}, nil
}

func (c *apiCall) kfPerson(id string) *Phone {
	for _, a := range c.sim.accounts {
		if a.config.AppID != c.account.config.AppID {
			continue
		}
		if p := a.byOpenID(id); p != nil {
			return p
		}
	}
	return nil
}
