package simulator

// callbackAddresses tells from where callbacks come.
// https://developers.weixin.qq.com/doc/service/api/base/api_getcallbackip.html
func callbackAddresses(c *apiCall) (any, *refusal) {
	if c.account.config.Kind == CustomerService {
		return nil, refuse(48002, "api forbidden")
	}
	return map[string][]string{"ip_list": {"127.0.0.1"}}, nil
}
