package main

//lint:file-ignore SA1019 Numeric ids are part of what the suite asks for.

import (
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/packstream"
)

// fromCypherMap reads the suite's values.
func fromCypherMap(m data) (map[string]any, error) {
	values := make(map[string]any, len(m))
	for key, given := range m {
		value, err := fromCypher(given)
		if err != nil {
			return nil, err
		}
		values[key] = value
	}
	return values, nil
}

func fromCypher(given any) (any, error) {
	message, _ := given.(map[string]any)
	d := data(message).object("data")
	switch name := data(message).text("name"); name {
	case "CypherNull":
		return nil, nil
	case "CypherString", "CypherBool":
		return d["value"], nil
	case "CypherInt":
		return d["value"].(json.Number).Int64()
	case "CypherFloat":
		if s, is := d["value"].(string); is {
			return map[string]float64{"NaN": math.NaN(), "+Infinity": math.Inf(1), "-Infinity": math.Inf(-1)}[s], nil
		}
		return d["value"].(json.Number).Float64()
	case "CypherBytes":
		return append([]byte(nil), splitBytes(d.text("value"))...), nil
	case "CypherList":
		items, _ := d["value"].([]any)
		list := make([]any, len(items))
		for i, item := range items {
			value, err := fromCypher(item)
			if err != nil {
				return nil, err
			}
			list[i] = value
		}
		return list, nil
	case "CypherMap":
		return fromCypherMap(d.object("value"))
	case "CypherPoint":
		return pointOf(d)
	case "CypherDate":
		return dbtype.Date(time.Date(d.int("year"), time.Month(d.int("month")), d.int("day"), 0, 0, 0, 0, time.UTC)),
			nil
	case "CypherTime":
		if offset, has := d.number("utc_offset_s"); has {
			return dbtype.Time(d.clock(0, time.FixedZone("Offset", offset))), nil
		}
		return dbtype.LocalTime(d.clock(0, time.UTC)), nil
	case "CypherDateTime":
		return dateTimeOf(d)
	case "CypherDuration":
		return dbtype.Duration{Months: int64(d.int("months")), Days: int64(d.int("days")),
			Seconds: int64(d.int("seconds")), Nanos: d.int("nanoseconds")}, nil
	default:
		return nil, fmt.Errorf("there is no type %s", name)
	}
}

func (d data) int(name string) int { n, _ := d.number(name); return n }

func (d data) float(name string) float64 {
	n, _ := d[name].(json.Number)
	f, _ := n.Float64()
	return f
}

func (d data) clock(year int, zone *time.Location) time.Time {
	return time.Date(year, time.Month(max(1, d.int("month"))), max(1, d.int("day")), d.int("hour"), d.int("minute"),
		d.int("second"), d.int("nanosecond"), zone)
}

func dateTimeOf(d data) (any, error) {
	offset, zoned := d.number("utc_offset_s")
	if !zoned {
		return dbtype.LocalDateTime(d.clock(d.int("year"), time.UTC)), nil
	}
	name, named := d["timezone_id"].(string)
	if !named {
		return d.clock(d.int("year"), time.FixedZone("Offset", offset)), nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, err
	}
	t := d.clock(d.int("year"), time.FixedZone("Offset", offset)).In(zone)
	if _, here := t.Zone(); here != offset {
		return nil, fmt.Errorf("the zone %s has the offset %d here then, not %d", name, here, offset)
	}
	return t, nil
}

const (
	cartesian, cartesian3D = 7203, 9157
	wgs84, wgs843D         = 4326, 4979
)

func pointOf(d data) (any, error) {
	x, y := d.float("x"), d.float("y")
	flat, solid := uint32(cartesian), uint32(cartesian3D)
	if d.text("system") == "wgs84" {
		flat, solid = wgs84, wgs843D
	}
	if d["z"] == nil {
		return dbtype.Point2D{SpatialRefId: flat, X: x, Y: y}, nil
	}
	return dbtype.Point3D{SpatialRefId: solid, X: x, Y: y, Z: d.float("z")}, nil
}

func systemOf(srid uint32) string {
	if srid == wgs84 || srid == wgs843D {
		return "wgs84"
	}
	return "cartesian"
}

func splitBytes(text string) []byte {
	var b []byte
	for len(text) >= 2 {
		var one byte
		if _, err := fmt.Sscanf(text[:2], "%02x", &one); err == nil {
			b = append(b, one)
			text = text[2:]
			continue
		}
		text = text[1:]
	}
	return b
}

// plain makes JSON's numbers Go's.
func plain(m data) map[string]any {
	out := make(map[string]any, len(m))
	for key, value := range m {
		out[key] = value
		if n, is := value.(json.Number); is {
			if i, err := n.Int64(); err == nil {
				out[key] = i
			} else {
				out[key], _ = n.Float64()
			}
		}
	}
	return out
}

func named(name string, d data) any { return data{"name": name, "data": d} }

func valued(name string, value any) any { return named(name, data{"value": value}) }

// toCypher makes a value one of the suite's.
func toCypher(v any) any {
	switch v := v.(type) {
	case nil:
		return data{"name": "CypherNull", "data": nil}
	case bool:
		return valued("CypherBool", v)
	case int64, int:
		return valued("CypherInt", v)
	case float64:
		return valued("CypherFloat", floatMessage(v))
	case string:
		return valued("CypherString", v)
	case []byte:
		text := ""
		for i, b := range v {
			if i > 0 {
				text += " "
			}
			text += fmt.Sprintf("%02x", b)
		}
		return valued("CypherBytes", text)
	case []string:
		return valued("CypherList", each(v))
	case []any:
		return valued("CypherList", each(v))
	case map[string]any:
		m := data{}
		for key, value := range v {
			m[key] = toCypher(value)
		}
		return valued("CypherMap", m)
	}
	return toStructure(v)
}

func each[T any](list []T) []any {
	out := make([]any, len(list))
	for i, item := range list {
		out[i] = toCypher(item)
	}
	return out
}

func floatMessage(f float64) any {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "+Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	}
	return f
}

func toStructure(v any) any {
	switch v := v.(type) {
	case packstream.Structure:
		return fromStructure(v)
	case dbtype.Node:
		return named("Node", data{"id": toCypher(v.Id), "elementId": toCypher(v.ElementId),
			"labels": toCypher(v.Labels), "props": toCypher(v.Props)})
	case dbtype.Relationship:
		return named("Relationship", data{
			"id": toCypher(v.Id), "elementId": toCypher(v.ElementId),
			"type": toCypher(v.Type), "props": toCypher(v.Props),
			"startNodeId": toCypher(v.StartId), "startNodeElementId": toCypher(v.StartElementId),
			"endNodeId": toCypher(v.EndId), "endNodeElementId": toCypher(v.EndElementId),
		})
	case dbtype.Path:
		return named("Path", data{"nodes": valued("CypherList", each(v.Nodes)),
			"relationships": valued("CypherList", each(v.Relationships))})
	case dbtype.Point2D:
		return named("CypherPoint", data{"system": systemOf(v.SpatialRefId), "x": v.X, "y": v.Y})
	case dbtype.Point3D:
		return named("CypherPoint", data{"system": systemOf(v.SpatialRefId), "x": v.X, "y": v.Y, "z": v.Z})
	case dbtype.Duration:
		return named("CypherDuration", data{"months": v.Months, "days": v.Days, "seconds": v.Seconds,
			"nanoseconds": v.Nanos})
	case dbtype.Date:
		t := v.Time()
		return named("CypherDate", data{"year": t.Year(), "month": int(t.Month()), "day": t.Day()})
	case dbtype.LocalTime:
		return named("CypherTime", clockMessage(v.Time()))
	case dbtype.Time:
		m := clockMessage(v.Time())
		_, m["utc_offset_s"] = v.Time().Zone()
		return named("CypherTime", m)
	case dbtype.LocalDateTime:
		return named("CypherDateTime", dateTimeMessage(v.Time()))
	case time.Time:
		m := dateTimeMessage(v)
		_, m["utc_offset_s"] = v.Zone()
		if zone := v.Location().String(); zone != "" && zone != "Offset" {
			m["timezone_id"] = zone
		}
		return named("CypherDateTime", m)
	}
	panic(fmt.Sprintf("the suite has no value of type %T", v))
}

// fromStructure is for the diagnostic records of failures, which the client gives as they came.
func fromStructure(s packstream.Structure) any {
	encoded, err := packstream.Append(nil, s)
	if err != nil {
		panic(err)
	}
	value, err := client.NewRecord([]string{""}, append(packstream.AppendListHeader(nil, 1), encoded...)).Value(0)
	if err != nil {
		panic(err)
	}
	return toCypher(value)
}

func clockMessage(t time.Time) data {
	return data{"hour": t.Hour(), "minute": t.Minute(), "second": t.Second(), "nanosecond": t.Nanosecond()}
}

func dateTimeMessage(t time.Time) data {
	m := clockMessage(t)
	m["year"], m["month"], m["day"] = t.Year(), int(t.Month()), t.Day()
	return m
}
