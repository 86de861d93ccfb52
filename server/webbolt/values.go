package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/webbolt/webbolt/server/logs"
)

// none switches a limit off.
const none = "none"

// problems collects errors, so that all of them are reported at once.
type problems struct {
	from *source
	list []error
}

func (p *problems) add(path string, err error) {
	if err != nil {
		p.list = append(p.list, p.from.at(path, err))
	}
}

func (p *problems) err() error { return errors.Join(p.list...) }

// number reads a count; "" is 0, which means the default.
func (p *problems) number(path, text string) int {
	if text == "" || text == none {
		return map[string]int{none: -1}[text]
	}
	n, err := strconv.Atoi(text)
	if err != nil || n <= 0 {
		p.add(path, fmt.Errorf("%q is not a number from 1, nor none", text))
	}
	return n
}

// time reads a duration; "" is 0, which means the default.
func (p *problems) time(path, text string) time.Duration {
	if text == "" || text == none {
		return map[string]time.Duration{none: -1}[text]
	}
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		p.add(path, fmt.Errorf("%q is not a time, as 30s or 5m or 1h30m, nor none", text))
	}
	return d
}

var units = []struct {
	suffix string
	bytes  int64
}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"B", 1}, {"", 1}}

// size reads a number of bytes; "" is 0, which means the default.
func (p *problems) size(path, text string) int64 {
	if text == "" || text == none {
		return map[string]int64{none: -1}[text]
	}
	for _, unit := range units {
		digits, found := strings.CutSuffix(text, unit.suffix)
		if !found {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(digits), 10, 64)
		if err == nil && n > 0 && n <= (1<<40)/unit.bytes {
			return n * unit.bytes
		}
		break
	}
	p.add(path, fmt.Errorf("%q is not a size, as 65536 or 64KiB or 1MiB, nor none", text))
	return 0
}

// secret reads a text that may be in a file of its own.
func (p *problems) secret(path, text, file string) string {
	if file == "" {
		return text
	}
	if text != "" {
		p.add(path+"_file", fmt.Errorf("give either %s or the file, not both",
			path[strings.LastIndexByte(path, '.')+1:]))
	}
	content, err := os.ReadFile(file)
	p.add(path+"_file", err)
	return strings.TrimRight(string(content), "\r\n")
}

// logger makes the log.
func (p *problems) logger(s logSettings, out io.Writer) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(cmp.Or(s.Level, "info"))); err != nil {
		p.add("log.level", fmt.Errorf("%q is not debug, info, warn or error", s.Level))
	}
	options := &slog.HandlerOptions{Level: level}
	switch s.Format {
	case "", "text":
		return slog.New(logs.Bound(slog.NewTextHandler(out, options)))
	case "json":
		return slog.New(logs.Bound(slog.NewJSONHandler(out, options)))
	}
	p.add("log.format", fmt.Errorf("%q is not text or json", s.Format))
	return slog.New(slog.DiscardHandler)
}
