// What the page's scripts hand to one another; `maps/payload.py` writes the data.

// A row of a table, as the table's contract has it.
type Row = Record<string, any>;
// In the order of the languages; what data say themselves, Chinese and English.
type Pair = string[];
type Column = any[] | { of: any[]; at?: number[] };
interface Packed { fields: string[]; rows: any[][] }

interface Point { x: number; y: number }
interface Circle extends Point { r: number }
interface Cells { west: number; north: number; size: number; columns: number; rows: number; ends: Uint32Array; numbers: Uint32Array }
interface Box { left: number; top: number; right: number; bottom: number }
// A side of a line that runs beside another, and how the other runs there.
interface Side { from: Point; to: Point; along: Point }
// A label of a marker, `own` of those that stand on the map; whether it may stand off, and whether it gives way to lines.
interface Label { own: Circle; width: number; height: number; far?: boolean; shy?: boolean }
interface Leader { from: Point; to: Point }
interface Place extends Box { cost: number; leader: Leader | null }

// A field, how it is compared, and with what.
type Condition = [string, string, any];
interface Sign {
  fill: string; fill_opacity: number; stroke: string; stroke_opacity: number; width_px: number;
  dash_px: number[]; size_px: number; shape: string;
  dark: string[]; // fill and stroke on a dark ground
}
interface Rule { id: string; when: Condition[]; label: Pair; symbol: Sign }
interface Lettering { fields: string[]; min_zoom: number; size_px: number; bold: boolean; colour: string; dark: string }
interface Stop { value: number; colour: string; label: string }
interface Style {
  layer: string; title: Pair; group: string; geometry: string; visible: boolean; rules: Rule[];
  min_zoom?: number; offset_field?: string; offset_px: number; is_cased?: boolean; opacity: number;
  labels: Lettering | null;
  stops: Stop[];
}
// A layer with the rule that each of its rows follows; `placed` is where its markers made room.
interface Layer {
  name: string; key: string; style: Style; card: string[]; levels: number[]; shapes: any[];
  left_out: number; near_km: number;
  rows: Row[]; rules: Rule[]; byId: Map<string, number>; placed?: Circle[];
}
interface Raster { style: Style; uri: string; bounds: [number, number, number, number]; source_id: string }
// A layer that is drawn, with its paths by the number of their row; of a raster the group alone.
// A label with what is to be written.
interface Manner { far?: boolean; shy?: boolean; rank?: number }
// Which rows of a layer, in order.
type Choice = (layer: Layer) => number[];
interface Written extends Label { text: string; style: Lettering; names: string }
// A crowded layer has no members, but the places of all its features; `rows` are those it was drawn of.
interface Drawn { layer: Layer; group: L.Layer; members: Map<number, any>; rows: Row[]; places?: Places }
interface Places { xs: Float64Array; ys: Float64Array; ends: Uint32Array; of: Uint32Array; boxes: Float64Array }
type DrawnRaster = Pick<Drawn, "group"> & Partial<Drawn>;

interface Weighted { weight: number }
interface Measure extends Weighted {
  id: string; title: Pair; unit: string; worst: number | null; best: number | null;
  steepness?: number; points?: [number, number][]; reason: string;
}
interface Criterion extends Weighted { name: string; title: Pair; measures: Measure[] }
// The score of a site in one criterion, and of it in all.
interface Part { value: number | null; low: number | null; high: number | null; coverage: number }
type Parts = Record<string, Part>;
type Weights = Record<string, number>;
interface AddressedWeights { weights: Weights; isStrange: boolean }
// What a cell of a comparison says, and how good that is.
interface Compared { text: string; small: string; worth: number | null }
interface WeightSet { key: string; criterion: string | null; weights: Weights }
interface Score { total: number | null; low: number | null; high: number | null; coverage: number; full: boolean }
interface SiteScore extends Score { id: string; rank?: number | null }
interface RankedScore extends SiteScore { total: number; rank: number }
interface Ranking { ranked: RankedScore[]; partial: SiteScore[] }

// The backbone of a scenario: maps/graph_payload.py; kilometres by edge, all else by place.
interface Graph {
  nodes: string[]; at: number[]; cables: string[]; sure: number[]; whole: Int32Array; drawn: number[][][];
  nodeAt: Map<string, number>; cableAt: Map<string, number>;
  edges: {
    cable: number[]; a: Int32Array; b: Int32Array; low: Float64Array; km: Float64Array; high: Float64Array;
    mm: Float64Array; assumed: number[]; since: Int32Array; at: Int32Array;
  };
  starts: { id: string[]; node: (number | null)[]; low: number[]; km: number[]; high: number[]; accuracy: number[] };
  targets: number[]; apart: number[][]; classes: [string, number][];
  light_km_per_s: number; group_index: number; detour: number; equipment: number[][];
  units: Record<string, { names: string[]; cables: number[][]; nodes: number[][] }>;
}
// By node the edge that leads on to the target.
interface Ways { target: number; inward: Int32Array; outward: Int32Array }
interface Measured { way: number[]; low: number; km: number; high: number; assumed: boolean }
// A round trip as a row of the table tells it; `why` it is not known.
interface Trip extends Row {
  rtt_ms: number | null; rtt_low_ms: number | null; rtt_high_ms: number | null; status: string; why: string | null; path: number[];
}
// What some cuts come to, asked target by target; round trips are by start.
interface Outcome {
  graph: Graph; units: Unit[]; fallen: Uint8Array;
  tripsTo: (place: number) => (Trip | null)[]; routesTo: (place: number) => { low: Int32Array; high: Int32Array };
}
interface Change { id: string; before: Trip; after: Trip; isCutOff: boolean }
interface RoutesLeft { before: [number, number]; after: [number, number] }
interface Disc { lon: number; lat: number; km: number }
// What falls as one: its name as the command reads it, cables and nodes by place.
interface Unit { id: string; kind: string; cables: number[]; nodes: number[] }

interface Info {
  name: string; title: Pair; level: string; scenario: string; year: number; as_of: string; review_number: string | null; generalised_m: number | null;
  bbox: [number, number, number, number]; view: [number, number, number, number];
  criteria: Criterion[]; targets: string[]; left_out: string[]; classes: { id: string; title: Pair }[];
}
interface Data {
  info: Info; languages: string[]; words: Record<string, Pair>; sources: Record<string, Row>; layers: Row[]; rasters: Raster[];
  scores: Record<string, Parts>; measures: Record<string, Row[]>; facts: Record<string, Record<string, Row[]>>;
  latency: Row[]; redundancy: Row[]; disjoint: Row[]; cuts: Row[]; claims: Row[]; calibration: Row[];
  checks: {
    rules: Row[]; reasons: string[][]; fields: string[]; sites: Record<string, any[][]>;
    scenarios: Record<string, Record<string, any[][]>>;
  };
  request: { demand_mw: number; year: number | null; fields: string[]; sites: Record<string, any[][]> } | null;
  graphs: { lines: number[][][]; parts: any[]; of: Record<string, any> };
  decision: Record<string, Row[]> & { acceptability: any };
  proposals: { whole: Row, lost: Row[], untold: Row[], measures: Row[] } | null;
  questions: Row[];
  shared_texts: string[]; texts: string[]; counted: string[]; variants: Record<string, Row>;
}

interface Stage { map: L.Map }
// What is chosen on the page.  Of `cable` and `route` one at most is; `cuts` are names as the command reads them.
interface State {
  scenario: string; difference: boolean; // whether what is another than in the base is drawn
  weights: Weights; site: string | null; cable: string | null; feature: Feature | null; layers: Set<string>;
  lang: string; demand: number | null; target: string | null; cuts: string[]; route: string | null;
  fades: Record<string, number>; at: View | null; pin: Spot | null; theme: Theme; filters: Record<string, string>; compare: string[];
}
// Longitude and latitude, as GeoJSON has them.
type Position = [number, number];
// Latitude and longitude.
type Spot = [number, number];
// A button of the toolbar: its name, the key of its title, its icon as the path of 24 x 24,
// what it does.  One that works on opens its panel, may take the clicks on the map, and ends by Esc.
interface Tool { name: string; title: string; icon: string; press: () => void }
interface Mode { name: string; title: string; icon: string; fill: () => Child[]; take?: (spot: Spot) => void; start?: () => void; stop?: () => void }
// Features of a layer by what they may be found by.
interface KeyGroup { name: string; keys: string[] }
interface Hit { group: number; i: number; grade: number; length: number }
interface Found { n: number; groups: { name: string; hits: Hit[] }[] }
// Latitude, longitude and zoom of the middle of the map; of the first view there is none.
type View = [number, number, number];
// How a part of the state goes into the browser's history: as a step of its own, as one step for all
// of a gesture, or in the place of the step before.
type Pace = "step" | "gesture" | "quiet";
interface AddressPart {
  key: string; pace: Pace;
  write: (state: State) => string | null; read: (text: string, read: State) => void;
}
type Theme = "auto" | "light" | "dark";
// A feature of another layer than parks and cables, whose card is open.
interface Feature { layer: string; id: string }
// Who changed the state: what follows from it depends on where the eyes are.
type Origin = "page" | "list" | "map" | "address";
interface How { origin?: Origin }
type Listener = (changed: Set<string>, origin: Origin) => void;

// Elements of the frame that are more than an element.
interface FrameElements {
  legend: HTMLDetailsElement; target: HTMLSelectElement; "weight-set": HTMLSelectElement;
}
type Section = `${string}-section`;
// Handlers begin with `on`; what is null, undefined or false is left out.
type Attributes = Record<string, any>;
type Child = Node | string | number | null | undefined | Child[];
interface Window { steppe: Readonly<Row> }
