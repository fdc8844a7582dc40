// Answers cuts of graphs as the page does: reads a file of cases, writes what each comes to.
//
//     node replay_cuts.js CASES.json ANSWERS.json

import { readFileSync, writeFileSync } from "node:fs";

import { fellCables, findUnit } from "../../maps/assets/scripts/pure/cutunits.js";
import { readGraph } from "../../maps/assets/scripts/pure/graph.js";
import { findTrips } from "../../maps/assets/scripts/pure/roundtrip.js";
import { countCuts } from "../../maps/assets/scripts/pure/waycounts.js";

const [, , asked, answered] = process.argv;
const { graphs, cases } = JSON.parse(readFileSync(asked, "utf-8"));
const read = Object.fromEntries(Object.keys(graphs.of).map((name) => [name, readGraph(graphs, name)]));

const whole = new Map();
const wholeTrips = (graph, place) => {
  if (!whole.has(graph)) whole.set(graph, graph.targets.map((_, k) => findTrips(graph, new Uint8Array(graph.cables.length), k)));
  return whole.get(graph)[place];
};

const answers = cases.map(({ graph: name, units }) => {
  const graph = read[name];
  const fallen = fellCables(graph, units.map((id) => findUnit(graph, id)));
  const isLeft = (cable) => !fallen[cable];
  return {
    fallen: graph.cables.filter((_, cable) => fallen[cable]),
    trips: graph.targets.map((_, place) => findTrips(graph, fallen, place, units.length ? wholeTrips(graph, place) : undefined).map((trip) => trip && [trip.rtt_ms, trip.rtt_low_ms,
      trip.rtt_high_ms, trip.glass_rtt_ms, trip.route_km, trip.floor_rtt_ms, trip.status, trip.class_id, trip.class_best_id,
      trip.path.map((cable) => graph.cables[cable]).join(" ")])),
    low: graph.targets.map((target) => [...countCuts(graph, (cable) => isLeft(cable) && graph.sure[cable] === 1, target)]),
    high: graph.targets.map((target) => [...countCuts(graph, isLeft, target)]),
  };
});
writeFileSync(answered, JSON.stringify(answers));
