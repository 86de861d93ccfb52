package bolt

import (
	"strconv"
	"time"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/values"
	"github.com/webbolt/webbolt/client/wire"
)

// settings are those of a transaction: the map that BEGIN, and RUN outside of a transaction, end with.
type settings struct {
	graph    string
	readonly bool
	client.TxOptions
}

// newSettings checks whether the version supports the options.
func (c *Connection) newSettings(graphName string, readonly bool, options []client.TxOptions) (*settings, error) {
	s := &settings{graph: graphName, readonly: readonly}
	switch len(options) {
	case 0:
	case 1:
		s.TxOptions = options[0]
	default:
		return nil, &client.ArgumentError{Argument: "options",
			Message: "give one TxOptions, not " + strconv.Itoa(len(options))}
	}
	if err := s.Validate(); err != nil {
		return nil, err
	}
	switch {
	case s.graph != "" && !wire.FeatureDatabases.In(c.version):
		return nil, c.unsupported("naming a graph", wire.FeatureDatabases)
	case s.ImpersonatedUser != "" && !wire.FeatureImpersonation.In(c.version):
		return nil, c.unsupported("acting as another user (impersonation)", wire.FeatureImpersonation)
	case !s.Notifications.IsZero() && !wire.FeatureNotifications.In(c.version):
		return nil, c.unsupported("a notification filter", wire.FeatureNotifications)
	}
	return s, nil
}

func (c *Connection) unsupported(what string, f wire.Feature) error {
	return &client.UnsupportedError{Message: what + " needs Bolt " + f.Since().String() +
		" or later, and this connection speaks " + c.version.String()}
}

// append appends the map; that of nil settings is empty.
func (s *settings) append(b []byte, c *Connection) ([]byte, error) {
	if s == nil {
		return packstream.AppendMapHeader(b, 0), nil
	}
	n := 0
	header := len(b)
	b = packstream.AppendMapHeader(b, 0) // with at most 15 entries, as here, it is one byte that n is added to
	if len(s.Bookmarks) > 0 {
		b, n = appendStrings(b, "bookmarks", s.Bookmarks), n+1
	}
	switch {
	case s.NoTimeout:
		b, n = packstream.AppendInt(packstream.AppendString(b, "tx_timeout"), 0), n+1
	case s.Timeout > 0:
		b, n = packstream.AppendString(b, "tx_timeout"), n+1
		b = packstream.AppendInt(b, int64((s.Timeout+time.Millisecond-1)/time.Millisecond)) // 0 would mean no limit
	}
	if len(s.Metadata) > 0 {
		var err error
		b, n = packstream.AppendString(b, "tx_metadata"), n+1
		if b, err = values.AppendMap(b, s.Metadata, c.dialect); err != nil {
			return nil, &client.ArgumentError{Argument: "Metadata", Message: "it cannot be sent", Err: err}
		}
	}
	if s.readonly {
		b, n = appendText(b, "mode", client.AccessRead), n+1
	}
	if s.graph != "" {
		b, n = appendText(b, "db", s.graph), n+1
	}
	if s.ImpersonatedUser != "" {
		b, n = appendText(b, "imp_user", s.ImpersonatedUser), n+1
	}
	b, entries := appendNotifications(b, s.Notifications, c.version)
	b[header] += byte(n + entries)
	return b, nil
}

// appendNotifications appends the entries of a filter, which have the same form in BEGIN, RUN and HELLO, and returns
// how many.
func appendNotifications(b []byte, filter client.NotificationFilter, v client.Version) ([]byte, int) {
	n := 0
	if filter.MinimumSeverity != "" {
		b, n = appendText(b, "notifications_minimum_severity", filter.MinimumSeverity), n+1
	}
	if filter.DisabledCategories != nil {
		key := "notifications_disabled_categories"
		if wire.FeatureGQLStatuses.In(v) {
			key = "notifications_disabled_classifications"
		}
		b, n = appendStrings(b, key, filter.DisabledCategories), n+1
	}
	return b, n
}

func appendText(b []byte, key, value string) []byte {
	return packstream.AppendString(packstream.AppendString(b, key), value)
}

func appendStrings(b []byte, key string, list []string) []byte {
	return appendTexts(packstream.AppendString(b, key), list)
}

func appendTexts(b []byte, list []string) []byte {
	b = packstream.AppendListHeader(b, len(list))
	for _, s := range list {
		b = packstream.AppendString(b, s)
	}
	return b
}
