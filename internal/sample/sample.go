// Package sample is the graph that the demo shows: the railways of Vessen, a
// country of our own making somewhere in the Atlantic, with its cities,
// stations, lines, trains, operators and people. It is the same at every load,
// and has all kinds of temporal values and points of two coordinate systems.
package sample

// Statement is a Cypher statement with its parameters, which are made of
// strings, bools, int64, float64, []any and
// map[string]any only.
type Statement struct {
	Text       string
	Parameters map[string]any
}

// Network is the name of the graph's one node labelled Network.
const Network = "Railways of Vessen"

// Loaded counts, in its one record's only field, the samples that a database
// holds. When Statements run in one transaction that is 0 or 1.
func Loaded() Statement {
	return Statement{
		Text:       "MATCH (network:Network {name: $name}) RETURN count(network)",
		Parameters: map[string]any{"name": Network},
	}
}

// Statements load the graph. They are to be run in this order and in one
// transaction.
func Statements() []Statement {
	c := build()
	rows := func(text string, rows []any) Statement {
		return Statement{Text: "UNWIND $rows AS row\n" + text, Parameters: map[string]any{"rows": rows}}
	}
	return []Statement{
		{Text: `CREATE (:Network {name: $name, founded: date('1871-05-02'), gaugeMillimetres: 1435})`,
			Parameters: map[string]any{"name": Network}},
		rows(`CREATE (:City {name: row.name, population: row.population,
			location: point({longitude: row.longitude, latitude: row.latitude}),
			onMap: point({x: row.x, y: row.y})})`, c.cities),
		rows(`MATCH (network:Network {name: row.network})
			CREATE (:Operator {name: row.name, since: date(row.since), colour: row.colour})-[:PART_OF]->(network)`,
			c.operators),
		rows(`MATCH (city:City {name: row.city})
			CREATE (:Station {name: row.name, opened: date(row.opened), platforms: row.platforms,
			location: point({longitude: row.longitude, latitude: row.latitude}),
			firstTrain: localtime(row.firstTrain)})-[:IN]->(city)`, c.stations),
		rows(`MATCH (station:Station {name: row.name}) SET station:Hub`, c.hubs),
		rows(`MATCH (operator:Operator {name: row.operator})
			CREATE (operator)-[:RUNS {contractEnds: date(row.contractEnds)}]->(:Line {name: row.name,
			colour: row.colour, every: duration(row.every), lastTrain: time(row.lastTrain), night: row.night})`,
			c.lines),
		rows(`MATCH (line:Line {name: row.line}), (station:Station {name: row.station})
			CREATE (line)-[:CALLS_AT {position: row.position}]->(station)`, c.calls),
		rows(`MATCH (a:Station {name: row.from}), (b:Station {name: row.to})
			CREATE (a)-[:NEXT {line: row.line, kilometres: row.kilometres, takes: duration(row.takes)}]->(b)`,
			c.hops),
		rows(`MATCH (line:Line {name: row.line})
			CREATE (:Train {name: row.name, seats: row.seats, topSpeed: row.topSpeed,
			built: localdatetime(row.built)})-[:SERVES]->(line)`, c.trains),
		rows(`MATCH (city:City {name: row.city})
			CREATE (:Person {name: row.name, born: date(row.born), languages: row.languages})-[:LIVES_IN]->(city)`,
			c.people),
		rows(`MATCH (person:Person {name: row.person}), (operator:Operator {name: row.operator})
			SET person:Employee
			CREATE (person)-[:WORKS_FOR {since: date(row.since), hoursAWeek: row.hours}]->(operator)`, c.jobs),
		rows(`MATCH (person:Person {name: row.person}), (train:Train {name: row.train})
			SET person:Driver
			CREATE (person)-[:DRIVES {licensed: date(row.licensed)}]->(train)`, c.drivers),
		rows(`MATCH (person:Person {name: row.person}), (station:Station {name: row.station})
			CREATE (person)-[:TRAVELLED_TO {departed: datetime(row.departed), took: duration(row.took),
			fare: row.fare}]->(station)`, c.journeys),
		rows(`MATCH (a:Person {name: row.a}), (b:Person {name: row.b})
			CREATE (a)-[:KNOWS {since: date(row.since)}]->(b)`, c.friends),
	}
}

// Counts are the numbers of nodes and relationships that Statements create.
func Counts() (nodes, relationships int) {
	c := build()
	nodes = 1 + len(c.cities) + len(c.operators) + len(c.stations) + len(c.lines) + len(c.trains) + len(c.people)
	relationships = len(c.operators) + len(c.stations) + len(c.lines) + len(c.calls) + len(c.hops) +
		len(c.trains) + len(c.people) + len(c.jobs) + len(c.drivers) + len(c.journeys) + len(c.friends)
	return nodes, relationships
}
