package sample

// city is a place with its position in degrees, its inhabitants, and the names
// of its stations beside the central one.
type city struct {
	name                string
	longitude, latitude float64
	population          int64
	stations            []string
}

var cities = []city{
	{"Vessenburg", -30.02, 45.11, 912_400, []string{"Harbour", "Parliament", "Observatory", "Airport"}},
	{"Calvenna", -29.12, 45.46, 431_900, []string{"Old Town", "Silk Market"}},
	{"Gildenport", -31.21, 44.72, 388_200, []string{"Docks", "Lighthouse"}},
	{"Brisleth", -30.55, 45.83, 207_100, []string{"Mill Lane", "University"}},
	{"Orsolle", -28.31, 44.83, 264_800, []string{"Garden", "Winery"}},
	{"Karstholm", -29.61, 46.42, 118_700, []string{"Quarry", "Cable Car"}},
	{"Morvane", -31.64, 45.52, 96_300, []string{"Cliffs"}},
	{"Elmbrae", -29.47, 44.62, 143_500, []string{"Orchard", "South"}},
	{"Harrowick", -30.72, 44.31, 82_900, []string{"Ferry"}},
	{"Ilvermere", -28.74, 45.97, 71_200, []string{"Lakeside"}},
	{"Jossenby", -31.02, 46.31, 54_600, []string{"Fish Market"}},
	{"Selverstrand", -27.82, 45.58, 158_300, []string{"Beach", "Aquarium"}},
	{"Tarnwick", -30.11, 46.88, 38_400, []string{"Fell"}},
	{"Umberley", -29.98, 44.12, 67_800, []string{"Pottery"}},
	{"Pellwyn", -27.42, 44.47, 49_100, []string{"Cove"}},
	{"Rosmarin", -28.62, 44.21, 88_700, []string{"Abbey"}},
	{"Quillan", -32.11, 44.97, 29_300, []string{"Saltworks"}},
	{"Lindrey", -28.98, 46.71, 33_900, []string{"Glass House"}},
	{"Wynterhaven", -30.83, 47.21, 21_600, []string{"Ice Pier"}},
	{"Dorsk", -31.89, 46.12, 17_800, nil},
	{"Nethergate", -30.31, 45.42, 61_500, []string{"Cavern"}},
	{"Farrowmouth", -27.11, 45.12, 44_200, []string{"Boatyard"}},
}

var operators = []struct{ name, since, colour string }{
	{"Vessen State Railway", "1871-05-02", "#1f6f8b"},
	{"Northern Fells Rail", "1923-09-17", "#7a5195"},
	{"Coast & Islands", "1998-03-30", "#ef8354"},
	{"Nightbird", "2016-12-11", "#2f4858"},
}

// line is a route through cities, in the order in which trains call.
type line struct {
	name, colour, every string
	operator            int // index in operators
	night               bool
	route               []string
}

var lines = []line{
	{"Meridian", "#e4572e", "PT30M", 0, false, []string{"Wynterhaven", "Tarnwick", "Karstholm", "Brisleth",
		"Nethergate", "Vessenburg", "Elmbrae", "Umberley"}},
	{"Sunrise", "#f3a712", "PT30M", 0, false, []string{"Quillan", "Gildenport", "Vessenburg", "Calvenna",
		"Selverstrand",
		"Farrowmouth"}},
	{"Harbour Arc", "#29335c", "PT20M", 2, false, []string{"Morvane", "Quillan", "Gildenport", "Harrowick", "Umberley",
		"Rosmarin", "Pellwyn", "Farrowmouth"}},
	{"Fells Express", "#669bbc", "PT1H", 1, false, []string{"Dorsk", "Jossenby", "Karstholm", "Lindrey", "Ilvermere"}},
	{"Vineyard", "#8ac926", "PT45M", 0, false, []string{"Calvenna", "Orsolle", "Rosmarin", "Elmbrae"}},
	{"Westering", "#6a4c93", "PT1H", 1, false, []string{"Wynterhaven", "Jossenby", "Brisleth", "Morvane", "Dorsk"}},
	{"Lakes", "#1982c4", "PT40M", 0, false, []string{"Vessenburg", "Nethergate", "Calvenna", "Ilvermere",
		"Selverstrand"}},
	{"Capital Loop", "#ff595e", "PT10M", 0, false, []string{"Vessenburg", "Brisleth", "Nethergate"}},
	{"Owl", "#3d405b", "P1D", 3, true, []string{"Harrowick", "Elmbrae", "Vessenburg", "Karstholm", "Tarnwick"}},
	{"Moonlight", "#81b29a", "P1D", 3, true, []string{"Gildenport", "Vessenburg", "Orsolle", "Pellwyn"}},
}

var trainNames = []string{
	"Kestrel", "Tern", "Puffin", "Gannet", "Fulmar", "Petrel", "Merlin", "Curlew", "Plover", "Skua",
	"Heron", "Dipper", "Swift", "Martin", "Siskin", "Lapwing", "Osprey", "Avocet", "Dunlin", "Wheatear",
	"Nightjar", "Tawny", "Eider", "Whimbrel",
}

var givenNames = []string{
	"Adira", "Benno", "Cosima", "Davin", "Elowen", "Fenn", "Greta", "Halvard", "Isaura", "Jorin", "Kaia",
	"Leontes", "Mirela", "Nikol", "Odalys", "Perrin", "Quenna", "Ruvim", "Sorrel", "Tancred", "Ursin", "Vesna",
	"Wystan", "Ylva", "Zoran",
}

var familyNames = []string{
	"Ashgrove", "Brandvik", "Corlane", "Dunmarrow", "Estrell", "Fairwether", "Grimsdal", "Hollin", "Ingersby",
	"Jarrowen", "Kettlewood", "Lorimar", "Mossbeck", "Norrland", "Oakhurstel", "Pennaway", "Quarrier",
}
