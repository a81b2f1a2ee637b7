// A file goes as it is, without being pasted: the form says where, and the answer takes the place of the page.
"use strict";
(() => {
  let kept = null;
  const offer = () => {
    for (const form of document.querySelectorAll("form[data-file]")) {
      const box = form.querySelector("[data-file-box]");
      if (box) {
        box.hidden = false;
      }
      const pasted = form.querySelector("textarea");
      const input = form.querySelector("input[type=file]");
      if (pasted && input) {
        input.addEventListener("change", () => { pasted.required = input.files.length === 0; });
      }
    }
  };
  const show = (text) => {
    const page = new DOMParser().parseFromString(text, "text/html");
    const main = page.querySelector("main");
    document.title = page.title;
    document.querySelector("main").replaceWith(main);
    offer();
    (main.querySelector('[role="alert"], [role="status"]') || main).focus();
  };
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const to = form.dataset.file;
    if (!to || event.defaultPrevented) {
      return;
    }
    const input = form.querySelector("input[type=file]");
    const file = input ? input.files[0] : kept;
    if (!file) {
      return;
    }
    event.preventDefault();
    const token = form.elements.namedItem("form").value;
    const told = new URLSearchParams();
    for (const [name, value] of new FormData(form, event.submitter)) {
      if (typeof value === "string" && name !== "text" && name !== "form") {
        told.append(name, value);
      }
    }
    kept = file;
    const headers = { "schakel-form": token, "content-type": "application/octet-stream" };
    try {
      const answer = await fetch(`${to}?${told}`, { method: "POST", headers, body: file });
      if (answer.redirected) {
        window.location.assign(answer.url);
      } else {
        show(await answer.text());
      }
    } catch {
      const failed = form.querySelector("[data-file-failed]");
      if (failed) {
        failed.hidden = false;
      }
    } finally {
      delete form.dataset.sent;
    }
  });
  offer();
})();
