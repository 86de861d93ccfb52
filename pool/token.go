package pool

import (
	"context"
	"errors"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/wire"
)

// A pool's connections act with the pool's token, which an AuthManager may change, or with a token of the borrower. If
// a connection acts with another token than the wanted one, the pool authenticates it again when it lends it, if the
// protocol can do that (Bolt 5.1 and later).

// wantToken sets the token to act with: the borrower's or the manager's; nil means that of the pool's options.
func (p *ConnectionPool) wantToken(ctx context.Context, o *AcquireOptions) error {
	if o.token != nil || p.options.Client.AuthManager == nil {
		return nil
	}
	token, err := p.options.Client.AuthManager.Token(ctx)
	o.token = &token
	return err
}

// clientOptions returns the options to open a connection with.
func (p *ConnectionPool) clientOptions(token *client.Auth) client.Options {
	if token == nil {
		return p.options.Client
	}
	options := p.options.Client
	options.AuthManager = nil
	options.Auth = func(context.Context, *client.Failure) (client.Auth, error) { return *token, nil }
	return options
}

// actor is a connection that can act with another token.
type actor interface {
	ActAs(ctx context.Context, token client.Auth) error
}

// actAs makes a connection act with the wanted token. False without an error means that it cannot, and another
// connection is needed.
func (p *ConnectionPool) actAs(ctx context.Context, e *entry, o AcquireOptions) (bool, error) {
	if o.alone && !wire.FeatureLogon.In(e.cx.ProtocolVersion()) {
		return false,
			&client.UnsupportedError{Message: "a token for a part of the work (session auth) needs Bolt 5.1 or later"}
	}
	fresh := e.acquired == 1
	switch {
	case o.token == nil && e.token == nil, fresh:
		return true, nil
	case o.token == nil:
		return false, nil // the pool's own token was not known when it was opened
	case e.token != nil && o.token.Equal(*e.token) && !o.again && !e.mustLogOn.Load():
		return true, nil
	}
	acting, can := e.cx.(actor)
	if !can {
		return false, nil
	}
	err := acting.ActAs(ctx, *o.token)
	if is[*client.UnsupportedError](err) || is[*client.ConnectionBroken](err) {
		return false, nil
	}
	if err == nil {
		e.token = o.token
		e.mustLogOn.Store(false)
	}
	return err == nil, err
}

// authenticateAgain has the connections that were open when cx was lent authenticate before they are lent again: the
// server has dropped what it knew of its users. Without an AuthManager they are closed instead (Release).
func (p *ConnectionPool) authenticateAgain(cx client.Connection) {
	p.mu.Lock()
	defer p.mu.Unlock()
	failed, ours := p.entries[cx]
	if !ours {
		return
	}
	for _, e := range p.entries {
		if e.number <= failed.lentAfter {
			e.mustLogOn.Store(true)
		}
	}
}

func is[E error](err error) bool {
	_, is := errors.AsType[E](err)
	return is
}

// refused tells the manager that the server has refused a token, and returns err together with an error of the manager.
func (p *ConnectionPool) refused(ctx context.Context, token *client.Auth, err error) error {
	failure, is := errors.AsType[*client.Failure](err)
	if !is || token == nil || p.options.Client.AuthManager == nil || !failure.OfSecurity() || failure.Renewed {
		return err
	}
	renewed, told := p.options.Client.AuthManager.Refused(ctx, *token, failure)
	failure.Renewed = renewed
	if told != nil {
		return errors.Join(err, told)
	}
	return err
}
