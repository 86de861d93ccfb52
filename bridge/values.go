//go:build js && wasm

package bridge

func list[T any](values []T, convert func(T) any) []any {
	converted := make([]any, len(values))
	for i, value := range values {
		converted[i] = convert(value)
	}
	return converted
}

func entries[T any](values map[string]T, convert func(T) any) object {
	converted := make(object, len(values))
	for key, value := range values {
		converted[key] = convert(value)
	}
	return converted
}
