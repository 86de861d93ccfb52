package client_test

import (
	"context"
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
)

func TestErrorTexts(t *testing.T) {
	for want, err := range map[string]error{
		"connection unavailable (refused)": &client.ConnectionUnavailable{Reason: client.ReasonRefused},
		"connection unavailable at db:7687 (closed): gone [WebSocket close code 4502]: " +
			"EOF": &client.ConnectionUnavailable{
			Reason: client.ReasonClosed, Address: "db:7687", Message: "gone", CloseCode: 4502, Err: io.EOF},
		"connection broken": &client.ConnectionBroken{},
		"connection broken at db:7687: cut: EOF": &client.ConnectionBroken{Address: "db:7687", Message: "cut",
			Err: io.EOF},
		"connection broken: saw EOF":      &client.ConnectionBroken{Message: "saw EOF", Err: io.EOF},
		"Neo.X: no":                       &client.Failure{Code: "Neo.X", Message: "no"},
		"Neo.X":                           &client.Failure{Code: "Neo.X"},
		"no":                              &client.Failure{Message: "no"},
		"protocol error: odd: EOF":        &client.ProtocolError{Message: "odd", Err: io.EOF},
		"not supported: that":             &client.UnsupportedError{Message: "that"},
		"invalid argument port: too high": &client.ArgumentError{Argument: "port", Message: "too high"},
		"invalid argument: too high":      &client.ArgumentError{Message: "too high"},
		"invalid argument dest[1]: wrong type: EOF": &client.ArgumentError{Argument: "dest[1]", Message: "wrong type",
			Err: io.EOF},
	} {
		require.Equal(t, want, err.Error())
	}
}

func TestErrorChains(t *testing.T) {
	for _, err := range []error{
		&client.ConnectionUnavailable{Err: io.EOF}, &client.ConnectionBroken{Err: io.EOF},
		&client.ProtocolError{Err: io.EOF},
		&client.UnsupportedError{Err: io.EOF}, &client.ArgumentError{Err: io.EOF},
	} {
		require.ErrorIs(t, err, io.EOF)
	}
	inner := &client.Failure{Message: "inner", GQLStatus: "22N01"}
	outer := &client.Failure{Message: "outer", Cause: inner}
	require.ErrorIs(t, outer, inner)
	require.NoError(t, errors.Unwrap(inner))
}

func TestRetryable(t *testing.T) {
	for code, want := range map[string]bool{
		"Neo.TransientError.Transaction.DeadlockDetected":     true,
		"Neo.TransientError.General.DatabaseUnavailable":      true,
		"Neo.TransientError.Transaction.Terminated":           false,
		"Neo.TransientError.Transaction.LockClientStopped":    false,
		"Neo.ClientError.Transaction.Terminated":              false,
		"Neo.ClientError.Cluster.NotALeader":                  true,
		"Neo.ClientError.General.ForbiddenOnReadOnlyDatabase": true,
		"Neo.ClientError.Security.AuthorizationExpired":       true,
		"Neo.ClientError.Statement.SyntaxError":               false,
		"Neo.DatabaseError.General.UnknownError":              false,
		"":                                                    false,
	} {
		require.Equal(t, want, (&client.Failure{Code: code}).Retryable(), code)
	}
	require.True(t, (&client.Failure{Code: "Neo.ClientError.Cluster.NotALeader"}).NotLeader())
	require.False(t, (&client.Failure{Code: "Neo.TransientError.Transaction.DeadlockDetected"}).NotLeader())
}

func TestUnavailableFromContext(t *testing.T) {
	require.Nil(t, client.UnavailableFromContext(t.Context(), "db:7687", "waiting"))

	why := errors.New("the user left")
	cancelled, cancel := context.WithCancelCause(t.Context())
	cancel(why)
	err := client.UnavailableFromContext(cancelled, "db:7687", "waiting")
	require.Equal(t, client.ReasonCancelled, err.Reason)
	require.ErrorIs(t, err, why)

	expired, stop := context.WithTimeout(t.Context(), -1)
	defer stop()
	err = client.UnavailableFromContext(expired, "db:7687", "waiting")
	require.Equal(t, client.ReasonTimeout, err.Reason)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.Contains(t, err.Error(), "waiting")
}

func TestVersion(t *testing.T) {
	require.Equal(t, "5.8", client.Version{Major: 5, Minor: 8}.String())
	require.Empty(t, client.Version{}.String())
	v := client.Version{Major: 5, Minor: 2}
	require.True(t, v.AtLeast(5, 2))
	require.True(t, v.AtLeast(4, 4))
	require.False(t, v.AtLeast(5, 3))
	require.False(t, v.AtLeast(6, 0))
}

func TestTransactionRef(t *testing.T) {
	tx := client.NewTransactionRef("movies", "1", true)
	require.Equal(t, "movies", tx.GraphName())
	require.Equal(t, "1", tx.TxID())
	require.True(t, tx.Readonly())
	require.GreaterOrEqual(t, tx.Age(), 0*tx.Age())
	require.True(t, tx.Equal(client.NewTransactionRef("movies", "1", false)))
	require.False(t, tx.Equal(client.NewTransactionRef("movies", "2", true)))
	require.False(t, tx.Equal(client.NewTransactionRef("", "1", true)))
	require.False(t, tx.Equal(nil))
	var none *client.TransactionRef
	require.True(t, none.Equal(nil))
	require.False(t, tx.Broken())
	tx.MarkBroken()
	require.True(t, tx.Broken())
}

func TestPresentCode(t *testing.T) {
	for sent, want := range map[string]string{
		"Neo.TransientError.Transaction.Terminated":        "Neo.ClientError.Transaction.Terminated",
		"Neo.TransientError.Transaction.LockClientStopped": "Neo.ClientError.Transaction.LockClientStopped",
		"Neo.TransientError.Transaction.DeadlockDetected":  "Neo.TransientError.Transaction.DeadlockDetected",
		"": "",
	} {
		require.Equal(t, want, client.PresentCode(sent))
	}
}
