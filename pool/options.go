package pool

import (
	"context"
	"time"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/connect"
)

// Opener opens one connection.
type Opener func(ctx context.Context, profile client.Profile, options client.Options) (client.Connection, error)

// Options are the options of a pool. All are optional.
type Options struct {
	// Client has the options for opening connections. The pool adds to OnRelease: a released connection comes back to
	// the pool.
	Client client.Options `js:"-"`

	// InitSize is the number of connections that are opened with the pool.
	InitSize int `js:",min=0"`
	// MaxSize is the maximum number of connections; 0 means DefaultMaxSize, which is 6 in a browser. SetMaxSize can set
	// it to zero later.
	MaxSize int `js:",min=1"`
	// MaxAge is the age at which a connection is closed. It is shortened at random by up to a tenth, so that
	// connections that were opened together are not all closed together. 0 means one hour, negative means no limit.
	MaxAge time.Duration
	// AcquireTimeout limits the time of an acquire, including the opening of a connection; 0 means 60 seconds, negative
	// means no limit.
	AcquireTimeout time.Duration
	// IdleCheck is the idle time after which the pool asks the server for an answer before it lends the connection; 0
	// means 30 seconds, negative means never. It detects servers that disappeared without closing the connection. A
	// connection that the other side has closed is never lent: the pool sees that at once over a WebSocket; over TCP it
	// checks once a second and before lending. A Connector retries on another connection what fails on a closed one.
	IdleCheck time.Duration
	// ResetTimeout limits the reset of a connection that is released while work is open on it, and the check of an idle
	// connection; 0 means 5 seconds.
	ResetTimeout time.Duration

	// Open opens connections; nil means connect.OpenChecked. Profile and options are checked before.
	Open Opener
	// Now is the clock for ages and idle times of connections; nil means time.Now. It is for tests of programs.
	Now func() time.Time
}

func orDuration(value, standard time.Duration) time.Duration {
	if value == 0 {
		return standard
	}
	return value
}

// withDefaults returns the options with defaults for zeros, or an error for an invalid option.
func (o Options) withDefaults() (Options, error) {
	if o.MaxSize < 0 {
		return o, &client.ArgumentError{Argument: "MaxSize",
			Message: "takes a number of connections, or 0 for DefaultMaxSize"}
	}
	if o.MaxSize == 0 {
		o.MaxSize = DefaultMaxSize
	}
	if o.InitSize < 0 || o.InitSize > o.MaxSize {
		return o, &client.ArgumentError{Argument: "InitSize",
			Message: "takes a number of connections from 0 to MaxSize"}
	}
	for _, d := range []struct {
		name string
		time time.Duration
	}{{"MaxAge", o.MaxAge}, {"AcquireTimeout", o.AcquireTimeout}, {"IdleCheck", o.IdleCheck},
		{"ResetTimeout", o.ResetTimeout}} {
		if err := client.CheckDuration(d.name, d.time); err != nil {
			return o, err
		}
	}
	if o.ResetTimeout < 0 {
		return o, &client.ArgumentError{Argument: "ResetTimeout", Message: "takes a time, or 0 for 5 seconds"}
	}
	if err := o.Client.Validate(); err != nil {
		return o, err
	}
	o.MaxAge = orDuration(o.MaxAge, time.Hour)
	o.AcquireTimeout = orDuration(o.AcquireTimeout, time.Minute)
	o.IdleCheck = orDuration(o.IdleCheck, 30*time.Second)
	o.ResetTimeout = orDuration(o.ResetTimeout, 5*time.Second)
	if o.Open == nil {
		o.Open = connect.OpenChecked
	}
	return o, nil
}

// firstOf returns the options that a call was given, or the defaults.
func firstOf[T any](options []T) (first T) {
	if len(options) > 0 {
		first = options[0]
	}
	return first
}
