// Command webbolt runs the relay, which makes Bolt servers reachable from web pages.
//
//	webbolt relay --listen 127.0.0.1:8080 --upstream bolt://localhost:7687 --static web/dist
//	webbolt check --origin https://app.example.org bolt+s://db.example.org
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/webbolt/webbolt/client/wire"
)

const usage = `webbolt makes Neo4j reachable from web pages.

  webbolt relay --upstream bolt://HOST:7687 [FLAGS]   run the relay
  webbolt relay --config FILE [FLAGS]                 the same, as a file says
  webbolt check [FLAGS] URI                           tell why a browser could not connect
  webbolt version                                     tell which webbolt this is

Each command tells its flags with --help.
`

// errUsage means that the usage error was printed already.
var errUsage = errors.New("wrong usage")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
	case errors.Is(err, errUsage):
		os.Exit(2)
	case errors.Is(err, errCheckFailed):
		os.Exit(1)
	default:
		fmt.Fprintln(os.Stderr, "webbolt:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, arguments []string, stdout, stderr io.Writer) error {
	command := "help"
	if len(arguments) > 0 {
		command = arguments[0]
	}
	switch command {
	case "relay":
		return relay(ctx, arguments[1:], stdout, stderr)
	case "check":
		return check(ctx, arguments[1:], stdout, stderr)
	case "version", "-version", "--version":
		fmt.Fprintln(stdout, "webbolt", version())
		return nil
	case "help", "-h", "-help", "--help":
		fmt.Fprint(stdout, usage)
		return nil
	}
	fmt.Fprintf(stderr, "webbolt: there is no command %q\n\n%s", command, usage)
	return errUsage
}

// version is the release, and the commit that the program was built from, if the build knows it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return wire.Release
	}
	return wire.Release + " (" + info.Main.Version + ")"
}
