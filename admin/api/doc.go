// Package api is the REST API's contract in Go, generated from openapi.yaml: types, routes and the specification
// itself. It holds no behaviour; package admin implements it.
package api

//go:generate go tool oapi-codegen -config config.yaml openapi.yaml
