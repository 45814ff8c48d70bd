// Small help on every page: copying an address or a citation, and keeping the place when the language is switched.
(function () {
  "use strict";

  // the other language opens at the same anchor, and with the same choice of a filter
  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a.md-select__link, a.gw-twin");
    if (link && location.hash) link.href = link.href.split("#")[0] + location.hash;
  }, true);

  // where the site has no public address yet, the code to embed names the address under which it is read now
  document.querySelectorAll("[data-address]").forEach(function (field) {
    var address = new URL(field.dataset.address, location.href).href;
    if ("value" in field) field.value = field.value.replace(field.dataset.address, address);
    else field.textContent = address;
  });

  // a term opens where it stands; without this script its link leads to the meaning
  document.querySelectorAll("a.gw-term").forEach(function (term) {
    var note = document.getElementById(term.getAttribute("href").slice(1));
    if (!note || !note.showPopover) return;
    term.setAttribute("role", "button");
    term.setAttribute("aria-expanded", "false");
    term.setAttribute("aria-controls", note.id);
    note.addEventListener("toggle", function (event) { term.setAttribute("aria-expanded", String(event.newState === "open")); });
    note.querySelector(".gw-close").addEventListener("click", function (event) {
      event.preventDefault();
      note.hidePopover();
      term.focus();
    });
    function open(event) {
      event.preventDefault();
      event.stopPropagation();  // the theme would follow the link
      if (note.matches(":popover-open")) note.hidePopover(); else note.showPopover({ source: term });
    }
    term.addEventListener("click", open);
    term.addEventListener("keydown", function (event) { if (event.key === " ") open(event); });
  });

  document.querySelectorAll("[data-copy]").forEach(function (button) {
    var said = button.parentNode.querySelector("[role=status]");
    button.hidden = false;
    button.addEventListener("click", function () {
      var from = document.getElementById(button.dataset.copy), text = from.value || from.textContent;
      function done() { said.textContent = said.dataset.words; setTimeout(function () { said.textContent = ""; }, 4000); }
      function byHand() {  // pages opened from disk may not write to the clipboard directly
        var area = document.createElement("textarea");
        area.value = text;
        document.body.appendChild(area);
        area.select();
        if (document.execCommand("copy")) done();
        area.remove();
        button.focus();
      }
      if (navigator.clipboard) navigator.clipboard.writeText(text).then(done, byHand); else byHand();
    });
  });
})();
