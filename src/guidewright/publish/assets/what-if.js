/* What if? The rules of a grading scheme, applied in the page to facts that the reader changes.
 *
 * `strengthOf` does what guidewright/grading/body.py and strength.py do, over the same data: every fact of a study is a
 * list of the values that it may still have; all combinations are followed at once as states that keep only what the
 * rules ask for; the studies of the highest level decide; rules are tried from the strongest strength. The tests hold
 * it against Python. Nothing is sent anywhere, and without script the page reads in full.
 */
"use strict";
(function () {
  const NONE = "none";
  const DIRECTIONS = { significant: ["for", "against"], "null-precise": ["no-difference"], "null-imprecise": ["no-difference"] };
  const list = (value) => (value === null || value === undefined ? [] : Array.isArray(value) ? value : [value]);
  const allows = (when, level) => when.level === null || list(when.level).includes(level);
  const rulesOf = (scheme) => scheme.strengths.flatMap((strength) => strength.rules.map((rule) => ({ strength, rule })));

  /* --- states: rank of the highest level, rules met and how often, directions, how many studies, decisions --- */

  const nothing = () => ({ rank: null, met: {}, directions: [], studies: 0, lower: 0, judged: {} });
  const sorted = (object) => Object.keys(object).sort().map((key) => [key, object[key]]);
  const keyOf = (s) => JSON.stringify([s.rank, sorted(s.met), s.directions, s.studies, s.lower, sorted(s.judged)]);
  const distinct = (states) => [...new Map(states.map((state) => [keyOf(state), state])).values()];

  function directedRanks(scheme) {
    const asks = (level) => rulesOf(scheme).some(({ strength, rule }) =>
      list(rule.directions_differ).includes(level) ||
      ((strength.same_direction || rule.same_direction) && (!rule.when || allows(rule.when, level))));
    return new Set(Object.keys(scheme.ranks).filter(asks).map((level) => scheme.ranks[level]));
  }

  function contributions(scheme, study) {
    const directed = directedRanks(scheme);
    const states = [];
    for (const level of study.levels) {
      const rank = scheme.ranks[level];
      if (rank === undefined) { states.push(nothing()); continue; }
      const asked = rulesOf(scheme).filter(({ rule }) => rule.when && allows(rule.when, level));
      for (const kind of study.kinds) for (const quality of study.qualities) for (const same of study.homogeneous)
        for (const finding of study.findings) for (const direction of study.directions) {
          if (!DIRECTIONS[finding].includes(direction)) continue;
          const meets = ({ strength, rule }) => {
            const fits = (name, value) => rule.when[name] === null || rule.when[name] === value;
            const claim = scheme.claim === "effect" || [null, finding].includes(strength.equivalence_finding);
            return claim && fits("kind", kind) && fits("quality", quality) && fits("finding", finding) && fits("homogeneous", same);
          };
          const met = Object.fromEntries(asked.filter(meets).map(({ rule }) => [rule.id, 1]));
          states.push({ ...nothing(), rank, met, directions: directed.has(rank) ? [direction] : [], studies: 1 });
        }
    }
    return distinct(states);
  }

  function judgements(scheme, judged) {
    let states = [nothing()];
    for (const fact of scheme.judged) {
      const values = fact.values.map((value) => value.id).filter((id) => (judged[fact.id] || id) === id);
      states = states.flatMap((state) => values.map((id) => ({ ...state, judged: { ...state.judged, [fact.id]: id } })));
    }
    return states;
  }

  function add(scheme, a, b) {
    const shares = rulesOf(scheme).some(({ rule }) => rule.mostly);
    const judged = { ...a.judged, ...b.judged };
    if (a.rank === null || b.rank === null) return { ...(b.rank === null ? a : b), judged };
    if (a.rank !== b.rank) {
      const [high, low] = a.rank < b.rank ? [a, b] : [b, a];
      return { ...high, lower: shares ? high.lower + low.lower + low.studies : 0, judged };
    }
    const met = {};
    for (const { rule } of rulesOf(scheme)) {
      const times = Math.min((a.met[rule.id] || 0) + (b.met[rule.id] || 0), rule.at_least);
      if (times) met[rule.id] = times;
    }
    const agree = String(a.directions) === String(b.directions);
    const studies = a.studies + b.studies;
    return {
      rank: a.rank, met, judged, lower: a.lower + b.lower,
      directions: agree ? a.directions : ["against", "for", "no-difference"],
      studies: shares ? studies : Math.min(studies, scheme.minimum_studies),
    };
  }

  /* --- what one fully known body comes to --- */

  function decide(scheme, state) {
    const meetsAny = (asked) => rulesOf(scheme).some(({ strength, rule }) => asked(strength) && state.met[rule.id] >= rule.at_least);
    const several = state.directions.length > 1;
    const differ = several && (scheme.claim === "effect" || meetsAny((strength) => strength.same_direction));
    const few = state.studies < scheme.minimum_studies && meetsAny((strength) => strength.minimum_studies_apply);
    const here = (levels) => list(levels).some((level) => state.rank !== null && scheme.ranks[level] === state.rank);
    const fires = (rule) =>
      (!rule.when || state.met[rule.id] >= rule.at_least) &&
      !(rule.same_direction && several) &&
      !(rule.mostly && state.studies <= state.lower) &&
      !(rule.no_studies && state.rank !== null) &&
      (!list(rule.directions_differ).length || (differ && here(rule.directions_differ))) &&
      (rule.fewer_than_minimum === null || (few && here(rule.fewer_than_minimum))) &&
      Object.entries(rule.judged).every(([fact, values]) => values.includes(state.judged[fact]));
    for (const strength of scheme.strengths) {
      const tooFew = strength.minimum_studies_apply && state.rank !== null && state.studies < scheme.minimum_studies;
      if ((strength.same_direction && several) || tooFew) continue;
      const fired = strength.rules.filter(fires).map((rule) => rule.id);
      if (fired.length) return { strength: strength.strength, rules: fired };
    }
    return { strength: NONE, rules: [] };
  }

  /** Everything that a body of studies may be. */
  function statesOf(scheme, studies, judged) {
    return studies.reduce((states, study) => {
      const more = contributions(scheme, study);
      return distinct(states.flatMap((a) => more.map((b) => add(scheme, a, b))));
    }, judgements(scheme, judged || {}));
  }

  /** The strength of a body: { strength, possible, rules, highest }, where strength is null while undetermined. */
  function strengthOf(scheme, studies, judged) {
    const states = statesOf(scheme, studies, judged);
    const decided = states.map((state) => decide(scheme, state));
    const names = new Set(decided.map((one) => one.strength));
    const possible = [...scheme.strengths.map((one) => one.strength), NONE].filter((name) => names.has(name));
    const strength = possible.length === 1 && possible[0] !== NONE ? possible[0] : null;
    const always = strength === null ? [] : decided[0].rules.filter((id) => decided.every((one) => one.rules.includes(id)));
    const ranks = new Set(states.map((state) => state.rank));
    const highest = scheme.level_names.filter((level) => level in scheme.ranks && ranks.has(scheme.ranks[level]));
    return { strength, possible: scheme.strengths.length ? possible : [], rules: always.sort(), highest };
  }

  /* --- the form --- */

  function element(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }

  /** A labelled choice: the first option leaves the fact as it is recorded. */
  function choice(label, recorded, options, changed) {
    const select = element("select", {}, element("option", { value: "" }, recorded));
    for (const [value, text] of options) select.append(element("option", { value }, text));
    select.addEventListener("change", () => changed(select.value));
    return element("label", { class: "gw-choice" }, element("span", {}, label), select);
  }

  const told = (values, words, word) => values.length === 1 ? word(values[0]) : words.unknown;

  /** The facts of a study that the scheme asks for, each with what it may be and how it changes the study. */
  function asked(scheme, study, words) {
    const whens = rulesOf(scheme).map(({ rule }) => rule.when).filter(Boolean);
    const level = (name) => scheme.level_words[name] || name;
    const found = [{
      label: words.level, recorded: told(study.levels, words, level),
      options: [...scheme.level_names, "not-gradable"].map((name) => [name, level(name)]),
      set: (one, value) => ({ ...one, levels: [value] }),
    }];
    if (study.kinds.includes("study") && whens.some((when) => when.quality)) found.push({
      label: words.quality, recorded: told(study.qualities, words, (name) => words.of[name]),
      options: ["high", "lesser"].map((name) => [name, words.of[name]]),
      set: (one, value) => ({ ...one, qualities: [value] }),
    });
    if (whens.some((when) => when.finding) || directedRanks(scheme).size) {
      const pairs = Object.entries(DIRECTIONS).flatMap(([finding, ways]) => ways.map((way) => [finding, way]));
      const name = ([finding, way]) => finding === "significant" ? `${words.of[finding]}${words.comma}${words.of[way]}` : words.of[finding];
      const left = pairs.filter(([finding, way]) => study.findings.includes(finding) && study.directions.includes(way));
      found.push({
        label: words.finding, recorded: told(left, words, name),
        options: pairs.map((pair) => [pair.join(" "), name(pair)]),
        set: (one, value) => ({ ...one, findings: [value.split(" ")[0]], directions: [value.split(" ")[1]] }),
      });
    }
    if (study.kinds.includes("review") && whens.some((when) => when.homogeneous !== null)) found.push({
      label: words.homogeneous, recorded: told(study.homogeneous, words, (same) => words.of[same]),
      options: ["true", "false"].map((same) => [same, words.of[same]]),
      set: (one, value) => ({ ...one, homogeneous: [value === "true"] }),
    });
    return found;
  }

  function show(output, scheme, words, now, before) {
    const strengthName = (id) => scheme.strengths.find((one) => one.strength === id).label;
    const say = (found) => {
      if (!scheme.strengths.length) return found.highest.length ? words.highest + found.highest.join(" / ") : words.none;
      if (found.strength !== null) return strengthName(found.strength);
      const open = found.possible.filter((name) => name !== NONE).map(strengthName);
      return open.length ? `${words.unknown}${words.colon}${open.join(" / ")}` : words.none;
    };
    const labels = rulesOf(scheme).filter(({ rule }) => now.rules.includes(rule.id)).map(({ rule }) => `${rule.id} ${rule.label}`);
    const same = say(now) === say(before);
    output.replaceChildren(
      element("strong", {}, say(now)),
      element("span", { class: "gw-note" }, same ? words.same : `${words.before}${say(before)}`),
      ...(labels.length ? [element("span", { class: "gw-note" }, `${words.rule}${labels.join(words.semicolon)}`)] : []));
  }

  function form(scheme, words) {
    const box = element("div", { class: "gw-what-if-scheme" });
    const before = strengthOf(scheme, scheme.studies, scheme.decided);
    let studies = [];
    let judged = {};
    const output = element("output", { "aria-live": "polite", class: "gw-what-if-result" });
    const update = () => show(output, scheme, words, strengthOf(scheme, studies, judged), before);
    const draw = () => {
      studies = scheme.studies.map((study) => study);
      judged = { ...scheme.decided };
      const parts = scheme.studies.map((recorded, place) => {
        const chosen = {};
        const facts = asked(scheme, recorded, words).map((fact, number) => choice(fact.label, `${fact.recorded}${words.recorded}`, fact.options, (value) => {
          chosen[number] = (one) => (value ? fact.set(one, value) : one);
          studies[place] = Object.values(chosen).reduce((one, change) => change(one), recorded);
          update();
        }));
        return element("fieldset", {}, element("legend", {}, recorded.name), ...facts);
      });
      const decisions = scheme.judged.map((fact) => choice(fact.label,
        `${told(fact.values.filter((one) => one.id === scheme.decided[fact.id]), words, (one) => one.label)}${words.recorded}`,
        fact.values.map((one) => [one.id, one.label]), (value) => {
          if (value) judged[fact.id] = value;
          else if (scheme.decided[fact.id]) judged[fact.id] = scheme.decided[fact.id];
          else delete judged[fact.id];
          update();
        }));
      if (decisions.length) parts.push(element("fieldset", {}, element("legend", {}, words.group), ...decisions));
      const reset = element("button", { type: "button", class: "gw-button" }, words.reset);
      reset.addEventListener("click", () => { draw(); box.querySelector("button").focus(); });
      box.replaceChildren(output, ...parts, reset);
      update();
    };
    draw();
    return box;
  }

  function start() {
    const place = document.getElementById("what-if-form");
    const data = document.getElementById("what-if-data");
    if (!place || !data) return;
    const { schemes, words } = JSON.parse(data.textContent);
    const boxes = schemes.map((scheme) => form(scheme, words));
    const pick = element("select");
    schemes.forEach((scheme, number) => pick.append(element("option", { value: number }, scheme.title)));
    const chosen = element("div", {}, boxes[0]);
    pick.addEventListener("change", () => chosen.replaceChildren(boxes[pick.value]));
    const head = element("label", { class: "gw-choice" }, element("span", {}, words.scheme), pick);
    place.replaceChildren(...(schemes.length > 1 ? [head] : []), chosen);
    place.hidden = false;
    document.getElementById("what-if-without-script").hidden = true;
  }

  window.guidewright = { statesOf, strengthOf };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
