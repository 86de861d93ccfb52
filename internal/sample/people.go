package sample

import (
	"strconv"
	"time"
)

const peopleCount = 150

// addHubs marks the central stations where three lines or more meet.
func (b *builder) addHubs() {
	for _, c := range cities {
		if b.passing[c.name] >= 3 {
			b.hubs = append(b.hubs, row{"name": b.stationsOf[c.name][0]})
		}
	}
}

func (b *builder) addTrains() {
	for i, name := range trainNames {
		built := b.day(1988, 2025) + "T" + clock(8, b.roll(540))
		b.trains = append(b.trains, row{"name": name, "line": lines[i%len(lines)].name,
			"seats": int64(180 + 20*b.roll(14)), "topSpeed": 120.5 + 20*float64(b.roll(7)), "built": built})
	}
}

// addPeople makes every second person work for a railway until each train has a driver, and makes all of them travel.
func (b *builder) addPeople() {
	names := make([]string, peopleCount)
	for i := range names {
		// Both lists go round together, and their lengths have no common divisor:
		// no name comes twice.
		names[i] = givenNames[i%len(givenNames)] + " " + familyNames[i%len(familyNames)]
		b.people = append(b.people, row{"name": names[i], "city": cities[b.weighedCity()].name,
			"born": b.day(1945, 2006), "languages": languages(b.roll(4))})
	}
	for i, name := range names {
		if i%2 == 0 && i/2 < 2*len(trainNames) {
			b.addJob(name, i/2)
		}
		b.addJourney(name)
		if i > 0 {
			b.friends = append(b.friends, row{"a": name, "b": names[b.roll(i)], "since": b.day(2007, 2025)})
		}
	}
}

// weighedCity is a random city, a larger one with a higher probability. A fifth of the people live anywhere.
func (b *builder) weighedCity() int {
	if b.roll(5) == 0 {
		return b.roll(len(cities))
	}
	total := 0
	for _, c := range cities {
		total += int(c.population)
	}
	left := b.roll(total)
	for i, c := range cities {
		if left -= int(c.population); left < 0 {
			return i
		}
	}
	return 0
}

func languages(n int) []any {
	all := []any{"Vessenic", "Old Fellish", "English", "Português"}
	return all[:n%len(all)+1]
}

// addJob makes a person work for the operator of a line, every other person as the driver of a train.
func (b *builder) addJob(person string, number int) {
	train := number / 2
	operator := operators[lines[train%len(lines)].operator].name
	since := b.day(2008, 2025)
	b.jobs = append(b.jobs, row{"person": person, "operator": operator, "since": since,
		"hours": 20 + 2.5*float64(b.roll(9))})
	if number%2 == 0 {
		b.drivers = append(b.drivers, row{"person": person, "train": trainNames[train], "licensed": since})
	}
}

func (b *builder) addJourney(person string) {
	city := b.stationsOf[cities[b.weighedCity()].name]
	departed := time.Date(2025, 6, 1, 5, 0, 0, 0, time.UTC).Add(time.Duration(b.roll(60*24*60)) * time.Minute)
	b.journeys = append(b.journeys, row{"person": person, "station": city[b.roll(len(city))],
		"departed": departed.Format("2006-01-02T15:04:05") + "-02:00[Atlantic/South_Georgia]",
		"took":     "PT" + strconv.Itoa(b.roll(5)) + "H" + strconv.Itoa(1+b.roll(59)) + "M",
		"fare":     float64(350+5*b.roll(1200)) / 100})
}
