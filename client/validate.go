package client

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/webbolt/webbolt/client/wire"
)

// DefaultUserAgent is the client's name if Options.UserAgent is empty.
const DefaultUserAgent = wire.Product

// longestDuration is the longest time span that an option accepts: with longer ones, sums of times would overflow.
const longestDuration = 100 * 365 * 24 * time.Hour

// CheckDuration returns an [*ArgumentError] if a time span is too long for the named option.
func CheckDuration(option string, d time.Duration) error {
	if d > longestDuration {
		return &ArgumentError{Argument: option, Message: "takes at most 100 years, not " + d.String() +
			"; a negative time means no limit"}
	}
	return nil
}

// Validate returns an [*ArgumentError] that names the first invalid option and says which values it accepts.
func (o Options) Validate() error {
	switch {
	case strings.ContainsFunc(o.UserAgent, isControl):
		return &ArgumentError{Argument: "UserAgent", Message: "takes one line of text without control characters"}
	case o.FetchSize < -1:
		return &ArgumentError{Argument: "FetchSize",
			Message: "takes a number of records, 0 for the connection's choice, or -1 for all at once"}
	case o.MaxMessage < 0 || o.MaxMessage > math.MaxInt32:
		return &ArgumentError{Argument: "MaxMessage",
			Message: "takes a number of bytes up to 2147483647, or 0 for the default"}
	case o.Relay != "" && !isWebSocketAddress(o.Relay):
		return &ArgumentError{Argument: "Relay",
			Message: "takes a ws:// or wss:// address such as wss://example.org/bolt"}
	}
	for _, v := range o.BoltVersions {
		if !slices.Contains(wire.Versions, v) {
			return &ArgumentError{Argument: "BoltVersions",
				Message: "takes versions that this client speaks, such as 5.8; not " + v.String()}
		}
	}
	if err := CheckDuration("ConnectTimeout", o.ConnectTimeout); err != nil {
		return err
	}
	if err := CheckDuration("DialTimeout", o.DialTimeout); err != nil {
		return err
	}
	if err := CheckDuration("ReceiveTimeout", o.ReceiveTimeout); err != nil {
		return err
	}
	return o.Notifications.validate()
}

// Validate returns an [*ArgumentError] that names the first invalid option and says which values it accepts.
func (o TxOptions) Validate() error {
	if o.Timeout < 0 {
		return &ArgumentError{Argument: "Timeout", Message: "takes a time of 0, which leaves it to the server, or more"}
	}
	switch o.Origin {
	case OriginCaller, OriginFunction, OriginQuery, OriginUntold:
	default:
		return &ArgumentError{Argument: "Origin", Message: "takes one of the origins that there are"}
	}
	if o.FetchSize < -1 {
		return &ArgumentError{Argument: "FetchSize",
			Message: "takes a number of records, 0 for the connection's choice, or -1 for all at once"}
	}
	if o.Timeout > longestDuration {
		return &ArgumentError{Argument: "Timeout", Message: "takes at most 100 years, not " + o.Timeout.String() +
			"; 0 leaves it to the server"}
	}
	return o.Notifications.validate()
}

func (f NotificationFilter) validate() error {
	switch f.MinimumSeverity {
	case "", "OFF", "WARNING", "INFORMATION":
	default:
		return &ArgumentError{Argument: "MinimumSeverity", Message: `takes "WARNING", "INFORMATION", "OFF", or "" for the server's default`}
	}
	if slices.Contains(f.DisabledCategories, "") {
		return &ArgumentError{Argument: "DisabledCategories", Message: `takes names of categories such as "PERFORMANCE", and none that is empty`}
	}
	return nil
}

func isControl(r rune) bool { return r < ' ' || r == 0x7F }

func isWebSocketAddress(address string) bool {
	scheme, authority, _ := strings.Cut(strings.TrimSuffix(address, "/"), "://")
	return (scheme == "ws" || scheme == "wss") && authority != "" && !strings.ContainsAny(authority, "?# ")
}
