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
    // Stopped, or answered with a file: the page stays, and its form can be sent again. What was done is
    // not done twice, as the form says which request it is.
    setTimeout(() => {
      delete form.dataset.sent;
    }, 8000);
  });
  // Back from the next page it can be sent again.
  window.addEventListener("pageshow", () => {
    for (const form of document.forms) {
      delete form.dataset.sent;
    }
  });
  // Who types is not resting: the session goes on, so that what takes long to write is not lost.
  const token = document.querySelector('main form[method="post"] input[name="form"]');
  const often = 300000;
  let renewed = Date.now();
  let later;
  const renew = () => {
    clearTimeout(later);
    later = undefined;
    renewed = Date.now();
    const headers = { "schakel-form": token.value };
    fetch("/awake", { method: "POST", redirect: "manual", headers }).catch(() => {});
  };
  document.addEventListener("input", () => {
    if (!token) {
      return;
    }
    const rested = Date.now() - renewed;
    if (rested > often) {
      renew();
    } else if (later === undefined) {
      // Who now stops to think has typed all the same.
      later = setTimeout(renew, often - rested);
    }
  });
})();
