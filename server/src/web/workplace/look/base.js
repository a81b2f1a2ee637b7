// Nothing on the pages needs this script; it only helps.
"use strict";
(() => {
  // What went wrong with a form is heard first.
  const fault = document.querySelector('[role="alert"]');
  if (fault) {
    fault.focus();
  }
  // A form is sent once, however often the button is pressed.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent === "yes") {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
  });
  // Back from the next page it can be sent again.
  window.addEventListener("pageshow", () => {
    for (const form of document.forms) {
      delete form.dataset.sent;
    }
  });
})();
