package pool

import (
	"time"

	"github.com/webbolt/webbolt/client"
)

// Statistics are a snapshot of what a pool has done. Queries and bytes are of all its connections, closed ones
// included.
type Statistics struct {
	client.Statistics
	// connections: those that could not be opened have failed, and broken ones count as closed, too
	Opened, Closed, Broken, Failed uint64
	Acquired, Waited               uint64 // how often a connection was lent, and how often one had to be waited for
	WaitTime                       time.Duration
	Size, InUse, Waiting           int
	Connections                    []ConnectionStatistics
}

// ConnectionStatistics are of one open connection.
type ConnectionStatistics struct {
	client.Statistics
	Age      time.Duration `js:",seconds"`
	InUse    bool
	Acquired uint64
}

// totals run on; those of open connections are added when a snapshot is taken.
type totals struct {
	opened, closed, broken, failed uint64
	acquired, waited               uint64
	gone                           client.Statistics // of connections that left
}

func (t *totals) countClosed(cx client.Connection) {
	t.closed++
	if cx.Broken() {
		t.broken++
	}
	add(&t.gone, cx.Statistics())
}

func add(sum *client.Statistics, s client.Statistics) {
	sum.Queries += s.Queries
	sum.BytesIn += s.BytesIn
	sum.BytesOut += s.BytesOut
}

// Statistics takes a snapshot.
func (p *ConnectionPool) Statistics() Statistics {
	p.mu.Lock()
	defer p.mu.Unlock()
	s := Statistics{
		Statistics: p.totals.gone,
		Opened:     p.totals.opened, Closed: p.totals.closed, Broken: p.totals.broken, Failed: p.totals.failed,
		Acquired: p.totals.acquired, Waited: p.totals.waited, WaitTime: p.waiters.waitTime,
		Size: p.size, InUse: p.size - len(p.free), Waiting: p.waiters.length,
	}
	for _, e := range p.entries {
		if e.dropped {
			continue
		}
		own := e.cx.Statistics()
		add(&s.Statistics, own)
		s.Connections = append(s.Connections, ConnectionStatistics{
			Statistics: own, Age: e.cx.Age(), InUse: e.inUse, Acquired: e.acquired})
	}
	return s
}
