package protocol

import (
	"unsafe"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/packstream"
)

// ToEngine is a message of the page: a call with Method and Args, and with an ID if it gets an answer; or Cancel, the
// ID of a call, whose context ends, and with it the result that the call gave; or Answer, the number of a question,
// with what a callback gave or threw.
type ToEngine struct {
	ID     int            `js:",optional"`
	Method string         `js:",optional"`
	Args   packstream.Raw `js:",optional"`
	Cancel int            `js:",optional"`
	Answer int            `js:",optional"`
	Value  packstream.Raw `js:",optional"`
	Error  *Thrown        `js:",optional"`
}

// Thrown is what a callback threw, as far as the engine needs to know to tell whether to try again.
type Thrown struct {
	Class   string
	Message string
	Code    string        `js:",optional"`
	Reason  client.Reason `js:",optional"`
}

// Read reads a message of the page, all of it; the message keeps parts of data.
func (m *ToEngine) Read(data []byte) error { return read(data, tableToEngine, unsafe.Pointer(m)) }

// Answer ends a call, with an error if it failed. Of a query that is answered together with its first rows it has
// those, too: see ResultEvent.
type Answer struct {
	ID          int
	Value       Value                 `js:",optional"`
	Error       *DescribedError       `js:",optional"`
	State       *State                `js:",optional"`
	Transaction *DescribedTransaction `js:",optional"`
	Rows        *ResultEvent          `js:",optional"`
}

// State tells how a connection, and the pool that lent it, are now.
type State struct {
	Connection *ConnectionState `js:",optional"`
	Pool       *PoolState       `js:",optional"`
}

// Ask asks for a callback, in the words of its question.
type Ask struct {
	Ask      int
	Callback int
	Value    Value
}

// TokenWanted asks for a token. Refused is what the server said of the last one.
type TokenWanted struct {
	Refused *DescribedError `js:",optional"`
}

// RouterWanted asks where a router is.
type RouterWanted struct {
	Address string
}

// WorkWanted asks for a unit of work.
type WorkWanted struct {
	Transaction DescribedTransaction
}

// Answer returns the text of the message, which is good until the next one is written.
func (w *Writer) Answer(m *Answer) []byte { return w.message(tableAnswer, unsafe.Pointer(m)) }

// Ask is as Answer.
func (w *Writer) Ask(m *Ask) []byte { return w.message(tableAsk, unsafe.Pointer(m)) }

// ResultEvent is as Answer.
func (w *Writer) ResultEvent(m *ResultEvent) []byte {
	return w.message(tableResultEvent, unsafe.Pointer(m))
}

// OwnerEvent is as Answer.
func (w *Writer) OwnerEvent(m *OwnerEvent) []byte {
	return w.message(tableOwnerEvent, unsafe.Pointer(m))
}
