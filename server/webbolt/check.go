package main

import (
	"context"
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/webbolt/webbolt/server/diagnose"
)

// errCheckFailed says that a browser could not connect; the findings were printed.
var errCheckFailed = errors.New("a browser cannot connect")

// check tells why a connection from a browser would fail.
func check(ctx context.Context, arguments []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("webbolt check", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprintln(stderr, "webbolt check [FLAGS] URI\n\nURI is a server's, as bolt+s://HOST:7687, or a relay's, "+
			"as wss://HOST/bolt.\nFlags:")
		flags.PrintDefaults()
	}
	o := diagnose.Options{}
	flags.StringVar(&o.Origin, "origin", "", "the page's `ORIGIN`, as https://app.example.org")
	flags.StringVar(&o.User, "user", "", "try to log in as `USER`")
	password := flags.String("password-file", "", "`FILE` with the user's password")
	token := flags.String("token-file", "", "`FILE` with a bearer token to log in with")
	cas := flags.String("cas", "", "`FILE` with authorities (PEM) that the browser trusts, instead of the system's")
	flags.DurationVar(&o.Timeout, "timeout", 10*time.Second, "for each step")
	if err := flags.Parse(arguments); err != nil {
		if err == flag.ErrHelp {
			return err
		}
		return errUsage
	}
	if flags.NArg() != 1 {
		flags.Usage()
		return errUsage
	}
	o.URI = flags.Arg(0)
	if err := readLogin(&o, *password, *token, *cas); err != nil {
		return err
	}
	ok := diagnose.Run(ctx, o, func(f diagnose.Finding) {
		if f.OK {
			fmt.Fprintf(stdout, "ok      %-18s %s\n", f.Step, printable(f.Text))
			return
		}
		fmt.Fprintf(stdout, "FAILED  %-18s %s\n", f.Step, printable(f.Text))
		if f.Advice != "" {
			fmt.Fprintf(stdout, "        %-18s → %s\n", "", printable(f.Advice))
		}
	})
	if !ok {
		return errCheckFailed
	}
	return nil
}

const maxPrinted = 1000 // bytes of a finding

// printable escapes what a terminal obeys in a server's text: control sequences, line ends, changes of direction.
func printable(text string) string {
	var b strings.Builder
	for _, r := range text {
		if b.Len() > maxPrinted {
			return b.String() + "…"
		}
		if strconv.IsPrint(r) {
			b.WriteRune(r)
			continue
		}
		quoted := strconv.QuoteRuneToASCII(r)
		b.WriteString(quoted[1 : len(quoted)-1])
	}
	return b.String()
}

// readLogin reads the files that the flags name.
func readLogin(o *diagnose.Options, password, token, cas string) error {
	switch {
	case token != "":
		o.Scheme = "bearer"
	case o.User != "":
		o.Scheme = "basic"
	}
	for _, name := range []string{password, token} {
		if name != "" {
			text, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			o.Secret = strings.TrimRight(string(text), "\r\n")
		}
	}
	if cas != "" {
		text, err := os.ReadFile(cas)
		if err != nil {
			return err
		}
		o.RootCAs = x509.NewCertPool()
		if !o.RootCAs.AppendCertsFromPEM(text) {
			return fmt.Errorf("%s holds no certificate in PEM", cas)
		}
	}
	return nil
}
