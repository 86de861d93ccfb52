//go:build js && wasm

package bridge

import (
	"context"
	"strconv"

	"github.com/webbolt/webbolt/bridge/protocol"
	"github.com/webbolt/webbolt/client"
)

func init() {
	handle(protocol.MethodRelease, releaseHandle)
}

// handles holds the objects that the page knows by number.
type handles struct {
	last int
	held map[int]*holding
}

// holding is the object of a handle. told counts the answers that gave the handle to the page: the page may drop its
// object while another answer with the handle is on its way.
type holding struct {
	thing any
	told  int
}

func (h *handles) add(thing any) int {
	if h.held == nil {
		h.held = map[int]*holding{}
	}
	h.last++
	h.held[h.last] = &holding{thing: thing}
	return h.last
}

// tell is called for every answer that gives the handle to the page.
func (h *handles) tell(handle int) int {
	if held := h.held[handle]; held != nil {
		held.told++
	}
	return handle
}

func (h *handles) drop(handle int) { delete(h.held, handle) }

// disposable is implemented by the objects of handles. dispose releases what the object holds after the page has
// dropped it.
type disposable interface{ dispose() }

// releaseHandle is called when JavaScript's garbage collector has collected the page's object of a handle; told is how
// many answers had given the handle to the page.
func releaseHandle(_ context.Context, c *call, args *protocol.LostHandle) (*protocol.None, error) {
	held := c.engine.handles.held[args.Handle]
	if held == nil {
		return nil, nil
	}
	if held.told -= args.Told; held.told > 0 {
		return nil, nil
	}
	c.engine.handles.drop(args.Handle)
	if thing, is := held.thing.(disposable); is {
		thing.dispose()
	}
	return nil, nil
}

// held returns the object of a handle; name is the argument that holds it.
func held[T any](c *call, name string, handle int) (T, error) {
	var thing T
	is := false
	if held := c.engine.handles.held[handle]; held != nil {
		thing, is = held.thing.(T)
	}
	if !is {
		return thing, &client.ArgumentError{Argument: name, Message: "it was closed, or is of another engine [handle " +
			strconv.Itoa(handle) + "]"}
	}
	return thing, nil
}
