"use strict";
// A form that asks for the page anew takes along what was typed in the one that it names.
document.addEventListener("submit", (event) => {
  const typed = document.getElementById(event.target.dataset.takes);
  for (const taken of typed ? event.target.querySelectorAll("input[type=hidden]") : []) {
    taken.value = typed.elements.namedItem(taken.name).value;
  }
});
// A file goes as it is, without being pasted: the form says where, and the answer takes the place of the page.
// Until then the form tells how much of it was sent, and then that the server works on it.
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
    if (!main) {
      throw new Error("the answer is no page");
    }
    document.title = page.title;
    document.querySelector("main").replaceWith(main);
    offer();
    (main.querySelector('[role="alert"], [role="status"][tabindex]') || main).focus();
  };
  let sends = false;
  const free = (form) => form.dispatchEvent(new Event("answered", { bubbles: true }));
  const send = (to, token, file, box) => new Promise((resolve, reject) => {
    const bar = box.querySelector("progress");
    const words = box.querySelector("p");
    const asking = new XMLHttpRequest();
    asking.upload.addEventListener("progress", (event) => {
      if (event.total > 0) {
        bar.value = event.loaded / event.total;
      }
    });
    // How long the server needs for it nobody knows.
    asking.upload.addEventListener("load", () => {
      bar.removeAttribute("value");
      words.textContent = box.dataset.busy;
    });
    asking.addEventListener("load", () => resolve(asking));
    asking.addEventListener("error", reject);
    asking.addEventListener("abort", reject);
    bar.value = 0;
    bar.hidden = false;
    words.textContent = box.dataset.sending;
    asking.open("POST", to);
    asking.setRequestHeader("schakel-form", token);
    asking.setRequestHeader("content-type", "application/octet-stream");
    asking.send(file);
  });
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
    if (sends) {
      // One of the other form is under way, and its answer takes the place of this one.
      free(form);
      return;
    }
    const token = form.elements.namedItem("form").value;
    const told = new URLSearchParams();
    for (const [name, value] of new FormData(form, event.submitter)) {
      if (typeof value === "string" && name !== "text" && name !== "form") {
        told.append(name, value);
      }
    }
    kept = file;
    sends = true;
    const failed = form.querySelector("[data-file-failed]");
    failed.hidden = true;
    try {
      const answer = await send(`${to}?${told}`, token, file, form.querySelector("[data-busy]"));
      if (new URL(answer.responseURL).pathname === to) {
        show(answer.responseText);
      } else {
        window.location.assign(answer.responseURL);
      }
    } catch {
      failed.hidden = false;
      failed.focus();
    } finally {
      sends = false;
      free(form);
    }
  });
  offer();
})();
