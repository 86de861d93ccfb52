package lane

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestSigns(t *testing.T) {
	for _, every := range []time.Duration{time.Second, SignEvery, longestSigns} {
		got, ok := ReadSign(Sign(every))
		require.True(t, ok)
		require.Equal(t, every, got)
	}
	for _, text := range []string{
		"", "webbolt", "webbolt alive", "webbolt alive ", "webbolt alive 0", "webbolt alive -1", "webbolt alive 1.5",
		"webbolt alive 3601", "webbolt alive 99999999999", "webbolt 1 alive 10", Greeting("KEY"),
	} {
		_, ok := ReadSign(text)
		require.False(t, ok, text)
	}
	_, ok := ReadGreeting(Sign(SignEvery))
	require.False(t, ok, "no client takes a sign for a greeting")
}
