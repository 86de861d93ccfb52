package pool

import (
	"errors"
	"strconv"
	"time"

	"github.com/webbolt/webbolt/client"
)

// allInUse is the cause of an acquire that failed because no connection was released in time. The pool is too small;
// the server may be well.
type allInUse struct{ error }

func (e allInUse) Unwrap() error { return e.error }

// waitedInVain marks the error of such an acquire.
func waitedInVain(err *client.ConnectionUnavailable) error {
	if err.Reason == client.ReasonTimeout {
		err.Err = allInUse{err.Err}
	}
	return err
}

// tellHolders adds to the error of such an acquire which open transactions hold the pool's connections. A caller that
// opens more transactions than the pool has connections, before it ends one, waits for itself.
func (c *Connector) tellHolders(p *ConnectionPool, err error) {
	unavailable, is := errors.AsType[*client.ConnectionUnavailable](err)
	if !is {
		return
	}
	if _, full := errors.AsType[allInUse](unavailable.Err); !full {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	holders := 0
	var earliest *client.TransactionRef
	for _, l := range c.bound {
		if l.pool != p {
			continue
		}
		if holders++; earliest == nil || l.tx.Age() > earliest.Age() {
			earliest = l.tx
		}
	}
	if holders == 0 {
		return
	}
	unavailable.Message += "; open transactions hold " + strconv.Itoa(holders) + " of " + strconv.Itoa(p.MaxSize()) +
		" connections, the earliest, " + earliest.TxID() + ", for " + earliest.Age().Round(time.Second).String() +
		": end one before you begin more than there are connections"
}
