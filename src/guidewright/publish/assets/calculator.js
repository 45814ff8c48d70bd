// Evaluates a tool in the page: the same rules, as data, that guideline/calculators.py evaluates.
// Nothing is stored and nothing is sent. Without this script the form is hidden and the tables say the same.
(function (place) {
  "use strict";

  function given(input, answer) {
    if (input.kind === "checks") return (answer || []).filter(function (id) { return id in input.options; });
    if (input.kind === "choice") return answer in input.options ? answer : null;
    if (answer === undefined || answer === "" || !Number.isFinite(Number(answer))) return null;
    var number = Number(answer);
    if (input.minimum !== null && number < input.minimum) return null;
    if (input.maximum !== null && number > input.maximum) return null;
    return number;
  }

  function holds(asked, answer) {
    if (Array.isArray(answer)) {
      var ticked = function (id) { return answer.indexOf(id) >= 0; };
      return (!asked.any_of || asked.any_of.some(ticked)) && (asked.all_of || []).every(ticked) &&
        !(asked.none_of || []).some(ticked);
    }
    if (typeof answer === "string") return (asked.one_of || []).indexOf(answer) >= 0;
    return (asked.at_least === undefined || answer >= asked.at_least) && (asked.above === undefined || answer > asked.above) &&
      (asked.at_most === undefined || answer <= asked.at_most) && (asked.below === undefined || answer < asked.below);
  }

  // {id: answer} -> {missing: [id], total: number or null, readings: [place]}
  function evaluate(rules, answers) {
    var asked = {}, missing = [], total = null;
    rules.inputs.forEach(function (input) {
      var answer = given(input, answers[input.id]);
      if (answer === null) missing.push(input.id); else asked[input.id] = answer;
    });
    if (rules.scored && !missing.length) {
      total = 0;
      rules.inputs.forEach(function (input) {
        [].concat(asked[input.id]).forEach(function (id) { total += input.options[id] || 0; });
      });
      asked.total = total;
    }
    var readings = [];
    rules.readings.forEach(function (reading, number) {
      var all = Object.keys(reading).every(function (name) { return name in asked && holds(reading[name], asked[name]); });
      if (all) readings.push(number);
    });
    return { missing: missing, total: total, readings: readings };
  }

  place.guidewrightCalculator = evaluate;
  if (typeof document === "undefined") return;

  function answersOf(form, rules) {
    var data = new FormData(form), answers = {};
    rules.inputs.forEach(function (input) {
      answers[input.id] = input.kind === "checks" ? data.getAll(input.id) : data.get(input.id) === null ? undefined : data.get(input.id);
    });
    return answers;
  }

  function start(box) {
    var form = box.querySelector("form"), rules = JSON.parse(form.dataset.rules), output = box.querySelector(".gw-output");
    function show() {
      var answers = answersOf(form, rules), said = evaluate(rules, answers), begun = false;
      rules.inputs.forEach(function (input) {
        var answer = answers[input.id];
        begun = begun || (Array.isArray(answer) ? answer.length > 0 : answer !== undefined && answer !== "");
      });
      var total = output.querySelector("[data-total]");
      if (total) total.textContent = said.total === null ? "–" : String(said.total);
      output.querySelectorAll("[data-reading]").forEach(function (item) {
        item.hidden = !begun || said.readings.indexOf(Number(item.dataset.reading)) < 0;
      });
      var names = rules.inputs.filter(function (input) { return said.missing.indexOf(input.id) >= 0; })
        .map(function (input) { return input.name; });
      var missing = output.querySelector("[data-missing]");
      missing.hidden = !names.length;
      missing.querySelector("span").textContent = names.join(missing.dataset.join);
      var otherwise = output.querySelector("[data-otherwise]");
      if (otherwise) otherwise.hidden = !begun || names.length > 0 || said.readings.length > 0;
    }
    form.addEventListener("input", show);
    form.addEventListener("reset", function () { setTimeout(show); });
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    box.hidden = false;
    show();
  }

  document.querySelectorAll(".gw-calculator").forEach(start);
})(typeof globalThis !== "undefined" ? globalThis : this);
