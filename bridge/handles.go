//go:build js && wasm

package bridge

import (
	"context"
	"strconv"

	"github.com/webbolt/webbolt/client"
)

func init() {
	register(map[string]method{"release": releaseHandle})
}

// handles holds what the page knows by number.
type handles struct {
	last int
	held map[int]any
}

func (h *handles) add(thing any) int {
	if h.held == nil {
		h.held = map[int]any{}
	}
	h.last++
	h.held[h.last] = thing
	return h.last
}

func (h *handles) drop(handle int) { delete(h.held, handle) }

// disposable is what a handle may stand for: dispose gives up what it holds when the page has lost sight of it.
type disposable interface{ dispose() }

// releaseHandle is called when JavaScript's garbage collector took what the handle belongs to.
func releaseHandle(_ context.Context, c *call) (any, error) {
	handle := c.args.number("handle")
	held := c.engine.handles.held[handle]
	c.engine.handles.drop(handle)
	if thing, is := held.(disposable); is {
		thing.dispose()
	}
	return nil, nil
}

// held gives what the named argument's handle stands for.
func held[T any](c *call, name string) (T, error) {
	handle := c.args.number(name)
	thing, is := c.engine.handles.held[handle].(T)
	if !is {
		return thing, &client.ArgumentError{Argument: name, Message: "it was closed, or is of another engine [handle " + strconv.Itoa(handle) + "]"}
	}
	return thing, nil
}
