// A meeting is dragged over its week, or walks with the arrow keys; answers appear as they come.
"use strict";
(() => {
  const week = document.querySelector("table[data-move]");
  if (week) {
    const rows = [...week.tBodies[0].rows];
    const choice = (row, column) => rows[row]?.cells[column]?.querySelector('input[type="radio"]');
    // To the next time in that direction that can be chosen.
    const walk = (from, down, right) => {
      const cell = from.closest("td");
      let row = rows.indexOf(cell.parentElement) + down;
      let column = cell.cellIndex + right;
      while (rows[row] && rows[row].cells[column] && column > 0) {
        const next = choice(row, column);
        if (next) {
          next.checked = true;
          next.focus();
          return;
        }
        row += down;
        column += right;
      }
    };
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    week.addEventListener("keydown", (event) => {
      const step = steps[event.key];
      if (step && event.target.matches('input[type="radio"]')) {
        event.preventDefault();
        walk(event.target, ...step);
      }
    });
    const target = (event) => event.target.closest("td")?.querySelector('input[type="radio"]');
    const leave = () => week.querySelectorAll("td.over").forEach((cell) => cell.classList.remove("over"));
    let dragged = false;
    week.addEventListener("dragstart", (event) => {
      dragged = event.target.matches("[data-meeting]");
      event.dataTransfer.setData("text/plain", event.target.textContent);
      event.dataTransfer.effectAllowed = "move";
    });
    week.addEventListener("dragend", () => {
      dragged = false;
      leave();
    });
    week.addEventListener("dragover", (event) => {
      leave();
      if (dragged && target(event)) {
        event.preventDefault();
        event.target.closest("td").classList.add("over");
      }
    });
    // What is dropped is chosen; the button below it moves the meeting, as everybody is told.
    week.addEventListener("drop", (event) => {
      const chosen = target(event);
      if (dragged && chosen) {
        event.preventDefault();
        chosen.checked = true;
        chosen.form.querySelector("button:not([name])").focus();
      }
    });
  }

  const answers = document.querySelector("[data-answers][data-events]");
  if (!answers || !window.EventSource) {
    return;
  }
  const mark = (name, shown) => {
    document.querySelector(`[data-${name}]`).hidden = !shown;
  };
  const text = (name) => document.querySelector(`[data-${name}]`).textContent;
  const show = (meeting) => {
    const known = new Map([...answers.children].map((item) => [item.dataset.person, item]));
    const same = meeting.table.length === known.size && meeting.table.every((one) => known.has(one.person));
    if (!same || meeting.when !== text("when") || meeting.state !== text("state")) {
      mark("changed", true);
    }
    for (const one of meeting.table) {
      const tag = known.get(one.person)?.querySelector(".tag");
      if (tag && tag.textContent !== one.answer) {
        tag.className = `tag ${one.mark}`;
        tag.textContent = one.answer;
      }
    }
  };
  let source;
  const open = () => {
    source = new EventSource(answers.dataset.events);
    source.addEventListener("open", () => {
      mark("live", true);
      mark("stale", false);
    });
    source.addEventListener("meeting", (event) => show(JSON.parse(event.data)));
    // It is not opened again by itself: that would keep a page signed in that nobody looks at.
    source.addEventListener("error", () => {
      source.close();
      mark("live", false);
      mark("stale", true);
    });
  };
  open();
  const again = () => {
    if (source.readyState === EventSource.CLOSED && document.visibilityState === "visible") {
      open();
    }
  };
  document.addEventListener("visibilitychange", again);
  document.addEventListener("pointerdown", again);
  document.addEventListener("keydown", again);
  window.addEventListener("pagehide", () => source.close());
})();
