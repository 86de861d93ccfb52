package pool

import (
	"context"
	"time"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/connect"
)

// Opener opens one connection.
type Opener func(ctx context.Context, profile client.Profile, options client.Options) (client.Connection, error)

// Options say how a pool behaves. All of them may be left out.
type Options struct {
	// Client is how connections are opened. A pool adds its own part to OnRelease: a released connection comes back to
	// it.
	Client client.Options `js:"-"`

	// InitSize is how many connections to open at once.
	InitSize int `js:",min=0"`
	// MaxSize limits the connections; 0 means DefaultMaxSize, which is 6 in a browser. It can be set to zero later.
	MaxSize int `js:",min=1"`
	// MaxAge is how long a connection is used before another takes its place, shortened by up to a tenth at random so
	// that connections opened together do not all end together; 0 means one hour, negative for ever.
	MaxAge time.Duration
	// AcquireTimeout limits a wait for a connection, opening included; 0 means 60 seconds, negative none.
	AcquireTimeout time.Duration
	// IdleCheck is after how much idle time a connection is asked whether it still lives before it is lent; 0 means 30
	// seconds, negative never. It finds servers that went without a word. A connection that the other side has closed
	// is not lent in any case: over a WebSocket that is known at once, over TCP once a second and before lending. A
	// Connector tries what fails on such a connection again on another.
	IdleCheck time.Duration
	// ResetTimeout limits the clean-up of a connection that is released with work still open on it, and the check of an
	// idle one; 0 means 5 seconds.
	ResetTimeout time.Duration

	// Open opens connections; nil means connect.OpenChecked: profile and options are checked already.
	Open Opener
	// Now is the clock by which connections grow old and idle; nil is time.Now. It is for tests of programs.
	Now func() time.Time
}

func orDuration(value, standard time.Duration) time.Duration {
	if value == 0 {
		return standard
	}
	return value
}

// withDefaults gives the options with every zero filled in, or says which cannot be right.
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
