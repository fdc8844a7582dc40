// The page's core: data, words, elements, and the state that lives in the address.

(function () {
  const data = JSON.parse(document.getElementById("data").textContent);
  const LANGUAGES = ["zh", "en"];
  const criteria = data.info.criteria.map((criterion) => criterion.name);
  const plannedWeights = () =>
    Object.fromEntries(data.info.criteria.map((criterion) => [criterion.name, criterion.weight]));

  // Long tables come by columns: the names of the fields once, then the values.
  const recordsOf = ({ fields, rows }) => rows.map((row) => Object.fromEntries(fields.map((field, i) => [field, row[i]])));
  for (const name of ["latency", "redundancy", "disjoint", "cuts"]) data[name] = recordsOf(data[name]);

  for (const [name, table] of Object.entries(data.decision)) if (table.fields) data.decision[name] = recordsOf(table);

  // Measures share their long texts: what stands in a row is the number of one.
  for (const row of Object.values(data.measures).flat()) {
    for (const field of data.shared_texts) if (field in row) row[field] = data.texts[row[field]];
  }
  for (const row of data.decision.costs) {
    for (const field of data.shared_texts) if (row[field] !== null) row[field] = data.texts[row[field]];
  }

  steppe.data = data;
  steppe.criteria = criteria;

  // ---------------------------------------------------------------- rows of the layers
  steppe.layers = new Map();
  for (const layer of data.layers) {
    const rows = recordsOf(layer);
    steppe.layers.set(layer.style.layer, {
      ...layer,
      name: layer.style.layer,
      rows,
      rules: rows.map((row) => steppe.pick(layer.style.rules, row)),
      byId: new Map(rows.map((row, i) => [row[layer.key], i])),
    });
  }
  // A value of a table keyed by identifiers from the data, whatever those are called.
  steppe.own = (table, key, otherwise) => (Object.hasOwn(table, key) ? table[key] : otherwise);
  const none = { rows: [], byId: new Map(), rules: [], shapes: [] };
  steppe.layer = (name) => steppe.layers.get(name) || none;
  steppe.row = (name, id) => {
    const layer = steppe.layer(name);
    return layer.byId.has(id) ? layer.rows[layer.byId.get(id)] : null;
  };
  // The rules picked, by layer: what a test holds against Python's own.
  steppe.picks = () =>
    Object.fromEntries([...steppe.layers].map(([name, layer]) => [name, layer.rules.map((rule) => rule.id)]));

  // ---------------------------------------------------------------- words
  const language = () => LANGUAGES.indexOf(steppe.state.lang);
  steppe.say = (pair) => pair[language()];
  steppe.word = (key) => {
    if (!Object.hasOwn(data.words, key)) throw new Error(`no word for ${key}`);
    return steppe.say(data.words[key]);
  };
  steppe.fill = (key, values) =>
    steppe.word(key).replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
  // A name and what it stands for, with the colon of the language.
  steppe.named = (key, text) => `${steppe.word(key)}${steppe.word("page.colon")}${text}`;
  // A value of a closed list in words; anything else as the source writes it.
  steppe.valueWord = (value) =>
    Object.hasOwn(data.words, `value.${value}`) ? steppe.word(`value.${value}`) : String(value);

  steppe.names = (row) => (row ? [row.name_zh, row.name_en].filter(Boolean) : []);
  steppe.place = (id) =>
    steppe.row("nodes", id) || steppe.row("parks", id) || steppe.row("towns", id) || null;
  steppe.placeName = (id) => {
    const row = steppe.place(id);
    return row ? steppe.say([row.name_zh, row.name_en]) : String(id);
  };

  steppe.number = function (value) {
    if (value === null || value === undefined) return "–";
    const short = Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
    return String(short).replace(/^(-?\d{2,3})(\d{3})(?!\d)/, "$1\u2009$2");
  };
  steppe.percent = (share) => `${Math.round(share * 100)}\u2009%`;

  // ---------------------------------------------------------------- elements
  // Text becomes text nodes, so that nothing in it is ever read as markup.
  steppe.h = function (tag, attributes, ...children) {
    const element = document.createElement(tag);
    dress(element, attributes);
    element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
    return element;
  };
  steppe.svg = function (tag, attributes, ...children) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    dress(element, attributes);
    element.append(...children);
    return element;
  };
  function dress(element, attributes) {
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (name === "style") for (const [key, part] of Object.entries(value)) element.style.setProperty(key, part);
      else element.setAttribute(name, value === true ? "" : value);
    }
  }
  steppe.$ = (id) => document.getElementById(id);

  // ---------------------------------------------------------------- state
  const allLayers = [...data.layers, ...data.rasters].map((layer) => layer.style);
  const shownAtFirst = () => new Set(allLayers.filter((style) => style.visible).map((style) => style.layer));
  const firstState = () => ({
    weights: plannedWeights(), site: null, cable: null, layers: shownAtFirst(), lang: "zh",
    target: data.info.targets[0] || null, cut: null, route: null,
  });
  steppe.state = firstState();

  const listeners = [];
  steppe.onChange = (listener) => listeners.push(listener);
  // One thing is marked on the map at a time: a cable, what falls in a cut, or a route.
  const marks = ["cable", "cut", "route"];
  steppe.change = function (wanted, { origin = "page" } = {}) {
    const mark = marks.find((name) => wanted[name]);
    const patch = mark ? { ...wanted, ...Object.fromEntries(marks.map((name) => [name, name === mark ? wanted[name] : null])) } : wanted;
    Object.assign(steppe.state, patch);
    if (origin !== "address") writeAddress();
    for (const listener of listeners) listener(new Set(Object.keys(patch)), origin);
  };
  steppe.reset = () => steppe.change({ ...firstState(), lang: steppe.state.lang });
  steppe.isPlanned = () => {
    const planned = plannedWeights();
    return criteria.every((name) => steppe.state.weights[name] === planned[name]);
  };

  // Only what differs from the first view is written: the plain page has a plain address.
  // Weights are written all together, so that a link means the same under other defaults.
  function address() {
    const { state } = steppe;
    const parts = new URLSearchParams();
    if (!steppe.isPlanned()) criteria.forEach((name) => parts.set(`w.${name}`, String(state.weights[name])));
    if (state.site) parts.set("site", state.site);
    if (state.cable) parts.set("cable", state.cable);
    if (state.target !== firstState().target) parts.set("to", state.target);
    if (state.cut) parts.set("cut", state.cut);
    if (state.route) parts.set("route", state.route);
    const first = shownAtFirst();
    const shown = [...state.layers].filter((name) => !first.has(name)).sort();
    const hidden = [...first].filter((name) => !state.layers.has(name)).sort();
    if (shown.length) parts.set("show", shown.join(" "));
    if (hidden.length) parts.set("hide", hidden.join(" "));
    if (state.lang !== "zh") parts.set("lang", state.lang);
    return parts.toString();
  }

  function writeAddress() {
    const wanted = address();
    if (location.hash.slice(1) === wanted) return;
    history.replaceState(null, "", wanted ? `#${wanted}` : location.pathname + location.search);
  }

  // Weights of an address: those that count, and whether it had others; the bounds are Python's.
  const [LEAST_WEIGHT, MOST_WEIGHT] = [1e-9, 1e9];
  function readWeights(parts) {
    const planned = plannedWeights();
    const wanted = [...parts].filter(([key]) => key.startsWith("w."));
    const isWeight = ([key, text]) => {
      const name = key.slice(2);
      if (!Object.hasOwn(planned, name) || !/^\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text)) return false;
      const weight = Number(text);
      return weight === planned[name] || (weight === 0 ? !/[1-9]/.test(text.split(/e/i)[0]) : weight >= LEAST_WEIGHT && weight <= MOST_WEIGHT);
    };
    const taken = wanted.filter(isWeight).map(([key, text]) => [key.slice(2), Number(text)]);
    return { weights: { ...planned, ...Object.fromEntries(taken) }, isStrange: taken.length < wanted.length };
  }
  const addressed = () => new URLSearchParams(location.hash.slice(1));
  steppe.hasStrangeWeights = () => readWeights(addressed()).isStrange;

  function readAddress() {
    const parts = addressed();
    const state = firstState();
    state.weights = readWeights(parts).weights;
    if (steppe.row("parks", parts.get("site"))) state.site = parts.get("site");
    else if (steppe.row("fibre", parts.get("cable"))) state.cable = parts.get("cable");
    if (data.info.targets.includes(parts.get("to"))) state.target = parts.get("to");
    if (state.cable) return withLayers(state, parts);
    if (steppe.cutOf(state.target, parts.get("cut"))) state.cut = parts.get("cut");
    else if (steppe.routeOf(state.target, parts.get("route"))) state.route = parts.get("route");
    return withLayers(state, parts);
  }

  function withLayers(state, parts) {
    const known = new Set(allLayers.map((style) => style.layer));
    const listed = (key) => (parts.get(key) || "").split(" ").filter((name) => known.has(name));
    listed("show").forEach((name) => state.layers.add(name));
    listed("hide").forEach((name) => state.layers.delete(name));
    if (LANGUAGES.includes(parts.get("lang"))) state.lang = parts.get("lang");
    return state;
  }

  // ---------------------------------------------------------------- start
  function speak() {
    document.documentElement.lang = steppe.state.lang === "zh" ? "zh-CN" : "en";
    for (const element of document.querySelectorAll("[data-word]")) {
      element.textContent = steppe.word(element.dataset.word);
    }
    for (const element of document.querySelectorAll("[data-label]")) {
      element.setAttribute("aria-label", steppe.word(element.dataset.label));
    }
  }

  steppe.start = function (mapId) {
    steppe.onChange((changed) => changed.has("lang") && speak());
    steppe.startPanel();
    steppe.startMap(mapId);
    steppe.startMarks();
    steppe.startCards();
    steppe.change(readAddress(), { origin: "address" });
    window.addEventListener("hashchange", () => steppe.change(readAddress(), { origin: "address" }));
  };
})();
