// Runs before the first paint so that a chosen theme never flashes.
(function () {
  try {
    var theme = localStorage.getItem('huiyin.theme');
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  } catch {
    // Storage may be closed to us; the system's theme is used then.
  }
})();
