package httpapi

import (
	"errors"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/jsonvalues"
	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/values"
)

// appendParameters encodes parameters as PackStream and appends the JSON object that write makes of it.
func appendParameters(b []byte, parameters map[string]any, write func(b, packed []byte) ([]byte, error)) (
	[]byte, error) {
	packed, err := values.AppendMap(nil, parameters, values.Dialect{UTC: true, Vector: true, UUID: true})
	if err != nil {
		return b, &client.ArgumentError{Argument: "parameters", Message: err.Error(), Err: err}
	}
	b, err = write(b, packed)
	if err == nil {
		return b, nil
	}
	if _, malformed := errors.AsType[*packstream.Error](err); malformed {
		return b, &client.ArgumentError{Argument: "parameters", Message: "a raw parameter is not PackStream", Err: err}
	}
	if refused, ok := errors.AsType[*jsonvalues.Error](err); ok && refused.Unsupported {
		return b, &client.UnsupportedError{Message: refused.Message, Err: err}
	}
	return b, &client.ArgumentError{Argument: "parameters", Message: err.Error(), Err: err}
}
