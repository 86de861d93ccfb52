// Command backend lets Neo4j's driver test suite (github.com/neo4j-drivers/testkit) drive this client: it listens on
// port 9876 for the suite's frontend, which sends requests as JSON, and answers in the same form. See README.md in the
// folder above.
package main

import (
	"flag"
	"log"
	"net"
)

func main() {
	address := flag.String("listen", "127.0.0.1:9876", "where the suite's frontend connects to")
	flag.Parse()
	listener, err := net.Listen("tcp", *address)
	if err != nil {
		log.Fatal(err)
	}
	for {
		stream, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go newFrontend(stream).serve()
	}
}
