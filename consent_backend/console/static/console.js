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

  const title = document.title;
  let heard = null;

  // A loud alert is in the title while it stands, and heard once when it comes.
  const call = () => {
    const loud = [...region.querySelectorAll("[data-loud]")].map((one) => one.dataset.loud);
    document.title = loud.length ? `(!) ${title}` : title;
    const isNew = heard !== null && loud.some((one) => !heard.has(one));
    heard = new Set(loud);
    if (!isNew || !window.AudioContext) {
      return;
    }
    const sound = new AudioContext();
    const tone = sound.createOscillator();
    const volume = sound.createGain();
    volume.gain.value = 0.2;
    tone.frequency.value = 880;
    tone.connect(volume).connect(sound.destination);
    tone.onended = () => sound.close();
    tone.start();
    tone.stop(sound.currentTime + 0.6);
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
        call();
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

  call();
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
