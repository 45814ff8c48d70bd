// Filters the summary of recommendations. What is chosen stands in the address, so that it can be kept and sent.
(function () {
  "use strict";
  var form = document.querySelector(".gw-facets");
  if (!form) return;
  var choices = Array.from(form.querySelectorAll("select")), said = form.querySelector("[role=status]");
  var items = Array.from(document.querySelectorAll("[data-recommendation]"));

  function read() {
    var given = new URLSearchParams(location.hash.slice(1));
    choices.forEach(function (choice) {
      var wanted = given.get(choice.name) || "";
      choice.value = Array.from(choice.options).some(function (option) { return option.value === wanted; }) ? wanted : "";
    });
  }

  function show() {
    var shown = 0;
    items.forEach(function (item) {
      item.hidden = !choices.every(function (choice) { return !choice.value || item.dataset[choice.name] === choice.value; });
      shown += item.hidden ? 0 : 1;
    });
    document.querySelectorAll(".gw-topic").forEach(function (topic) {
      topic.hidden = !topic.querySelector("[data-recommendation]:not([hidden])");
    });
    said.textContent = said.dataset.words.replace("{n}", shown).replace("{of}", items.length);
  }

  function keep() {
    var chosen = new URLSearchParams();
    choices.forEach(function (choice) { if (choice.value) chosen.set(choice.name, choice.value); });
    history.replaceState(null, "", String(chosen) ? "#" + chosen : location.pathname + location.search);
    show();
  }

  form.addEventListener("change", keep);
  form.addEventListener("reset", function () { choices.forEach(function (choice) { choice.value = ""; }); keep(); });
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  addEventListener("hashchange", function () { if (location.hash.indexOf("=") > 0) { read(); show(); } });
  form.hidden = false;
  read();
  show();
})();
