package values_test

import (
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"
	"github.com/stretchr/testify/require"

	"github.com/webbolt/webbolt/client/packstream"
	"github.com/webbolt/webbolt/client/values"
)

var legacy = values.Dialect{}

// atLocal makes time.Local another zone for the test.
func atLocal(t *testing.T, zone *time.Location) {
	t.Helper()
	old := time.Local
	time.Local = zone
	t.Cleanup(func() { time.Local = old })
}

func clockSeconds(year int, month time.Month, day, hour, minute int) int64 {
	return time.Date(year, month, day, hour, minute, 0, 0, time.UTC).Unix()
}

func legacyZoned(seconds int64, zone string) []byte {
	b := packstream.AppendStructHeader(nil, 'f', 3)
	b = packstream.AppendInt(packstream.AppendInt(b, seconds), 0)
	return packstream.AppendString(b, zone)
}

// What Neo4j 4.4.48 makes of the same structures: it answered toString() of them with the times here.
func TestLegacyZonedAroundClockChanges(t *testing.T) {
	for _, c := range []struct {
		name    string
		seconds int64
		zone    string
		want    string
	}{
		{"winter", clockSeconds(2024, 1, 15, 12, 0), "Europe/Paris", "2024-01-15T12:00:00+01:00"},
		{"summer", clockSeconds(2024, 7, 15, 12, 0), "Europe/Paris", "2024-07-15T12:00:00+02:00"},
		{"before the gap", clockSeconds(2024, 3, 31, 1, 59), "Europe/Paris", "2024-03-31T01:59:00+01:00"},
		{"in the gap", clockSeconds(2024, 3, 31, 2, 30), "Europe/Paris", "2024-03-31T03:30:00+02:00"},
		{"after the gap", clockSeconds(2024, 3, 31, 3, 0), "Europe/Paris", "2024-03-31T03:00:00+02:00"},
		{"before the overlap", clockSeconds(2024, 10, 27, 1, 59), "Europe/Paris", "2024-10-27T01:59:00+02:00"},
		{"in the overlap", clockSeconds(2024, 10, 27, 2, 30), "Europe/Paris", "2024-10-27T02:30:00+02:00"},
		{"after the overlap", clockSeconds(2024, 10, 27, 3, 0), "Europe/Paris", "2024-10-27T03:00:00+01:00"},
		{"gap, west", clockSeconds(2024, 3, 10, 2, 30), "America/New_York", "2024-03-10T03:30:00-04:00"},
		{"overlap, west", clockSeconds(2024, 11, 3, 1, 30), "America/New_York", "2024-11-03T01:30:00-04:00"},
		{"after the overlap, west", clockSeconds(2024, 11, 3, 2, 0), "America/New_York", "2024-11-03T02:00:00-05:00"},
		{"gap, south, half an hour", clockSeconds(2024, 10, 6, 2, 15), "Australia/Lord_Howe",
			"2024-10-06T02:45:00+11:00"},
		{"overlap, south, half an hour", clockSeconds(2024, 4, 7, 1, 45), "Australia/Lord_Howe",
			"2024-04-07T01:45:00+11:00"},
		{"a day left out", clockSeconds(2011, 12, 30, 12, 0), "Pacific/Apia", "2011-12-31T12:00:00+14:00"},
		{"no offset", clockSeconds(2024, 7, 15, 12, 0), "UTC", "2024-07-15T12:00:00Z"},
	} {
		v, err := read(legacyZoned(c.seconds, c.zone))
		require.NoError(t, err, c.name)
		require.Equal(t, c.want, v.(time.Time).Format(time.RFC3339), c.name)
		require.Equal(t, c.zone, v.(time.Time).Location().String(), c.name)
	}
}

// The legacy form of a zone's name cannot tell the two hours of an overlap apart, so the second goes with its offset.
func TestLegacyKeepsTheMomentInAnOverlap(t *testing.T) {
	zone := berlin(t)
	first := time.Date(2024, 10, 27, 0, 30, 0, 0, time.UTC).In(zone)
	for _, c := range []struct {
		moment time.Time
		tag    byte
	}{{first, 'f'}, {first.Add(time.Hour), 'F'}, {first.Add(2 * time.Hour), 'f'}} {
		b, err := values.Append(nil, c.moment, legacy)
		require.NoError(t, err)
		require.Equal(t, c.tag, b[1], c.moment)
		v, err := read(b)
		require.NoError(t, err)
		require.True(t, c.moment.Equal(v.(time.Time)), "%v became %v", c.moment, v)
		require.Equal(t, c.moment.Format(time.RFC3339), v.(time.Time).Format(time.RFC3339))

		b, err = values.Append(nil, c.moment, values.Dialect{UTC: true, Patched: true})
		require.NoError(t, err)
		require.Equal(t, c.tag-'f'+'i', b[1], c.moment) // I for F, i for f
		b, err = values.Append(nil, c.moment, modern)
		require.NoError(t, err)
		require.Equal(t, byte('i'), b[1], c.moment)
	}
}

func TestEveryHourOfAYearComesBack(t *testing.T) {
	for _, name := range []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu",
		"Africa/Casablanca"} {
		zone, err := time.LoadLocation(name)
		require.NoError(t, err)
		for moment := time.Date(2024, 1, 1, 0, 30, 0, 5, zone); moment.Year() == 2024; moment = moment.Add(time.Hour) {
			for _, d := range []values.Dialect{legacy, modern} {
				b, err := values.Append(nil, moment, d)
				require.NoError(t, err)
				v, err := read(b)
				require.NoError(t, err)
				require.True(t, moment.Equal(v.(time.Time)), "%v became %v", moment, v)
			}
		}
	}
}

func TestLegacyGolden(t *testing.T) {
	for _, g := range []struct {
		name  string
		value time.Time
		hex   string
	}{
		{"offset", time.Date(1970, 1, 1, 2, 0, 0, 7, offset(7200)), "B3 46 C9 1C20 07 C9 1C20"},
		{"offset of seconds", time.Date(1970, 1, 1, 0, 9, 21, 7, offset(561)), "B3 46 C9 0231 07 C9 0231"},
		{"zone", time.Date(1970, 1, 1, 1, 0, 0, 7, berlin(t)), "B3 66 C9 0E10 07 8D 4575726F70652F4265726C696E"},
		{"UTC", time.Date(1970, 1, 1, 0, 1, 0, 0, time.UTC), "B3 66 3C 00 83 555443"},
	} {
		data := unhex(t, g.hex)
		v, err := read(data)
		require.NoError(t, err, g.name)
		requireSame(t, g.name, g.value, v)
		b, err := values.Append(nil, g.value, legacy)
		require.NoError(t, err, g.name)
		require.Equal(t, data, b, g.name)
		for n := range data {
			_, err := read(data[:n:n])
			require.ErrorIs(t, err, packstream.ErrTruncated, "%s cut at %d", g.name, n)
		}
	}
}

// A name that the time zone database does not have, or not with this offset, is not sent: a server would refuse or
// misread it.
func TestZonesWithoutAName(t *testing.T) {
	parsed, err := time.Parse(time.RFC3339, "2024-07-01T12:00:00+05:30")
	require.NoError(t, err)
	for _, c := range []struct {
		name string
		t    time.Time
		tag  byte
	}{
		{"local", time.Date(2024, 7, 1, 12, 0, 0, 0, time.FixedZone("Local", 7200)), 'I'},
		{"parsed", parsed, 'I'},
		{"fixed, without a name", time.Date(2024, 7, 1, 12, 0, 0, 0, time.FixedZone("", 3600)), 'I'},
		{"fixed, an abbreviation", time.Date(2024, 7, 1, 12, 0, 0, 0, time.FixedZone("CEST", 7200)), 'I'},
		{"fixed, a name of another offset", time.Date(2024, 7, 1, 12, 0, 0, 0, time.FixedZone("Europe/Berlin", 60)),
			'I'},
		{"fixed, the name of its offset", time.Date(2024, 7, 1, 12, 0, 0, 0, time.FixedZone("Europe/Berlin", 7200)),
			'i'},
		{"known elsewhere", time.Date(2024, 7, 1, 12, 0, 0, 0, time.FixedZone("Mars/Olympus", 7200)), 'i'},
		{"UTC", time.Date(2024, 7, 1, 12, 0, 0, 0, time.UTC), 'i'},
	} {
		b, err := values.Append(nil, c.t, modern)
		require.NoError(t, err, c.name)
		require.Equal(t, c.tag, b[1], c.name)
		v, err := read(b)
		require.NoError(t, err, c.name)
		if back, is := v.(time.Time); is {
			require.True(t, c.t.Equal(back), c.name)
		}
	}
}

func TestZoneNamesThatMeanSomethingToGoOnly(t *testing.T) {
	for _, name := range []string{"", "Local", "../../etc/passwd", "/etc/localtime", "Mars/Olympus"} {
		for range 2 { // the second time from what was kept
			v, err := read(legacyZoned(0, name))
			require.NoError(t, err, name)
			require.IsType(t, &dbtype.InvalidValue{}, v, name)
			require.Error(t, v.(*dbtype.InvalidValue).Err, name)
		}
	}
}

// time.Date would move a clock time that time.Local leaves out.
func TestLocalDateTimeShowsWhatWasSent(t *testing.T) {
	atLocal(t, berlin(t))
	for _, c := range []struct {
		seconds int64
		want    string
	}{
		{clockSeconds(2024, 3, 31, 1, 59), "2024-03-31T01:59:00"},
		{clockSeconds(2024, 3, 31, 2, 30), "2024-03-31T02:30:00"},
		{clockSeconds(2024, 10, 27, 2, 30), "2024-10-27T02:30:00"},
	} {
		data := packstream.AppendInt(packstream.AppendInt(packstream.AppendStructHeader(nil, 'd', 2), c.seconds), 0)
		v, err := read(data)
		require.NoError(t, err)
		require.Equal(t, c.want, v.(dbtype.LocalDateTime).String())
		b, err := values.Append(nil, v, modern)
		require.NoError(t, err)
		require.Equal(t, data, b)
	}
	v, err := read(unhex(t, "B2 64 00 00"))
	require.NoError(t, err)
	require.Same(t, time.Local, time.Time(v.(dbtype.LocalDateTime)).Location())
}

func TestTemporalRanges(t *testing.T) {
	for _, c := range []struct{ name, hex string }{
		{"nanosecond -1", "B3 49 00 FF 00"},
		{"nanosecond 1e9", "B3 49 00 CA 3B9ACA00 00"},
		{"nanosecond 1e9 of a local date time", "B2 64 00 CA 3B9ACA00"},
		{"time of day -1", "B1 74 FF"},
		{"time of day 24:00", "B1 74 CB 00004E94914F0000"},
		{"time of day 24:00 with offset", "B2 54 CB 00004E94914F0000 00"},
		{"seconds beyond all years", "B3 49 CB 7FFFFFFFFFFFFFFF 00 00"},
		{"seconds before all years", "B3 46 CB 8000000000000000 00 00"},
		{"zoned seconds beyond all years", "B3 69 CB 7FFFFFFFFFFFFFFF 00 83 555443"},
		{"date before all years", "B1 44 CB 8000000000000000"},
		{"offset -19 h", "B2 54 00 CA FFFEF3F0"},
		{"duration's nanoseconds", "B4 45 00 00 00 CB 7FFFFFFFFFFFFFFF"},
	} {
		_, err := read(unhex(t, c.hex))
		require.ErrorIs(t, err, packstream.ErrRange, c.name)
	}
	for _, c := range []struct{ name, hex string }{ // Neo4j's own limits
		{"1 January of the year 999,999,999 before", "B1 44 CB FFFFFFAAF5CEC326"},
		{"31 December of the year 999,999,999", "B1 44 CB 000000550A1B48F7"},
		{"the last nanosecond of a day", "B1 74 CB 00004E94914EFFFF"},
		{"the first second", "B2 64 CB FF8FE31016469900 00"},
		{"the last second", "B2 64 CB 00701CD2F8B2F3FF CA 3B9AC9FF"},
		{"offset -18 h", "B2 54 00 CA FFFF02E0"},
	} {
		v, err := read(unhex(t, c.hex))
		require.NoError(t, err, c.name)
		b, err := values.Append(nil, v, modern)
		require.NoError(t, err, c.name)
		require.Equal(t, unhex(t, c.hex), b, c.name)
	}
}
