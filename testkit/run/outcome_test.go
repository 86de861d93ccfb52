//go:build linux

package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOutcomesOfWhatUnittestPrints(t *testing.T) {
	found := outcomesIn(`test_a (tests.stub.m.C.test_a) ... features {}
ok
test_b (tests.stub.m.C.test_b) ... FAIL
test_c (tests.stub.m.C.test_c) ... skipped 'on purpose'
test_d (tests.stub.m.C.test_d) ... 
  test_d (tests.stub.m.C.test_d) (zone='x') ... skipped 'no such zone'
  test_d (tests.stub.m.C.test_d) (zone='y') ... skipped 'no such zone'
test_e (tests.stub.m.C.test_e) ... 
  test_e (tests.stub.m.C.test_e) (zone='x') ... skipped 'no such zone'
  test_e (tests.stub.m.C.test_e) (zone='y') ... FAIL

======================================================================
FAIL: test_e (tests.stub.m.C.test_e) (zone='y')
----------------------------------------------------------------------
Ran 5 tests in 1.000s
`)
	require.Equal(t, outcomes{
		"stub.m.C.test_a": {Result: passed},
		"stub.m.C.test_b": {Result: failed},
		"stub.m.C.test_c": {Result: skipped, Why: "on purpose"},
		"stub.m.C.test_d": {Result: passed, LeftOut: 2},
		"stub.m.C.test_e": {Result: failed},
	}, found)
	cut := outcomesIn("test_d (tests.stub.m.C.test_d) ...\n  test_d (tests.stub.m.C.test_d) (x=1) ... skipped 'no'\n")
	require.Equal(t, outcomes{"stub.m.C.test_d": {Result: failed}}, cut, "it did not come to its end")
}
