//go:build unix

package dial

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Whether bytes wait has nothing to do with the read deadline: who asks has often just waited until it passed.
func TestReadableAfterTheReadDeadline(t *testing.T) {
	listener := listen(t)
	conn, err := Open(t.Context(), Target{Address: listener.Addr().String()})
	require.NoError(t, err)
	defer conn.Close()
	server := accept(t, listener)
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(-time.Second)))
	require.False(t, Readable(conn))
	_, err = server.Write([]byte{1})
	require.NoError(t, err)
	require.Eventually(t, func() bool { return Readable(conn) }, 10*time.Second, time.Millisecond)
}
