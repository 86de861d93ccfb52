package conformance

import (
	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client"
)

var failureChecks = []check{
	{"SyntaxError", testSyntaxError},
	{"MissingParameter", testMissingParameter},
	{"ConstraintViolation", testConstraintViolation},
	{"FailuresOneAfterTheOther", testFailuresInARow},
	{"GQLFailure", testGQLFailure},
	{"EmptyQuery", testEmptyQuery},
}

// refused runs a query and returns the failure that it must end in.
func (r *run) refused(cx client.Connection, cypher string) *client.Failure {
	r.Helper()
	result, err := cx.RunProg(r.ctx, "", cypher, nil, false)
	if err == nil {
		err = result.Buffer(r.ctx)
	}
	return r.failure(err)
}

func testSyntaxError(r *run) {
	cx := r.open()
	failure := r.refused(cx, "RETRUN 1")
	require.Equal(r, "Neo.ClientError.Statement.SyntaxError", failure.Code)
	require.Contains(r, failure.Message, "RETRUN")
	require.False(r, failure.Retryable())
	require.False(r, cx.Broken())
	r.requireWorks(cx)
}

func testMissingParameter(r *run) {
	cx := r.open()
	require.Equal(r, "Neo.ClientError.Statement.ParameterMissing", r.refused(cx, "RETURN $nothing").Code)
	r.requireWorks(cx)
}

func testConstraintViolation(r *run) {
	label := r.label()
	cx := r.open()
	r.rows(cx, "CREATE CONSTRAINT constraint_"+label+" FOR (n:"+label+") REQUIRE n.x IS UNIQUE", nil)
	r.Cleanup(func() { r.afterwards("", "DROP CONSTRAINT constraint_"+label) })
	r.rows(cx, "CREATE (:"+label+" {x: 1})", nil)
	require.Equal(r, "Neo.ClientError.Schema.ConstraintValidationFailed",
		r.refused(cx, "CREATE (:"+label+" {x: 1})").Code)
	require.Equal(r, int64(1), r.count(cx, label))
}

func testFailuresInARow(r *run) {
	cx := r.open()
	for range 5 {
		r.refused(cx, "RETURN 1/0")
		r.refused(cx, "nonsense")
		tx := r.begin(cx, false)
		_, err := cx.RunQuery(r.ctx, tx, "nonsense", nil)
		require.Error(r, err)
		r.requireWorks(cx)
	}
}

func testGQLFailure(r *run) {
	cx := r.open()
	r.needBolt(cx, 5, 7, "a GQL status in failures")
	failure := r.refused(cx, "RETRUN 1")
	require.Len(r, failure.GQLStatus, 5)
	require.NotEmpty(r, failure.Description)
	for cause := failure.Cause; cause != nil; cause = cause.Cause {
		require.Len(r, cause.GQLStatus, 5)
	}
}

func testEmptyQuery(r *run) {
	cx := r.open()
	require.NotEmpty(r, r.refused(cx, "").Code)
	r.requireWorks(cx)
}
