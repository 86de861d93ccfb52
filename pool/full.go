package pool

import (
	"errors"
	"strconv"
	"time"

	"github.com/webbolt/webbolt/client"
)

// allInUse is the cause of a wait that ended because no connection was given back in time: of a pool that is too small,
// not of a server that is gone.
type allInUse struct{ error }

func (e allInUse) Unwrap() error { return e.error }

// waitedInVain marks the error of such a wait.
func waitedInVain(err *client.ConnectionUnavailable) error {
	if err.Reason == client.ReasonTimeout {
		err.Err = allInUse{err.Err}
	}
	return err
}

// tellHolders adds to the error of such a wait which open transactions hold the pool's connections. Who opens more of
// them than the pool has connections, and ends none before all are open, waits for himself.
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
