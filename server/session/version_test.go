package session

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client/wire"
)

// The relay understands every version that the client speaks, but for Bolt 3, which has no databases to hold to rules.
func TestKnownVersions(t *testing.T) {
	for _, v := range wire.Versions {
		require.Equal(t, v.Major > 3, isKnown(v), v)
	}
}
