// Nothing on the pages needs this script; it only helps.
"use strict";
(() => {
  // What went wrong with a form is heard first.
  const fault = document.querySelector('[role="alert"]');
  if (fault) {
    fault.focus();
  }
  // Where a form says that what it asks for takes long.
  const busy = (form) => form.querySelector("[data-busy]");
  const free = (form) => {
    delete form.dataset.sent;
    const box = busy(form);
    if (box) {
      const bar = box.querySelector("progress");
      bar.hidden = true;
      bar.removeAttribute("value");
      box.querySelector("p").textContent = "";
      form.querySelectorAll("button").forEach((button) => button.removeAttribute("aria-disabled"));
    }
  };
  // A form is sent once, however often the button is pressed.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    const sent = String(event.timeStamp);
    form.dataset.sent = sent;
    // A script that sends it itself tells how far it is, and lets it go.
    const waits = () => form.dataset.sent === sent && !event.defaultPrevented;
    const box = busy(form);
    if (box) {
      // Not disabled: the button that was pressed belongs to what is sent.
      form.querySelectorAll("button").forEach((button) => button.setAttribute("aria-disabled", "true"));
      // What comes at once needs no words.
      setTimeout(() => {
        if (waits()) {
          box.querySelector("progress").hidden = false;
          box.querySelector("p").textContent = box.dataset.busy;
        }
      }, 400);
    }
    // Stopped, or answered with a file: the page stays, and its form can be sent again. What was done is
    // not done twice, as the form says which request it is.
    setTimeout(() => {
      if (waits()) {
        free(form);
      }
    }, box ? 60000 : 8000);
  });
  document.addEventListener("answered", (event) => free(event.target));
  // Back from the next page it can be sent again.
  window.addEventListener("pageshow", () => {
    for (const form of document.forms) {
      free(form);
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
