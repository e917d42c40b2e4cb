// Parts of a page that change by themselves: each holds an event stream (WHATWG HTML, section 9.2) while the page is
// seen. A page that is not seen holds none: over HTTP/1.1 a browser has six connections to a site, for all its tabs, and
// seven tabs would leave none to load a page by. Who comes back gets the part as it is by then, from one new stream.
// A stream that gave way to a newer one (shared/web/live.py) says so, and leads back. Without scripts the page links to
// itself.
"use strict";

const FIRST_WAIT = 2_000;
const LONGEST_WAIT = 60_000;

class LivePart {
  constructor(element) {
    this.element = element;
    this.note = element.nextElementSibling;
    this.wait = FIRST_WAIT;
  }

  follow(seen) {
    if (!seen) {
      this.close();
      this.note.hidden = true;
    } else if (!this.stream && !this.later && this.note.hidden) {
      this.open();
    }
  }

  open() {
    this.later = undefined;
    const stream = new EventSource(this.element.dataset.live);
    stream.onmessage = ({ data }) => {
      this.wait = FIRST_WAIT;
      if (stream === this.stream) htmx.swap({ sourceElement: this.element, target: this.element, text: data, swap: "innerMorph" });
    };
    stream.addEventListener("gave-way", () => {
      this.close();
      this.note.hidden = false;
    });
    // A stream that ends is opened again by the browser; one that was refused is not.
    stream.onerror = () => {
      if (stream === this.stream && stream.readyState === EventSource.CLOSED) this.again();
    };
    this.stream = stream;
  }

  again() {
    this.close();
    this.later = setTimeout(() => this.open(), this.wait * (0.7 + 0.6 * Math.random()));
    this.wait = Math.min(2 * this.wait, LONGEST_WAIT);
  }

  close() {
    this.stream?.close();
    clearTimeout(this.later);
    this.stream = this.later = undefined;
  }
}

const parts = [...document.querySelectorAll("[data-live]")].map((element) => new LivePart(element));
const follow = (seen) => parts.forEach((part) => part.follow(seen));

document.addEventListener("visibilitychange", () => follow(!document.hidden));
// A page that is kept for the way back is not seen either, and comes back without being loaded.
addEventListener("pagehide", () => follow(false));
addEventListener("pageshow", () => follow(!document.hidden));
follow(!document.hidden);
