package budget

import (
	"net/netip"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var alice, bob, mallory = netip.MustParsePrefix("10.0.0.1/32"), netip.MustParsePrefix(
	"10.0.0.2/32"), netip.MustParsePrefix("10.0.0.66/32")

const unit = 1 << 20

// notTaken is for accounts that no other may take.
func notTaken() { panic("the account was taken") }

func TestBoundsOverallAndByClient(t *testing.T) {
	b := New(10*unit, 6*unit)
	first, second := b.Open(alice, notTaken), b.Open(alice, notTaken)
	require.NoError(t, first.Hold(4*unit+Allowance))
	require.ErrorIs(t, second.Hold(3*unit+Allowance), ErrPerClient)
	require.NoError(t, second.Hold(2*unit+Allowance))
	require.EqualValues(t, 6*unit, b.Used())
	require.NoError(t, first.Hold(unit+Allowance), "less is always granted")
	other := b.Open(bob, notTaken)
	require.NoError(t, other.Hold(6*unit+Allowance))
	require.ErrorIs(t, other.Hold(8*unit+Allowance), ErrPerClient)
	first.Close()
	second.Close()
	second.Close()
	require.ErrorIs(t, second.Hold(unit), ErrTaken)
	other.Close()
	require.Zero(t, b.Used())
	require.Empty(t, b.clients)
}

// If all memory is used, the client that holds most loses it to a client that holds little, never the other way round.
func TestTheGreediestGivesWay(t *testing.T) {
	b := New(10*unit, -1)
	var taken sync.WaitGroup
	taken.Add(1)
	large := b.Open(mallory, taken.Done)
	small := b.Open(mallory, notTaken)
	require.NoError(t, small.Hold(2*unit+Allowance))
	require.NoError(t, large.Hold(8*unit+Allowance))
	require.ErrorIs(t, small.Hold(3*unit+Allowance), ErrFull, "it is the greediest itself")
	honest := b.Open(alice, notTaken)
	require.NoError(t, honest.Hold(unit+Allowance))
	taken.Wait()
	require.ErrorIs(t, large.Hold(0), ErrTaken)
	require.EqualValues(t, 3*unit, b.Used())
	large.Close()
	require.EqualValues(t, 3*unit, b.Used())
}

// What everybody may hold needs no room in the budget.
func TestOrdinaryMessagesPassAFullBudget(t *testing.T) {
	b := New(unit, unit)
	require.NoError(t, b.Open(mallory, notTaken).Hold(unit+Allowance))
	honest := b.Open(alice, notTaken)
	require.NoError(t, honest.Hold(Allowance))
	require.ErrorIs(t, honest.Hold(Allowance+unit), ErrFull)
	require.NoError(t, honest.Hold(Allowance))
	require.NoError(t, honest.Hold(0))
}

func TestWithoutLimits(t *testing.T) {
	require.NoError(t, (*Account)(nil).Hold(1<<60))
	(*Account)(nil).Close()
	a := New(-1, -1).Open(alice, notTaken)
	require.NoError(t, a.Hold(1<<60))
}

func TestManyAtOnce(t *testing.T) {
	b := New(20*unit, 10*unit)
	var all sync.WaitGroup
	for i := range 50 {
		owner := []netip.Prefix{alice, bob, mallory}[i%3]
		all.Go(func() {
			a := b.Open(owner, func() {})
			defer a.Close()
			for n := range int64(200) {
				_ = a.Hold(n * unit / 50)
			}
		})
	}
	all.Wait()
	require.Zero(t, b.Used())
	require.Empty(t, b.clients)
}
