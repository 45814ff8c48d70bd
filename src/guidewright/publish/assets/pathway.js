// Walks through a pathway one step at a time. Without this script all steps are shown, each linked to the next.
(function () {
  "use strict";
  var box = document.querySelector(".gw-walk"), list = document.querySelector("ol.gw-steps");
  if (!box || !list) return;
  var steps = Array.from(list.children), walk = box.querySelector("[data-walk]"), all = box.querySelector("[data-all]");
  var nav = box.querySelector("nav"), taken = nav.querySelector("ol"), way = [], walking = false;

  function label(step) {
    var text = step.querySelector(".gw-step-text").cloneNode(true), kind = text.querySelector(".gw-step-kind");
    if (kind) kind.remove();
    text = text.textContent.trim();
    return (steps.indexOf(step) + 1) + ". " + (text.length > 60 ? text.slice(0, 59) + "\u2026" : text);
  }

  function show() {
    var here = way[way.length - 1];
    steps.forEach(function (step) { step.hidden = walking && step !== here; });
    nav.hidden = !walking || way.length < 2;
    taken.textContent = "";
    way.slice(0, -1).forEach(function (step) {
      var item = document.createElement("li"), link = document.createElement("a");
      link.href = "#" + step.id;
      link.textContent = label(step);
      item.appendChild(link);
      taken.appendChild(item);
    });
    walk.hidden = walking;
    all.hidden = !walking;
  }

  function follow() {
    var step = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!walking || steps.indexOf(step) < 0) return;
    var before = way.indexOf(step);
    way = before < 0 ? way.concat(step) : way.slice(0, before + 1);
    show();
    step.focus();
  }

  walk.addEventListener("click", function () {
    walking = true;
    way = [steps[0]];
    show();
    history.pushState(null, "", "#" + steps[0].id);
    steps[0].focus();
  });
  all.addEventListener("click", function () { walking = false; way = []; show(); walk.focus(); });
  addEventListener("hashchange", follow);
  box.hidden = false;
})();
