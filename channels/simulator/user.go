package simulator

// userInfo is what an Official Account may know of a customer; names are no longer told.
// https://developers.weixin.qq.com/doc/service/api/usermanage/userinfo/api_userinfo.html
func userInfo(c *apiCall) (any, *refusal) {
	if refused := c.to(c.query.Get("openid")); refused != nil {
		return nil, refused
	}
	p := c.phone
	if !p.follows {
		return map[string]any{"subscribe": 0, "openid": p.openID}, nil
	}
	scene := "ADD_SCENE_SEARCH"
	if p.scene != "" {
		scene = "ADD_SCENE_QR_CODE"
	}
	return map[string]any{"subscribe": 1, "openid": p.openID, "language": p.language, "subscribe_time": p.since.Unix(), "unionid": p.unionID,
		"remark": "", "groupid": 0, "tagid_list": []int{}, "subscribe_scene": scene, "qr_scene": 0, "qr_scene_str": p.scene}, nil
}
