package server

import "github.com/prometheus/client_golang/prometheus"

// blockMetrics are the relay's metrics of row blocks and lanes.
type blockMetrics struct {
	lanes       prometheus.Gauge
	opened      prometheus.Counter
	laneBytes   prometheus.Counter
	replaced    prometheus.Counter
	rows, bytes *prometheus.CounterVec
}

func newBlockMetrics(registry *prometheus.Registry) *blockMetrics {
	counter := func(name, help string) prometheus.CounterOpts {
		return prometheus.CounterOpts{Namespace: "webbolt", Subsystem: "relay", Name: name, Help: help}
	}
	by := []string{"by"} // websocket or lane
	m := &blockMetrics{
		lanes: prometheus.NewGauge(prometheus.GaugeOpts{
			Namespace: "webbolt", Subsystem: "relay", Name: "lanes", Help: "Lanes that are open now."}),
		opened: prometheus.NewCounter(counter("lanes_opened_total", "Lanes that pages opened.")),
		laneBytes: prometheus.NewCounter(counter("lane_bytes_total",
			"Bytes written to lanes, compressed where they are.")),
		replaced: prometheus.NewCounter(counter("block_replaced_bytes_total",
			"Bytes of the Bolt messages that row blocks replaced.")),
		rows: prometheus.NewCounterVec(counter("block_rows_total",
			"Rows sent in row blocks, by the way they went."), by),
		bytes: prometheus.NewCounterVec(counter("block_bytes_total",
			"Bytes of row blocks before compression, by the way they went."), by),
	}
	registry.MustRegister(m.lanes, m.opened, m.laneBytes, m.replaced, m.rows, m.bytes)
	return m
}

// count counts a row block.
func (m *blockMetrics) count(rows, size, replaced int, byLane bool) {
	by := "websocket"
	if byLane {
		by = "lane"
	}
	m.rows.WithLabelValues(by).Add(float64(rows))
	m.bytes.WithLabelValues(by).Add(float64(size))
	m.replaced.Add(float64(replaced))
}
