package protocol

import "github.com/webbolt/webbolt/client"

// ResultEvent brings rows of the result that the call named Result gave. A block of rows may go beside the message.
// Fields come once, at the latest with the first block, End with the last message. With Restart, what came before is
// void: the work is being tried again.
type ResultEvent struct {
	Result  int
	Restart bool     `js:",optional"`
	Fields  []string `js:",optional"`
	End     *End     `js:",optional"`
}

// End is how a result ended. Most results end alike, so that the summary leaves out what the page knows or takes for
// granted: what is zero or unknown, the query, and, where Success is set, the statuses: 00000 is the only one. Metadata
// has, where that was asked for, a row block of one row, "block": the maps that the server sent with its answer to RUN
// and at the end, or null.
type End struct {
	Summary     *client.Summary       `js:",optional,sparse"` // absent where the query did not run
	Success     bool                  `js:",optional"`
	QueryID     string                `js:",optional"`
	Metadata    map[string]any        `js:",optional"`
	Error       *DescribedError       `js:",optional"`
	State       *State                `js:",optional"`
	Transaction *DescribedTransaction `js:",optional"`
}

// Bind tells an owner that a transaction was bound to a connection, which is 0 where the page does not know it.
type Bind struct {
	Owner       int
	Connection  int
	Transaction DescribedTransaction
}

// Unbind tells that a transaction was committed, rolled back or broken.
type Unbind struct {
	Owner       int
	Transaction DescribedTransaction
}

// Released tells that a connection was released.
type Released struct {
	Owner      int
	Connection int
}

// Broken tells that a connection broke: which of those that the page knows are broken, and how full pools are now.
type Broken struct {
	Owner       int
	Connections []int
	Profile     client.Profile
	Message     string
	Pools       []PoolState
}

// OwnerEvent is one of an owner's.
type OwnerEvent struct {
	Bind    *Bind     `js:",optional"`
	Unbind  *Unbind   `js:",optional"`
	Release *Released `js:",optional"`
	Broken  *Broken   `js:",optional"`
}
