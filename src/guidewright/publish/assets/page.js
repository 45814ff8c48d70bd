// What the theme's own script does on a page before somebody searches: dark and light, the place in the list of
// contents, the way back to the top. Of the theme's script, which weighs forty times as much, only the search is
// needed, so it is loaded when a reader turns to that.
(function () {
  "use strict";
  var here = document.currentScript, root = document.documentElement;
  var one = function (where) { return document.querySelector(where); };
  var all = function (where) { return Array.from(document.querySelectorAll(where)); };
  root.classList.remove("no-js");
  root.classList.add("js");

  // --- search: its script starts as it would with the page, then hears what was done before it came
  var field = one("[data-md-component=search-query]"), opener = document.getElementById("__search"), asked = false;
  function search() {
    if (asked) return;
    asked = true;
    var script = document.createElement("script");
    script.src = here.dataset.search;
    script.onload = function () {
      document.dispatchEvent(new Event("DOMContentLoaded"));
      if (document.activeElement === field) field.dispatchEvent(new FocusEvent("focus"));
      if (opener.checked) opener.dispatchEvent(new Event("change", { bubbles: true }));
      if (field.value) field.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true }));
    };
    document.head.appendChild(script);
  }
  if (field && opener) {
    field.addEventListener("focus", search);
    opener.addEventListener("change", search);
    all("label[for=__search]").forEach(function (label) { label.addEventListener("pointerdown", search); });
    if (new URLSearchParams(location.search).has("q") || document.activeElement === field) search();
    document.addEventListener("keydown", function (event) {
      var at = document.activeElement;
      if (asked || event.ctrlKey || event.metaKey || event.altKey || /^(?:INPUT|TEXTAREA|SELECT)$/.test(at.tagName) || at.isContentEditable) return;
      if (event.key === "/" || event.key === "f" || event.key === "s") { event.preventDefault(); field.focus(); field.select(); }
    });
  }

  // --- dark and light: one button at a time, each leading to the other
  var choices = all("[data-md-component=palette] input");
  function shade(index, keep) {
    var color = {};
    document.body.setAttribute("data-md-color-switching", ""); // the theme then changes colours at once
    ["media", "scheme", "primary", "accent"].forEach(function (part) {
      color[part] = choices[index].getAttribute("data-md-color-" + part);
      document.body.setAttribute("data-md-color-" + part, color[part]);
    });
    choices.forEach(function (choice, i) {
      choice.checked = i === index;
      if (choice.nextElementSibling) choice.nextElementSibling.hidden = i !== index;
    });
    if (keep) __md_set("__palette", { index: index, color: color });
    requestAnimationFrame(function () {
      requestAnimationFrame(function () { document.body.removeAttribute("data-md-color-switching"); });
    });
  }
  function shown() {
    var kept = null;
    try { kept = __md_get("__palette"); } catch (unreadable) { /* storage may be forbidden */ }
    if (kept && choices[kept.index]) return kept.index;
    return Math.max(0, choices.findIndex(function (choice) { return matchMedia(choice.dataset.mdColorMedia).matches; }));
  }
  if (choices.length) {
    shade(shown(), false);
    choices.forEach(function (choice, index) { choice.addEventListener("change", function () { shade(index, true); }); });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", function () { shade(shown(), false); });
  }

  // --- what a reader is looking at, and the way back
  var title = one("[data-md-component=header-title]"), heading = one(".md-content h1"), top = one("[data-md-component=top]");
  var links = all("[data-md-component=toc] a[href^='#']").filter(function (link) {
    link.place = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    return link.place;
  });
  var tabs = one("[data-md-component=tabs]"), before = scrollY, waiting = false;
  function look() {
    waiting = false;
    var under = (one("[data-md-component=header]") || root).offsetHeight + 24, last = -1;
    var end = innerHeight + scrollY >= root.scrollHeight - 2 && scrollY > 0;
    links.forEach(function (link, i) { if (end || link.place.getBoundingClientRect().top < under) last = i; });
    links.forEach(function (link, i) {
      link.classList.toggle("md-nav__link--passed", i <= last);
      link.classList.toggle("md-nav__link--active", i === last);
    });
    var wrap = last >= 0 && links[last].closest(".md-sidebar__scrollwrap");
    if (wrap && wrap.scrollHeight > wrap.clientHeight) {
      wrap.scrollTop += links[last].getBoundingClientRect().top - wrap.getBoundingClientRect().top - wrap.clientHeight / 2;
    }
    if (title && heading) title.classList.toggle("md-header__title--active", heading.getBoundingClientRect().bottom < under);
    if (top && scrollY !== before) top.hidden = !(scrollY < before && scrollY > innerHeight);
    before = scrollY;
  }
  function soon() { if (!asked && !waiting) { waiting = true; requestAnimationFrame(look); } }
  function reachable() { // what scrolls can be scrolled by keyboard
    all(".md-sidebar__scrollwrap").forEach(function (wrap) {
      if (wrap.scrollHeight > wrap.clientHeight) wrap.tabIndex = 0;
      else wrap.removeAttribute("tabindex");
    });
  }
  addEventListener("resize", reachable);
  reachable();
  addEventListener("scroll", soon, { passive: true });
  addEventListener("resize", soon);
  look();
  if (top) top.addEventListener("click", function (event) { event.preventDefault(); scrollTo({ top: 0 }); });

  // --- small things
  function open() {
    var at = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    var fold = at && at.closest("details:not([open])");
    if (fold) { fold.open = true; at.scrollIntoView(); }
    var drawer = document.getElementById("__drawer");
    if (drawer) drawer.checked = false;
  }
  addEventListener("hashchange", open);
  open();
  var folded = [];
  addEventListener("beforeprint", function () { folded = all("details:not([open])"); folded.forEach(function (one) { one.open = true; }); });
  addEventListener("afterprint", function () { folded.forEach(function (one) { one.open = false; }); });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && !asked && document.activeElement instanceof HTMLLabelElement) document.activeElement.click();
  });
  all(".md-ellipsis").forEach(function (text) { if (text.offsetWidth < text.scrollWidth) text.title = text.innerText; });
})();
