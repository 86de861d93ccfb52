//go:build linux

// Command run runs Neo4j's driver test suite against a backend, one module of tests after the other, several at a time,
// and writes the outcomes into a file; called with -results and such files, it writes a table of them instead.
// The suite's ports are fixed, so each module has a network namespace and a folder for temporary files of its own; that
// takes root. See README.md in the folder above.
package main

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"runtime"
	"sync"
	"time"

	"github.com/webbolt/webbolt/internal/neo4jtest"
)

func main() {
	r := &runner{outcomes: outcomes{}}
	done := record{}
	flag.StringVar(&r.suite, "testkit", "", "folder of the suite")
	flag.StringVar(&r.backend, "backend", "", "program of the backend")
	flag.StringVar(&done.Backend, "name", "webbolt", "of the backend, in the table")
	flag.StringVar(&r.python, "python", "python3", "Python with the packages of the suite's requirements")
	flag.StringVar(&done.Group, "group", "stub", "folder of tests: stub, tls or neo4j")
	flag.StringVar(&done.Server, "server", "", "version of the Neo4j that withneo4j has started for the group neo4j; "+
		"its database is wiped")
	only := flag.String("only", "", "part of the names of modules to run")
	parallel := flag.Int("parallel", runtime.NumCPU(), "how many modules at a time")
	out := flag.String("out", "", "file for the outcomes, as JSON")
	results := flag.String("results", "", "file for the table of the outcome files that are named after the flags")
	flag.StringVar(&r.logs, "logs", "", "folder for the output of each module")
	flag.BoolVar(&r.resume, "resume", false, "do not run the modules again that ended without a failure before, as "+
		"their output in -logs shows")
	flag.DurationVar(&r.limit, "limit", time.Hour, "for one module")
	flag.Parse()
	if *results != "" {
		check(writeResults(*results, flag.Args()))
		return
	}
	if r.ownNetwork = done.Server == ""; !r.ownNetwork {
		*parallel = 1
		server, err := neo4jtest.Find(neo4jtest.Version(done.Server))
		check(err)
		r.environment, err = serverEnvironment(server)
		check(err)
	}
	modules, err := find(r.suite, done.Group, *only)
	check(err)
	r.runAll(modules, *parallel)
	done.Outcomes = r.outcomes
	report(done)
	if *out != "" {
		encoded, err := json.MarshalIndent(done, "", " ")
		check(err)
		check(os.WriteFile(*out, encoded, 0o644))
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func (r *runner) runAll(modules []string, parallel int) {
	work := make(chan string)
	var running sync.WaitGroup
	for range parallel {
		running.Go(func() {
			for module := range work {
				if err := r.run(module); err != nil {
					log.Printf("%s: %v", module, err)
				}
			}
		})
	}
	for _, module := range modules {
		work <- module
	}
	close(work)
	running.Wait()
}

// report prints how many tests of each folder passed, failed and were skipped, and which failed.
func report(done record) {
	for _, name := range done.failed() {
		fmt.Println("failed:", name)
	}
	for _, c := range done.counts() {
		fmt.Printf("%-40s %4d passed %4d failed %4d skipped\n", cmp.Or(c.folder, "all"), c.passed, c.failed, c.skipped)
	}
}
