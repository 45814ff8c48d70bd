// Wide tables scroll inside a frame that Material wraps around them; this makes the frame reachable by keyboard and names it.
(function () {
  "use strict";
  function name(frame) {
    var table = frame.querySelector("table");
    if (table && table.caption) return table.caption.innerText;
    for (var el = frame; el; el = el.previousElementSibling) {
      if (/^H[1-6]$/.test(el.tagName)) return el.innerText.replace("\u00b6", "").trim();
    }
    return document.title;
  }
  function frames() {
    document.querySelectorAll(".md-typeset__scrollwrap").forEach(function (frame) {
      frame.tabIndex = 0;
      frame.setAttribute("role", "region");
      frame.setAttribute("aria-label", name(frame));
    });
  }
  if (window.document$) window.document$.subscribe(frames);
  else if (document.readyState !== "loading") frames();
  else document.addEventListener("DOMContentLoaded", frames);
})();
