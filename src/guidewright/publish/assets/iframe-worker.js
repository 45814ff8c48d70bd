// Search from disk: a page opened from file:// may not start a worker, so the search script runs in a hidden frame
// that behaves like one. Everything in it is loaded from files of the site, so the content policy needs no exception.
(function () {
  "use strict";

  // the names of this file and class are those that the theme looks for; without them it fetches a script of another host
  window.IFrameWorker = class extends EventTarget {
    constructor(url) {
      super();
      var here = this, frame = document.createElement("iframe");
      frame.hidden = true;
      document.body.appendChild(frame);
      var inside = frame.contentWindow;
      function load(address) {
        return new Promise(function (loaded, failed) {
          var script = inside.document.createElement("script");
          script.onload = loaded;
          script.onerror = failed;
          script.src = address;
          inside.document.body.appendChild(script);
        });
      }
      inside.importScripts = function () {
        return Array.prototype.reduce.call(arguments, function (before, address) {
          return before.then(function () { return load(address); });
        }, Promise.resolve());
      };
      inside.postMessage = function (message) {
        var event = new MessageEvent("message", { data: message });
        here.dispatchEvent(event);
        if (here.onmessage) here.onmessage(event);
      };
      this.frame = frame;
      this.ready = load(url);
    }

    postMessage(message) {
      var inside = this.frame.contentWindow;
      this.ready.then(function () {
        inside.dispatchEvent(new inside.MessageEvent("message", { data: structuredClone(message) }));
      });
    }

    terminate() {
      this.frame.remove();
    }
  };
  if (location.protocol === "file:") window.Worker = window.IFrameWorker;
})();
