// Keeps the changing part of a page up to date. Everything works without it, by loading the page again.
"use strict";

(() => {
  const region = document.querySelector("[data-live]");
  if (!region || !window.EventSource || !window.fetch) {
    return;
  }
  const notice = document.querySelector("[data-live-state]");
  const own = region.dataset.case || null;
  let isLoading = false;
  let isWaiting = false;

  const show = (isCut) => {
    if (notice) {
      notice.hidden = !isCut;
    }
  };

  const refresh = async () => {
    if (isLoading) {
      isWaiting = true;
      return;
    }
    isLoading = true;
    try {
      const answer = await fetch(region.dataset.live, { headers: { Accept: "text/html" }, redirect: "manual" });
      if (answer.type === "opaqueredirect" || answer.status === 401) {
        window.location.reload();
        return;
      }
      if (answer.ok) {
        const text = await answer.text();
        const focused = region.contains(document.activeElement) ? document.activeElement : null;
        const form = focused && focused.closest("form");
        region.innerHTML = text;
        if (form) {
          const same = region.querySelector(`form[action="${CSS.escape(form.getAttribute("action"))}"] button`);
          if (same) {
            same.focus();
          }
        }
        show(false);
      } else {
        show(true);
      }
    } catch {
      show(true);
    } finally {
      isLoading = false;
      if (isWaiting) {
        isWaiting = false;
        refresh();
      }
    }
  };

  const source = new EventSource("/console/live");
  source.addEventListener("change", (event) => {
    const cases = JSON.parse(event.data);
    if (cases === null || own === null || cases.includes(own)) {
      refresh();
    }
  });
  source.addEventListener("open", () => show(false));
  source.addEventListener("error", () => {
    show(true);
    if (source.readyState === EventSource.CLOSED) {
      // The stream was refused: signed out, or the server starts again. Look once, then every few seconds.
      setTimeout(() => window.location.reload(), 5000);
    }
  });
})();
