// Asks for the fonts at once, so that the first page is set in them and nothing moves when they come. Not from a disk:
// browsers refuse that there, and the font of the system stands in. Chinese pages take no serif from us.
(function () {
  "use strict";
  if (!/^http/.test(location.protocol)) return;
  var here = document.currentScript.src, chinese = /^zh/.test(document.documentElement.lang);
  (chinese ? ["source-sans-3"] : ["source-sans-3", "guidewright-serif"]).forEach(function (name) {
    var link = document.createElement("link");
    link.rel = "preload";
    link.as = "font";
    link.type = "font/woff2";
    link.crossOrigin = "anonymous";
    link.href = new URL(name + ".woff2", here).href;
    document.head.appendChild(link);
  });
})();
