package values

import (
	"errors"
	"strconv"
	"strings"
)

// within puts a step before the path of an error.
func within(step string, err error) error {
	if inner, is := errors.AsType[*Error](err); is {
		return &Error{Path: step + inner.Path, Message: inner.Message}
	}
	return err
}

// rooted adds the root to a complete path.
func rooted(root string, err error) error {
	if inner, is := errors.AsType[*Error](err); is {
		return &Error{Path: root + strings.TrimPrefix(inner.Path, "."), Message: inner.Message}
	}
	return err
}

func index(i int) string { return "[" + strconv.Itoa(i) + "]" }

// member is the step to a map's value, with backticks around a key that is not a name, as in Cypher.
func member(key string) string {
	for i, c := range key {
		if c != '_' && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && (c < '0' || c > '9' || i == 0) && c < 0x80 {
			key = "`" + strings.ReplaceAll(key, "`", "``") + "`"
			break
		}
	}
	return "." + key
}
