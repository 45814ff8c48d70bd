// Sorts and filters the tables of a page. Without this script they are read in the order in which they stand.
(function () {
  "use strict";
  var language = document.documentElement.lang || "en";
  var order = new Intl.Collator(language, { numeric: true });

  function value(row, column) {
    var cell = row.cells[column];
    return cell ? (cell.dataset.value || cell.textContent).trim() : "";
  }

  function compare(one, other) {
    if (!one || !other) return (one ? 0 : 1) - (other ? 0 : 1);  // what is empty stands last
    var a = Number(one.replace(/[,%]/g, "").replace("\u2212", "-")), b = Number(other.replace(/[,%]/g, "").replace("\u2212", "-"));
    return Number.isNaN(a) || Number.isNaN(b) ? order.compare(one, other) : a - b;
  }

  function sortable(table) {
    var heads = Array.from(table.tHead.rows[0].cells), body = table.tBodies[0];
    heads.forEach(function (head, column) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "gw-sort";
      var place = head.querySelector(".gw-sort") || head;
      while (place.firstChild) button.appendChild(place.firstChild);
      if (place === head) head.appendChild(button); else place.replaceWith(button);
      button.addEventListener("click", function () {
        var down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach(function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        Array.from(body.rows).sort(function (a, b) {
          var one = value(a, column), other = value(b, column), found = compare(one, other);
          return down && one && other ? -found : found;
        }).forEach(function (row) { body.appendChild(row); });
      });
    });
  }

  function filterable(tools, table) {
    var field = tools.querySelector("input"), said = tools.querySelector("[role=status]"), rows = Array.from(table.tBodies[0].rows);
    function show() {
      var words = field.value.toLocaleLowerCase(language).split(/\s+/).filter(Boolean), shown = 0;
      rows.forEach(function (row) {
        var text = row.textContent.toLocaleLowerCase(language);
        row.hidden = !words.every(function (word) { return text.indexOf(word) >= 0; });
        shown += row.hidden ? 0 : 1;
      });
      said.textContent = said.dataset.words.replace("{n}", shown).replace("{of}", rows.length);
    }
    field.addEventListener("input", show);
    tools.querySelector(".gw-find").hidden = false;
    show();
  }

  document.querySelectorAll("table[data-sort]").forEach(sortable);
  document.querySelectorAll(".gw-tools[data-table]").forEach(function (tools) {
    var table = document.getElementById(tools.dataset.table);
    if (table && tools.querySelector(".gw-find")) filterable(tools, table);
  });
})();
