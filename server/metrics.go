package server

import (
	"net/http"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics are the relay's metrics. Labels have few values: clients cannot choose any of them.
type metrics struct {
	registry *prometheus.Registry
	open     prometheus.Gauge
	opened   prometheus.Counter
	closed   *prometheus.CounterVec
	refused  *prometheus.CounterVec
	ruled    *prometheus.CounterVec
	limited  *prometheus.CounterVec
	received prometheus.Counter
	sent     prometheus.Counter
	life     prometheus.Histogram
	dial     prometheus.Histogram
	blocks   *blockMetrics
}

func newMetrics(sockets, unfinished, leftOut func() float64) *metrics {
	counter := func(name, help string) prometheus.CounterOpts {
		return prometheus.CounterOpts{Namespace: "webbolt", Subsystem: "relay", Name: name, Help: help}
	}
	bytes := prometheus.NewCounterVec(counter("bytes_total", "Bytes carried, by whom they came from."),
		[]string{"from"})
	m := &metrics{
		registry: prometheus.NewRegistry(),
		open: prometheus.NewGauge(prometheus.GaugeOpts{
			Namespace: "webbolt", Subsystem: "relay", Name: "connections", Help: "Connections that are carried now."}),
		opened: prometheus.NewCounter(counter("connections_opened_total",
			"Connections that reached their upstream.")),
		closed: prometheus.NewCounterVec(counter("connections_closed_total",
			"Connections that ended, by close code; 0 where the client ended it."), []string{"code"}),
		refused: prometheus.NewCounterVec(counter("connections_refused_total",
			"Connections and HTTP requests that did not reach an upstream, by close code."), []string{"code"}),
		ruled: prometheus.NewCounterVec(counter("requests_refused_total",
			"Requests that a rule of the session refused, by rule."), []string{"rule"}),
		limited: prometheus.NewCounterVec(counter("limits_reached_total",
			"How often a limit refused or ended something, by its name in the configuration."), []string{"limit"}),
		received: bytes.WithLabelValues("page"),
		sent:     bytes.WithLabelValues("server"),
		life: prometheus.NewHistogram(prometheus.HistogramOpts{
			Namespace: "webbolt", Subsystem: "relay", Name: "connection_seconds", Help: "How long connections lasted.",
			Buckets: []float64{0.1, 1, 10, 60, 600, 3600, 36000}}),
		dial: prometheus.NewHistogram(prometheus.HistogramOpts{
			Namespace: "webbolt", Subsystem: "relay", Name: "upstream_dial_seconds",
			Help:    "How long it took to resolve and reach an upstream, TLS included.",
			Buckets: []float64{0.001, 0.005, 0.025, 0.1, 0.5, 2, 10}}),
	}
	gauge := func(name, help string, value func() float64) prometheus.GaugeFunc {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: "webbolt", Subsystem: "relay", Name: name,
			Help: help}, value)
	}
	m.registry.MustRegister(prometheus.NewCounterFunc(counter("log_lines_left_out_total",
		"Lines that were not logged, because there were too many."), leftOut),
		gauge("sockets", "Sockets of clients that are open now.", sockets),
		gauge("unfinished_bytes", "Bytes of messages and bodies that are not complete.", unfinished),
		m.open, m.opened, m.closed, m.refused, m.ruled, m.limited, bytes, m.life, m.dial,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.blocks = newBlockMetrics(m.registry)
	return m
}

// limit counts that a limit was reached.
func (m *metrics) limit(name string) { m.limited.WithLabelValues(name).Inc() }

// count counts an event.
func (m *metrics) count(e Event) {
	code := strconv.Itoa(int(e.Code))
	switch e.Kind {
	case EventRefused:
		m.refused.WithLabelValues(code).Inc()
	case EventOpened:
		m.opened.Inc()
		m.open.Inc()
	case EventRuled:
		m.ruled.WithLabelValues(e.Rule).Inc()
	case EventClosed:
		m.closed.WithLabelValues(code).Inc()
		m.life.Observe(e.Duration.Seconds())
		m.open.Dec()
	}
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4})
}
