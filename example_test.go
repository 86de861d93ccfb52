package webbolt_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/webbolt/webbolt"
)

// uri is the address of the examples' server; a program uses neo4j://localhost:7687, or the address in its
// configuration.
var uri string

// connect is the first call of the other examples.
func connect(ctx context.Context) *webbolt.DB {
	db, err := webbolt.Connect(ctx, uri, webbolt.BasicAuth("neo4j", "secret"))
	if err != nil {
		log.Fatal(err)
	}
	return db
}

func ExampleConnect() {
	ctx := context.Background()
	db, err := webbolt.Connect(ctx, uri, webbolt.BasicAuth("neo4j", "secret"), webbolt.Database("movies"),
		webbolt.MaxConnections(20))
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()

	greeting, err := webbolt.One[string](db.Query(ctx, "RETURN 'hello'", nil))
	fmt.Println(greeting, err)
	// Output: hello <nil>
}

func ExampleCollect() {
	ctx := context.Background()
	db := connect(ctx)
	defer db.Close()

	type Person struct {
		Name string
		Born int
	}
	people, err := webbolt.Collect[Person](db.Query(ctx,
		"MATCH (p:Person) WHERE p.born > $year RETURN p.name AS name, p.born AS born", webbolt.Params{"year": 1955}))
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range people {
		fmt.Println(p.Name, p.Born)
	}
	// Output:
	// Keanu Reeves 1964
	// Carrie-Anne Moss 1967
}

// Nodes and relationships go into structs by the names of their properties.
func ExampleCollect_nodes() {
	ctx := context.Background()
	db := connect(ctx)
	defer db.Close()

	type Person struct {
		ID     string   `neo4j:",elementid"`
		Labels []string `neo4j:",labels"`
		Name   string
		Born   int
	}
	type Role struct {
		Person Person                 `neo4j:"p"`
		Roles  []string               // r.roles
		Movie  struct{ Title string } `neo4j:"m"`
	}
	roles, err := webbolt.Collect[Role](db.Query(ctx,
		"MATCH (p:Person)-[r:ACTED_IN]->(m:Movie) RETURN p, r.roles AS roles, m", nil))
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range roles {
		fmt.Println(r.Person.Name, r.Person.Labels, "as", r.Roles, "in", r.Movie.Title)
	}
	// Output: Keanu Reeves [Person Actor] as [Neo] in The Matrix
}

// A path is its nodes and the relationships between them.
func ExampleCollect_paths() {
	ctx := context.Background()
	db := connect(ctx)
	defer db.Close()

	type Trip struct {
		Stops []struct{ Name string } `neo4j:",nodes"`
		Roads []struct {
			Kind string `neo4j:",type"`
			Km   float64
		} `neo4j:",relationships"`
	}
	trips, err := webbolt.Collect[Trip](db.Query(ctx,
		"MATCH p = (:Town {name: $from})-[:ROAD*]->(:Town {name: $to}) RETURN p",
		webbolt.Params{"from": "Malmö", "to": "Oslo"}))
	if err != nil {
		log.Fatal(err)
	}
	for _, t := range trips {
		for i, road := range t.Roads {
			fmt.Println(t.Stops[i].Name, "to", t.Stops[i+1].Name, road.Kind, road.Km)
		}
	}
	// Output:
	// Malmö to Göteborg ROAD 272
	// Göteborg to Oslo ROAD 293
}

// Rows reads record by record and does not keep them.
func ExampleRows() {
	ctx := context.Background()
	db := connect(ctx)
	defer db.Close()

	sum := 0
	for n, err := range webbolt.Rows[int](db.Query(ctx, "UNWIND range(1, $n) AS i RETURN i", webbolt.Params{"n": 1000},
		webbolt.ReadOnly())) {
		if err != nil {
			log.Fatal(err)
		}
		sum += n
	}
	fmt.Println(sum)
	// Output: 500500
}

func ExampleOne() {
	ctx := context.Background()
	db := connect(ctx)
	defer db.Close()

	born, err := webbolt.One[*int](db.Query(ctx, "MATCH (p:Person {name: $name}) RETURN p.born",
		webbolt.Params{"name": "Hugo"}))
	switch {
	case errors.Is(err, webbolt.ErrNoRows):
		fmt.Println("nobody has that name")
	case err != nil:
		log.Fatal(err)
	case born == nil:
		fmt.Println("nobody knows")
	default:
		fmt.Println(*born)
	}
	// Output: nobody has that name
}

// Records without a type: the values are decoded when they are asked for.
func ExampleDB_Query() {
	ctx := context.Background()
	db := connect(ctx)
	defer db.Close()

	result, err := db.Query(ctx, "MATCH (p:Person) WHERE p.born > $year RETURN p.name AS name, p.born AS born",
		webbolt.Params{"year": 1955},
		webbolt.ReadOnly(), webbolt.Timeout(10*time.Second))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Fields())
	for record, err := range result.Records() {
		if err != nil {
			log.Fatal(err)
		}
		row, err := record.AsMap()
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(row["name"], row["born"])
	}
	// Output:
	// [name born]
	// Keanu Reeves 1964
	// Carrie-Anne Moss 1967
}

func ExampleDB_Exec() {
	ctx := context.Background()
	db := connect(ctx)
	defer db.Close()

	summary, err := db.Exec(ctx, "CREATE (:Person {name: $name})", webbolt.Params{"name": "Laurence Fishburne"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(summary.Counters.NodesCreated, "node created")
	// Output: 1 node created
}

// Read runs a function in a transaction, and runs it again where a server of a cluster fails.
func ExampleDB_Read() {
	ctx := context.Background()
	db := connect(ctx)
	defer db.Close()

	var titles []string
	err := db.Read(ctx, func(ctx context.Context, tx *webbolt.Tx) (err error) {
		titles, err = webbolt.Collect[string](tx.Query(ctx, "MATCH (m:Movie) RETURN m.title", nil))
		return err
	})
	fmt.Println(titles, err)
	// Output: [The Matrix] <nil>
}

func ExampleDB_Write() {
	ctx := context.Background()
	db := connect(ctx)
	defer db.Close()

	transfer := func(ctx context.Context, tx *webbolt.Tx) error {
		balance, err := webbolt.One[int](tx.Query(ctx, "MATCH (a:Account {id: $from}) RETURN a.balance",
			webbolt.Params{"from": 1}))
		if err != nil {
			return err
		}
		if balance < 100 {
			return errors.New("not enough money") // rolls back
		}
		_, err = tx.Exec(ctx, "MATCH (a:Account {id: $from}), (b:Account {id: $to}) SET a.balance = a.balance - 100, "+
			"b.balance = b.balance + 100",
			webbolt.Params{"from": 1, "to": 2})
		return err
	}
	fmt.Println(db.Write(ctx, transfer))
	// Output: not enough money
}

func ExampleDB_Begin() {
	ctx := context.Background()
	db := connect(ctx)
	defer db.Close()

	tx, err := db.Begin(ctx)
	if err != nil {
		log.Fatal(err)
	}
	defer tx.Rollback(ctx) // does nothing after Commit
	if _, err := tx.Exec(ctx, "CREATE (:Person {name: $name})",
		webbolt.Params{"name": "Laurence Fishburne"}); err != nil {
		log.Fatal(err)
	}
	fmt.Println(tx.Commit(ctx))
	// Output: <nil>
}

// Errors have types: an error of the server is a Failure.
func ExampleFailure() {
	ctx := context.Background()
	db := connect(ctx)
	defer db.Close()

	_, err := db.Exec(ctx, "RETRUN 1", nil)
	if failure, ok := errors.AsType[*webbolt.Failure](err); ok {
		fmt.Println(failure.Code)
	}
	// Output: Neo.ClientError.Statement.SyntaxError
}

// The error for a value that does not fit says where the value is.
func ExampleMappingError() {
	ctx := context.Background()
	db := connect(ctx)
	defer db.Close()

	type Person struct {
		Name string
		Born string
	}
	_, err := webbolt.Collect[Person](db.Query(ctx,
		"MATCH (p:Person) WHERE p.born > $year RETURN p.name AS name, p.born AS born", webbolt.Params{"year": 1955}))
	fmt.Println(err)
	// Output: Person.Born does not fit: it is an integer, and a text is wanted
}

// Bookmarks let another process see what this one has written.
func ExampleBookmarks() {
	ctx := context.Background()
	db := connect(ctx)
	defer db.Close()
	if _, err := db.Exec(ctx, "CREATE (:Person {name: $name})",
		webbolt.Params{"name": "Laurence Fishburne"}); err != nil {
		log.Fatal(err)
	}

	other, err := webbolt.Connect(ctx, uri, webbolt.Bookmarks(db.Bookmarks()...))
	if err != nil {
		log.Fatal(err)
	}
	defer other.Close()
	fmt.Println(other.Bookmarks())
	// Output: [bookmark:auto]
}
