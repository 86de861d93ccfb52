// Package budget limits the memory that the relay holds for clients' unfinished requests: Bolt messages that are being
// assembled, HTTP bodies that are being read. There is one limit for all clients together and one for each client.
package budget

import (
	"errors"
	"net/netip"
	"sync"
)

// Reasons for refusing memory, in words that may be sent to the client.
var (
	ErrFull      = errors.New("the relay holds as much unfinished data as it may; try again later")
	ErrPerClient = errors.New("your address has as much unfinished data at the relay as it may have; finish " +
		"something first")
	ErrTaken = errors.New("the relay took the memory back, because others need it and your address holds the most")
)

// Allowance is how many bytes every Account may hold beside the budget, so that ordinary messages pass when the budget
// is used up. The number of connections bounds them.
const Allowance = 64 << 10

// Budget counts bytes, in all and for each client. Its methods may be called by several goroutines.
type Budget struct {
	// Reached is called with the error that Hold returns, or with ErrTaken when an account is taken back; nil for none.
	// Set it before use.
	Reached func(error)

	total, perClient int64

	mu      sync.Mutex
	used    int64
	clients map[netip.Prefix]*client
}

// client is what one client holds.
type client struct {
	used     int64
	accounts map[*Account]struct{} // that hold more than nothing
}

// Account is what one connection or request holds of a Budget. Hold and Close are called by one goroutine at a time. A
// nil Account is one without a limit.
type Account struct {
	budget *Budget
	client netip.Prefix
	taken  func()

	asked int64 // what Hold asked for last, beyond Allowance

	// Guarded by budget.mu:
	held  int64 // beyond Allowance
	ended bool  // taken back, or closed
}

// New makes a budget with limits in bytes for all clients together and for each client; a negative number means no
// limit.
func New(total, perClient int64) *Budget {
	return &Budget{total: total, perClient: perClient, clients: map[netip.Prefix]*client{}}
}

// Open makes an account, which the caller closes. If its memory is needed for clients that hold less, taken is called
// once, in a goroutine of its own: it must end the connection, so that the memory is free soon.
func (b *Budget) Open(owner netip.Prefix, taken func()) *Account {
	return &Account{budget: b, client: owner, taken: taken}
}

// Used is how many bytes are held now, without allowances.
func (b *Budget) Used() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.used
}

// Hold sets how many bytes the account holds from now on, more or fewer than before. After an error the number is
// unchanged. The error is one of ErrFull, ErrPerClient and ErrTaken.
func (a *Account) Hold(bytes int64) error {
	if a == nil {
		return nil
	}
	bytes = max(0, bytes-Allowance)
	if bytes == 0 && a.asked == 0 { // most messages
		return nil
	}
	if err := a.budget.change(a, bytes); err != nil {
		if !errors.Is(err, ErrTaken) { // which was reported already
			a.budget.reached(err)
		}
		return err
	}
	a.asked = bytes
	return nil
}

// Close gives back all that the account holds. It may be called again.
func (a *Account) Close() {
	if a == nil {
		return
	}
	a.budget.mu.Lock()
	defer a.budget.mu.Unlock()
	a.ended = true
	a.budget.set(a, 0)
}

func (b *Budget) change(a *Account, bytes int64) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if a.ended {
		return ErrTaken
	}
	more := bytes - a.held
	if more > 0 {
		own := b.usedBy(a.client) + more
		if b.perClient >= 0 && own > b.perClient {
			return ErrPerClient
		}
		for b.total >= 0 && b.used+more > b.total {
			if !b.evict(own) {
				return ErrFull
			}
		}
	}
	b.set(a, bytes)
	return nil
}

// evict ends the largest account of the client that holds most, if that client holds more than atLeast bytes.
func (b *Budget) evict(atLeast int64) bool {
	var greediest *client
	for _, c := range b.clients {
		if c.used > atLeast && (greediest == nil || c.used > greediest.used) {
			greediest = c
		}
	}
	if greediest == nil {
		return false
	}
	var largest *Account
	for a := range greediest.accounts {
		if largest == nil || a.held > largest.held {
			largest = a
		}
	}
	largest.ended = true
	b.set(largest, 0)
	b.reached(ErrTaken)
	go largest.taken()
	return true
}

func (b *Budget) reached(err error) {
	if b.Reached != nil {
		b.Reached(err)
	}
}

func (b *Budget) usedBy(owner netip.Prefix) int64 {
	if c := b.clients[owner]; c != nil {
		return c.used
	}
	return 0
}

// set notes what an account holds.
func (b *Budget) set(a *Account, bytes int64) {
	c := b.clients[a.client]
	if c == nil {
		if bytes == 0 {
			return
		}
		c = &client{accounts: map[*Account]struct{}{}}
		b.clients[a.client] = c
	}
	b.used += bytes - a.held
	c.used += bytes - a.held
	if a.held = bytes; bytes > 0 {
		c.accounts[a] = struct{}{}
	} else {
		delete(c.accounts, a)
	}
	if len(c.accounts) == 0 {
		delete(b.clients, a.client)
	}
}
