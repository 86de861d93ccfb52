//go:build !js

package httpapi_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/internal/neo4jtest"
)

// Servers refuse metadata if a transaction of another client ends at that moment. Callers do not see that.
func TestMetadataBesideOtherTransactions(t *testing.T) {
	eachServer(t, func(t *testing.T, server *neo4jtest.Server) {
		var clients sync.WaitGroup
		for i := range 6 {
			cx := open(t, server)
			clients.Go(func() {
				for n := range 60 {
					mark := fmt.Sprint(i, "-", n)
					tx, err := cx.Begin(t.Context(), "", true, client.TxOptions{Metadata: map[string]any{"mark": mark}})
					if err != nil {
						t.Errorf("begin: %v", err)
						continue
					}
					if n == 0 {
						found := false
						transactions, err := cx.Transactions(t.Context(), tx)
						for _, one := range transactions {
							found = found || one.Metadata["mark"] == mark
						}
						if !found {
							t.Errorf("the metadata is not to be seen: %v", err)
						}
					}
					if _, err := cx.Rollback(t.Context(), tx); err != nil {
						t.Errorf("rollback: %v", err)
					}
				}
			})
		}
		clients.Wait()
	})
}

// A transaction is begun again only after a failure that another transaction's end may have caused; if it fails each
// time, the caller gets the failure.
func TestMetadataRefused(t *testing.T) {
	const closed = "Failed to invoke procedure `tx.setMetaData`: Caused by: " +
		"org.neo4j.graphdb.NotInTransactionException: The transaction has been closed."
	const ended = "The transaction has been terminated. Retry your operation in a new transaction, and you should " +
		"see a successful result. Failed to invoke a procedure. See the detailed error description for exact cause. "
	for name, c := range map[string]struct {
		code, message  string
		refusals       int
		begun, refused int // how often
	}{
		"one ended":          {"Neo.ClientError.Transaction.TransactionTimedOut", "it took too long", 2, 3, 2},
		"one was closed":     {"Neo.ClientError.Procedure.ProcedureCallFailed", closed, 1, 2, 1},
		"one was terminated": {"Neo.ClientError.Procedure.ProcedureCallFailed", ended, 1, 2, 1},
		"always":             {"Neo.TransientError.Transaction.Terminated", "ended", 1000, 10, 10},
		"the metadata": {"Neo.ClientError.Procedure.ProcedureCallFailed", "Invalid transaction meta-data", 1000,
			1, 1},
		"nothing goes ill": {"", "", 0, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			begun, refused, others := 0, 0, 0
			f := newFake(t, func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				switch {
				case r.URL.Path == "/db/neo4j/query/v2/tx":
					begun++
					_, _ = io.WriteString(w, transaction)
				case strings.Contains(string(body), "setMetaData") && refused < c.refusals:
					refused++
					_, _ = fmt.Fprintf(w, `{"errors":[{"code":%q,"message":%q}]}`, c.code, c.message)
				case strings.Contains(string(body), "setMetaData"):
					_, _ = io.WriteString(w, `{"data":{"fields":[],"values":[]}}`)
				default:
					others++
					_, _ = io.WriteString(w, `{"bookmarks":["FB:1"]}`)
				}
			})
			cx := f.open(t, client.Options{})
			tx, err := cx.Begin(testContext(t), "", true, client.TxOptions{Metadata: map[string]any{"a": 1}})
			require.Equal(t, []int{c.begun, c.refused}, []int{begun, refused})
			if c.begun == c.refused {
				var failure *client.Failure
				require.ErrorAs(t, err, &failure)
				require.Equal(t, client.PresentCode(c.code), failure.Code)
				require.True(t, cx.Clean())
				require.Zero(t, others, "the failure has ended it already")
				return
			}
			require.NoError(t, err)
			_, err = cx.Commit(testContext(t), tx)
			require.NoError(t, err)
			require.Equal(t, 1, others)
		})
	}
}
