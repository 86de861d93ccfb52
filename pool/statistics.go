package pool

import (
	"time"

	"github.com/webbolt/webbolt/client"
)

// Statistics is a snapshot of what a pool has done. Queries and bytes count all its connections, including closed ones.
type Statistics struct {
	client.Statistics
	// numbers of connections: Failed could not be opened; broken ones count as closed, too
	Opened, Closed, Broken, Failed uint64
	Acquired, Waited               uint64 // how often a connection was lent, and how often a caller had to wait for one
	WaitTime                       time.Duration
	Size, InUse, Waiting           int
	Connections                    []ConnectionStatistics
}

// ConnectionStatistics are the statistics of one open connection.
type ConnectionStatistics struct {
	client.Statistics
	Age      time.Duration `js:",seconds"`
	InUse    bool
	Acquired uint64
}

// totals are the counters of the pool; a snapshot adds the counters of open connections.
type totals struct {
	opened, closed, broken, failed uint64
	acquired, waited               uint64
	gone                           client.Statistics // of connections that have left the pool
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
