// The demo shop window: choose the language before the first paint, and pass questions to the chat widget.
(function () {
  "use strict";
  var root = document.documentElement;
  var wanted = new URLSearchParams(location.search).get("lang") || navigator.language || "zh";
  root.lang = /^zh/i.test(wanted) ? "zh-CN" : "en";

  var patience = 4000, step = 100;

  function status(shown) {
    var line = document.getElementById("status");
    if (line) line.hidden = !shown;
  }

  // The widget loads on its own time: wait for it a little, then say so.
  function ask(text, waited) {
    if (window.huiyin && typeof window.huiyin.ask === "function") {
      status(false);
      window.huiyin.ask(text);
      return;
    }
    if (waited >= patience) {
      status(true);
      return;
    }
    setTimeout(function () { ask(text, waited + step); }, step);
  }

  // Once it has loaded, the widget itself listens for these buttons.
  document.addEventListener("click", function (event) {
    if (window.huiyin) return;
    var button = event.target.closest("[data-huiyin-ask]");
    // Once it is there the widget hears these clicks itself.
    if (button && !window.huiyin) ask(button.getAttribute("data-huiyin-ask"), 0);
  });

  document.addEventListener("submit", function (event) {
    if (!event.target.classList.contains("askbox")) return;
    event.preventDefault();
    var field = event.target.elements.q;
    var text = field.value.trim();
    if (!text) {
      field.focus();
      return;
    }
    field.value = "";
    ask(text, 0);
  });
})();
