package main

import (
	"strconv"
	"strings"

	"github.com/webbolt/webbolt/client"
	"github.com/webbolt/webbolt/client/packstream"
)

// load is records of one kind, as a server would send them.
type load struct {
	name   string
	fields int
	rows   int
	record func(b []byte, i int) []byte
}

var loads = []load{
	{"integers", 3, 200_000, integers},
	{"scalars", 6, 100_000, scalars},
	{"nodes", 1, 100_000, nodes},
	{"relationships", 3, 50_000, triples},
	{"paths", 1, 30_000, paths},
	{"maps", 1, 50_000, maps},
	{"temporal", 4, 50_000, temporal},
	{"embeddings", 2, 2_000, embeddings},
	{"strings", 1, 16, megabytes},
}

// batch makes all records of a load.
func (l load) batch() client.Batch {
	var b client.Batch
	for i := range l.rows {
		start := len(b.Data)
		b.Data = packstream.AppendListHeader(b.Data, l.fields)
		b.Data = l.record(b.Data, i)
		b.Records = append(b.Records, client.Span{Start: uint32(start), End: uint32(len(b.Data))})
	}
	return b
}

func integers(b []byte, i int) []byte {
	b = packstream.AppendInt(b, int64(i))
	b = packstream.AppendInt(b, int64(i)*7)
	return packstream.AppendInt(b, int64(i%100))
}

func scalars(b []byte, i int) []byte {
	b = packstream.AppendInt(b, int64(i))
	b = packstream.AppendString(b, "name number "+strconv.Itoa(i))
	b = packstream.AppendFloat(b, float64(i)*1.5)
	b = packstream.AppendBool(b, i%2 == 0)
	if i%3 == 0 {
		b = packstream.AppendNull(b)
	} else {
		b = packstream.AppendInt(b, 1_700_000_000_000+int64(i))
	}
	return packstream.AppendString(b, cities[i%len(cities)])
}

var cities = []string{"Malmö", "London", "San Francisco", "東京", "Leipzig"}

const database = "0f2a9b63-77cd-4bb6-a3ac-3b2d3e5f0a11"

func elementID(b []byte, kind byte, id int) []byte {
	return packstream.AppendString(b, string(kind)+":"+database+":"+strconv.Itoa(id))
}

func node(b []byte, id int) []byte {
	b = packstream.AppendStructHeader(b, 'N', 4)
	b = packstream.AppendInt(b, int64(id))
	b = packstream.AppendListHeader(b, 1)
	b = packstream.AppendString(b, "Person")
	b = packstream.AppendMapHeader(b, 4)
	b = packstream.AppendString(packstream.AppendString(b, "name"), "Person "+strconv.Itoa(id))
	b = packstream.AppendInt(packstream.AppendString(b, "born"), 1900+int64(id%120))
	b = packstream.AppendFloat(packstream.AppendString(b, "score"), float64(id)/3)
	b = packstream.AppendString(packstream.AppendString(b, "city"), cities[id%len(cities)])
	return elementID(b, '4', id)
}

func nodes(b []byte, i int) []byte { return node(b, i) }

func relationship(b []byte, id, from, to int) []byte {
	b = packstream.AppendStructHeader(b, 'R', 8)
	for _, v := range []int{id, from, to} {
		b = packstream.AppendInt(b, int64(v))
	}
	b = packstream.AppendString(b, "KNOWS")
	b = packstream.AppendMapHeader(b, 1)
	b = packstream.AppendInt(packstream.AppendString(b, "since"), 1990+int64(id%30))
	return elementID(elementID(elementID(b, '5', id), '4', from), '4', to)
}

// triples are two nodes and the relationship between them, in a graph of 10,000 nodes.
func triples(b []byte, i int) []byte {
	from, to := i%10_000, i*7%10_000
	return node(relationship(node(b, from), i, from, to), to)
}

// paths have two relationships.
func paths(b []byte, i int) []byte {
	b = packstream.AppendStructHeader(b, 'P', 3)
	b = packstream.AppendListHeader(b, 3)
	for k := range 3 {
		b = node(b, (i+k)%10_000)
	}
	b = packstream.AppendListHeader(b, 2)
	for k := range 2 {
		id := 2*i + k
		b = packstream.AppendStructHeader(b, 'r', 4)
		b = packstream.AppendInt(b, int64(id))
		b = packstream.AppendString(b, "KNOWS")
		b = packstream.AppendMapHeader(b, 1)
		b = packstream.AppendInt(packstream.AppendString(b, "since"), 1990+int64(id%30))
		b = elementID(b, '5', id)
	}
	b = packstream.AppendListHeader(b, 4)
	for _, v := range []int64{1, 1, -2, 2} {
		b = packstream.AppendInt(b, v)
	}
	return b
}

func maps(b []byte, i int) []byte {
	b = packstream.AppendMapHeader(b, 3)
	b = packstream.AppendInt(packstream.AppendString(b, "id"), int64(i))
	b = packstream.AppendString(packstream.AppendString(b, "title"), "Title "+strconv.Itoa(i))
	b = packstream.AppendListHeader(packstream.AppendString(b, "tags"), 3)
	for k := range 3 {
		b = packstream.AppendString(b, "tag"+strconv.Itoa((i+k)%50))
	}
	return b
}

func temporal(b []byte, i int) []byte {
	b = packstream.AppendInt(packstream.AppendStructHeader(b, 'D', 1), int64(i%40_000))
	b = packstream.AppendStructHeader(b, 'd', 2)
	b = packstream.AppendInt(packstream.AppendInt(b, 1_700_000_000+int64(i)), 123_000_000)
	b = packstream.AppendStructHeader(b, 'I', 3)
	b = packstream.AppendInt(packstream.AppendInt(packstream.AppendInt(b, 1_700_000_000+int64(i)*61), 500), 3600)
	b = packstream.AppendStructHeader(b, 'i', 3)
	b = packstream.AppendInt(packstream.AppendInt(b, 1_700_000_000+int64(i)*61), 0)
	return packstream.AppendString(b, "Europe/Stockholm")
}

func embeddings(b []byte, i int) []byte {
	b = packstream.AppendInt(b, int64(i))
	b = packstream.AppendListHeader(b, 384)
	for k := range 384 {
		b = packstream.AppendFloat(b, 1/float64(i+k+1))
	}
	return b
}

var megabyte = strings.Repeat("0123456789abcdef", 1<<16)

func megabytes(b []byte, i int) []byte { return packstream.AppendString(b, megabyte) }
