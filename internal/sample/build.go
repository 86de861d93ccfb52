package sample

import (
	"math"
	"math/rand/v2"
	"strconv"
	"time"
)

// content are the rows of each statement.
type content struct {
	cities, operators, stations, hubs, lines, calls, hops, trains []any
	people, jobs, drivers, journeys, friends                      []any
}

type row = map[string]any

// builder makes the rows. Its random numbers are the same in every run.
type builder struct {
	content
	dice       *rand.PCG
	stationsOf map[string][]string // by city, the central one first
	position   map[string][2]float64
	passing    map[string]int // how many lines have been through a city
}

func build() content {
	b := &builder{
		dice:       rand.NewPCG(1871, 502),
		stationsOf: map[string][]string{},
		position:   map[string][2]float64{},
		passing:    map[string]int{},
	}
	for _, o := range operators {
		b.operators = append(b.operators, row{"network": Network, "name": o.name, "since": o.since, "colour": o.colour})
	}
	for _, c := range cities {
		b.addCity(c)
	}
	for _, l := range lines {
		b.addLine(l)
	}
	b.addHubs()
	b.addTrains()
	b.addPeople()
	return b.content
}

// roll is a number from 0 to n-1.
func (b *builder) roll(n int) int { return int(b.dice.Uint64() % uint64(n)) }

// day is a date between two years, the second excluded.
func (b *builder) day(from, to int) string {
	first := time.Date(from, 1, 1, 0, 0, 0, 0, time.UTC)
	days := int(time.Date(to, 1, 1, 0, 0, 0, 0, time.UTC).Sub(first).Hours() / 24)
	return first.AddDate(0, 0, b.roll(days)).Format(time.DateOnly)
}

// minutes is an ISO 8601 duration.
func minutes(n int) string { return "PT" + strconv.Itoa(n) + "M" }

// clock is the time of day some minutes after the full hour.
func clock(hour, minutes int) string {
	return time.Date(2000, 1, 1, hour, minutes, 0, 0, time.UTC).Format(time.TimeOnly)
}

func (b *builder) addCity(c city) {
	b.cities = append(b.cities, row{"name": c.name, "population": c.population,
		"longitude": c.longitude, "latitude": c.latitude,
		"x": math.Round((c.longitude + 32.5) * 180), "y": math.Round((c.latitude - 44) * 260)})
	b.addStation(c, "Central", 0)
	for i, name := range c.stations {
		b.addStation(c, name, i+1)
	}
}

// addStation places the central station in the middle and the others around it.
func (b *builder) addStation(c city, suffix string, n int) {
	name := c.name + " " + suffix
	longitude, latitude := c.longitude, c.latitude
	platforms, opened := 2+b.roll(4), b.day(1890, 1990)
	if n == 0 {
		platforms, opened = 4+int(c.population/80_000), b.day(1871, 1890)
	} else {
		sin, cos := math.Sincos(float64(n)*2.1 + float64(len(c.name)))
		longitude, latitude = rounded(longitude+0.06*cos), rounded(latitude+0.04*sin)
	}
	b.stationsOf[c.name] = append(b.stationsOf[c.name], name)
	b.position[name] = [2]float64{longitude, latitude}
	b.stations = append(b.stations, row{"name": name, "city": c.name, "opened": opened,
		"platforms": int64(platforms), "longitude": longitude, "latitude": latitude,
		"firstTrain": clock(4, b.roll(90))})
}

func rounded(degrees float64) float64 { return math.Round(degrees*1e4) / 1e4 }

// addLine lets the line stop at each central station on its route, and in turn at the other stations of the cities.
func (b *builder) addLine(l line) {
	b.lines = append(b.lines, row{"name": l.name, "operator": operators[l.operator].name, "colour": l.colour,
		"every": l.every, "night": l.night, "lastTrain": clock(22, b.roll(110)) + "-02:00",
		"contractEnds": b.day(2028, 2040)})
	var stops []string
	for _, city := range l.route {
		stations := b.stationsOf[city]
		stops = append(stops, stations[0])
		turn := b.passing[city]
		b.passing[city]++
		if l.night {
			continue
		}
		for i, station := range stations[1:] {
			if i%2 == turn%2 && turn < 2 {
				stops = append(stops, station)
			}
		}
	}
	for i, stop := range stops {
		b.calls = append(b.calls, row{"line": l.name, "station": stop, "position": int64(i + 1)})
		if i > 0 {
			kilometres := b.kilometres(stops[i-1], stop)
			b.hops = append(b.hops, row{"line": l.name, "from": stops[i-1], "to": stop,
				"kilometres": kilometres, "takes": minutes(2 + int(kilometres/1.8))})
		}
	}
}

// kilometres is the distance between two stations, near enough for a railway.
func (b *builder) kilometres(from, to string) float64 {
	const perDegree = 111.2
	p, q := b.position[from], b.position[to]
	x := (p[0] - q[0]) * perDegree * math.Cos(p[1]*math.Pi/180)
	y := (p[1] - q[1]) * perDegree
	return math.Round(math.Hypot(x, y)*10) / 10
}
